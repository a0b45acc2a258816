"""Our own search page: hits with the words marked, and a word of explanation when there are none."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.publish.reading import read
from archive.publish.rendering import page, unkept
from archive.search import Hit, match_query, search

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

STEP = 20
MOST = 1_000
LONGEST = 500  # characters of a query that are looked at


async def show(datasette: Datasette, request: Request) -> Response:
    """`/search?q=…`, `&ever=1` also in superseded versions, `&gone=1` only in text that is gone."""
    q = (request.args.get("q") or "").strip()[:LONGEST]
    ever, gone = (request.args.get(name) == "1" for name in ("ever", "gone"))
    limit = _limit(request.args.get("limit"))
    asked: dict[str, object] = {"q": q, "ever": ever, "gone": gone, "slow": False}
    try:
        found = await read(datasette, _hits, q, limit, ever, gone) if q else NOTHING
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        found = SLOW
    further = limit + STEP if limit < MOST else None
    response = await page(datasette, request, "search", asked | found, next_limit=further)
    return unkept(response) if found is SLOW else response


NOTHING: dict[str, Any] = {"hits": [], "more": False, "total": None, "near": []}
SLOW: dict[str, Any] = NOTHING | {"slow": True}


def _hits(conn: sqlite3.Connection, q: str, limit: int, ever: bool, gone: bool) -> dict[str, Any]:
    hits = search(conn, q, limit=limit + 1, ever=ever, gone=gone)
    near = [] if hits else [term for term in _nearer(q) if search(conn, term, limit=1, ever=ever, gone=gone)]
    more = len(hits) > limit
    total = _count(conn, q) if more and not (ever or gone) else None
    return {"hits": _with_states(conn, hits[:limit]), "more": more, "total": total, "near": near}


def _with_states(conn: sqlite3.Connection, hits: list[Hit]) -> list[dict[str, Any]]:
    """The hits that may be shown, each with the state of its article."""
    states: dict[str, str] = dict(
        conn.execute(
            "select key, state from articles where key in (select value from json_each(?))",
            (json.dumps([hit.key for hit in hits]),),
        ).fetchall()
    )
    return [asdict(hit) | {"state": states[hit.key]} for hit in hits if states[hit.key] != "withdrawn"]


def _count(conn: sqlite3.Connection, q: str) -> int:
    match = match_query(q)
    return int(conn.execute("select count(*) from articles_fts where articles_fts match ?", (match,)).fetchone()[0])


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
