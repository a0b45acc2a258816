"""The events of a place, of a query and of phrases: an edit of an old article surfaces in each of them."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from datasette.app import Datasette
from support.feed_rules import broken
from support.small_archive import TALK, add_versions, build
from support.small_site import get, served, text
from support.tables import every_row

from archive import connect, read_archive
from archive.decisions import EVENT_KINDS
from archive.files.home import Home
from archive.publish.lists.event_articles import ArticleFilter
from archive.publish.lists.event_pages import page_of_events
from archive.publish.lists.event_words import WordFilter
from archive.publish.lists.events import EventFilter

# Article 8 is about pensions, then it is not, then again, and then it says more; its column changes on the way.
PENSIONS = replace(
    TALK, identity="8", headline="一盏灯", alternative_headline=None, article_section="民生", speaker=None,
    authors=("高望",), keywords=("养老", "社区"), paragraphs=("食堂里坐满了老人，养老是大家的事。",), headings=(),
    heading_positions=(), related=(), media=(), biography=None,
)  # fmt: skip
SILENT = replace(PENSIONS, keywords=("社区",), paragraphs=("食堂里坐满了老人，吃饭是大家的事。",))
AGAIN = replace(PENSIONS, article_section="城与人")
MORE = replace(AGAIN, paragraphs=(*AGAIN.paragraphs, "街道又添了两间食堂。"))
HIDDEN = replace(PENSIONS, identity="9", article_section="密栏", keywords=("密词",), paragraphs=("密文养老。",))

NEW_8, LEFT, ENTERED, STAYED = (("new", 8, "new"), ("edited", 8, "left"), ("edited", 8, "entered"),
                                ("edited", 8, "stayed"))  # fmt: skip
OF_8 = [("edited", 8, None)] * 3 + [("new", 8, None)]
OF_4 = [("removed", 4, None), ("new", 4, None)]
OF_1 = [("edited", 1, None), ("new", 1, None)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = build(tmp_path_factory.mktemp("home"))
    add_versions(home, PENSIONS, SILENT, AGAIN, MORE)
    add_versions(home, HIDDEN)
    with closing(sqlite3.connect(home.database)) as conn, conn:
        conn.execute("update articles set state = 'withdrawn' where key = 'newsroom-9'")
    return home


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[Datasette]:
    with served(home) as there:
        yield there


Told = list[tuple[str, int, str | None]]


def told(site: Datasette, path: str) -> Told:
    answer = get(site, path)
    assert answer.status_code == 200, answer.text
    rows = answer.json()["events"]
    return [(row["kind"], int(row["key"].rpartition("-")[2]), row.get("hit")) for row in rows]


LISTS: list[tuple[str, Told]] = [
    ("/column/城与人/changes.json", OF_8),  # the column that it has now, with what happened before it had it
    ("/tag/养老/changes.json", OF_8),
    ("/person/高望/changes.json", OF_8),
    ("/person/林知远/changes.json?kind=edited", [("edited", 1, None)]),
    ("/column/思想者/changes.json", [("removed", 4, None), ("edited", 1, None), ("new", 4, None), ("new", 1, None)]),
    ("/column/思想者/changes.json?all=0", [("removed", 4, None), ("edited", 1, None)]),
    ("/day/2024-04-15/changes.json", [("new", 2, None)]),
    ("/changes.json?column=思想者&column=城与人", [*OF_8[:3], ("removed", 4, None), ("edited", 1, None)]),
    ("/changes.json?tag=养老&tag=governance&all=1", [*OF_8, ("new", 2, None)]),
    ("/changes.json?column=思想者&person=高望&all=1", []),
    ("/changes.json?speaker=林知远&tag=基层减负&source=newsroom&source=elsewhere",
     [("removed", 4, None), ("edited", 1, None)]),
    ("/source/newsroom/changes.json?kind=removed", [("removed", 4, None)]),
    ("/changes.json?significance=substantive&column=思想者", [("edited", 1, None)]),
    ("/changes.json?significance=cosmetic&all=1", []),
    ("/changes.json?significance=substantive&kind=removed", []),
    ("/changes.json?min_size=4&column=思想者", [("edited", 1, None)]),  # 好 → 实, 字 → 据
    ("/changes.json?min_size=5&column=思想者", []),
    ("/search/changes.json?q=养老", [STAYED, ENTERED, LEFT, NEW_8]),
    ("/search/changes.json?q=养老&min_size=8", [STAYED, ENTERED]),
    ("/search/changes.json?q=吃饭", [("edited", 8, "left"), ("edited", 8, "entered")]),
    ("/search/changes.json?q=把小事办好", [("edited", 1, "left"), ("new", 1, "new")]),
    ("/search/changes.json?q=小事 数据&kind=edited", [("edited", 1, "entered")]),
    ("/search/changes.json?q=不见&column=思想者", [("removed", 4, "removed"), ("new", 4, "new")]),
    ("/phrase/changes.json?q=添了两间&q=吃饭是",
     [("edited", 8, "entered"), ("edited", 8, "left"), ("edited", 8, "entered")]),
    ("/changes.json?q=食堂&phrase=两间食堂", [("edited", 8, "entered")]),
    ("/search/changes.json", []), ("/search/changes.json?q=，", []),
    ("/search/changes.json?q=密文", []), ("/changes.json?column=密栏&all=1", []), ("/changes.json?tag=密词&all=1", []),
]  # fmt: skip


@every_row(("path", "events"), LISTS)
def test_events_are_those_of_the_articles_of_the_list(site: Datasette, path: str, events: Told) -> None:
    assert told(site, path) == events


@pytest.mark.parametrize("few", [True, False], ids=["few articles", "many articles"])
def test_pages_of_few_and_of_many_articles_give_the_same_list(
    site: Datasette, monkeypatch: pytest.MonkeyPatch, few: bool
) -> None:
    monkeypatch.setattr("archive.publish.lists.changes_page.EVENTS_PER_PAGE", 2)
    monkeypatch.setattr("archive.publish.lists.event_pages.MAX_EVENTS_LOOKED_AT", 3)
    monkeypatch.setattr("archive.publish.lists.event_pages._EVENTS_PER_STEP", 2)
    monkeypatch.setattr("archive.publish.lists.event_pages.MAX_EVENTS_READ", 3)
    if not few:
        monkeypatch.setattr("archive.publish.lists.event_articles.MAX_ARTICLES_ASKED_ONE_BY_ONE", 0)
        monkeypatch.setattr("archive.publish.lists.event_pages.MAX_ARTICLES_ASKED_ONE_BY_ONE", 0)
        monkeypatch.setattr("archive.publish.lists.event_words.MAX_TEXTS_LOOKED_AT", 1)
    assert {path: followed(site, path) for path, _ in LISTS} == dict(LISTS)


# What happens to article 8 beside its edits: at which moment, with which outcome, and what that makes of it as a hit.
HAPPENED = [
    ("2024-04-20T02:00:00Z", "removed", "gone", "removed"),
    ("2024-04-21T01:00:00Z", "restored", "found", None),  # with a text that lacks the words
    ("2024-04-21T02:00:00Z", "removed", "gone", None), ("2024-04-22T01:00:00Z", "restored", "found", "entered"),
    ("2024-04-24T01:00:00Z", "delisted", None, "stayed"),
    ("2024-04-24T02:00:00Z", "restored", "listed", "stayed"),  # it was online all the time
    ("2024-04-24T03:00:00Z", "delisted", None, "stayed"),
    ("2024-04-25T01:00:00Z", "redirected", "redirected", "removed"),
    ("2024-04-25T02:00:00Z", "restored", "found", "entered"),
    ("2024-04-26T01:00:00Z", "restricted", "restricted", "removed"),
    ("2024-04-26T02:00:00Z", "restored", "found", "entered"),
    *((f"2024-04-27T0{hour}:00:00Z", kind, None, "stayed")
      for hour, kind in enumerate(("moved", "merged", "split", "corrected", "undone", "known_again"))),
]  # fmt: skip


def test_an_article_enters_the_hits_when_it_returns_but_not_when_a_list_names_it_again(home: Home) -> None:
    with closing(connect(home.database)) as conn:
        conn.execute("begin")
        for number, (at, kind, outcome, _) in enumerate(HAPPENED):
            conn.execute(
                """insert into events (at, recorded_at, source, article_id, kind, detail, digest)
                   select ?1, ?1, source, id, ?2, ?3, ?4 from articles where key = 'newsroom-8'""",
                (at, kind, json.dumps({"outcome": outcome}), f"happened {number}"),
            )
        kinds = tuple(kind for kind in EVENT_KINDS if kind not in ("new", "edited"))
        found = page_of_events(conn, EventFilter(kinds, words=WordFilter(("养老",))), 50)
        rows = {row: told for row, *told in conn.execute("select id, at, kind, detail ->> 'outcome' from events")}
    told = [(*rows[event], found.changes[event]) for event in reversed(found.ids)]
    assert told == [row for row in HAPPENED if row[3] is not None]


def followed(site: Datasette, path: str) -> Told:
    found, older = [], ""
    while older is not None:
        page = f"{path}{'&' if '?' in path else '?'}before={older}"
        found += told(site, page)
        older = get(site, page).json()["older"]
    return found


@every_row("path", ["/search", "/search/changes", "/changes"])
def test_a_page_and_its_feeds_say_how_they_read_a_query(site: Datasette, path: str) -> None:
    asked = {"q": "speeker:养老 社区|食堂 \u202e:a", "ui": "en"}
    notes = [("field", "speeker:"), ("sign", "|")]
    assert [tuple(note.values()) for note in get(site, f"{path}.json", params=asked).json()["notes"]] == notes
    said = (
        "“speeker:” is no field: its word was searched as a word. The sign “|” only separates words, as a blank does."
    )
    assert said in " ".join(text(get(site, path, params=asked)).split())
    assert get(site, f"{path}.feed.json", params=asked).json()["description"].endswith(f" {said}")
    assert f"{said}</subtitle>" in get(site, f"{path}.atom", params=asked).text


def test_a_page_shows_ten_notes_and_its_data_all(site: Datasette) -> None:
    asked = {"q": " ".join(f"{chr(0x4E00 + n)}:a" for n in range(100))}
    assert text(get(site, "/search/changes", params=asked)).count("不是可限定的范围") == 10
    assert len(get(site, "/search/changes.json", params=asked).json()["notes"]) == 100


@every_row("chosen", [
    EventFilter(EVENT_KINDS, articles=ArticleFilter(("思想者",), ("养老",), ("高望",), ("林知远",), "2024-04")),
    EventFilter(EVENT_KINDS, ("newsroom",), words=WordFilter(("养老",), ("食堂",))),
    EventFilter(("edited",), significance=("substantive",), min_size=2),
])  # fmt: skip
@pytest.mark.parametrize("few", [True, False])
def test_no_table_is_read_whole(home: Home, monkeypatch: pytest.MonkeyPatch, chosen: EventFilter, few: bool) -> None:
    if not few:
        monkeypatch.setattr("archive.publish.lists.event_articles.MAX_ARTICLES_ASKED_ONE_BY_ONE", 0)
        monkeypatch.setattr("archive.publish.lists.event_pages.MAX_ARTICLES_ASKED_ONE_BY_ONE", 0)
    with closing(read_archive(home.path)) as archive:
        asked: list[str] = []
        archive.conn.set_trace_callback(asked.append)
        page_of_events(archive.conn, chosen, 50)
        archive.conn.set_trace_callback(None)
        queries = {sql for sql in asked if sql.lstrip().startswith("select")}
        plans = {sql: [row[3] for row in archive.conn.execute(f"explain query plan {sql}")] for sql in queries}
    whole = re.compile(r"SCAN (?!.* VIRTUAL TABLE|found|\(|CONSTANT)")
    assert len(plans) >= 2
    assert {sql: plan for sql, plan in plans.items() if any(map(whole.match, plan))} == {}


def test_a_feed_states_the_change_of_each_hit(site: Datasette) -> None:
    feed = get(site, "/search/changes.feed.json?q=养老").json()
    assert (feed["title"], [(each["title"], each["tags"]) for each in feed["items"]]) == (
        "养老 · 变动 · 思想者档案",
        [("修改（仍有所查的词）：一盏灯", ["stayed"]), ("修改（开始有所查的词）：一盏灯", ["entered"]),
         ("修改（不再有所查的词）：一盏灯", ["left"]), ("新增：一盏灯", ["new"])],
    )  # fmt: skip
    of_all = {each["id"] for each in get(site, "/changes.feed.json?all=1").json()["items"]}
    assert {each["id"] for each in feed["items"]} <= of_all  # a reader of both feeds has each event once
    shown = text(get(site, "/search/changes?q=养老&ui=en"))
    assert [shown.count(said) for said in ("now has these words", "no longer has these words")] == [1, 1]


@every_row("path", [
    "/column/城与人/changes.atom", "/day/2024-04-15/changes.atom?ui=en", "/phrase/changes.atom?q=养老",
    "/search/changes.atom?q=%3Cscript%3E", "/changes.atom?column=%3Cscript%3E&q=%00%EF%BF%BE",
])  # fmt: skip
def test_feeds_of_events_keep_the_rules(site: Datasette, path: str) -> None:
    answer = get(site, path)
    assert (answer.status_code, broken(answer.content)) == (200, [])
    assert get(site, path, headers={"if-none-match": answer.headers["etag"]}).status_code == 304


@every_row(("path", "said"), [
    ("/changes.json?significance=big", "significance"), ("/changes.json?min_size=-1", "min_size"),
    ("/changes.json?all=2", "all"), ("/changes.json?phrase=!!", "phrase"),
    (f"/search/changes.json?q={'长' * 501}", "q"),
    ("/changes.json?" + "&".join(f"column={n}" for n in range(21)), "column"),
])  # fmt: skip
def test_an_unusable_filter_is_refused(site: Datasette, path: str, said: str) -> None:
    answer = get(site, path)
    assert (answer.status_code, said in answer.json()["error"]) == (400, True)


@every_row("path", ["/column/没有/changes", "/column/密栏/changes", "/tag/密词/changes", "/month/2024-13/changes",
                    "/day/2031-01-01/changes", "/source/elsewhere/changes"])  # fmt: skip
@every_row("ending", ["", ".json", ".atom"])
def test_a_place_that_is_not_there_has_no_events(site: Datasette, path: str, ending: str) -> None:
    assert get(site, path + ending).status_code == 404


SHOWN = re.compile(r'aria-current="true">([^<]*)<')


@every_row(("path", "chosen"), [
    ("/changes", "All but new articles"), ("/changes?all=1", "All changes"), ("/changes?kind=edited", "Edited"),
    ("/column/思想者/changes", "All changes"), ("/column/思想者/changes?all=0", "All but new articles"),
    ("/changes?min_size=3", "Edited"),
])  # fmt: skip
def test_a_page_says_whether_new_articles_are_among_its_entries(site: Datasette, path: str, chosen: str) -> None:
    page = get(site, path, headers={"accept-language": "en"}).text
    assert [said for said in SHOWN.findall(page) if said not in ("Browse", "Changes")] == [chosen]


@every_row(("path", "said"), [
    ("/search/changes", "Enter the words to follow first."),
    ("/changes?significance=cosmetic", "is not listed here. See the versions of each article. New readings of ours"),
    ("/changes?significance=cosmetic&kind=reparsed", "or form alone is not listed"),
    ("/column/思想者/changes?kind=moved", "No entries match these filters."),
    ("/column/思想者/changes", "an old article that was edited is here too"),
    ("/search/changes?q=养老", "judged by the article’s text before and after it"),
])  # fmt: skip
def test_a_page_explains_its_entries_or_that_it_is_empty(site: Datasette, path: str, said: str) -> None:
    assert said in text(get(site, path, headers={"accept-language": "en"}))


def test_a_form_keeps_the_filters_that_it_does_not_change(site: Datasette) -> None:
    page = get(
        site, "/changes?column=思想者&column=城与人&speaker=林知远&q=食堂&min_size=3&significance=substantive"
    ).text
    form = page[page.index('<form class="filters"') :]
    fields = re.findall(r'<input [^>]*name="(\w+)"[^>]* value="([^"]+)"', form)
    assert sorted(fields) == sorted([
        ("kind", "edited"), ("column", "思想者"), ("column", "城与人"), ("speaker", "林知远"), ("q", "食堂"),
        ("min_size", "3"), ("significance", "substantive"),
    ])  # fmt: skip
    assert "<details open><summary>更多条件" in page
