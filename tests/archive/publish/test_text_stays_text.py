"""Everything attackers have written, in feeds and as requests: it stays text, fails nothing, changes nothing."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import feedparser
import pytest
from jsonschema import Draft202012Validator
from selectolax.lexbor import LexborHTMLParser
from support.feed_rules import JSON_FEED, alive, broken
from support.hostile_archive import KEY, build
from support.hostile_strings import strings
from support.small_site import bytes_of
from support.stranger import Heard, answered, close, live, quoted, spelled, wrong_with
from support.tables import every_row

from archive import read_archive
from archive.files.home import Home
from archive.publish.lists.changes_request import MAX_QUERY_CHARACTERS
from archive.publish.serving import DROPPED, site

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.filterwarnings(f"ignore:{DROPPED}:RuntimeWarning"),
    pytest.mark.soak,
]

SEARCH = "/search?q={}&ever=1"
PATHS = (
    "/{}", "//{}", "/{}/", "/{}.json", "/a/{}", f"/a/{KEY}/v/{{}}", f"/a/{KEY}/diff/{{}}..{{}}", "/archive/{}",
    "/archive/{}.json", "/archive/articles/{}", "/archive/articles.{}", "/-/{}", "/-/static/{}",
)  # fmt: skip
PAGES = (
    "/?before={}&ui={}", "/search?q={}&ever={}&gone={}&limit={}&ui={}", SEARCH, "/changes?before={}",
    "/changes?before={},{}&all={}", "/removed?before={}", f"/a/{KEY}?ui={{}}", f"/a/{KEY}?{{}}={{}}", "/status?ui={}",
    "/status.json?ui={}", "/archive/search?q={}", "/archive/keywords_of_a_month?month={}",
    "/search.atom?q={}&ui={}", "/search.feed.json?q={}", "/changes.atom?before={},{}&all={}", "/changes?kind={}",
    "/changes?source={}&since={}", "/changes?column={}&tag={}&person={}",
    "/search/changes.atom?q={}&min_size={}", "/removed.atom?source={}&until={}", "/latest.feed.json?before={}&{}=1",
    "/archive/search.json?q={}&_shape={}", "/archive/articles?_search={}", "/nowhere?{}={}&ui={}",
)  # fmt: skip
# One request for each parameter: Datasette stops at the first wrong one and reports only that.
PARAMETERS = (
    "{}", "_search_headline", "_searchmode=raw&_search",
    "_sort", "_sort_desc", "_size", "_next", "_facet", "_facet_array",
    "_facet_date", "_facet_size=1&_facet", "_col", "_nocol", "_shape", "_labels", "_timelimit", "_ttl", "_header",
    "_filter_column", "_filter_op=exact&_filter_column=headline&_filter_value", "_extra", "_through", "headline",
    "headline__contains", "headline__like", "headline__glob", "headline__in", "headline__startswith", "characters__gt",
    "id", "id__arraycontains", "published_date__date", "headline__isnull", "headline__not", "_hide_sql", "_blob_column",
)  # fmt: skip
OWN_SQL = (
    "/archive?sql={}",
    "/archive?sql=select+:p&p={}",
    "/archive/articles?_where={}",
    "/archive.json?sql=select+{}",
)
SENT = ("cookie: thinker_ui={}", "cookie: {}", "accept-language: {}", "if-none-match: {}", "x-forwarded-host: {}",
        "referer: {}", "accept: {}", "range: {}", "x-original-url: {}")  # fmt: skip
ASKED_AGAIN = "thinker: 503 GET /"  # `answered` gives what came of it
ERRORS_OF_SQL = re.compile(
    rb'near "|near &#|syntax error|unrecognized token|no such column|unterminated string|SQL logic'
)


@pytest.fixture(scope="module")
def texts(shared: Path) -> list[str]:
    return strings(shared)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> Home:
    return build(tmp_path_factory.mktemp("home"), texts)


@pytest.fixture
def application(home: Home) -> Iterator[Any]:
    served = site(home, ["127.0.0.1"])
    yield served.app()
    close(served)


def test_the_strings_are_in_the_archive_as_they_were(home: Home, texts: list[str]) -> None:
    said = column(home, "select before from changes where property = 'headline'")
    read = set(column(home, "select headline from articles"))
    assert set(said) == set(texts)
    assert sum(" ".join(text.split()) in read for text in texts) > len(texts) / 2  # the others the parser takes apart


FEEDS = (
    "/latest",
    "/changes?all=1",
    "/removed",
    "/search?q=%E6%94%B9",
    "/search?q=%E5%8F%91%E5%8A%9B&ever=1",
    "/search/changes?q=%E6%94%B9",
)


def test_hostile_strings_stay_text_in_every_feed(home: Home, application: Any, texts: list[str]) -> None:
    wrong, entries = asyncio.run(_subscribed(application))
    assert wrong == {}
    assert entries > len(texts) * 4  # two articles of each, their arrivals, edits and removals


async def _subscribed(application: Any) -> tuple[dict[str, list[str]], int]:
    """The faults of each feed, from each list's newest page to its oldest, and the number of entries."""
    wrong: dict[str, list[str]] = {}
    entries = 0
    waiting = [path.replace("?", f"{ending}?") if "?" in path else path + ending
               for path in FEEDS for ending in (".atom", ".feed.json")]  # fmt: skip
    while waiting:
        target = waiting.pop()
        heard = await answered(application, target)
        faults, count, older = _feed(heard)
        wrong |= {target: faults} if faults else {}
        entries += count
        waiting += [older.removeprefix("http://127.0.0.1")] if older else []
    return wrong, entries


def _feed(heard: Heard) -> tuple[list[str], int, str | None]:
    """The faults of a feed, the number of its entries, and the address of its next page."""
    if heard.status != 200:
        return [str(heard.status)], 0, None
    if heard.type == "application/feed+json":
        feed = json.loads(heard.body)
        faults = [error.message[:200] for error in Draft202012Validator(JSON_FEED).iter_errors(feed)]
        faults += [fault for item in feed["items"] for fault in alive(item["content_html"])]
        return wrong_with(heard) + faults, len(feed["items"]), feed.get("next_url")
    read = feedparser.parse(heard.body)
    older = next((link.href for link in read.feed.links if link.rel == "next"), None)
    return [*wrong_with(heard), *broken(heard.body), *(["bozo"] if read.bozo else [])], len(read.entries), older


def column(home: Home, sql: str) -> list[Any]:
    archive = read_archive(home.path)
    found = [value for (value,) in archive.conn.execute(sql)]
    archive.close()
    return found


def test_hostile_requests_cause_no_failure_and_change_nothing(
    home: Home, application: Any, texts: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    before = bytes_of(home.path)
    statuses, wrong = asyncio.run(_sent(application, texts))
    log = [line for line in capfd.readouterr().err.splitlines() if not line.startswith(ASKED_AGAIN)]
    assert wrong == {}, f"{statuses.total():,} requests: {statuses}"
    assert statuses.total() > (len(PATHS) + len(PAGES)) * len(texts)
    assert statuses[200] > len(texts)
    assert statuses[400] + statuses[404] > len(texts)
    assert [line for line in log if not re.match(r"thinker: 4\d\d GET /", line) or not line.isprintable()] == []
    assert len(log) <= statuses.total() - statuses[200]
    assert bytes_of(home.path) == before


async def _sent(application: Any, texts: list[str]) -> tuple[Counter[int], dict[str, list[str]]]:
    statuses: Counter[int] = Counter()
    wrong: dict[str, list[str]] = {}
    parameter, sql, header = cycle(PARAMETERS), cycle(OWN_SQL), cycle(SENT)
    for text in texts:
        for form in (*PATHS, *PAGES, f"/archive/articles?{next(parameter)}={{}}", next(sql)):
            for target in _filled(form, text):
                heard = await answered(application, target)
                statuses[heard.status] += 1
                if found := wrong_with(heard) + _told_wrongly(form, text, heard):
                    wrong[target] = found
        name, _, value = next(header).partition(": ")
        heard = await answered(application, "/", [(name, value.format(text))])
        if found := wrong_with(heard):
            wrong[f"{name}: {text}"] = found
    return statuses, wrong


def _filled(form: str, text: str) -> list[str]:
    """The form with the text in each of its places; as a path also as it stands."""
    spellings = [quoted(text)] if "?" in form else spelled(text)
    return [form.replace("{}", each) for each in spellings]


def _told_wrongly(form: str, text: str, heard: Heard) -> list[str]:
    """An error of SQL where nobody wrote SQL, or a search box that does not say what was asked for."""
    wrong = []
    if form in PATHS + PAGES and (error := ERRORS_OF_SQL.search(heard.body)) and error[0].decode() not in text:
        wrong.append(error[0].decode())
    asked = text.encode("utf-8", "replace").decode().strip()
    if form == SEARCH and (heard.status == 200) is (len(asked) > MAX_QUERY_CHARACTERS):
        wrong.append(f"{heard.status} for {len(asked)} characters")
    if form == SEARCH and heard.status == 200:
        box = LexborHTMLParser(heard.body).css_first("form.search input[name=q]")
        if box is None or _as_read(box.attributes["value"] or "") != _as_read(asked):
            wrong.append("another text in the search box")
    return wrong


def _as_read(text: str) -> str:
    """The text as a parser of HTML reads it: no null characters, one kind of line end (WHATWG HTML §13.2.3)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


@every_row(
    "page",
    ["<script>1</script>", "<img src=x>", "<a href=' java\nscript:x'>", "<p onclick=x>", "<p style=x>", "<iframe>",
     "<meta http-equiv=refresh>", "<form action=data:text/html,x>", "<svg/onload=x>", "<base href=/>"],
)  # fmt: skip
def test_a_page_that_is_alive_is_noticed(page: str) -> None:
    assert live(page) != []


@pytest.mark.parametrize(("times", "status"), [(0, 200), (3, 200), (4, 503), (9, 503)])
def test_a_site_that_is_always_late_is_noticed(times: int, status: int) -> None:
    statuses = iter([503] * times + [200])

    async def busy(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": next(statuses), "headers": []})
        await send({"type": "http.response.body"})

    assert asyncio.run(answered(busy, "/")).status == status
