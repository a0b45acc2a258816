"""What happened, latest first, and what has disappeared."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from archive.publish.reading import read
from archive.publish.rendering import page

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

PAGE = 50


async def show(datasette: Datasette, request: Request) -> Response:
    """`/changes`; `?all=1` with new articles too, `?before=ID` for what is older."""
    every = request.args.get("all") == "1"
    found = await read(datasette, events, every, _number(request), PAGE + 1)
    return await page(datasette, request, "changes", {**_paged(found), "every": every})


async def show_removed(datasette: Datasette, request: Request) -> Response:
    """`/removed`; `?before=N` skips to what is older."""
    found = await read(datasette, removed, _number(request) or 0, PAGE + 1)
    return await page(datasette, request, "removed", {**_paged(found), "skipped": _number(request) or 0})


def events(conn: sqlite3.Connection, every: bool, before: int | None, limit: int) -> list[sqlite3.Row]:
    """One row an event, by the moment it was recorded, latest first."""
    return conn.execute(
        f"""select e.id, e.at, e.kind, e.source, a.key, a.headline, a.in_language, r.number, r.significance,
                   (select group_concat(property) from changes c where c.revision_id = r.id) as properties
              from events e
              left join articles a on a.id = e.article_id
              left join revision_records r on r.id = e.revision_id
             where (:before is null or e.id < :before)
               and (a.state is null or a.state <> 'withdrawn') {"" if every else "and e.kind <> 'new'"}
             order by e.id desc
             limit :limit""",
        {"before": before, "limit": limit},
    ).fetchall()


def removed(conn: sqlite3.Connection, skip: int, limit: int) -> list[sqlite3.Row]:
    """Articles whose publisher no longer shows them, the latest loss first."""
    return conn.execute(
        """select key, headline, in_language, state, speaker, source, date_published, date_precision,
                  last_seen_at, first_missed_at
             from articles
            where state in ('soft_gone', 'redirected', 'delisted', 'removed', 'restricted')
            order by first_missed_at desc, id desc
            limit :limit offset :skip""",
        {"skip": skip, "limit": limit},
    ).fetchall()


def _number(request: Request) -> int | None:
    asked = request.args.get("before") or ""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


def _paged(rows: list[sqlite3.Row]) -> dict[str, object]:
    return {"rows": rows[:PAGE], "more": len(rows) > PAGE, "page_size": PAGE}
