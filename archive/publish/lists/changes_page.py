"""The page /changes: events, latest first; also those of a place, a query or phrases, at `…/changes`."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.decisions import EVENT_KINDS
from archive.publish import feeds
from archive.publish.database.reading import MissingError, read, rows_asked
from archive.publish.formatting.query_notes import index_is_outdated, notes_on
from archive.publish.lists.changes_request import NAMES, REPEATED, USUAL, ChangesRequest
from archive.publish.lists.event_pages import EventPage, page_of_events
from archive.publish.lists.events import events, offered
from archive.publish.lists.removed_page import MAX_UNCONFIRMED, unconfirmed
from archive.publish.places.pages import missing, must_be_known
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import page, with_query

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

EVENTS_PER_PAGE = 50


@takes(*NAMES, many=REPEATED)
async def show(datasette: Datasette, request: Request) -> Response:
    """`/changes`, `/column/NAME/changes` and the like, `/search/changes?q=…`, `/phrase/changes?q=…`: latest first.

    For the parameters see `ChangesRequest.of`. 404 with similar names for a place that the archive does not have.
    """
    asked = ChangesRequest.of(request)
    try:
        most = rows_asked(request, EVENTS_PER_PAGE)
        found = await read(datasette, _found, asked, feeds.asked(request), most)
    except MissingError:
        assert asked.subject
        return await missing(datasette, request, *asked.subject)
    return await page(datasette, request, "lists/changes", found, feed="changes", **_made(request, asked))


def _made(request: Request, asked: ChangesRequest) -> dict[str, Any]:
    """Further values for the page's template.

    `groups` are the kinds together, without and with new articles: the name of a message, a link, and True if chosen.
    """
    usually = asked.subject is not None
    named_none = asked.chosen.kinds == (EVENT_KINDS if asked.every else USUAL)
    groups = [
        (
            "all_kinds" if every else "all_but_new",
            with_query(request, kind=None, all=None if every == usually else int(every), before=None, ui=None),
            named_none and asked.every == every,
        )
        for every in (usually, not usually)
    ]
    path = f"{asked.subject.path}/changes" if asked.subject else "/changes"
    words = with_query(request, **dict.fromkeys(set(request.args.keys()) - {"q"})).rstrip("?")
    return {
        "path": path,
        "of_path": asked.subject and asked.subject.path + ("" if asked.subject.name else words),
        "cleared": path + ("" if not asked.subject or asked.subject.name else words) if asked.is_filtered else None,
        "groups": groups,
        "kept": int(asked.every) if asked.every != usually else None,
    }


def _found(conn: sqlite3.Connection, asked: ChangesRequest, wide: bool, most: int) -> dict[str, Any]:
    subject, chosen = asked.subject, asked.chosen
    if subject and subject.name:
        must_be_known(conn, *subject)
    ids, older, hits = EventPage([], None, {}) if asked.is_empty else page_of_events(conn, chosen, most)
    shown = [event | ({"hit": hits[event["id"]]} if hits else {}) for event in events(conn, ids, wide)]
    queries = chosen.words.queries
    plain = not (subject or asked.is_filtered or chosen.before)
    return {
        "subject": subject and subject._asdict(),
        "about": asked.about,
        "notes": notes_on(queries, is_outdated=bool(queries) and index_is_outdated(conn)),
        "events": [event for event in shown if event["state"] != "withdrawn" or event["kind"] == "withdrawn"],
        "unconfirmed": unconfirmed(conn, MAX_UNCONFIRMED) if plain else [],
        "older": older,
        "filters": offered(conn, chosen, EVENT_KINDS) | asked.told(),
    }
