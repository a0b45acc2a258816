"""The page /changes: events, latest first."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.decisions import EVENT_KINDS
from archive.publish import feeds
from archive.publish.database.reading import read, rows_asked, switch_asked
from archive.publish.lists.events import NAMES, REPEATED, EventFilter, asked, events, narrowed, offered
from archive.publish.lists.removed_page import MAX_UNCONFIRMED, unconfirmed
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import page

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

EVENTS_PER_PAGE = 50
USUAL = tuple(kind for kind in EVENT_KINDS if kind != "new")


@takes(*NAMES, "all", many=REPEATED)
async def show(datasette: Datasette, request: Request) -> Response:
    """`/changes`: events, latest first, filtered as `events.asked` says.

    Without `?kind=`, events of the kind `new` are shown only with `?all=1`.
    """
    every = switch_asked(request, "all")
    usual = EVENT_KINDS if every else USUAL
    chosen = asked(request, EVENT_KINDS, usual)
    filtered = narrowed(chosen, usual)
    found = await read(
        datasette, _found, chosen, not filtered, feeds.asked(request), rows_asked(request, EVENTS_PER_PAGE)
    )
    made = {"every": every, "all": chosen.kinds == usual, "filtered": filtered}
    return await page(datasette, request, "lists/changes", found, feed="changes", **made)


def _found(conn: sqlite3.Connection, chosen: EventFilter, plain: bool, wide: bool, most: int) -> dict[str, Any]:
    found = events(conn, chosen, most + 1, wide)
    shown = found[:most]
    return {
        "events": [event for event in shown if event["state"] != "withdrawn" or event["kind"] == "withdrawn"],
        "unconfirmed": unconfirmed(conn, MAX_UNCONFIRMED) if plain and not chosen.before else [],
        "older": f"{shown[-1]['at']},{shown[-1]['id']}" if len(found) > most else None,
        "filters": offered(conn, chosen, EVENT_KINDS),
    }
