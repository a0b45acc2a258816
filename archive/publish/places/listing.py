"""The articles of a place by publication, newest first and undated last; a place in the list is `DATE,ID`."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.publish.database.reading import rows, whole
from archive.publish.places.selecting import PlaceQuery

ROW = """a.id, a.key, a.headline, a.alternative_headline, a.article_section, a.speaker, a.date_published,
         a.date_precision, a.date_published_utc, a.in_language, a.state, a.revisions, a.source"""
MAX_ARTICLES_PER_MATCH = (
    200  # where every so manieth article belongs to it, going through all by date finds the next ones soonest
)
MAX_ARTICLES_SORTED = 2_000  # and fewer are sorted at once

_END_OF_TIME = "9999"
_LAST_ID = (1 << 63) - 1
_DATED = "(a.date_published_utc, a.id) < (:date, :number)"
_UNDATED = "a.date_published_utc is null and a.id < :number"


def listed(
    conn: sqlite3.Connection, place: PlaceQuery, before: str | None, limit: int, row: str = ROW
) -> list[dict[str, Any]]:
    """So many articles after the place `DATE,ID`; never bodies, never what was withdrawn."""
    date, _, last = (before or "").partition(",")
    number = whole(last)
    if number is None:
        date, number = _END_OF_TIME, _LAST_ID
    found = _part(conn, place, _DATED, (date, number), limit, row) if date else []
    return found + _part(conn, place, _UNDATED, ("", _LAST_ID if date else number), limit - len(found), row)


def place_of(row: dict[str, Any]) -> str:
    """The place `DATE,ID` of an article in any list by publication."""
    return f"{row['date_published_utc'] or ''},{row['id']}"


def _part(
    conn: sqlite3.Connection, place: PlaceQuery, order: str, after: tuple[str, int], limit: int, row: str
) -> list[dict[str, Any]]:
    """So many articles after a date and an id."""
    date, number = after
    values = {**place.values, "date": date, "number": number, "limit": limit}
    return rows(
        conn,
        f"""select {row} from {_sought(conn, place)} and {order} and a.state <> 'withdrawn'
             order by a.date_published_utc desc, a.id desc limit :limit""",
        values,
    )


def _sought(conn: sqlite3.Connection, place: PlaceQuery) -> str:
    """From where the articles are taken: from those that are named, or from all by date where most are meant."""
    if place.members is None:
        return f"articles a where {place.where}"
    named = members_count(conn, place)
    if named > MAX_ARTICLES_SORTED and named * MAX_ARTICLES_PER_MATCH > newest_id(conn):
        return f"articles a indexed by articles_published where {place.where} and {place.holds}"
    # The cross join keeps the order of the tables, the plus the index of dates out of it.
    return f"({place.members}) n cross join articles a on a.id = n.article_id where {place.where}"


def members_count(conn: sqlite3.Connection, place: PlaceQuery) -> int:
    """How many articles are named, withdrawn ones too; reads an index alone."""
    return int(conn.execute(f"select count(*) from ({place.members})", place.values).fetchone()[0])


def newest_id(conn: sqlite3.Connection) -> int:
    """About as many as there are articles."""
    return int(conn.execute("select coalesce(max(id), 0) from articles").fetchone()[0])
