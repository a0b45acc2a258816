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
    """`/changes`; `?all=1` with new articles too, `?before=AT,ID` for what is older."""
    every = request.args.get("all") == "1"
    found = await read(datasette, events, every, request.args.get("before"), PAGE + 1)
    return await page(datasette, request, "changes", {**_paged(found), "every": every})


async def show_removed(datasette: Datasette, request: Request) -> Response:
    """`/removed`; `?before=N` skips to what is older."""
    skipped = _whole(request.args.get("before") or "") or 0
    found = await read(datasette, removed, skipped, PAGE + 1)
    return await page(datasette, request, "removed", {**_paged(found), "skipped": skipped})


def events(conn: sqlite3.Connection, every: bool, before: str | None, limit: int) -> list[sqlite3.Row]:
    """One row an event, latest first, after the place `AT,ID`."""
    at, _, last = (before or "").partition(",")
    number = _whole(last)
    place = {"at": _END_OF_TIME if number is None else at, "id": number or 0, "limit": limit}
    return conn.execute(_EVENTS.format(found=_EVERY if every else _WITHOUT_NEW), place).fetchall()


_END_OF_TIME = "9999"
_KINDS = ("edited", "removed", "delisted", "restored", "redirected", "restricted", "gap", "drift", "reparsed",
          "corrected", "merged", "withdrawn", "loss", "clock")  # fmt: skip

_EVERY = "select id from events where (at, id) < (:at, :id) order by at desc, id desc limit :limit"
# One short look into the index for each kind: among a million arrivals the few other events are found at once.
_WITHOUT_NEW = " union all ".join(
    f"""select * from (select id from events where kind = '{kind}' and (at, id) < (:at, :id)
                        order by at desc, id desc limit :limit)"""
    for kind in _KINDS
)
_EVENTS = """
    select e.id, e.at, e.kind, e.source, a.key, a.headline, a.in_language, a.state, r.number,
           r.significance, e.detail ->> 'other_layout' as other_layout, e.detail ->> 'waiting' as waiting,
           e.detail ->> 'file' as file, e.detail ->> 'bytes' as bytes,
           e.detail ->> 'slots' as slots, e.detail ->> 'from' as gap_from, e.detail ->> 'to' as gap_to,
           (select group_concat(property) from change_records c where c.revision_id = r.id) as properties
      from events e
      left join articles a on a.id = e.article_id
      left join revision_records r on r.id = e.revision_id
     where e.id in ({found})
     order by e.at desc, e.id desc
     limit :limit
"""


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


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _paged(rows: list[sqlite3.Row]) -> dict[str, object]:
    return {"rows": rows[:PAGE], "more": len(rows) > PAGE, "page_size": PAGE}
