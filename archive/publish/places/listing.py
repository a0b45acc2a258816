"""Lists the articles of a place by date of publication, newest first, undated last; positions are `DATE,ID`."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.publish.database.reading import rows, whole
from archive.publish.places.selecting import PlaceQuery

ROW = """a.id, a.key, a.headline, a.alternative_headline, a.article_section, a.speaker, a.date_published,
         a.date_precision, a.date_published_utc, a.in_language, a.state, a.revisions, a.source"""
MAX_ARTICLES_PER_MATCH = 200  # if more than one in 200 articles matches, scanning all by date is the fastest
MAX_ARTICLES_SORTED = 2_000  # so many matches are sorted without a scan

_END_OF_TIME = "9999"
_LAST_ID = (1 << 63) - 1  # SQLite's largest integer, above every id
_DATED = "(a.date_published_utc, a.id) < (:date, :number)"
_UNDATED = "a.date_published_utc is null and a.id < :number"


def listed(
    conn: sqlite3.Connection, place: PlaceQuery, before: str | None, limit: int, row: str = ROW
) -> list[dict[str, Any]]:
    """Rows of at most `limit` articles of a place, newest first and undated last, after the position `before`.

    `before` is `DATE,ID`; None begins with the newest. Withdrawn articles are left out. `row` is SQL: the columns to
    read.
    """
    date, _, last = (before or "").partition(",")
    number = whole(last)
    if number is None:
        date, number = _END_OF_TIME, _LAST_ID
    found = _part(conn, place, _DATED, (date, number), limit, row) if date else []
    return found + _part(conn, place, _UNDATED, ("", _LAST_ID if date else number), limit - len(found), row)


def place_of(row: dict[str, Any]) -> str:
    """The position `DATE,ID` of an article in lists by date, such as `2024-04-13T15:01:00Z,7`; `,7` without a date."""
    return f"{row['date_published_utc'] or ''},{row['id']}"


def _part(
    conn: sqlite3.Connection, place: PlaceQuery, order: str, after: tuple[str, int], limit: int, row: str
) -> list[dict[str, Any]]:
    """Rows of at most `limit` articles that come after a date and an id in the list, so older ones, newest first.

    `order` is _DATED or _UNDATED, the SQL condition that selects them; _UNDATED ignores the date.
    """
    date, number = after
    values = {**place.values, "date": date, "number": number, "limit": limit}
    return rows(
        conn,
        f"""select {row} from {_sought(conn, place)} and {order} and a.state <> 'withdrawn'
             order by a.date_published_utc desc, a.id desc limit :limit""",
        values,
    )


def _sought(conn: sqlite3.Connection, place: PlaceQuery) -> str:
    """The SQL after `from` in a query for a place's articles, such as `articles a where a.source = :source`.

    It always has a `where`, to which the caller adds `and …`. For a place with `members` it reads these first, or
    if they are very many, scans all articles by date.
    """
    if place.members is None:
        return f"articles a where {place.where}"
    named = members_count(conn, place)
    if named > MAX_ARTICLES_SORTED and named * MAX_ARTICLES_PER_MATCH > newest_id(conn):
        return f"main.articles a indexed by articles_published where {place.where} and {place.holds}"
    # A cross join makes SQLite keep the order of the tables.
    return f"({place.members}) n cross join articles a on a.id = n.article_id where {place.where}"


def members_count(conn: sqlite3.Connection, place: PlaceQuery) -> int:
    """The number of articles that `place.members` selects, withdrawn ones included; `members` must not be None."""
    return int(conn.execute(f"select count(*) from ({place.members})", place.values).fetchone()[0])


def newest_id(conn: sqlite3.Connection) -> int:
    """The highest article id, a cheap estimate of the number of articles; 0 without articles."""
    return int(conn.execute("select coalesce(max(id), 0) from articles").fetchone()[0])
