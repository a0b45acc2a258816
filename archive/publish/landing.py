"""The front page: what this is, a search box, the latest articles and what changed this week."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.clock import stamp
from archive.publish.reading import count_articles, named, read, rows, whole
from archive.publish.removed import gone_since, unconfirmed
from archive.publish.rendering import page

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

LATEST = 20
EDITS = 10
GONE = 5
WEEK = timedelta(days=7)


async def show(datasette: Datasette, request: Request) -> Response:
    """`/`, and `/?before=DATE,ID` for what is older."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # the page is the same for an hour
    found = await read(datasette, _front, stamp(now - WEEK), request.args.get("before"))
    return await page(datasette, request, "landing", found, paging=bool(request.args.get("before")))


def _front(conn: sqlite3.Connection, since: str, before: str | None) -> dict[str, object]:
    found = latest(conn, before, LATEST + 1)
    more = found[LATEST - 1] if len(found) > LATEST else None
    return {
        "count": count_articles(conn),
        "articles": found[:LATEST],
        "older": place_of(more) if more else None,
        "edits": [] if before else edited_since(conn, since),
        "departures": [] if before else gone_since(conn, since, GONE),
        "unconfirmed": [] if before else unconfirmed(conn, GONE),
    }


def place_of(row: dict[str, Any]) -> str:
    """The place `DATE,ID` of an article among all."""
    return f"{row['date_published_utc'] or ''},{row['id']}"


def latest(conn: sqlite3.Connection, before: str | None, limit: int) -> list[dict[str, Any]]:
    """Articles by publication, newest first and undated last, after the place `DATE,ID`; never bodies."""
    date, _, last = (before or "").partition(",")
    number = whole(last)
    if number is None:
        date = _END_OF_TIME
    found = _listed(conn, _DATED, date, number, limit) if date else []
    return found + _listed(conn, _UNDATED, "", None if date else number, limit - len(found))


_END_OF_TIME = "9999"
_LAST_ID = (1 << 63) - 1
_DATED = "(date_published_utc, id) < (:date, :number)"
_UNDATED = "date_published_utc is null and id < :number"


def _listed(conn: sqlite3.Connection, place: str, date: str, number: int | None, limit: int) -> list[dict[str, Any]]:
    return rows(
        conn,
        f"""select id, key, headline, alternative_headline, article_section, speaker, date_published,
                   date_precision, date_published_utc, in_language, state, revisions, source
              from articles
             where {place} and state <> 'withdrawn'
             order by date_published_utc desc, id desc
             limit :limit""",
        {"date": date, "number": _LAST_ID if number is None else number, "limit": limit},
    )


def edited_since(conn: sqlite3.Connection, since: str) -> list[dict[str, Any]]:
    """The latest edits by sites, one row an edit, with the properties that differ."""
    found = rows(
        conn,
        """select e.at, a.key, a.headline, a.in_language, a.state, r.number, r.significance,
                  (select group_concat(property) from change_records c where c.revision_id = r.id) as properties
             from events e
             join articles a on a.id = e.article_id
             join revision_records r on r.id = e.revision_id
            where e.kind = 'edited' and e.at >= :since and a.state <> 'withdrawn'
            order by e.at desc, e.id desc
            limit :limit""",
        {"since": since, "limit": EDITS},
    )
    return [row | {"properties": named(row["properties"])} for row in found]
