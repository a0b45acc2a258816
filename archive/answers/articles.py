"""Answers about articles as plain values, for the command line and for scripts."""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from archive.answers.absences import filed_under, judgements, unjudged_of
from archive.answers.corrections import corrected
from archive.answers.differences import properties
from archive.answers.moves import with_addresses
from archive.history import article_in, article_json, comparable
from archive.rows import article_id_of

RANGE = re.compile(r"(\d+)\.\.(\d+)$")
END_OF_TIME = "9999"  # after every stamp

_EVENTS = """
    select e.at, e.recorded_at, e.source, a.key, a.headline, e.kind, r.number as revision, e.detail, e.digest
      from events e
      left join articles a on a.id = e.article_id
      left join revision_records r on r.id = e.revision_id
     where e.at >= ?1 and e.at < ?2 and (?3 = '[]' or e.kind in (select value from json_each(?3)))
       and (a.state is null or a.state <> 'withdrawn' or e.kind = 'withdrawn')
"""


class Unknown(Exception):  # noqa: N818 a verdict, not a fault
    """The archive has no such article, revision or reparse, or cannot use what was given; the text says what to do."""


class Withdrawn(Exception):  # noqa: N818 a verdict, not a fault
    """The archive shows nothing of the article any more; the text says so, with the key and the moment."""


def show(conn: sqlite3.Connection, key: str) -> dict[str, Any]:
    """An article as one flat dict for JSON: key, state, url, its properties by name, `corrections` and `unjudged`.

    `corrections` is the list from `corrected`, `unjudged` the dict from `unjudged_of`, or None. Raises Unknown, and
    Withdrawn for an article that is hidden.
    """
    article_id = _article(conn, key)
    return {
        **article_json(conn, article_id),
        "corrections": corrected(conn, article_id),
        "unjudged": unjudged_of(conn, article_id),
    }


def history(conn: sqlite3.Connection, key: str, every: bool = False) -> list[dict[str, Any]]:
    """The revisions of an article as dicts, in order. Raises Unknown and Withdrawn.

    Each has `changes` (dicts of property, before, after) and `absences`, the judgements on presence between it and the
    next one (see `filed_under`). The first text and each substantive edit by the site have a `number`, from 1; cosmetic
    changes, other parsers' readings, and texts of undated captures beside dated ones have None. Unless `every`, only
    the revisions that have a number or are substantive are listed: other parsers' substantive readings too, but no
    cosmetic changes.
    """
    rows = _dicts(
        conn,
        """
        select id, number, captured_at, dating, content_digest, significance, origin, parser_version
          from revisions
         where article_id = ? and (? or number is not null or significance = 'substantive')
         order by position
        """,
        _article(conn, key),
        every,
    )
    for row in rows:
        row["changes"] = _dicts(
            conn,
            "select property, before, after from changes where revision_id = ? order by id",
            row.pop("id"),
        )
    return _with_absences(conn, _article(conn, key), rows)


def diff(conn: sqlite3.Connection, key: str, span: str | None = None) -> dict[str, Any]:
    """The differences between two numbered revisions as a dict: key, from, to, properties.

    Raises Unknown and Withdrawn.

    `from` and `to` are the two numbers. `span` is `N..M`; without it, the last two numbers are compared, and a single
    one with itself. `properties` are those of `answers.properties`.
    """
    article_id = _article(conn, key)
    numbered = "select number, id from revision_records where article_id = ? and number is not null"
    numbers = dict(conn.execute(numbered, (article_id,)).fetchall())
    first, last = _span(key, span, numbers)
    before, after = (article_in(conn, state) for state in comparable(conn, numbers[first], numbers[last]))
    return {"key": key, "from": first, "to": last, "properties": properties(before, after)}


def changes(conn: sqlite3.Connection, since: str | None = None, limit: int = 0) -> list[dict[str, Any]]:
    """The `limit` events recorded last (0: all), as dicts; of these the one recorded first comes first.

    `since`, a stamp or a date, leaves out events that happened before it; they do not count towards `limit`. Of
    a withdrawn article only the event `withdrawn` is listed, without a headline.
    An event `moved` has both addresses (see `with_addresses`).
    """
    if not limit:
        return list(each_change(conn, since))
    rows = _each(
        conn, f"{_EVENTS} order by e.recorded_at desc, e.id desc limit ?4", since or "", END_OF_TIME, "[]", limit
    )
    return [_event(conn, row) for row in [*rows][::-1]]


def each_change(
    conn: sqlite3.Connection, since: str | None = None, until: str | None = None, kinds: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """The events of `changes`, one after the other, from `since` on and before `until`, of these kinds (none: all)."""
    values = (since or "", until or END_OF_TIME, json.dumps(kinds))
    for row in _each(conn, f"{_EVENTS} order by e.recorded_at, e.id", *values):
        yield _event(conn, row)


def removed(conn: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """The articles that are gone, as dicts with the columns of the view `removed_articles`, the last missed first."""
    return _each(conn, "select * from removed_articles")


def is_empty(conn: sqlite3.Connection) -> bool:
    """True if the archive has no article."""
    return bool(conn.execute("select not exists (select 1 from articles)").fetchone()[0])


def _with_absences(conn: sqlite3.Connection, article_id: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Set `absences` of each revision to the list of judgements that `filed_under` assigns to it; returns `rows`.

    A revision without judgements gets [].
    """
    for row in rows:
        row["absences"] = []
    for judgement in judgements(conn, article_id):
        rows[filed_under(rows, judgement["at"])]["absences"].append(judgement)
    return rows


def _span(key: str, span: str | None, numbers: dict[int, int]) -> tuple[int, int]:
    last = max(numbers)
    if span is None:
        return max(1, last - 1), last
    found = RANGE.fullmatch(span)
    if found is None:
        raise Unknown(f"{span!r} is not a range of versions: write it as 1..{last}")
    first, second = int(found[1]), int(found[2])
    for number in (first, second):
        if number not in numbers:
            raise Unknown(f"{key} has no version {number}: it has 1..{last}")
    return first, second


def _article(conn: sqlite3.Connection, key: str) -> int:
    found = article_id_of(conn, key)
    if found is None:
        raise Unknown(f"no article with the key {key!r}: `thinker search` and `thinker changes` list the keys")
    (state, at) = conn.execute(
        "select state, (select at from acts where digest = withdrawn_by) from articles where id = ?", (found,)
    ).fetchone()
    if state == "withdrawn":
        raise Withdrawn(f"{key}: withdrawn{f' at {at}' if at else ''}; nothing of it is shown")
    return found


def _event(conn: sqlite3.Connection, row: dict[str, Any]) -> dict[str, Any]:
    return with_addresses(conn, row | {"detail": json.loads(row["detail"])})


def _dicts(conn: sqlite3.Connection, sql: str, *values: Any) -> list[dict[str, Any]]:
    return list(_each(conn, sql, *values))


def _each(conn: sqlite3.Connection, sql: str, *values: Any) -> Iterator[dict[str, Any]]:
    cursor = conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)
