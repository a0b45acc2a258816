"""Our own search page: hits with the words marked, and a word of explanation when there are none."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from archive.publish.reading import read
from archive.publish.rendering import page
from archive.search import highlight, match_query, search

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

STEP = 20
MOST = 1_000
LONGEST = 500  # characters of a query that are looked at


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit, ready for the page; the `_html` parts are escaped and hold only <mark>."""

    key: str
    headline: str
    headline_html: Markup
    date_published: str | None
    state: str
    snippet: str
    snippet_html: Markup


async def show(datasette: Datasette, request: Request) -> Response:
    """`/search?q=…`, `&ever=1` also in superseded versions, `&gone=1` only in text that is gone."""
    q = (request.args.get("q") or "").strip()[:LONGEST]
    ever, gone = (request.args.get(name) == "1" for name in ("ever", "gone"))
    limit = _limit(request.args.get("limit"))
    context: dict[str, object] = {"q": q, "ever": ever, "gone": gone, "hits": [], "next_limit": limit + STEP}
    try:
        found = await read(datasette, _hits, q, limit, ever, gone) if q else {}
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        found = {"slow": True}
    return await page(datasette, request, "search", context | found)


def _hits(conn: sqlite3.Connection, q: str, limit: int, ever: bool, gone: bool) -> dict[str, object]:
    hits = search(conn, q, limit=limit + 1, ever=ever, gone=gone)
    states = _states(conn, [hit.key for hit in hits])
    shown = [
        Shown(
            hit.key,
            hit.headline,
            Markup(highlight(hit.headline, q)),  # noqa: S704 - highlight escapes
            hit.date_published,
            states[hit.key],
            hit.snippet,
            Markup(highlight(hit.snippet, q)),  # noqa: S704
        )
        for hit in hits[:limit]
        if states[hit.key] != "withdrawn"
    ]
    near = [] if hits else [term for term in _nearer(q) if search(conn, term, limit=1, ever=ever, gone=gone)]
    more = len(hits) > limit
    total = _count(conn, q) if more and not (ever or gone) else None
    return {"hits": shown, "more": more and limit < MOST, "total": total, "near": near}


def _count(conn: sqlite3.Connection, q: str) -> int:
    match = match_query(q)
    return int(conn.execute("select count(*) from articles_fts where articles_fts match ?", (match,)).fetchone()[0])


def _states(conn: sqlite3.Connection, keys: list[str]) -> dict[str, str]:
    return dict(
        conn.execute(
            "select key, state from articles where key in (select value from json_each(?))",
            (json.dumps(keys),),
        ).fetchall()
    )


def _nearer(q: str) -> list[str]:
    """Queries that ask for less: each of several words, or the halves of one."""
    words = q.replace('"', " ").split()
    if len(words) > 1:
        return words[:4]
    half = len(q) // 2
    return [q[:half], q[half:]] if len(q) >= 4 else []


def _limit(asked: str | None) -> int:
    wanted = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 5 else STEP
    return max(1, min(wanted, MOST))
