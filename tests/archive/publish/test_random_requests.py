"""Five hundred requests of every method, made of what strangers send: none changes a byte, none breaks the site."""

import asyncio
import random
import re
from collections import Counter
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from support.journeys import SOAK
from support.small_archive import HOSTILE, build
from support.small_site import bytes_of
from support.stranger import ask, close, wrong_with

from archive.publish.routes import ROUTES
from archive.publish.serving import site

pytestmark = pytest.mark.soak

REQUESTS = 10_000 if SOAK else 800
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "M-SEARCH")
PATHS = (
    "/archive/articles", "/archive/articles/{}", "/archive/latest_articles", "/archive/search", "/archive/newest.csv",
    "/archive/articles.json", "/archive/articles.csv", "/archive.json", "/archive.db", "/_internal", "/{}", "/-/logout",
    "/-/static/{}", "//{}/", "/\\{}/", "/archive/articles.{}", "/a/newsroom-1/diff/{}..{}", "/a/newsroom-1/v/{}",
)  # fmt: skip
NAMES = (
    "q", "ui", "before", "limit", "size", "ever", "gone", "all", "column", "phrase", "min_size",
    "utm_source", "from", "unheard", "sql", "_where", "_search", "_searchmode", "_sort",
    "_sort_desc", "_sort_by_desc", "_size", "_next", "_facet", "_facet_array", "_facet_date", "_facet_size",
    "_col", "_nocol", "_shape", "_nl", "_json", "_stream", "_labels", "_timelimit", "_ttl", "_trace", "_dl",
    "_header", "_filter_column", "_filter_op", "_filter_value", "_extra", "_through", "headline__like",
    "headline__in", "characters__gt", "key__exact", "id__arraycontains", "_hide_sql", "_show_hidden",
    "_blob_column",
)  # fmt: skip
VALUES = (
    "", "1", "0", "-1", "9" * 30, "9" * 5000, "1e400", "nan", "max", "array", "object", "newsroom-1", "newsroom-3",
    "articles", "headline", "body_text", "id", "治理", "改革*", '"', "'", "%", "%00", "\x00", "\ud800", "a\r\nb: c",
    "../../etc/passwd", "{{7*7}}", "${7*7}", "select 1", "select * from articles", "delete from articles",
    "drop table articles", "attach 'x' as y", "pragma journal_mode=delete", "1; delete from articles", "1=1",
    "1,2", "~00", "~E9~95~BF", "evil.example", "[1]", '{"a": 1}', "\u202e", "😀", "x" * 3000, HOSTILE,
)  # fmt: skip
HEADERS = (("cookie", "thinker_ui=en; ds_actor=x; ds_messages=x"), ("authorization", "Bearer x"),
           ("if-none-match", '"x", W/"y"'), ("accept-language", "en;q=x,,\xff"), ("range", "bytes=0-1"),
           ("x-forwarded-host", "evil.example"), ("x-http-method-override", "DELETE"),
           ("content-type", "application/json"), ("transfer-encoding", "chunked"))  # fmt: skip


@pytest.mark.slow
def test_random_requests_change_nothing_and_break_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    home = build(tmp_path)
    before = bytes_of(tmp_path)
    served = site(home, ["127.0.0.1"])
    paths = [*PATHS, *routes_of(served)]
    statuses, wrong = asyncio.run(_all(served, paths, random.Random(13)))
    close(served)
    assert bytes_of(tmp_path) == before
    assert wrong == {}, capfd.readouterr().err
    assert statuses.total() == REQUESTS > 5 * len(paths)
    assert {200, 302, 400, 404, 405} <= statuses.keys()


AS = re.compile(r"\(\?P<as>[^()]*\)\??")  # the form of a page: `.json`, `.atom`, …


def routes_of(served: Datasette) -> list[str]:
    """Every address that the site knows, Datasette's own too, with `{}` for what varies: all that a pattern leaves."""
    known = [pattern.pattern for pattern, _ in served._routes()] + [pattern for pattern, _ in ROUTES]
    patterns = [AS.sub(ending, pattern) for pattern in known for ending in ("", ".json")]
    plain = [re.sub(r"\(\?![^)]*\)|[\^$\\]", "", pattern) for pattern in patterns]
    named = [re.sub(r"\(\?P<\w+>[^()]*\)|\.\*", "{}", pattern) for pattern in plain]
    return sorted({re.sub(r"[()?]", "", pattern) for pattern in named} | {re.sub(r"\(.*?\)\?", "", p) for p in named})


def test_the_addresses_come_from_the_routes(tmp_path: Path) -> None:
    served = site(build(tmp_path), ["127.0.0.1"])
    found = routes_of(served)
    close(served)
    assert {
        "/",
        "/search",
        "/search.json",
        "/a/{}",
        "/a/{}/v/{}",
        "/a/{}/diff/{}..{}",
        "/-/{}",
        "/{}/{}/{}",
        "/{}.db",
    } <= set(found)
    assert [path for path in found if set(path) & set("()[]?*^$\\")] == []


async def _all(served: Datasette, paths: list[str], chance: random.Random) -> tuple[Counter[int], dict[str, list[str]]]:
    """The number of replies by status, and the faults by path; the paths are asked in turn."""
    application = served.app()
    statuses: Counter[int] = Counter()
    wrong = {}
    for _, path in zip(range(REQUESTS), cycle(paths), strict=False):
        target = _target(path, chance)
        method = chance.choice(("GET", chance.choice(METHODS)))
        heard = await ask(application, target, chance.sample(HEADERS, chance.randrange(3)), method)
        statuses[heard.status] += 1
        if found := wrong_with(heard):
            wrong[f"{method} {target}"] = found
    return statuses, wrong


def _target(path: str, chance: random.Random) -> str:
    filled = path.format(*(_quoted(chance, path=True) for _ in range(path.count("{}"))))
    query = "&".join(f"{chance.choice(NAMES)}={_quoted(chance)}" for _ in range(chance.randrange(4)))
    return f"{filled}?{query}" if query else filled


def _quoted(chance: random.Random, path: bool = False) -> str:
    """Percent-encoded as a browser does, or raw bytes as only a program sends them."""
    value = chance.choice(VALUES)
    if path or chance.random() < 0.8:
        return quote(value.encode("utf-8", "surrogatepass"), safe="")
    return value.encode("utf-8", "surrogatepass").decode("latin-1").replace("&", "")
