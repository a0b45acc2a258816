"""The articles before and after one in its column."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.publish.database.reading import rows

Row = dict[str, Any]


def neighbours(conn: sqlite3.Connection, article: Row) -> dict[str, Row | None]:
    """The articles `previous` (earlier) and `next` (later) in the same column by the time of publication.

    None at an end of the column; both stay None if the article has no column or no date. Withdrawn and undated articles
    are passed over.
    """
    place = {"column": article["article_section"], "at": article["date_published_utc"], "id": article["id"]}
    return {name: next(iter(rows(conn, sql, place)), None) for name, sql in (("previous", _PREVIOUS), ("next", _NEXT))}


_NEIGHBOUR = """
    select key, headline, in_language, date_published, date_precision
      from main.articles indexed by articles_section
     where article_section = :column and (date_published_utc, id) {than} (:at, :id) and state <> 'withdrawn'
     order by date_published_utc {order}, id {order} limit 1
"""
_PREVIOUS = _NEIGHBOUR.format(than="<", order="desc")
_NEXT = _NEIGHBOUR.format(than=">", order="asc")
