"""Every list is there as Atom and as JSON Feed: by the rules, with the edit inside, and under names that stay."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
import pytest
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st
from support.archiving import NOON
from support.eventful import eventful, started
from support.feed_rules import JSON_FEED, alive, broken
from support.small_archive import EDITED, TALK, add_versions, build
from support.small_site import get, served, text
from support.tables import every_row

from archive import connect
from archive.files.home import Home
from archive.publish.feeds import texts
from archive.publish.formatting.addresses import ending_of, quoted
from archive.publish.server.public_url import PublicUrl
from archive.publish.serving import site
from archive.replaying import rebuild_database

LISTS = ["/latest", "/changes", "/changes?all=1", "/removed", "/search?q=治理", "/search?q=城市火箭", "/search",
         "/changes?kind=edited&source=newsroom", "/changes?since=2099-01-01",
         "/latest?before=2024-04-15T00:00:00Z,9", "/source/newsroom/changes", "/search/changes?q=治理"]  # fmt: skip
MARKS = re.compile(r"⟦([^<]*)</span>")
START = started()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with served(build(tmp_path_factory.mktemp("small"))) as there:
        yield there


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return eventful(tmp_path_factory.mktemp("eventful") / "home", START)


@pytest.fixture(scope="module")
def datasette(home: Home) -> Iterator[Datasette]:
    with served(home) as there:
        yield there


def form(path: str, ending: str) -> str:
    """`/changes?all=1` as `/changes.atom?all=1`."""
    page, mark, query = path.partition("?")
    return page + ending + mark + query


def read(datasette: Datasette, path: str, **options: Any) -> Any:
    """The feed as a reader of feeds reads it."""
    answer = get(datasette, form(path, ".atom"), **options)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    assert broken(answer.content) == []
    found = feedparser.parse(answer.content)
    assert (found.bozo, found.version) == (False, "atom10")
    return found


def read_json(datasette: Datasette, path: str) -> dict[str, Any]:
    answer = get(datasette, form(path, ".feed.json"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/feed+json; charset=utf-8")
    feed: dict[str, Any] = answer.json()
    jsonschema.validate(feed, JSON_FEED)
    return feed


@pytest.mark.slow
@pytest.mark.parametrize("ui", ["zh", "en"])
@pytest.mark.parametrize("path", LISTS)
def test_both_forms_of_a_list_keep_the_rules_and_say_the_same(
    datasette: Datasette, small: Datasette, path: str, ui: str
) -> None:
    path = f"{path}{'&' if '?' in path else '?'}ui={ui}"
    for there in (datasette, small):
        atom, feed = read(there, path), read_json(there, path)
        assert (atom.feed.title, atom.feed.language) == (feed["title"], {"zh": "zh-Hans", "en": "en"}[ui])
        assert [(each.id, each.title, each.link) for each in atom.entries] == [
            (each["id"], each["title"], each["url"]) for each in feed["items"]
        ]
        assert [fault for each in feed["items"] for fault in alive(each["content_html"])] == []


def test_the_edit_is_inside_the_entry(small: Datasette) -> None:
    (edit,) = read(small, "/changes?kind=edited").entries
    assert edit.title == "修改：把小事办实，城市才有温度"
    assert edit.summary == "标题、正文 · 文字有改动"
    html = read_json(small, "/changes?kind=edited")["items"][0]["content_html"]
    marks = ['<span lang="zh-Hans">⟦删：</span>', '⟧<span lang="zh-Hans">⟦增：</span>']
    assert html == (
        "<p>2024-04-17 09:00（北京时间） · <span lang=\"zh-Hans\">新闻室</span></p>"
        f'<p><strong>标题</strong>：<span lang="zh-Hans">把小事办{"好".join(marks)}实⟧，城市才有温度</span></p>'
        '<p><strong>正文</strong>：<span lang="zh-Hans">…一段讲城市治理如何落到每一条街道，也讲数'
        f"{'字'.join(marks)}据⟧怎样帮助基层减轻负担。这一段讲城市治理如…</span></p>"
    )  # fmt: skip
    assert re.fullmatch(r"http://localhost/a/newsroom-1/diff/[0-9a-f]{12}\.\.[0-9a-f]{12}", edit.link)
    page = get(small, edit.link.removeprefix("http://localhost"))
    assert (page.status_code, EDITED.headline in page.text) == (200, True)


def test_the_feed_entry_of_a_removal_lists_its_evidence(datasette: Datasette) -> None:
    gone, *_ = (each for each in read_json(datasette, "/removed?kind=removed&ui=en")["items"])
    assert gone["title"] == "Removed: 第3篇文章谈一体化"
    assert [re.sub(r"<[^>]+>", "", item) for item in re.findall(r"<li>(.*?)</li>", gone["content_html"])] == [
        f"{told(1)} not found", f"{told(2)} not found",
    ]  # fmt: skip


def test_moments_of_one_minute_have_seconds_in_the_entry_of_a_removal(tmp_path: Path) -> None:
    home = build(tmp_path)
    probes = [{"at": f"2024-04-19T01:11:{second}Z", "outcome": "restricted", "capture": None} for second in (10, 40)]
    standing = {"state": "removed", "misses": 2, "first_missed_at": "2024-04-16T01:00:49Z"}
    detail = {"standing": standing, "last_seen_at": "2024-04-16T01:00:00Z", "evidence": probes}
    with closing(connect(home.database)) as conn, conn:
        conn.execute("update events set detail = ? where kind = 'removed'", (json.dumps(detail),))
    with served(home) as there:
        shown = read_json(there, "/removed")["items"][0]["content_html"]
    assert "最后见于 2024-04-16 09:00:00，首次缺失 2024-04-16 09:00:49" in shown
    assert re.findall("<li>(.*?)</li>", shown) == ["2024-04-19 09:11:10 限制访问", "2024-04-19 09:11:40 限制访问"]


def test_a_move_is_one_in_the_entry_of_an_edit(tmp_path: Path) -> None:
    home = build(tmp_path)
    first, *rest = (f"第{n}街的办事窗口记下了{n}位居民的来信，也记下了答复。" for n in range(1, 9))
    before = replace(TALK, identity="9", paragraphs=(first, *rest), headings=(), heading_positions=())
    add_versions(home, before, replace(before, headline="改过的题目", paragraphs=(*rest[:4], first, *rest[4:])))
    with served(home) as there:
        zh, en = (read_json(there, f"/changes?kind=edited&ui={ui}")["items"][0]["content_html"] for ui in ("zh", "en"))
    assert MARKS.findall(zh)[-2:] == ["移到别处：", "从别处移来："]
    assert MARKS.findall(en)[-2:] == ["Moved elsewhere: ", "Moved from elsewhere: "]


def test_edits_of_an_article_within_one_minute_have_seconds_on_the_page_and_in_its_feed(tmp_path: Path) -> None:
    home = build(tmp_path)
    headlines = ("甲街", "乙街", "丙街")
    add_versions(home, *(replace(TALK, identity="9", headline=f"{each}的办事窗口") for each in headlines))
    with closing(connect(home.database)) as conn, conn:
        conn.execute("update events set at = '2024-04-21T01:00:30Z' where at = '2024-04-22T01:00:00Z'")
        conn.execute("update events set at = '2024-04-21T01:00:10Z' where kind = 'edited' and at < '2024-04-20'")
    with served(home) as there:
        page = text(get(there, "/changes?kind=edited"))
        feed = [each["content_html"] for each in read_json(there, "/changes?kind=edited")["items"]]
    times = ["2024-04-21 09:00:30", "2024-04-21 09:00", "2024-04-21 09:00:00"]  # the second is another article's
    assert re.findall(r"(2024-04-21 [\d:]+) 修改", page) == times
    assert [each.partition("（")[0] for each in feed] == [f"<p>{at}" for at in times]


def told(day: int) -> str:
    return f"{(START + timedelta(days=day)).astimezone(timezone(timedelta(hours=8))):%Y-%m-%d %H:%M}"


def test_the_feed_entry_of_an_article_has_its_opening_author_and_tags(small: Datasette) -> None:
    item = next(each for each in read_json(small, "/latest")["items"] if each["url"].endswith("/newsroom-1"))
    assert {name: item[name] for name in ("title", "external_url", "date_published", "authors", "tags")} == {
        "title": "把小事办实，城市才有温度",
        "external_url": "http://127.0.0.1:8765/articles/1",
        "date_published": "2024-04-14T05:01:00+08:00",
        "authors": [{"name": "林知远"}],
        "tags": ["城市治理", "基层减负"],
    }
    assert item["content_html"].startswith('<p><span lang="zh-Hans">第1段。这一段讲城市治理')


@pytest.mark.parametrize("path", ["/latest", "/changes?all=1", "/removed"])
def test_names_stay_when_the_site_moves_changes_its_language_or_is_built_anew(
    home: Home, datasette: Datasette, path: str
) -> None:
    before = names(datasette, path)
    moved = site(home, ["127.0.0.1"], PublicUrl.parse("https://archive.example/news"))
    elsewhere = read(moved, f"{path}{'&' if '?' in path else '?'}ui=en", headers={"host": "archive.example"})
    moved.get_database("archive").close()
    assert [elsewhere.feed.id, *(each.id for each in elsewhere.entries)] == before
    assert {each.link.startswith("https://archive.example/news/a/") for each in elsewhere.entries} == {True}
    rebuild_database(home.path, NOON)
    assert names(datasette, path) == before


def names(datasette: Datasette, path: str) -> list[str]:
    found = read(datasette, path)
    return [found.feed.id, *(each.id for each in found.entries)]


def test_an_entry_is_updated_when_its_event_was_recorded(datasette: Datasette) -> None:
    recorded = {row["digest"]: row["recorded_at"] for row in get(datasette, "/changes.json?all=1").json()["events"]}
    found = read(datasette, "/changes?all=1")
    assert sorted(each.updated for each in found.entries) == sorted(
        at.replace("Z", "+00:00") for at in recorded.values()
    )
    assert found.feed.updated == max(each.updated for each in found.entries)


def test_a_list_goes_on_in_its_next_feed(datasette: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.publish.lists.changes_page.EVENTS_PER_PAGE", 4)
    every = get(datasette, "/changes.json?all=1").json()["older"]
    url, found, firsts = "/changes.atom?all=1", [], set()
    while url:
        feed = feedparser.parse(get(datasette, url).content)
        links = {link.rel: link.href for link in feed.feed.links}
        found += [each.id for each in feed.entries]
        firsts.add(links.get("first"))
        url = links.get("next", "").removeprefix("http://localhost")
    assert every
    assert firsts == {None, "http://localhost/changes.atom?all=1"}
    monkeypatch.setattr("archive.publish.lists.changes_page.EVENTS_PER_PAGE", 50)
    assert found == [each["id"] for each in read_json(datasette, "/changes?all=1")["items"]]


@pytest.mark.parametrize("ending", [".atom", ".feed.json"])
def test_a_reader_that_has_the_feed_gets_304(datasette: Datasette, ending: str) -> None:
    first = get(datasette, f"/changes{ending}")
    again = get(datasette, f"/changes{ending}", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")


@every_row(("path", "feed"), [
    ("/", "/latest.atom"), ("/changes", "/changes.atom"),
    ("/changes?kind=edited&before=2024-04-20T00:00:00Z,1", "/changes.atom?kind=edited"),
    ("/search?q=%E6%B2%BB%E7%90%86", "/search.atom?q=%E6%B2%BB%E7%90%86 /search/changes.atom?q=%E6%B2%BB%E7%90%86"),
    ("/phrase?q=A&q=b&sort=left&ui=en", "/phrase/changes.atom?q=A&q=b&ui=en"),
    ("/removed?ui=en", "/removed.atom?ui=en"),
    ("/source/newsroom", "/source/newsroom.atom /source/newsroom/changes.atom"),
    ("/source/newsroom/changes?kind=new", "/source/newsroom/changes.atom?kind=new"),
    ("/search", ""), ("/phrase", ""), ("/status", ""), ("/a/newsroom-1", ""), ("/nowhere", ""),
])  # fmt: skip
def test_the_head_of_a_list_names_its_feeds(datasette: Datasette, path: str, feed: str) -> None:
    found = re.findall(r'<link rel="alternate" type="application/atom\+xml" href="([^"]*)"', get(datasette, path).text)
    found = list(map(unescape, found))
    assert found == feed.split()
    assert [get(datasette, href).status_code for href in found] == [200] * len(found)


@every_row("path", ["/status", "/a/newsroom-1", "/a/newsroom-1/v/1", "/nowhere"])
@every_row("ending", [".atom", ".feed.json"])
def test_a_page_that_is_no_list_has_no_feed(datasette: Datasette, path: str, ending: str) -> None:
    assert get(datasette, path + ending).status_code == 404


@every_row(("name", "path"), [
    ("长三角", "%E9%95%BF%E4%B8%89%E8%A7%92"), ("a/b", "a%2Fb"), ("x.atom", "x%2Eatom"), ("x.json", "x%2Ejson"),
    ("x.feed.json", "x%2Efeed%2Ejson"), (".atom", "%2Eatom"), ("atom", "atom"), ("x.atom.y", "x.atom.y"),
])  # fmt: skip
def test_a_name_that_ends_like_a_form_of_a_page_is_no_form(name: str, path: str) -> None:
    assert (quoted(name), ending_of(f"/tag/{path}"), ending_of(f"/tag/{path}.atom")) == (path, "", ".atom")


def test_a_title_turns_no_list_around() -> None:
    assert texts.in_a_line("改革\u202e\n开放 \x07") == "改革[U+202E] 开放 \ufffd"


@given(st.text(st.characters(exclude_categories=())))
def test_every_text_can_be_written_as_xml(text: str) -> None:
    """XML 1.0 §2.2 allows only Chars: each other character is replaced, and Chars stay."""
    from lxml import etree

    element = etree.Element("title")
    element.text = texts.of_xml(text)
    assert len(texts.of_xml(text)) == len(text)
    assert etree.fromstring(etree.tostring(element)).text in (element.text, element.text or None)


@every_row(("text", "at"), [
    ("2024-04-13T15:01:00Z", "2024-04-13T15:01:00+00:00"),
    ("2024-04-14T05:01:00+08:00", "2024-04-14T05:01:00+08:00"),
    ("1900-01-01T00:00:00+08:05:43", "1899-12-31T15:54:17+00:00"),
    ("2024-04-14T05:01:00", None), ("0001-01-01T00:00:00+08:05:43", None), ("yesterday", None),
    ("", None), (None, None),
])  # fmt: skip
def test_moments_are_those_of_rfc_3339(text: str | None, at: str | None) -> None:
    found: datetime | None = texts.moment(text)
    assert (found.isoformat() if found else None) == at


def test_the_feed_checks_report_broken_rules() -> None:
    feed = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title/><updated>2024-04-13</updated><id>no uri</id><entry>
    <id>urn:x:1</id><title>a</title>
    <updated>2024-04-13T15:01:00Z</updated><content type="html">&lt;img src=x&gt;</content>
    <link href="javascript:x"/></entry></feed>"""
    assert broken(feed) == [
        "feed: an empty title", "feed: updated 2024-04-13", "feed: id no uri", "feed: no alternate",
        "entry: <img {'src': 'x'}>", "entry: href javascript:x", "not one rel=self", "no author",
        "updated is not the newest entry's",
    ]  # fmt: skip
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": "https://jsonfeed.org/version/1.1", "items": []}, JSON_FEED)
