"""SQL for the articles of a person, tag, column, source or time, answered by indexes."""

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
    """SQL for the articles of a place, with its parameters in `values`.

    `where` is a condition on the table `articles a`. A person or a tag has another condition, which is written twice:
    `members`, a SELECT of the article ids, and `holds`, a condition on `a`; a query uses one of the two. For other
    places there is no `members` (None), and `holds` is `true`.
    """

    kind: str
    name: str
    values: Mapping[str, Any]
    where: str = "true"
    members: str | None = None
    holds: str = "true"

    def within(self, part: Period) -> PlaceQuery:
        """The query restricted to a day, a month or a year of publication."""
        start, end = part.window
        added = {"start": start, "end": end, "from_date": part.name, "to_date": f"{part.name}~"}
        published = _ON_DAY if len(part.name) == KINDS["day"] else _PUBLISHED
        return replace(self, where=f"{self.where} and {published}", values={**self.values, **added})


_PUBLISHED = """a.date_published_utc >= :start and a.date_published_utc < :end
     and a.published_month >= :from_date and a.published_month < :to_date"""
_ON_DAY = "a.date_published_utc >= :start and a.date_published_utc < :end and a.published_date = :from_date"


def place(conn: sqlite3.Connection, kind: str, name: str, role: str | None = None) -> PlaceQuery | None:
    """The query for the place with this kind and name; None if the archive has no such person, tag, column or source.

    A day, month or year need not have articles: None only if `name` is not one. `role` restricts a person's articles;
    an unknown role does not.
    """
    if kind in KINDS:
        return of_time(kind, name)
    return {"person": _person, "tag": _tag, "column": _column, "source": _source}[kind](conn, name, role)


def of_time(kind: str, name: str) -> PlaceQuery | None:
    """The query for a day, month or year; None if `name` is not one of this kind."""
    found = period(name)
    if found is None or len(name) != KINDS[kind]:
        return None
    return PlaceQuery(kind, name, {"name": name}).within(found)


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
    """The query for a tag: all keywords with this name, in any language; None without such a keyword."""
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
