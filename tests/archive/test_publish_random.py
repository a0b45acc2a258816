"""Five hundred requests of every method, made of what strangers send: none changes a byte, none breaks the site."""

import asyncio
import hashlib
import random
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from small_archive import HOSTILE, build

from archive.publish.server import site

REQUESTS = 500
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "M-SEARCH")
PATHS = (
    "/", "/a/{}", "/a/{}/v/{}", "/a/newsroom-1/diff/{}..{}", "/search", "/changes", "/removed", "/status",
    "/archive", "/archive/{}", "/archive/articles", "/archive/articles/{}", "/archive/latest_articles",
    "/archive/search", "/archive/articles.json", "/archive/articles.csv", "/archive.json", "/archive.db",
    "/_internal", "/{}", "/-/{}", "/-/static/{}", "/-/logout", "/-/healthz", "/robots.txt", "//{}/", "/\\{}/",
    "/archive/articles.{}",
)  # fmt: skip
NAMES = (
    "q", "ui", "before", "limit", "ever", "gone", "all", "sql", "_where", "_search", "_searchmode", "_sort",
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
HEADERS = ((b"cookie", b"thinker_ui=en; ds_actor=x; ds_messages=x"), (b"authorization", b"Bearer x"),
           (b"if-none-match", b'"x", W/"y"'), (b"accept-language", b"en;q=x,,\xff"), (b"range", b"bytes=0-1"),
           (b"x-forwarded-host", b"evil.example"), (b"x-http-method-override", b"DELETE"),
           (b"content-type", b"application/json"), (b"transfer-encoding", b"chunked"))  # fmt: skip


def test_random_requests_change_nothing_and_break_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    home = build(tmp_path)
    before = bytes_of(tmp_path)
    served = site(home, ["127.0.0.1"])
    statuses = asyncio.run(_all(served, random.Random(13)))
    served.get_database("archive").close()
    assert bytes_of(tmp_path) == before
    assert sum(statuses.values()) == REQUESTS
    assert [status for status in statuses if status >= 500] == [], capfd.readouterr().err
    assert {200, 302, 400, 404, 405} <= statuses.keys()


def bytes_of(folder: Path) -> dict[str, str]:
    """What stands in every file that is not empty, but SQLite's shared memory, where readers announce themselves."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_size and not path.name.endswith("-shm")
    }


async def _all(served: Datasette, chance: random.Random) -> Counter[int]:
    application = served.app()
    return Counter([await _status(application, _request(chance)) for _ in range(REQUESTS)])


def _request(chance: random.Random) -> dict[str, Any]:
    path = chance.choice(PATHS)
    filled = path.format(*(_quoted(chance, path=True) for _ in range(path.count("{}"))))
    query = "&".join(f"{chance.choice(NAMES)}={_quoted(chance)}" for _ in range(chance.randrange(4)))
    method = chance.choice(("GET", chance.choice(METHODS)))
    headers = [(b"host", b"127.0.0.1"), *chance.sample(HEADERS, chance.randrange(3))]
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method,
        "path": filled, "raw_path": filled.encode("latin-1"), "query_string": query.encode("latin-1"),
        "headers": headers, "server": ("127.0.0.1", 8001), "client": ("127.0.0.1", 1),
    }  # fmt: skip


def _quoted(chance: random.Random, path: bool = False) -> str:
    """Percent-encoded as a browser does, or raw bytes as only a program sends them."""
    value = chance.choice(VALUES)
    if path or chance.random() < 0.8:
        return quote(value.encode("utf-8", "surrogatepass"), safe="")
    return value.encode("utf-8", "surrogatepass").decode("latin-1").replace("&", "")


async def _status(application: Any, scope: dict[str, Any]) -> int:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b'{"key": "newsroom-1"}', "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    assert sent[0]["type"] == "http.response.start"
    assert not sent[-1].get("more_body")
    location = dict(sent[0]["headers"]).get(b"location", b"/")
    assert location.startswith(b"/")
    assert not location.startswith((b"//", b"/\\"))
    return int(sent[0]["status"])
