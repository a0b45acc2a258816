"""What happened, latest first."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.absences import judgements
from archive.publish.reading import named, read, rows, whole
from archive.publish.removed import UNCONFIRMED, unconfirmed
from archive.publish.rendering import page

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

PAGE = 50


async def show(datasette: Datasette, request: Request) -> Response:
    """`/changes`; `?all=1` with new articles too, `?before=AT,ID` for what is older."""
    every = request.args.get("all") == "1"
    found = await read(datasette, _found, every, request.args.get("before"))
    return await page(datasette, request, "changes", found, every=every)


def _found(conn: sqlite3.Connection, every: bool, before: str | None) -> dict[str, Any]:
    found = events(conn, every, before, PAGE + 1)
    shown = found[:PAGE]
    return {
        "events": [event for event in shown if event["state"] != "withdrawn"],
        "unconfirmed": [] if before else unconfirmed(conn, UNCONFIRMED),
        "older": f"{shown[-1]['at']},{shown[-1]['id']}" if len(found) > PAGE else None,
    }


def events(conn: sqlite3.Connection, every: bool, before: str | None, limit: int) -> list[dict[str, Any]]:
    """One row an event, latest first, after the place `AT,ID`; a return with the absence that it ends."""
    at, _, last = (before or "").partition(",")
    number = whole(last)
    place = {"at": _END_OF_TIME if number is None else at, "id": number or 0, "limit": limit}
    found = rows(conn, _EVENTS.format(found=_EVERY if every else _WITHOUT_NEW), place)
    return [_told(conn, row) for row in found]


def _told(conn: sqlite3.Connection, row: dict[str, Any]) -> dict[str, Any]:
    told = row | {"properties": named(row["properties"]), "detail": json.loads(row["detail"])}
    article_id = told.pop("article_id")
    if row["kind"] != "restored":
        return told
    return told | {"absence": next((each for each in judgements(conn, article_id) if each["at"] == row["at"]), None)}


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
    select e.id, e.at, e.recorded_at, e.kind, e.source, e.article_id, a.key, a.headline, a.in_language, a.state,
           r.number as revision, r.significance, e.detail, e.digest,
           (select group_concat(property) from change_records c where c.revision_id = r.id) as properties
      from events e
      left join articles a on a.id = e.article_id
      left join revision_records r on r.id = e.revision_id
     where e.id in ({found})
     order by e.at desc, e.id desc
     limit :limit
"""
