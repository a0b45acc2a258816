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


class EventPlace(NamedTuple):
    """The last event that was looked at: its row id and its mark, in the file of that device and number."""

    file: str
    event: int
    identity: str
    recorded_at: str


class EventRange(NamedTuple):
    """The events to look at: those after a row id, recorded since a moment. renumbered: row ids say nothing."""

    after: int
    since: str
    renumbered: bool


def newest(conn: sqlite3.Connection) -> Beginning:
    """The event that entered the archive last."""
    row = conn.execute("select id, recorded_at from events order by id desc limit 1").fetchone()
    return Beginning(*row) if row else Beginning()


def place_at(conn: sqlite3.Connection, home: Home, event: int) -> EventPlace | None:
    """The place of an event; None if no event has that row id."""
    row = conn.execute("select coalesce(digest, ''), at, recorded_at from events where id = ?", (event,)).fetchone()
    if row is None:
        return None
    file = home.database.stat()
    return EventPlace(f"{file.st_dev}:{file.st_ino}", event, f"{row[0]} {row[1]}", row[2])


def reach_from(conn: sqlite3.Connection, home: Home, place: EventPlace | None) -> EventRange:
    """The events after a place; None stands for the beginning of the archive.

    If the event of the place has another row id now, every event of the last days before it is looked at again.
    """
    if place is None:
        return EventRange(0, "", renumbered=False)
    if place_at(conn, home, place.event) == place:
        return EventRange(place.event, "", renumbered=False)
    return EventRange(0, stamp(instant(place.recorded_at) - LOOKED_BACK), renumbered=True)


def events_in(conn: sqlite3.Connection, reach: EventRange, last: int, limit: int) -> list[ArchiveEvent]:
    """The first `limit` events of a reach up to the row id `last`, in their order; other kinds are left out."""
    rows = conn.execute(_SINCE, (reach.after, last, reach.since, json.dumps(list(KINDS)), limit))
    return [_event(row) for row in rows]


def events_since(conn: sqlite3.Connection, moment: str) -> Iterator[ArchiveEvent]:
    """Yield every event that happened at a moment or later, in the order of its moments."""
    for row in conn.execute(_HAPPENED, (moment, json.dumps(list(KINDS)))):
        yield _event(row)


def event_by_line(conn: sqlite3.Connection, line: str) -> ArchiveEvent | None:
    """The event of a ledger line as it is now; None if it is gone."""
    row = conn.execute(f"{_SELECTED} where e.digest = ?", (line,)).fetchone()
    return _event(row) if row else None


def event_at(conn: sqlite3.Connection, key: str, kind: str, moment: str) -> ArchiveEvent | None:
    """The event of an article (any key of it), a kind and a moment as it is now; None if it is gone."""
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
     where e.id > ? and e.id <= ? and e.recorded_at >= ? and e.kind in (select value from json_each(?))
     order by e.id limit ?
"""
_HAPPENED = f"""
    {_SELECTED}
     where e.at >= ? and e.kind in (select value from json_each(?))
     order by e.at, e.id
"""
