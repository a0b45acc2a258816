"""Every capture that shows an article, the latest first, each with a link to its page."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.publish.article.history import article_row, count_captures
from archive.publish.database.reading import MissingError, place_before, read, rows, rows_asked, whole
from archive.publish.server.errors import missing
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import page
from archive.publish.server.request_urls import key_of

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

CAPTURES_PER_PAGE = 50


@takes("before", "limit")
async def show(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY/captures`: the latest CAPTURES_PER_PAGE captures that show an article, latest first.

    `?before=AT,ID`: as many of those before the capture with that moment and row id. 410 if the article was withdrawn.
    """
    try:
        found = await read(
            datasette, _found, key_of(request), place_before(request), rows_asked(request, CAPTURES_PER_PAGE)
        )
    except MissingError as reason:
        return await missing(datasette, request, reason)
    return await page(datasette, request, "article/captures", found)


def _found(conn: sqlite3.Connection, key: str, before: str | None, most: int) -> dict[str, Any]:
    row = article_row(conn, key)
    at, _, last = (before or "").partition(",")
    number = whole(last)
    place = {
        "article": row["id"],
        "at": "9999" if number is None else at,
        "id": number or 0,
        "limit": most + 1,
    }
    found = rows(conn, _CAPTURES, place)
    shown = found[:most]
    return {
        **{name: row[name] for name in ("key", "headline", "in_language", "state")},
        "captures_count": count_captures(conn, row["id"]),
        "older": f"{shown[-1]['captured_at']},{shown[-1]['id']}" if len(found) > most else None,
        "captures": [{name: value for name, value in each.items() if name != "id"} for each in shown],
    }


_CAPTURES = """
    select c.id, c.record_id, c.captured_at, c.dating, c.url, c.status, c.mimetype, c.record_type, c.payload_digest,
           c.refers_to, c.verdict, c.parser_version, c.warc_file, c.warc_offset, c.warc_length
      from (select distinct captured_at, capture_id from sightings
             where article_id = :article and (captured_at, capture_id) < (:at, :id)
             order by captured_at desc, capture_id desc limit :limit) as s
      join captures c on c.id = s.capture_id
     order by s.captured_at desc, s.capture_id desc
"""
