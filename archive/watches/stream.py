"""The events that watches look at, in the order in which they entered the database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from archive.files import Home, instant, stamp
from archive.rules import DISAPPEARED
from archive.settings import EventChoice

OF_SOURCES = ("gap", "drift")
KINDS: dict[str, EventChoice] = {
    "new": "new", "edited": "edited", "restored": "restored", "moved": "moved", "gap": "gap", "drift": "drift",
    **dict.fromkeys(DISAPPEARED, "removed"),
}  # fmt: skip
"""By kind of an event: the choice of a watch that has it."""
DETAIL = 10  # the place of the detail in a row
LATE = timedelta(days=1)
LOOKED_BACK = timedelta(days=30)
"""If events have new row ids, as after a rebuild, so much of the record is looked at again; nothing is sent twice."""


class Beginning(NamedTuple):
    """The last event before a watch: its row id and the moment of its record; 0 and "" in an empty archive."""

    event: int = 0
    recorded_at: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveEvent:
    """A row of `events`, with the key and the state of its article. content_digest: of the version that it names."""

    id: int
    at: str
    recorded_at: str
    kind: str
    source: str
    article_id: int | None
    key: str | None
    state: str | None
    content_digest: str | None
    significance: str | None
    detail: dict[str, Any]
    line: str | None

    @property
    def choice(self) -> EventChoice:
        return KINDS[self.kind]


class Place(NamedTuple):
    """The last event that was looked at: its row id and its mark, in the file of that device and number."""

    file: str
    event: int
    identity: str
    recorded_at: str


class Reach(NamedTuple):
    """The events to look at: those after a row id, recorded since a moment. renumbered: row ids say nothing."""

    after: int
    since: str
    renumbered: bool


def newest(conn: sqlite3.Connection) -> Beginning:
    """The event that entered the archive last."""
    row = conn.execute("select id, recorded_at from events order by id desc limit 1").fetchone()
    return Beginning(*row) if row else Beginning()


def place_at(conn: sqlite3.Connection, home: Home, event: int) -> Place | None:
    """The place of an event; None if no event has that row id."""
    row = conn.execute("select coalesce(digest, ''), at, recorded_at from events where id = ?", (event,)).fetchone()
    if row is None:
        return None
    file = home.database.stat()
    return Place(f"{file.st_dev}:{file.st_ino}", event, f"{row[0]} {row[1]}", row[2])


def reach_from(conn: sqlite3.Connection, home: Home, place: Place | None) -> Reach:
    """The events after a place; None stands for the beginning of the archive.

    If the event of the place has another row id now, every event of the last days before it is looked at again.
    """
    if place is None:
        return Reach(0, "", renumbered=False)
    if place_at(conn, home, place.event) == place:
        return Reach(place.event, "", renumbered=False)
    return Reach(0, stamp(instant(place.recorded_at) - LOOKED_BACK), renumbered=True)


def events_in(conn: sqlite3.Connection, reach: Reach, limit: int) -> list[ArchiveEvent]:
    """The first `limit` events of a reach, in the order of their row ids; events of other kinds are left out."""
    rows = conn.execute(_SINCE, (reach.after, reach.since, json.dumps(list(KINDS)), limit))
    return [_event(row) for row in rows]


def events_since(conn: sqlite3.Connection, moment: str) -> Iterator[ArchiveEvent]:
    """Yield every event that happened at a moment or later, in the order of its moments."""
    for row in conn.execute(_HAPPENED, (moment, json.dumps(list(KINDS)))):
        yield _event(row)


def event_of(
    conn: sqlite3.Connection, kind: str, moment: str, key: str | None, line: str | None
) -> ArchiveEvent | None:
    """The event of a notice as it is now: by its ledger line, else by article, kind and moment; None if it is gone."""
    if line is not None:
        row = conn.execute(f"{_SELECTED} where e.digest = ?", (line,)).fetchone()
    else:
        row = conn.execute(
            f"{_SELECTED} where e.article_id = (select article_id from keys where key = ?) and e.kind = ? and e.at = ?",
            (key, kind, moment),
        ).fetchone()
    return _event(row) if row else None


def is_late(event: ArchiveEvent, seen_until: str) -> bool:
    """True if an event came into the archive late: an import, a text that was read again, or long after its moment.

    seen_until: when the newest event before it was recorded; one that is recorded long before that was judged again.
    """
    if event.kind in OF_SOURCES:
        return False
    if event.detail.get("origin", "site") != "site":
        return True
    recorded = instant(event.recorded_at)
    return recorded - instant(event.at) > LATE or bool(seen_until and instant(seen_until) - recorded > LATE)


def _event(row: Sequence[Any]) -> ArchiveEvent:
    values = [*row]
    values[DETAIL] = json.loads(values[DETAIL])
    return ArchiveEvent(*values)


_SELECTED = """
    select e.id, e.at, e.recorded_at, e.kind, e.source, e.article_id, a.key, a.state,
           (select content_digest from states where id = r.state_id), r.significance, e.detail, e.digest
      from events e
      left join articles a on a.id = e.article_id
      left join revision_records r on r.id = e.revision_id
"""
_SINCE = f"""
    {_SELECTED}
     where e.id > ? and e.recorded_at >= ? and e.kind in (select value from json_each(?))
     order by e.id limit ?
"""
_HAPPENED = f"""
    {_SELECTED}
     where e.at >= ? and e.kind in (select value from json_each(?))
     order by e.at, e.id
"""
