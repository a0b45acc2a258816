"""Which articles belong to a person, tag, column, source or time: SQL that an index answers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from archive.publish.places.periods import KINDS, Period, period
from archive.rows import Role

ROLES = get_args(Role)


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """`members` yields the ids of its articles where another table names them; `where` is a condition on articles `a`.

    `holds` is `members` asked of one article.
    """

    kind: str
    name: str
    values: Mapping[str, Any]
    where: str = "true"
    members: str | None = None
    holds: str = "true"

    def within(self, part: Period) -> PlaceQuery:
        """Those of its articles that were published in a month or year."""
        start, end = part.window
        added = {"start": start, "end": end, "from_month": part.name, "to_month": f"{part.name}~"}
        return replace(self, where=f"{self.where} and {_PUBLISHED}", values={**self.values, **added})


_PUBLISHED = """a.date_published_utc >= :start and a.date_published_utc < :end
     and a.published_month >= :from_month and a.published_month < :to_month"""
_ON_DAY = "a.date_published_utc >= :start and a.date_published_utc < :end and a.published_date = :name"


def place(conn: sqlite3.Connection, kind: str, name: str, role: str | None = None) -> PlaceQuery | None:
    """The place of that name; None where nothing in the archive is called so. `role` picks what a person did."""
    if kind in KINDS:
        return of_time(kind, name)
    return {"person": _person, "tag": _tag, "column": _column, "source": _source}[kind](conn, name, role)


def of_time(kind: str, name: str) -> PlaceQuery | None:
    """A day, month or year."""
    found = period(name)
    if found is None or len(name) != KINDS[kind]:
        return None
    if kind != "day":
        return PlaceQuery(kind, name, {"name": name}).within(found)
    start, end = found.window
    return PlaceQuery(kind, name, {"name": name, "start": start, "end": end}, _ON_DAY)


def _person(conn: sqlite3.Connection, name: str, role: str | None) -> PlaceQuery | None:
    row = conn.execute("select id from people where name = ?", (name,)).fetchone()
    if row is None:
        return None
    only = " and m.role = :role" if role in ROLES else ""
    return PlaceQuery(
        "person", name, {"person": row[0], "role": role},
        members=f"select distinct m.article_id from article_people m where m.person_id = :person{only}",
        holds=f"""exists (select 1 from article_people m
                           where m.article_id = a.id and m.person_id = :person{only})""",
    )  # fmt: skip


def _tag(conn: sqlite3.Connection, name: str, _role: str | None) -> PlaceQuery | None:
    """A keyword by its name, in whichever languages it is used."""
    ids = [row[0] for row in conn.execute("select id from keywords where name = ?", (name,))]
    among = "m.keyword_id in (select value from json_each(:keywords))"
    return PlaceQuery(
        "tag", name, {"keywords": json.dumps(ids)},
        members=f"select distinct m.article_id from article_keywords m where {among}",
        holds=f"exists (select 1 from article_keywords m where m.article_id = a.id and {among})",
    ) if ids else None  # fmt: skip


def _column(conn: sqlite3.Connection, name: str, _role: str | None) -> PlaceQuery | None:
    found = conn.execute("select 1 from articles where article_section = ? limit 1", (name,)).fetchone()
    return PlaceQuery("column", name, {"name": name}, "a.article_section = :name") if found else None


def _source(conn: sqlite3.Connection, name: str, _role: str | None) -> PlaceQuery | None:
    found = conn.execute("select 1 from sources where name = ?", (name,)).fetchone()
    return PlaceQuery("source", name, {"name": name}, "a.source = :name") if found else None
