"""Tables with many rows in a real browser: ours, and those of Datasette without our plugin."""

import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from typing import Any

import pytest
from support.checkout import ROOT
from support.journeys import SOAK
from support.many_rows import build_many

from archive.files.home import Home

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
OURS = "import sys; from archive.publish.serving import serve; serve(__import__('pathlib').Path(sys.argv[1]), port=0)"
# Datasette loads no plugin that is installed when it believes to be tested by its own tests.
PLAIN = "import sys; sys._called_from_test = True; from datasette.cli import cli; cli()"
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
VIOLATIONS = "async () => (await axe.run()).violations.map(v => [v.id, v.nodes.map(n => n.html).slice(0, 2)])"
HEIGHT = "document.documentElement.scrollHeight"
WIDTH = "document.documentElement.scrollWidth"
TALLEST = 12_000  # px of a page of a table at 390 px
LARGEST = 100_000  # bytes of a page
TEXT = "第12段"  # how the last paragraph of an article begins


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return build_many(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def ours(home: Home) -> Iterator[str]:
    with running([sys.executable, "-c", OURS, str(home.path)]) as address:
        yield address


@pytest.fixture(scope="module")
def plain(home: Home) -> Iterator[str]:
    with running([sys.executable, "-c", PLAIN, "serve", str(home.path), "--port", "0"]) as address:
        yield address


@contextmanager
def running(command: list[str]) -> Iterator[str]:
    """The address that a server prints."""
    server = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert server.stdout is not None
    try:
        yield next(found[0] for line in server.stdout if (found := re.search(r"http://[\d.]+:\d+", line)))
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield launched
        launched.close()


def tables_of(home: Home) -> list[str]:
    """Every table and view of the schema but the index's own."""
    with closing(sqlite3.connect(home.database)) as conn:
        names = [name for (name,) in conn.execute("select name from sqlite_master where type in ('table', 'view')")]
    return [name for name in names if not re.match(r"sqlite_|_sqlite|(article|revision)_words", name)]


OUR_PAGES = [
    "/archive?_show_hidden=1",
    "/archive/articles?_search=治理&characters__gt=1&_facet=state",
    "/archive/articles/1",
    "/archive/search?q=治理",
    "/archive?sql=select+headline,body_text+from+articles",
    "/archive?sql=select+1+from+article_words+where+article_words+match+'城市治理'",
    "/archive?sql=select+nonsense",
    "/archive/articles?_sort=nothing",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("ui", ["zh", "en"])
def test_our_tables_fit_a_phone_and_a_page(browser: Any, ours: str, home: Home, ui: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=True)
    page = context.new_page()
    faults = []
    tables = tables_of(home)[:: 1 if SOAK or ui == "en" else 4]  # Chinese wraps at each character
    for path in [*(f"/archive/{name}" for name in tables), *OUR_PAGES]:
        reply = page.goto(f"{ours}{path}{'&' if '?' in path else '?'}ui={ui}")
        wide, high, size = page.evaluate(WIDTH), page.evaluate(HEIGHT), len(reply.body())
        if wide > 390 or high > TALLEST or size > LARGEST or TEXT in reply.text():
            faults.append((path, wide, high, size, TEXT in reply.text()))
    context.close()
    assert faults == []


AXE_PAGES = [*OUR_PAGES, "/archive/articles", "/archive/articles?_all=1", "/archive/changes", "/archive/events"]


LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize(("turn", "path"), list(enumerate(AXE_PAGES)))
def test_axe_finds_nothing_on_our_tables_light_and_dark_on_phone_and_desk(
    browser: Any, ours: str, turn: int, path: str
) -> None:
    page = browser.new_page(locale="zh-CN")
    page.goto(ours + path)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.evaluate(AXE)
    found = {}
    by_axe = LOOKS if SOAK else [LOOKS[turn % len(LOOKS)]]  # in turn from page to page, as they share their parts
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        faults = page.evaluate(VIOLATIONS) if (width, scheme) in by_axe else []
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(24, 23, 21)"
        if faults or dark is (scheme == "light") or page.evaluate(WIDTH) > width:
            found[width, scheme] = faults, dark
    page.close()
    assert found == {}


def test_a_reader_filters_sorts_and_asks_again_with_terms_without_script(browser: Any, ours: str) -> None:
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{ours}/archive")
    page.click("text=articles >> nth=-1")
    page.goto(f"{ours}/archive/articles")
    page.click("summary >> nth=0")
    page.select_option("select[name=_filter_column]", "key")
    page.fill("input[name=_filter_value]", "newsroom-2")
    page.click("details button")
    assert page.locator("table.rows tbody tr").count() == 1
    page.click("a.ui")
    assert page.get_attribute("html", "lang") == "en"
    assert page.locator("table.rows tbody tr").count() == 1
    page.goto(f"{ours}/archive?sql=select+key+from+articles")
    page.fill("#sql", "select count(*) as n from article_words where article_words match '基层减负'")
    page.click("form.sql button")
    assert page.inner_text("td[data-column=n]") == "0"
    page.click("text=Search again with terms()")
    assert page.inner_text("td[data-column=n]") == "2"
    context.close()


@pytest.mark.slow
def test_plain_datasette_unrolls_no_text_and_no_table_and_says_why_it_offers_no_search_that_would_find_nothing(
    browser: Any, plain: str, home: Home
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    faults, boxes = [], []
    for name in [*tables_of(home), "article_words", "revision_words"]:
        reply = page.goto(f"{plain}/archive/{name}{'?_size=1' if name.endswith('_words') else ''}")
        high = page.evaluate(HEIGHT)
        if not name.endswith("_words") and (reply.status != 200 or high > TALLEST or TEXT in reply.text()):
            faults.append((name, reply.status, high, TEXT in reply.text()))
        boxes += [name] if page.locator("[name=_search]").count() else []
    page.goto(plain)
    why = page.inner_text(".metadata-description")
    page.click("text=first_seen >> nth=0")
    page.fill("[name=phrase]", "城市治理")
    page.click("text=Run SQL")
    found = page.inner_text("td.col-key >> nth=0")
    page.close()
    assert (faults, boxes) == ([], [])
    assert ("There is no search box here, because Datasette's own" in why, "这里没有搜索框" in why) == (True, True)
    assert found == "newsroom-1"


def test_plain_datasette_shows_views_first_book_keeping_last_and_names_for_rows(browser: Any, plain: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(f"{plain}/archive?_show_hidden=1")
    listed = [link.get_attribute("href") for link in page.query_selector_all("section.content a")]
    in_order = ["latest_articles", "authors", "/articles", "/sources", "/applied"]
    assert [each for each in listed if each and each.endswith(tuple(in_order))][:5] == [
        "archive/latest_articles", "archive/authors", "archive/latest_articles", "archive/authors", "/archive/articles",
    ]  # fmt: skip
    page.goto(f"{plain}/archive/applied")
    assert page.inner_text(".metadata-description").startswith("Internal: ")
    page.goto(f"{plain}/archive/events?_sort=id")
    assert page.inner_text("td.col-article_id a >> nth=0") == "把小事办实，城市才有温度"
    assert page.inner_text("td.col-source a >> nth=0") == "新闻室"
    page.goto(f"{plain}/archive/captures?_sort=id")
    assert page.inner_text("td.col-crawl_id a >> nth=0") == "c1"
    page.close()
