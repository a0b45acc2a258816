"""The pages in a real browser: phone and desk, light and dark, with an eye on its console."""

import importlib.util
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).resolve().parents[1]
SERVE = "import sys; from archive.publish.server import serve; serve(__import__('pathlib').Path(sys.argv[1]), port=0)"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip

pytestmark = pytest.mark.browser

PAGES = {
    "/": "zh-Hans",
    "/?ui=en": "en",
    "/a/newsroom-1": "zh-Hans",
    "/a/newsroom-3": "zh-Hans",
    "/a/newsroom-1/diff/1..3": "zh-Hans",
    "/search?q=治理": "zh-Hans",
    "/search?q=城市火箭": "zh-Hans",
    "/changes": "zh-Hans",
    "/removed": "zh-Hans",
    "/status": "zh-Hans",
    "/nowhere": "zh-Hans",
    "/nowhere?ui=en": "en",
    "/archive/articles?_sort=nothing": "zh-Hans",
    "/archive.db": "zh-Hans",
    "/archive/articles": None,
    "/archive": None,
    "/archive?sql=select+1": None,
    "/archive/articles/1": None,
}
REFUSED = "Failed to load resource: the server responded with a status of 40"
LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]
CONTRAST = """() => {
    const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
        .map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
        return .2126*v[0] + .7152*v[1] + .0722*v[2] };
    const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
        if (!c.endsWith(', 0)')) return c; } return 'rgb(255, 255, 255)' };
    return [...document.querySelectorAll('main *, header *, footer *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.offsetParent)
        .map(e => { const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
            return [(a + .05) / (b + .05), e.outerHTML.slice(0, 80)] })
        .filter(([ratio]) => ratio < 4.5) }"""


def _small_archive() -> ModuleType:
    spec = importlib.util.spec_from_file_location("small_archive", ROOT / "tests/archive/small_archive.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = _small_archive().build(tmp_path_factory.mktemp("home"))
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(home.path)], cwd=ROOT, text=True, stdout=subprocess.PIPE
    )
    assert server.stdout is not None
    yield server.stdout.readline().strip()
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=30)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield launched
        launched.close()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_fit_read_well_and_stay_quiet(browser, url: str, width: int, scheme: str) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: message.text.startswith(REFUSED) or complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append("a dialog opened"), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    for path, lang in PAGES.items():
        page.goto(url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        if lang:
            assert page.evaluate("document.documentElement.lang") == lang, path
            assert page.evaluate(CONTRAST) == [], path
            dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(24, 23, 21)"
            assert dark is (scheme == "dark")
        context.clear_cookies()
    context.close()
    assert complaints == []
    assert [address for address in asked if not address.startswith((url, "data:"))] == []


def test_a_reader_searches_reads_compares_and_switches_language(browser, url: str) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    page.fill("input[name=q]", "办实")
    page.press("input[name=q]", "Enter")
    assert page.inner_text("mark") == "办实"
    page.click("a.headline")
    assert page.inner_text("article h1") == "把小事办实，城市才有温度"
    page.click("text=比较 >> nth=1")
    assert (page.inner_text(".diff del >> nth=0"), page.inner_text(".diff ins >> nth=0")) == ("好", "实")
    page.click("a.ui")
    assert page.inner_text("h1") == "Version 1 compared with version 2"
    page.click("header .name a")
    assert page.get_attribute("html", "lang") == "en"
    context.close()


def test_chinese_is_set_with_indents_and_a_readable_measure(browser, url: str) -> None:  # type: ignore[no-untyped-def]
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
