"""Recent edits and removals for the front page, one row per article."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.diffing import told
from archive.history import LAST_SEEN
from archive.publish.database.reading import named, rows
from archive.publish.lists.excerpts import excerpt, without_number
from archive.rules import DISAPPEARED

MAX_EVENTS_READ_PER_KIND = 200  # many may belong to one article, or have been taken back
CHANGED = ("edited", "restored")
SHOWN_FIRST = ("headline", "body_text")  # of several changed properties


def changed(conn: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """The row of the latest edit or return of each article that is now neither withdrawn, gone nor delisted.

    At most `limit`, latest first, among the latest events (see `_of_each_article`). `excerpts` is a list of one change
    (see `_excerpts`), or [] for an event that changed no property, such as a return.
    """
    found = _of_each_article(conn, CHANGED, f"a.state not in {('withdrawn', *DISAPPEARED)}", limit)
    return [
        _listed(row) | {"excerpts": _excerpts(conn, row["revision_id"]) if row["properties"] else []} for row in found
    ]


def gone(conn: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """For each article that is now gone or delisted, the row of the latest event that says so.

    At most `limit`, latest first, among the latest events (see `_of_each_article`).
    """
    return [_listed(row) for row in _of_each_article(conn, DISAPPEARED, "a.state = e.kind", limit)]


def _of_each_article(conn: sqlite3.Connection, kinds: tuple[str, ...], holds: str, limit: int) -> list[dict[str, Any]]:
    """The row of the latest event of these kinds of each article; at most `limit`, latest first.

    First the MAX_EVENTS_READ_PER_KIND latest events of each kind are read, then those are dropped for which `holds`, an
    SQL condition on the article `a` and the event `e`, is false, then the latest of each article is taken.
    """
    looks = " union all ".join(_LOOK.format(kind=kind, holds=holds, looked=MAX_EVENTS_READ_PER_KIND) for kind in kinds)
    latest: dict[int, int] = {}
    for event, article in conn.execute(f"select id, article_id from ({looks}) order by at desc, id desc"):
        latest.setdefault(article, event)
    return [row for event in list(latest.values())[:limit] for row in rows(conn, _EVENT, (event,))]


_LOOK = """select e.id, e.at, e.article_id
             from (select id, at, kind, article_id from events where kind = '{kind}'
                    order by at desc, id desc limit {looked}) e
             cross join articles a on a.id = e.article_id
            where {holds}"""
_EVENT = f"""
    select e.id, e.at, e.kind, e.source, (select publisher from sources where name = e.source) as publisher,
           a.key, a.url, a.headline, a.in_language, a.state, a.speaker, a.date_published,
           a.date_precision, {LAST_SEEN} as last_seen_at, a.first_missed_at, r.number as revision, r.significance,
           e.revision_id,
           (select group_concat(property) from change_records c where c.revision_id = r.id) as properties
      from events e
      join articles a on a.id = e.article_id
      left join revision_records r on r.id = e.revision_id
     where e.id = ?
"""


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    return without_number(row) | {"properties": named(row["properties"])}


def _excerpts(conn: sqlite3.Connection, revision: int) -> list[dict[str, Any]]:
    """A list of one dict, `property` and `segments`: the change of the headline, else of the body, else the first.

    The revision must have a change. Texts of other changes are not read, to save time.
    """
    changes = conn.execute("select id, property from change_records where revision_id = ?", (revision,)).fetchall()
    number, name = min(changes, key=lambda change: (_rank(change[1]), change[0]))
    before, after = conn.execute("select before, after from changes where id = ?", (number,)).fetchone()
    shown = excerpt(name, before or "", after or "", wide=False)
    return [{"property": name, "segments": [told(segment) for segment in shown]}]


def _rank(name: str) -> int:
    return SHOWN_FIRST.index(name) if name in SHOWN_FIRST else len(SHOWN_FIRST)
