"""What has disappeared, and apart from it what was missed and is not confirmed."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.publish.reading import read, rows, whole
from archive.publish.rendering import page

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

PAGE = 50
UNCONFIRMED = 50
AWAY = "('removed', 'redirected', 'restricted', 'delisted')"


async def show(datasette: Datasette, request: Request) -> Response:
    """`/removed`; `?before=N` skips to what is older."""
    skipped = whole(request.args.get("before") or "") or 0
    return await page(datasette, request, "removed", await read(datasette, _found, skipped))


def _found(conn: sqlite3.Connection, skipped: int) -> dict[str, Any]:
    found = removed(conn, skipped, PAGE + 1)
    return {
        "articles": found[:PAGE],
        "unconfirmed": [] if skipped else unconfirmed(conn, UNCONFIRMED),
        "older": skipped + PAGE if len(found) > PAGE else None,
    }


def removed(conn: sqlite3.Connection, skip: int, limit: int) -> list[dict[str, Any]]:
    """Articles that are judged gone or struck from the lists, the latest loss first."""
    return rows(
        conn,
        f"""{_ARTICLES} where state in {AWAY}
            order by first_missed_at desc, id desc
            limit :limit offset :skip""",
        {"skip": skip, "limit": limit},
    )


def unconfirmed(conn: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """Articles that were not there when they were last asked for, which is not yet enough to call them gone."""
    return rows(
        conn,
        f"{_ARTICLES} where state = 'soft_gone' order by first_missed_at desc, id desc limit ?",
        (limit,),
    )


def gone_since(conn: sqlite3.Connection, since: str, limit: int) -> list[dict[str, Any]]:
    """Articles that were judged gone since a moment and still are, the latest first."""
    return rows(
        conn,
        f"""{_ARTICLES} where +state in {AWAY} and id in ( -- the events lead to few, the state to all that ever went
              select article_id from events where kind in {AWAY} and at >= :since)
            order by first_missed_at desc, id desc
            limit :limit""",
        {"since": since, "limit": limit},
    )


_ARTICLES = """
    select key, headline, in_language, state, speaker, source, date_published, date_precision,
           last_seen_at, first_missed_at
      from articles
"""
