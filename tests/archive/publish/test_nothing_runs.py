"""Nothing that attackers wrote comes alive in a real browser, with the site's policy and without it."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.alive import ALIVE, HTML, Reply, alive_in, parsed, replies
from support.browsing import browsing, heard, serving
from support.hostile_archive import BATCH, KEY, TOLD, build
from support.hostile_strings import MARKUP, NAMES, strings
from support.journeys import SOAK
from support.stranger import AGAIN, LATE, close, quoted, wrong_with
from support.walking import STARTS, kind_of, walk

from archive import read_archive
from archive.files.home import Home
from archive.publish.serving import site

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.browser, pytest.mark.soak]

FORMS = (
    "/search?q={}", "/a/{}", "/{}", f"/a/{KEY}?ui={{}}", f"/a/{KEY}?{{}}={{}}", "/archive/articles?_search={}&{}={}",
    "/archive?sql=select+:p+as+answer&p={}", "/archive?sql={}", "/archive/search?q={}", "/archive/{}",
)  # fmt: skip
# Whatever runs calls one of these, fails, or asks for something elsewhere.
TOLD_OF = (
    "for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = () => console.log('FIRED')"
)
# Every so manieth page is loaded and may run, besides one of each kind, and every so manieth request: in turn of every
# form and every text, as no number divides the number of forms. The parser reads them all.
LOADED, SENT = (16, 17) if SOAK else (4, 3)
# A text that runs under the policy runs without it too: all pages are loaded without it, and a part of them with it,
# which shows that the policy lets our own pages pass.
POLICIES = pytest.mark.parametrize(("policy", "part"), [(True, 1 if SOAK else 7), (False, 1)], ids=["policy", "none"])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Home:
    return build(tmp_path_factory.mktemp("home"), strings(shared))


@pytest.fixture(scope="module")
def url(home: Home) -> Iterator[str]:
    with serving(home.path) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing() as launched:
        yield launched


@pytest.fixture(scope="module")
def application(home: Home) -> Iterator[Any]:
    served = site(home, ["127.0.0.1"])
    yield served.app()
    close(served)


@pytest.fixture(scope="module")
def parser(browser: Any, url: str) -> Iterator[Any]:
    """A page in which texts are parsed that are not loaded."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{url}/robots.txt")
    yield page
    context.close()


@dataclass(frozen=True, slots=True)
class Walked:
    """By target, for each page that links lead to: its live content in a browser, and what a stranger finds wrong."""

    alive: dict[str, list[str]]
    wrong: dict[str, list[str]]


@pytest.fixture(scope="module")
def walked(application: Any, parser: Any) -> Walked:
    wrong: dict[str, list[str]] = {}
    return Walked(alive_in(parser, _judged(walk(application), wrong)), wrong)


async def _judged(replies: AsyncIterator[Reply], wrong: dict[str, list[str]]) -> AsyncIterator[Reply]:
    """Pass the replies on, and collect in `wrong` the faults of each."""
    async for target, reply in replies:
        expected = (302,) if target.endswith("/timegate") else (200, 410)  # /api links one
        wrong[target] = wrong_with(reply) + ([] if reply.status in expected else [f"{reply.status}"])
        yield target, reply


@pytest.fixture(scope="module")
def targets(walked: Walked, shared: Path) -> list[str]:
    """A page of each kind; of lists, and of the articles all made of markup or one of each ten neighbours, a part."""
    markup = len(strings(shared, MARKUP))
    one_of_each = {kind_of(target): target for target in reversed(walked.alive)}
    matter = (target for target in walked.alive if _matters(target, markup))
    return list(dict.fromkeys((*one_of_each.values(), *list(matter)[::LOADED])))


def _matters(target: str, markup: int) -> bool:
    number = re.match(r"/a/newsroom-(\d+)|/archive/articles/(\d+)", target)
    if number is None:
        return re.fullmatch(r"/(archive/\w+|capture)/\*(/bytes)?", kind_of(target)) is None
    article = int(number[1] or number[2]) % TOLD
    return article % BATCH == 0 or (kind_of(target) == "/a/*" and article < markup)


# Of a sample of the corpora none may run in this browser; these do in every one.
SURE = ("<img src=x onerror=alert(1)>", "<svg onload=alert(1)></svg>", "<body onload=alert(1)>", "<iframe srcdoc=x>")


KINDS = {"/", "/a/*", "/a/*/v/*", "/a/*/diff/*", "/archive/articles/*", "/removed"}


def test_no_article_is_alive_on_any_page(walked: Walked, shared: Path) -> None:
    assert faulty(walked.alive) == {}, f"{len(walked.alive):,} pages"
    assert set(map(kind_of, walked.alive)) > KINDS
    assert len(walked.alive) > 5 * len(strings(shared))


def test_hostile_strings_stay_text_on_every_page(home: Home, walked: Walked, shared: Path) -> None:
    with closing(read_archive(home.path)) as archive:
        ((articles,),) = archive.conn.execute("select count(*) from articles")
    texts = len(strings(shared))
    pages = Counter(map(kind_of, walked.wrong))
    assert faulty(walked.wrong) == {}, f"{pages.total():,} pages"
    assert texts * 1.9 < articles <= pages["/a/*"]
    assert pages["/a/*/v/*"] >= articles + texts
    assert pages["/a/*/diff/*"] >= texts
    assert pages["/archive/articles/*"] >= articles
    assert min(pages[path.partition("?")[0]] for path in STARTS) >= 1


def test_no_request_is_alive_on_any_page(application: Any, parser: Any, asked: list[str]) -> None:
    assert faulty(alive_in(parser, replies(application, asked))) == {}, f"{len(asked):,} requests"


def faulty(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {target: faults for target, faults in found.items() if faults}


@POLICIES
def test_no_article_fires_on_any_page(browser: Any, url: str, targets: list[str], policy: bool, part: int) -> None:
    fired = _fired(browser, url, targets[::part], policy)
    assert fired == {}, f"{len(targets):,} pages"
    assert set(map(kind_of, targets)) >= KINDS


@pytest.fixture(scope="module")
def asked(shared: Path) -> list[str]:
    """Requests: all forms for each text of markup, one for each other."""
    asked = [form.replace("{}", quoted(text)) for text in strings(shared, MARKUP) for form in FORMS]
    others = enumerate(strings(shared, NAMES))
    return asked + [FORMS[number % len(FORMS)].replace("{}", quoted(text)) for number, text in others]


@POLICIES
def test_no_request_fires_on_any_page(browser: Any, url: str, asked: list[str], policy: bool, part: int) -> None:
    loaded = asked[:: SENT * part]
    fired = _fired(browser, url, loaded, policy)
    assert fired == {}, f"{len(loaded):,} requests"


TURNED = """() => { const turns = /[\\u202a-\\u202e\\u2066-\\u2069]/, all = [...document.querySelectorAll('body *')];
    const own = el => [...el.childNodes].some(node => node.nodeType === 3 && turns.test(node.data));
    const inline = el => getComputedStyle(el).display.startsWith('inline');
    const alone = el => ![...el.children].some(inline)
        && (!inline(el) || /isolate|plaintext/.test(getComputedStyle(el).unicodeBidi));
    return [document.title].filter(title => turns.test(title)).concat(
        all.filter(el => own(el) && !alone(el)).map(el => el.outerHTML.slice(0, 200))) }"""


def test_no_text_reverses_the_order_of_the_text_beside_it(browser: Any, url: str, shared: Path) -> None:
    bidi = [number for number, text in enumerate(strings(shared)) if re.search("[\u202a-\u202e\u2066-\u2069]", text)]
    page = browser.new_page()
    found = {}
    for key in (f"newsroom-{TOLD + number}" for number in bidi):
        for path in (f"/a/{key}", f"/a/{key}/diff/1..2", "/changes?all=1", f"/search?q={key}"):
            if path not in found:
                page.goto(url + path)
                found[path] = page.evaluate(TURNED)
    turned = "<p>a \u202eb <ins>c</ins></p><p><b>\u2066d</b></p><p>e\u2066</p>"
    page.set_content(f"<title>\u202ex</title>{turned}")
    noticed = page.evaluate(TURNED)
    page.close()
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert len(found) > 3
    assert noticed == ["\u202ex", "<p>a \u202eb <ins>c</ins></p>", "<b>\u2066d</b>"]


def _fired(browser: Any, url: str, targets: list[str], policy: bool) -> dict[str, list[str]]:
    """The live content by page; a status from 500 on counts too."""
    context = browser.new_context(locale="zh-CN", bypass_csp=not policy)
    context.add_init_script(TOLD_OF)
    page = context.new_page()
    said = heard(page, url)
    fired: dict[str, list[str]] = {}
    for target in targets:
        status = _loaded(page, url + target)
        found = [*said, *page.evaluate(ALIVE)] + ([str(status)] if status >= 500 else [])
        if found:
            fired[target] = found
        said.clear()
    context.close()
    return fired


def _loaded(page: Any, address: str) -> int:
    """The status, of another try if the site ran out of time. A reply offered as a download shows no page."""
    from playwright.sync_api import Error

    for _ in range(AGAIN):
        try:
            reply = page.goto(address)
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            return 200
        if reply is None or reply.status not in LATE:
            break
    return reply.status if reply else 0


@pytest.mark.parametrize("policy", [True, False], ids=["policy", "no policy"])
def test_the_same_strings_as_markup_are_noticed_and_the_policy_alone_stops_them(
    browser: Any, url: str, shared: Path, parser: Any, policy: bool
) -> None:
    context = browser.new_context(bypass_csp=not policy)
    context.add_init_script(TOLD_OF)
    pages = [f"<!doctype html><body>{text}" for text in (*SURE, *strings(shared, MARKUP))]
    loaded = [_what_comes_of(context, url, text) for text in pages]
    ran = sum("FIRED" in told for told in loaded)
    context.close()
    noticed = parsed(parser, [(text, HTML) for text in pages])
    assert all(noticed[: len(SURE)])
    assert sum(map(bool, noticed)) > len(pages) / 3
    assert [text for text, run, read in zip(pages, loaded, noticed, strict=True) if run and not read] == []
    assert (ran > 0) is not policy


def _what_comes_of(context: Any, url: str, markup: str) -> list[str]:
    """The live content of a page of ours made of this markup, and its acts; it may lead the browser away."""
    from playwright.sync_api import Error

    page = context.new_page()
    said = heard(page, url)
    page.goto(f"{url}/robots.txt")
    try:
        page.set_content(markup, wait_until="load")
        return [*page.evaluate(ALIVE), *said]
    except Error as error:
        if "navigat" not in str(error):
            raise
        return ["it leads away", *said]
    finally:
        page.close()
