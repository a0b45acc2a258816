"""Events as rows: what, when, of which article, by what evidence."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from archive.answers import judgements
from archive.publish.database.reading import named, rows
from archive.publish.lists.event_filters import EventFilter
from archive.publish.lists.excerpts import with_excerpts
from archive.rules import JUDGEMENTS


def events(conn: sqlite3.Connection, chosen: EventFilter, limit: int, wide: bool = False) -> list[dict[str, Any]]:
    """One row an event, latest first; those of withdrawn articles too, with nothing of their texts.

    `absence`: the judgement on its article's presence that the event is, with its evidence. `excerpts`: see there.
    """
    found = rows(conn, _EVENTS.format(found=chosen.ids()), chosen.bounds | {"limit": limit})
    return told(conn, found, wide)


def told(conn: sqlite3.Connection, found: list[dict[str, Any]], wide: bool) -> list[dict[str, Any]]:
    """The rows with what JSON and group_concat held, evidence and excerpts. Takes the numbers of rows away."""
    plain = [row | {"properties": named(row["properties"]), "detail": json.loads(row["detail"])} for row in found]
    shown = [row if row["state"] != "withdrawn" else row | {"properties": []} for row in plain]
    return [_judged(conn, row) for row in with_excerpts(conn, shown, wide)]


def _judged(conn: sqlite3.Connection, row: dict[str, Any]) -> dict[str, Any]:
    article_id = row.pop("article_id")
    if row["kind"] not in JUDGEMENTS:
        return row
    of_its_own = (
        each for each in judgements(conn, article_id) if (each["kind"], each["at"]) == (row["kind"], row["at"])
    )
    return row | {"absence": next(of_its_own, None)}


def offered(conn: sqlite3.Connection, chosen: EventFilter, kinds: tuple[str, ...]) -> dict[str, Any]:
    """What was chosen, and what there is to choose: the kinds that ever happened, and every source."""
    once = "select 1 from events where kind = ? limit 1"
    return {
        "source": chosen.source or None,
        "kinds": list(chosen.kinds),
        "since": chosen.since or None,
        "until": chosen.until or None,
        "every_kind": [kind for kind in kinds if conn.execute(once, (kind,)).fetchone()],
        "every_source": rows(conn, "select name, publisher from sources order by name"),
    }


COLUMNS = """
           e.id, e.at, e.recorded_at, e.kind, e.source,
           (select publisher from sources where name = e.source) as publisher, e.article_id,
           a.key, a.headline, a.in_language, a.state,
           r.number as revision, e.revision_id, r.significance, e.detail, e.digest,
           (select substr(s.content_digest, 8, 12) from states s where s.id = r.state_id) as version,
           (select substr(s.content_digest, 8, 12) from revision_records b join states s on s.id = b.state_id
             where b.article_id = r.article_id and b.number = r.number - 1) as version_before,
           (select group_concat(property) from change_records c where c.revision_id = r.id) as properties
"""
FROM = """
      from events e
      left join articles a on a.id = e.article_id
      left join revision_records r on r.id = e.revision_id
"""
_EVENTS = f"""
    select {COLUMNS} {FROM}
     where e.id in ({{found}})
     order by e.at desc, e.id desc
     limit :limit
"""
