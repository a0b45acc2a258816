"""The look of the site: sizes and colours are named once, and the front page fits a phone and fills a desk."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.browsing import browsing
from support.small_archive import EDITED, TALK, _add, _edit, _judge, build
from support.small_site import get, served

from archive import connect
from archive.publish.server import stylesheets

STYLES = Path(stylesheets.__file__).parents[1] / "static"
NAMING = {"base.css", "print.css"}  # where a colour may be written
SCALE = {"note": ".8rem", "fact": ".9rem", "text": "1rem", "head": "1.25rem", "title": "1.6rem"}
TOKENS = ("accent", "gone", "unsure", "unverified", "ink", "quiet", "line", "paper", "ins", "del", "mark")


def test_sizes_and_colours_have_names() -> None:
    base = (STYLES / "thinker/base.css").read_text("utf-8")
    assert dict(re.findall(r"--size-(\w+): ([^;]+);", base)) == SCALE
    assert [name for name in TOKENS if f"--{name}: " not in base] == []


def test_no_other_stylesheet_has_a_colour_of_its_own() -> None:
    sheets = [path for path in STYLES.rglob("*.css") if path.name not in NAMING]
    found = {
        path.name: re.findall(r"#[0-9a-f]{3,8}\b|rgba?\([^)]*\)|hsla?\([^)]*\)", path.read_text("utf-8"))
        for path in sheets
    }
    assert {name: colours for name, colours in found.items() if colours} == {}


SIZED = re.compile(r"(?<![\w-])font-size: (?!var\(--size-\w+\)|inherit)([^;]+);")
OF_THEIR_OWN = {
    "base.css": ["18px", ".9em"],  # what the others are measured by, and letters of one width, which look larger
    "charts.css": ["12px"],  # in drawings
    "strip.css": ["12px", "9px", "11px"],
    "print.css": ["11pt"],  # what the others are measured by, on paper
}


def test_every_size_of_letters_is_of_the_scale() -> None:
    sizes = {path.name: SIZED.findall(path.read_text("utf-8")) for path in STYLES.rglob("*.css")}
    assert {name: found for name, found in sizes.items() if found} == OF_THEIR_OWN


ROWS = 8  # of each kind
WAYS = ".diff .steps a, nav.beside, .kinds a, form.filters :is(label, a, button), .facets, .chips, .printed"
# What of these paper has.
PAPER = {
    "/a/newsroom-1/diff/1..2": [],
    "/a/newsroom-1/v/1": [],
    "/changes": ["新增以外的变动"],
    "/removed?kind=removed&since=2024-04-01": ["已消失", "自 2024-04-01"],
    "/search?q=办实&ever=1&source=newsroom&year=2024": [
        "搜索词：办实 · 包括历次旧版本 · 最新在前",
        "已筛选：\n来源 新闻室\n年份 2024",
    ],
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The front page of a busy day, an edited article, one with a single version and PAPER, with their stylesheet."""
    home = build(tmp_path_factory.mktemp("home"))
    with closing(connect(home.database)) as conn:
        conn.execute("begin immediate")
        for number in range(10, 10 + 2 * ROWS):
            _add(conn, replace(TALK, identity=f"{number}"), "2024-04-16T01:00:00Z")
        for number in range(10, 10 + ROWS):
            _edit(conn, replace(EDITED, identity=f"{number}"), "2024-04-17T01:00:00Z")
            _judge(conn, f"newsroom-{number + ROWS}", "removed", "2024-04-18T01:00:00Z")
        conn.commit_group()
    with served(home) as there:
        style = get(there, "/thinker.css").text
        yield {
            path: re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: f"<style>{style}</style>", get(there, path).text)
            for path in ("/", "/a/newsroom-1", "/a/newsroom-2", *PAPER)
        }


@pytest.fixture(scope="module")
def browser(
    pages: dict[str, str],
) -> Iterator[Any]:  # after the pages are made: within playwright no other loop may run
    assert pages
    with browsing() as launched:
        yield launched


SEEN = """() => { const visible = one => one.checkVisibility();
    const box = name => document.querySelector(name).getBoundingClientRect();
    const rows = name => [...document.querySelectorAll(`[aria-labelledby=${name}] li`)].filter(visible).length;
    return { rows: [rows('latest'), rows('edits'), rows('departures')],
             ways: [...document.querySelectorAll('.pages a, .head a')].filter(visible).map(one => one.textContent),
             beside: box('#latest').left > box('#edits').right && box('figure.bars').bottom < box('#edits').top } }"""


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "seen"),
    [
        (390, {"rows": [5, 5, 5], "ways": ["全部变动", "全部已消失文章", "更多文章"], "beside": False}),
        (1280, {"rows": [12, 8, 5], "ways": ["全部变动", "全部已消失文章", "更早的文章"], "beside": True}),
    ],
)
def test_the_front_page_shows_five_of_each_on_a_phone_and_two_columns_on_a_desk(
    browser: Any, pages: dict[str, str], width: int, seen: Any
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_content(pages["/"])
    assert page.evaluate(SEEN) == seen
    page.close()


DRAWN = "() => ['.strip svg', '.strip figcaption'].map(each => document.querySelector(each)?.checkVisibility() ?? null)"


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "media", "linked"), [(390, "screen", True), (1280, "screen", False), (390, "print", False)]
)
def test_the_links_to_versions_and_citation_stand_only_where_these_are_further_down(
    browser: Any, pages: dict[str, str], width: int, media: str, linked: bool
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.emulate_media(media=media)
    found = []
    for path in ("/a/newsroom-1", "/a/newsroom-2"):
        page.set_content(pages[path])
        found.append(page.evaluate(DRAWN))
    assert found == [[True, linked], [None, linked]]
    page.close()


PRINTED = """ways => [...document.querySelectorAll(ways)].filter(each => each.checkVisibility())
    .map(each => [each.innerText.trim(), ...[...each.querySelectorAll('input')].map(box => box.value)].join(' '))"""


@pytest.mark.slow
@pytest.mark.browser
def test_paper_has_the_query_and_the_choices_made_and_no_ways_to_others(browser: Any, pages: dict[str, str]) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.emulate_media(media="print")
    found = {}
    for path in PAPER:
        page.set_content(pages[path])
        found[path] = page.evaluate(PRINTED, WAYS)
    assert found == PAPER
    page.emulate_media(media="screen")
    assert not page.locator(".printed").is_visible()
    page.close()
