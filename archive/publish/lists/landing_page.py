"""The front page: example questions, recent edits and removals, the latest articles, and a chart of their number."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.publish import feeds
from archive.publish.database.answer_cache import read_once
from archive.publish.database.reading import count_articles, place_before, read, rows, rows_asked, whole
from archive.publish.formatting.beginnings import first_sentence
from archive.publish.formatting.filters import BEIJING
from archive.publish.lists import landing_chart, questions
from archive.publish.lists.recent_events import changed, gone
from archive.publish.lists.removed_page import unconfirmed
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import page

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

LATEST_ARTICLES = 12
OLDER_ARTICLES_PER_PAGE = 30  # from the second page on
MAX_EDITS = 8  # the texts of each are read
MAX_GONE = 5
MAX_ROWS_ON_PHONE = 5  # of each list
MAX_OPENING_TEXT_CHARACTERS = 400  # enough to hold a first sentence


@takes("before", "limit")
async def show(datasette: Datasette, request: Request) -> Response:
    """`/`: the front page; with `?before=DATE,ID`, or as a feed, only articles."""
    before = place_before(request)
    if before or feeds.asked(request):
        behind = {
            "count": await read_once(datasette, count_articles),
            **await read(datasette, _older, before, rows_asked(request, OLDER_ARTICLES_PER_PAGE)),
        }
        return await page(datasette, request, "lists/landing", behind, feed="latest", paging=True)
    today = f"{datetime.now(UTC).astimezone(BEIJING):%Y-%m-%d}"
    found = {
        "count": await read_once(datasette, count_articles),
        **await read(datasette, _front, rows_asked(request, LATEST_ARTICLES)),
    }
    month = questions.month_of(found["departures"], today[:7])
    found["questions"] = {
        "removed": await read_once(datasette, questions.removed_in, month),
        "phrase": await read_once(datasette, questions.first_use),
    }
    found |= await read_once(datasette, landing_chart.counted, today)
    made: dict[str, Any] = {
        "bars": landing_chart.drawn(found["chart"]),
        "edit": questions.edit_among(found["edits"]),
        "after_few": _after(found["articles"], MAX_ROWS_ON_PHONE),
    }
    return await page(datasette, request, "lists/landing", found, feed="latest", **made)


def _front(conn: sqlite3.Connection, most: int) -> dict[str, Any]:
    found = latest(conn, None, most + 1)
    return {
        **_listed(conn, found, most),
        "edits": changed(conn, MAX_EDITS),
        "departures": gone(conn, MAX_GONE),
        "unconfirmed": unconfirmed(conn, MAX_GONE),
    }


def _older(conn: sqlite3.Connection, before: str | None, most: int) -> dict[str, Any]:
    return _listed(conn, latest(conn, before, most + 1), most)


def _listed(conn: sqlite3.Connection, found: list[dict[str, Any]], most: int) -> dict[str, Any]:
    return {"articles": with_beginnings(conn, found[:most]), "older": _after(found, most)}


def _after(found: Sequence[Mapping[str, Any]], shown: int) -> str | None:
    """The position `DATE,ID` of the last of the first `shown` articles; None if `found` has no more than `shown`."""
    return place_of(found[shown - 1]) if len(found) > shown else None


def place_of(row: Mapping[str, Any]) -> str:
    """The position `DATE,ID` of an article in the list of all, like `2024-04-13T15:01:00Z,7`; `,7` without a date."""
    return f"{row['date_published_utc'] or ''},{row['id']}"


def with_beginnings(conn: sqlite3.Connection, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of articles, each with `first_sentence`: of the body, else of the standfirst, None without either."""
    text = f"""
        select substr(coalesce(nullif(body_text, ''), standfirst), 1, {MAX_OPENING_TEXT_CHARACTERS})
          from articles where id = ?
        """
    return [row | {"first_sentence": first_sentence(*conn.execute(text, (row["id"],)).fetchone())} for row in found]


def latest(conn: sqlite3.Connection, before: str | None, limit: int) -> list[dict[str, Any]]:
    """At most `limit` articles by date of publication, newest first and undated last, without bodies.

    The list begins after the position `before` (`DATE,ID`), or without it at the newest article.
    """
    date, _, last = (before or "").partition(",")
    number = whole(last)
    if number is None:
        date = _END_OF_TIME
    found = _part(conn, _DATED, date, number, limit) if date else []
    return found + _part(conn, _UNDATED, "", None if date else number, limit - len(found))


_END_OF_TIME = "9999"
_LAST_ID = (1 << 63) - 1  # SQLite's largest integer, above every id
_DATED = "(date_published_utc, id) < (:date, :number)"
_UNDATED = "date_published_utc is null and id < :number"


def _part(conn: sqlite3.Connection, place: str, date: str, number: int | None, limit: int) -> list[dict[str, Any]]:
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
