"""The page of an article: each fact once, versions with their neighbours, and the offers of a gone article."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from datasette.app import Datasette
from support.small_archive import EDITED, LATEST, TALK, add_versions, build, digest_of
from support.small_site import get, served, small_site, text
from support.tables import every_row

from archive import connect
from archive.publish.article.article_page import wayback, without_scheme
from archive.publish.formatting.filters import beijing, telling_apart

FIRST, SECOND, THIRD = (digest_of(each)[7:19] for each in (TALK, EDITED, LATEST))
DAYS = re.compile(r'<text class="day[^>]*>(?:<tspan>[^<]*</tspan>)?([^<]*)<')
LINK = re.compile(r'<a href="([^"]+)">(.*?)</a>')
OF_FORM = 'Only punctuation or form differs<span class="hidden"> 2024-04-18 09:00:00</span>'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as there:
        yield there


def part(site: Datasette, path: str, begins: str, ends: str) -> str:
    return get(site, f"{path}?ui=en").text.partition(begins)[2].partition(ends)[0]


@every_row(
    ("version", "links"),
    [
        (FIRST, [(f"/v/{SECOND}", "Version 2"), (f"/diff/{FIRST}..{SECOND}", "Compare with version 2"),
                 ("", "See the current version"), (f"/diff/{FIRST}..{THIRD}", "Compare with the current version")]),
        (SECOND, [(f"/v/{FIRST}", "Version 1"), (f"/diff/{FIRST}..{SECOND}", "Compare with version 1"),
                  (f"/v/{THIRD}", OF_FORM), ("", "See the current version"),
                  (f"/diff/{SECOND}..{THIRD}", "Compare with the current version")]),
        (THIRD, [(f"/v/{SECOND}", "Version 2"), (f"/diff/{SECOND}..{THIRD}", "Compare with version 2"),
                 ("", "See the current version")]),
    ],
)  # fmt: skip
def test_a_version_links_those_before_and_after_it_and_is_marked_in_the_list(
    site: Datasette, version: str, links: list[tuple[str, str]]
) -> None:
    path = f"/a/newsroom-1/v/{version}"
    assert LINK.findall(part(site, path, '<nav class="beside"', "</nav>")) == [
        (f"/a/newsroom-1{to}", name) for to, name in links
    ]
    listed = part(site, path, 'id="versions"', "</section>")
    (marked,) = re.findall(r'<li[^>]*aria-current="true">(.*?)</li>', listed, re.DOTALL)
    assert (f"sha256:{version}" in marked, "shown here" in marked) == (True, True)


def test_the_page_of_the_current_text_has_no_neighbours_and_marks_no_version(site: Datasette) -> None:
    shown = get(site, "/a/newsroom-1").text
    assert ('class="beside"' in shown, 'aria-current="true"' in shown.partition("<main")[2]) == (False, False)


@every_row("fact", ["林知远", "思想者", "解放日报", "2024-04-14 05:01", "周一帆", "城市治理"])
def test_a_fact_stands_once_above_the_text(site: Datasette, fact: str) -> None:
    header = part(site, "/a/newsroom-1", "<article", "</header>")
    assert re.sub(r"<[^>]+>", " ", header).count(fact) == 1


def test_a_gone_article_offers_what_is_left_and_says_since_when_its_original_is_dead(site: Datasette) -> None:
    page = get(site, "/a/newsroom-4").text
    links = re.findall(r'href="([^"]+)"', page.partition("<article")[2])
    record = "urn:uuid:4-2024-04-16T01:00:00Z"
    instead = [
        f"/a/newsroom-4/v/{get(site, '/a/newsroom-4.json').json()['versions'][0]['content_digest'][7:19]}",
        f"/capture/{record}",
        "https://web.archive.org/web/20240416*/http://127.0.0.1:8765/articles/4",
    ]
    at = links.index(instead[0])
    assert links[at : at + 3] == instead
    assert links.index("http://127.0.0.1:8765/articles/4") > at + 2
    assert 'rel="nofollow noopener noreferrer external">Wayback Machine' in page
    assert "自 2024-04-19 起无法读到" in page
    assert "web.archive.org" not in get(site, "/a/newsroom-1").text


@every_row(
    ("url", "listed", "shown"),
    [
        ("http://example.com/a?b=1#c", "https://web.archive.org/web/20240416*/http://example.com/a?b=1#c",
         "example.com/a"),
        ("https://пример.example/a", "https://web.archive.org/web/20240416*/https://пример.example/a",
         "xn--e1afmkfd.example/a"),
        ("javascript:alert(1)", None, "javascript:alert(1)"),
        ("urn:sha256:00", None, "urn:sha256:00"),
        ("http://[", None, "http://["),
    ],
)  # fmt: skip
def test_only_a_web_address_is_looked_up_in_the_wayback_machine(url: str, listed: str | None, shown: str) -> None:
    assert (wayback(url, "2024-04-16T01:00:00Z"), without_scheme(url)) == (listed, shown)


def test_the_citation_box_names_the_zone_of_its_moment(site: Datasette) -> None:
    box = text(get(site, f"/a/newsroom-1/v/{FIRST}")).partition("GB/T 7714")[2]
    assert "引文中的采集时间是协调世界时（UTC），在本页写作 2024-04-16 09:00:00。" in box


def test_a_headline_without_end_is_whole_only_above_its_text(tmp_path: Path) -> None:
    home = build(tmp_path)
    names = tuple(f"第{n}位" for n in range(100))
    long = replace(TALK, identity="9", headline="长" * 2_000, keywords=names, authors=names)
    add_versions(home, replace(long, headline="短"), long)
    record = "urn:uuid:9-2024-04-21T01:00:00Z"
    paths = [f"/a/newsroom-9{page}" for page in ("", "/captures", "/diff/1..2", "/v/7")] + [f"/capture/{record}"]
    with served(home) as there:
        pages = [get(there, path) for path in paths]
    ways = [re.findall(r"<title>(.*?)</title>|<a [^>]*>(.*?)</a>", page.text) for page in pages]
    assert [max(len(shown) for pair in found for shown in pair) < 160 for found in ways] == [True] * len(paths)
    assert max(len(page.content) for page in pages) < 100_000


def test_versions_of_one_minute_are_listed_with_seconds(tmp_path: Path) -> None:
    home = build(tmp_path)
    with closing(connect(home.database)) as conn, conn:
        conn.execute("update revision_records set captured_at = '2024-04-16T01:00:30Z' where number = 2")
    with served(home) as there:
        shown = text(get(there, "/a/newsroom-1/v/2", follow_redirects=True))
    assert "这是第 2 版（共 2 版），采集于 2024-04-16 09:00:30。" in shown
    assert ("快照 2024-04-16 09:00:30" in shown, "快照 2024-04-16 09:00:00" in shown) == (True, True)


def test_points_of_one_day_have_their_times_on_the_strip(tmp_path: Path) -> None:
    home = build(tmp_path)
    with closing(connect(home.database)) as conn, conn:
        conn.execute("update revision_records set captured_at = '2024-04-16T01:00:30Z' where number = 2")
    with served(home) as there:
        page = get(there, "/a/newsroom-1").text
        gone = get(there, "/a/newsroom-4").text
    assert DAYS.findall(page) == ["2024-04-16", "09:00:30", "2024-04-18"]
    assert DAYS.findall(gone) == ["2024-04-16", "2024-04-19"]


@every_row(
    ("moments", "shown"),
    [
        (["2024-04-16T01:00:05Z"], ["2024-04-16 09:00"]),
        (["2024-04-16T01:00:05Z", "2024-04-16T01:01:05Z"], ["2024-04-16 09:00", "2024-04-16 09:01"]),
        (["2024-04-16T01:00:05Z", None, "2024-04-16T01:00:40Z"], ["2024-04-16 09:00:05", "", "2024-04-16 09:00:40"]),
        (["2024-04-16T01:00:05Z", "2024-04-16T01:00:05Z"], ["2024-04-16 09:00", "2024-04-16 09:00"]),
    ],
)
def test_times_within_one_minute_are_shown_with_seconds(moments: list[str | None], shown: list[str]) -> None:
    precision = telling_apart(moments)
    assert [beijing(each, precision) for each in moments] == shown


def test_the_page_of_an_article_read_in_part_says_so_and_links_the_capture(tmp_path: Path) -> None:
    home = build(tmp_path)
    add_versions(home, replace(TALK, identity="9", incomplete=True))
    with served(home) as there:
        said = get(there, "/a/newsroom-9?ui=en").text.partition("The page is very long")[2].partition("</p>")[0]
    assert said == (
        ", and this is its beginning. All of it is in"
        ' <a href="/capture/urn:uuid:9-2024-04-20T01:00:00Z">its capture</a>'
    )
