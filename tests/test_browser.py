"""Every kind of page in a real browser: phone and desk, light and dark, with script and without, axe at its side."""

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
from support.browsing import browsing, heard, serving
from support.eventful import BACK, EDITED, GONE, MISSED, RESTRICTED, STRUCK, eventful, started
from support.journeys import SOAK
from support.page_kinds import BROKEN, PAGE_KINDS, PageKind
from support.small_archive import build

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
VIOLATIONS = """async () => (await axe.run(document, {resultTypes: ["violations"],
        rules: {"label-content-name-mismatch": {enabled: true}}})).violations
    .map(found => [found.id, found.nodes.map(node => node.target.join(" ")).slice(0, 3)])"""
MEASURES = """() => { const root = document.documentElement;
    return [root.lang, getComputedStyle(document.body).backgroundColor, root.scrollWidth] }"""
GROUND = {"light": "rgb(251, 249, 244)", "dark": "rgb(24, 23, 21)"}
LARGEST = 100_000  # bytes of a page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(build(tmp_path_factory.mktemp("home")).path) as address:
        yield address


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose database was taken away while it ran."""
    home = build(tmp_path_factory.mktemp("broken"))
    with serving(home.path) as address:
        home.database.unlink()
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing() as launched:
        yield launched


LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]
QUICK, LONG = ("landing", "article-en"), (pytest.mark.slow, pytest.mark.soak)  # `make test` looks at two pages


def _kinds() -> list[Any]:
    """Each kind, and the looks in which axe reads it: one in turn, as kinds share their parts, or in full size all."""
    return [
        pytest.param(kind, LOOKS if SOAK else [look], id=kind.name, marks=() if kind.name in QUICK else LONG)
        for kind, look in zip((*PAGE_KINDS, BROKEN), cycle(LOOKS), strict=False)
    ]


@pytest.mark.parametrize(("kind", "by_axe"), _kinds())
def test_each_kind_of_page_is_accessible_fits_the_screen_and_logs_nothing(
    browser: Any, url: str, broken: str, kind: PageKind, by_axe: list[tuple[int, str]]
) -> None:
    site = broken if kind is BROKEN else url
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    said = heard(page, site)
    page.emulate_media(color_scheme="light")
    reply = page.goto(site + kind.path)
    page.evaluate(AXE)
    faults = {look: found for look in LOOKS if (found := _faults(page, kind, *look, look in by_axe))}
    size = len(reply.body())
    context.close()
    assert (reply.status, said, faults) == (kind.status, [], {})
    assert size <= LARGEST


def _faults(page: Any, kind: PageKind, width: int, scheme: str, axe: bool) -> list[object]:
    """The faults of a page at this width and in this colour scheme; with `axe`, its violations too."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    *said, wide = page.evaluate(MEASURES)
    unlike = [] if said == [kind.lang, GROUND[scheme]] else [said]
    return unlike + ([] if wide <= width else [f"{wide} px wide"]) + (page.evaluate(VIOLATIONS) if axe else [])


def test_axe_finds_the_faults_of_a_page(browser: Any) -> None:
    page = browser.new_page()
    page.set_content("<title>x</title><main><img src='data:,'><p style='color: #999'>too pale</p><input></main>")
    page.evaluate(AXE)
    found = {name for name, _ in page.evaluate(VIOLATIONS)}
    page.close()
    assert found >= {"image-alt", "color-contrast", "label", "html-has-lang"}


@pytest.fixture(scope="module")
def eventful_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(eventful(tmp_path_factory.mktemp("eventful") / "home", started()).path) as address:
        yield address


TWICE = """() => { const found = {};
    for (const a of document.querySelectorAll('main a[href]')) {
        const name = (a.getAttribute('aria-label') ?? a.textContent).replace(/\\s+/g, ' ').trim();
        (found[name] ??= new Set()).add(a.getAttribute('href')); }
    return Object.entries(found).filter(([, to]) => to.size > 1).map(([name]) => name) }"""


@pytest.mark.slow
def test_pages_of_absent_articles_and_captures_are_accessible_and_name_each_link_differently(
    browser: Any, eventful_url: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    faults: dict[str, object] = {}
    paths = [f"/a/newsroom-{number}" for number in (EDITED, GONE, BACK, MISSED, RESTRICTED, STRUCK)]
    page.goto(f"{eventful_url}{paths[1]}")
    paths += [page.get_attribute("main .judgement a >> nth=0", "href"), "/removed"]
    for path in paths:
        page.goto(eventful_url + path)
        page.evaluate(AXE)
        doubled = page.evaluate(TWICE) if path.startswith("/a/") else []
        if found := [*page.evaluate(VIOLATIONS), *doubled]:
            faults[path] = found
    page.close()
    assert faults == {}


def test_on_a_phone_the_ways_to_versions_and_citation_are_on_the_first_screen(browser: Any, url: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    for path in ("/a/newsroom-1", "/a/newsroom-1/v/1"):
        page.goto(url + path)
        boxes = [page.locator(f"figcaption a[href='#{name}']").bounding_box() for name in ("versions", "cite")]
        assert [box["y"] + box["height"] < 844 for box in boxes] == [True, True]
        assert page.locator("#cite").count() == page.locator("#versions").count() == 1
    page.close()


MOMENTS = re.compile(r"[\d.]+\s?ms|<time[^>]*>[^<]*</time>")  # how long a query took, when a rule was looked at
LINKS = """els => els.map(el => new URL(el.getAttribute('href'), el.baseURI).href.split('#')[0])"""  # in SVG too


Shown = dict[str, tuple[str, list[str]]]  # by kind of page, its elements without moments, and the addresses it links


def _shown(browser: Any, url: str, script: bool) -> Shown:
    context = browser.new_context(locale="zh-CN", java_script_enabled=script)
    page = context.new_page()
    found = {}
    for kind in PAGE_KINDS:
        context.clear_cookies()
        page.goto(url + kind.path)
        links = page.eval_on_selector_all("[href]", LINKS) if kind.status == 200 else []
        found[kind.name] = MOMENTS.sub("", page.content()), links
    context.close()
    return found


@pytest.fixture(scope="module")
def shown(browser: Any, url: str) -> Shown:
    return _shown(browser, url, script=True)


@pytest.mark.slow
def test_a_page_is_the_same_without_script(browser: Any, url: str, shown: Shown) -> None:
    assert _shown(browser, url, script=False) == shown


CUT = """() => [...document.querySelectorAll('main :is(h1, h2, h3, dt, th, label, button, summary), nav a')]
    .filter(e => e.checkVisibility() && !e.closest('.hidden') && e.closest('[lang]').lang === 'en')
    .flatMap(e => [...e.childNodes].filter(n => n.nodeType === 3))
    .flatMap(n => [...n.data.matchAll(/[A-Za-z]+/g)].filter(found => {
        const range = document.createRange();
        range.setStart(n, found.index); range.setEnd(n, found.index + found[0].length);
        return new Set([...range.getClientRects()].map(box => box.top)).size > 1 }).map(found => found[0]))"""
ENGLISH = {kind.name: kind.path for kind in PAGE_KINDS if kind.lang == "en"}


def test_no_word_of_ours_is_cut_in_two_on_a_phone(browser: Any, url: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900}, locale="en-GB")
    cut = {}
    for name, path in ENGLISH.items():
        page.goto(url + path)
        cut[name] = page.evaluate(CUT)
    page.close()
    assert {name: words for name, words in cut.items() if words} == {}


THERE = (200, 410)  # a raw table also has the keys of what was withdrawn


@pytest.mark.slow
def test_every_link_within_the_site_leads_to_a_page(browser: Any, url: str, shown: Shown) -> None:
    links = {link: name for name, (_, hrefs) in shown.items() for link in hrefs}
    ours = [link for link in links if link.startswith(f"{url}/")]
    named = [link for link in ours if "/capture/" not in link]  # this archive has rows of captures and no files
    context = browser.new_context(locale="zh-CN")
    statuses = {link: context.request.get(link).status for link in named}
    context.close()
    assert len(statuses) > 3 * len(PAGE_KINDS)
    assert {link: (links[link], status) for link, status in statuses.items() if status not in THERE} == {}


def test_a_reader_searches_reads_compares_and_switches_language(browser: Any, url: str) -> None:
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    page.fill("input[name=q]", "办实")
    page.press("input[name=q]", "Enter")
    assert page.inner_text("mark") == "办实"
    page.click("a.headline")
    assert page.inner_text("article h1") == "把小事办实，城市才有温度"
    page.click("text=与第 1 版对比")
    assert (page.inner_text(".diff del >> nth=0"), page.inner_text(".diff ins >> nth=0")) == ("好", "实")
    page.click("a.ui")
    assert page.inner_text("h1") == "Version 1 compared with version 2"
    page.click("header .name a")
    assert page.get_attribute("html", "lang") == "en"
    context.close()


def test_a_reader_without_script_searches_a_table_and_asks_in_sql(browser: Any, url: str) -> None:
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/archive/articles")
    page.fill("input[name=_search]", "办实")
    page.press("input[name=_search]", "Enter")
    assert page.url.startswith(f"{url}/archive/articles?_search={quote('办实')}")
    page.goto(f"{url}/archive?sql=select+1")
    page.fill("textarea[name=sql]", "select 6 * 7 as answer")
    page.click("form:has(textarea[name=sql]) [type=submit]")
    assert page.inner_text("td") == "42"
    page.goto(f"{url}/archive/search")
    page.fill("main input[name=q]", "办实")
    page.press("main input[name=q]", "Enter")
    assert page.inner_text("td[data-column=key]") == "newsroom-1"
    context.close()


def test_chinese_is_set_with_indents_and_a_readable_measure(browser: Any, url: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page.goto(f"{url}/a/newsroom-1")
    style = page.evaluate(
        """() => { const s = getComputedStyle(document.querySelector('.body p'));
                   return [s.fontSize, s.textIndent, parseFloat(s.lineHeight) / 18, parseFloat(s.width) / 18] }"""
    )
    assert style[:2] == ["18px", "36px"]
    assert style[2] == pytest.approx(1.8)
    assert style[3] <= 38
    page.close()


INK = """() => [...document.querySelectorAll('body, body *')]
    .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .flatMap(e => { const s = getComputedStyle(e);
        return [s.color, s.backgroundColor].map((c, i) => {
            const [r, g, b, a = 1] = c.match(/[\\d.]+/g).map(Number);
            const fits = i ? a === 0 || r === 255 : r <= 51;
            return fits && r === g && g === b ? null : c + ' ' + e.outerHTML.slice(0, 80) }) })
    .filter(Boolean)"""
BELOW = "of => getComputedStyle(document.querySelector(`nav a${of}`)).borderBottomColor"


def test_the_menu_shows_in_forced_colours_on_which_page_a_reader_is(browser: Any, url: str) -> None:
    page = browser.new_page(locale="zh-CN", forced_colors="active")
    page.goto(f"{url}/changes")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.evaluate(BELOW, ":not([aria-current])") == ground
    assert page.evaluate(BELOW, "[aria-current]") != ground
    page.close()


EDGES = """name => { const s = getComputedStyle(document.querySelector('main ' + name));
    return [s.textDecorationLine, s.borderLeftStyle, s.borderRightStyle, s.boxDecorationBreak, s.fontWeight] }"""


@pytest.mark.parametrize("path", ["/", "/a/newsroom-1", "/a/newsroom-1/diff/1..2", "/search?q=办实", "/status"])
def test_on_paper_a_page_is_black_on_white_also_from_the_dark(browser, url: str, path: str) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page(color_scheme="dark", locale="zh-CN")
    page.goto(url + path)
    assert page.evaluate(INK) != []
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light only"
    assert page.evaluate(INK) == []
    assert [name for name in ("nav", "form", ".skip", "footer .links") if page.locator(name).first.is_visible()] == []
    page.close()


@pytest.mark.parametrize("media", ["screen", "print"])
def test_insertions_deletions_and_search_hits_are_marked_without_colour(browser, url: str, media: str) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page(locale="zh-CN")
    page.emulate_media(media=media)
    page.goto(f"{url}/a/newsroom-1/diff/1..2")
    assert page.evaluate(EDGES, "ins") == ["none", "solid", "solid", "clone", "700"]
    assert page.evaluate(EDGES, "del") == ["none", "double", "double", "clone", "400"]
    page.goto(f"{url}/search?q=办实")
    assert page.evaluate(EDGES, "mark") == ["none", "solid", "solid", "clone", "700"]
    page.close()
