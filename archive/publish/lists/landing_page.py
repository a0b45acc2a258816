"""The front page: the latest articles, recent edits and removals, and a chart of articles by month."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.publish import feeds
from archive.publish.database.answer_cache import read_once
from archive.publish.database.reading import count_articles, place_before, read, rows, rows_asked, whole
from archive.publish.formatting import addresses, charts
from archive.publish.formatting.beginnings import first_sentence
from archive.publish.formatting.filters import BEIJING
from archive.publish.lists.recent_events import changed, gone
from archive.publish.lists.removed_page import unconfirmed
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import page

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

LATEST_ARTICLES = 15
OLDER_ARTICLES_PER_PAGE = 30  # from the second page on
MAX_EDITS = 8  # the texts of each are read
MAX_GONE = 5
MAX_ROWS_ON_PHONE = 5  # of each list
CHART_MONTHS = 24
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
    counted = await read_once(datasette, months, f"{datetime.now(UTC).astimezone(BEIJING):%Y-%m}")
    found = {
        "count": await read_once(datasette, count_articles),
        **await read(datasette, _front, rows_asked(request, LATEST_ARTICLES)),
        "months": counted,
    }
    chart, after_few = charts.bars(_drawn(counted)), _after(found["articles"], MAX_ROWS_ON_PHONE)
    return await page(datasette, request, "lists/landing", found, feed="latest", chart=chart, after_few=after_few)


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


def months(conn: sqlite3.Connection, now: str) -> list[dict[str, Any]]:
    """The CHART_MONTHS months up to the month `now`, oldest first: dicts of `month` and `articles`, a number.

    If none of these has an article but an earlier month has, as in an archive that is no longer fed, they end with the
    last month that has one. A month with only withdrawn articles counts as having one, but its `articles` is 0.
    """
    last = conn.execute("select max(published_month) from articles where published_month <= ?", (now,)).fetchone()[0]
    end = now if last is None or last >= _earlier(now, CHART_MONTHS - 1) else last
    start = _earlier(end, CHART_MONTHS - 1)
    counts = dict(conn.execute(_BY_MONTH, (start, end)).fetchall())
    return [{"month": month, "articles": counts.get(month, 0)} for month in charts.between(start, end)]


_BY_MONTH = """select published_month, count(*) from articles
                where published_month between ? and ? and state <> 'withdrawn' group by 1"""


def _earlier(month: str, by: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:7]) - 1 - by
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _drawn(counted: list[dict[str, Any]]) -> list[charts.Month]:
    """The chart's Month values: a month with articles is covered and has a link to its page, any other has neither."""
    found = [(each["month"], each["articles"]) for each in counted]
    return [charts.Month(month, n, bool(n), addresses.time(month) if n else None) for month, n in found]


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
