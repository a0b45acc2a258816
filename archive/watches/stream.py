"""The events that watches look at, in the order in which they entered the database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
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
COMMITTED_LATER = timedelta(minutes=10)
"""An event may enter the database so much later than one that was recorded after it, in another chain."""
ROWS_LOOKED_AT = 1_000  # at the end of each series, for the last record: rows that enter again follow what caused it
LOOKED_BACK = timedelta(days=30)
"""If events have new row ids, as after a rebuild, so much of the record is looked at again; nothing is sent twice."""


class Beginning(NamedTuple):
    """The end of what came before a watch: its last event's row id, and its last record; 0 and "" in an empty archive.

    The last event may not have the last record: one that enters again keeps its old one.
    """

    event: int = 0
    recorded_at: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveEvent:
    """A row of `events`, with the key and the state of its article. content_digest: of the version that it names.

    An edit of form alone, which is no event of the archive, counts as one: its id is that of its revision, below 0.
    """

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


def newest(conn: sqlite3.Connection, series: Series | None = None) -> int:
    """The row id of a series (None: EVENTS) that entered the archive last; 0 for none."""
    row = conn.execute(f"select max(id) from {(series or EVENTS).table}").fetchone()
    return row[0] or 0


def beginning(conn: sqlite3.Connection, now: datetime) -> Beginning:
    """The beginning of a watch that is made now: every row of the archive came before it.

    A record from a clock that was ahead counts as one of now.
    """
    (recorded,) = conn.execute(
        """
        select coalesce(max(recorded_at), '')
          from (select * from (select recorded_at from events order by id desc limit :most)
                union all select * from (select recorded_at from revision_records order by id desc limit :most))
        """,
        {"most": ROWS_LOOKED_AT},
    ).fetchone()
    return Beginning(newest(conn), min(recorded, stamp(now)))


def place_at(conn: sqlite3.Connection, home: Home, row_id: int, series: Series | None = None) -> EventPlace | None:
    """The place of a row of a series (None: EVENTS); None if no row has that id."""
    row = conn.execute((series or EVENTS).marked, (row_id,)).fetchone()
    if row is None:
        return None
    file = home.database.stat()
    return EventPlace(f"{file.st_dev}:{file.st_ino}", row_id, *row)


def reach_from(conn: sqlite3.Connection, home: Home, place: EventPlace | None, series: Series) -> EventRange:
    """The events after a place; None stands for the beginning of the archive.

    If the event of the place has another row id now, every event of the last days before it is looked at again.
    """
    if place is None:
        return EventRange(0, "", renumbered=False)
    if place_at(conn, home, place.event, series) == place:
        return EventRange(place.event, "", renumbered=False)
    return EventRange(0, stamp(instant(place.recorded_at) - LOOKED_BACK), renumbered=True)


def events_in(conn: sqlite3.Connection, reach: EventRange, last: int, limit: int, series: Series) -> list[ArchiveEvent]:
    """The first `limit` events of a reach up to the row id `last`, in their order; other kinds are left out."""
    rows = conn.execute(series.since, (reach.after, last, reach.since, json.dumps(list(KINDS)), limit))
    return [_event(row) for row in rows]


def events_since(conn: sqlite3.Connection, moment: str, forms: bool) -> Iterator[ArchiveEvent]:
    """Yield every event that happened at a moment or later, in the order of its moments.

    forms: edits of form alone too.
    """
    of_events = conn.execute(_HAPPENED, (moment, json.dumps(list(KINDS))))
    of_form = conn.execute(f"{_FORM} and r.captured_at >= ? order by r.captured_at, r.id", (moment,)) if forms else ()
    for row in merge(of_events, of_form, key=lambda row: str(row[1])):
        yield _event(row)


def event_by_line(conn: sqlite3.Connection, line: str) -> ArchiveEvent | None:
    """The event of a ledger line as it is now; None if it is gone."""
    row = conn.execute(f"{_SELECTED} where e.digest = ?", (line,)).fetchone()
    return _event(row) if row else None


def event_at(conn: sqlite3.Connection, key: str, kind: str, moment: str) -> ArchiveEvent | None:
    """The event of an article (any key of it), a kind and a moment as it is now; None if it is gone."""
    row = (
        conn.execute(
            f"{_SELECTED} where e.article_id = (select article_id from keys where key = ?) and e.kind = ? and e.at = ?",
            (key, kind, moment),
        ).fetchone()
        or conn.execute(
            f"{_FORM} and a.id = (select article_id from keys where key = ?) and 'edited' = ? and r.captured_at = ?",
            (key, kind, moment),
        ).fetchone()
    )
    return _event(row) if row else None


def is_late(event: ArchiveEvent) -> bool:
    """True if an event came into the archive late: an import, a text that was read again, or long after its moment."""
    if event.kind in OF_SOURCES:
        return False
    return event.detail.get("origin", "site") != "site" or instant(event.recorded_at) - instant(event.at) > LATE


class Records:
    """The records of events in the order in which they entered the archive: earlier ones are of events judged again."""

    def __init__(self) -> None:
        self._last_of_source: dict[str, str] = {}

    def is_judged_again(self, event: ArchiveEvent, seen_until: str) -> bool:
        """True if an event of an article was recorded long before one that entered before it.

        seen_until: when the newest event before a whole step of events was recorded. A source writes its records in
        order; those of two sources may enter a day apart, as after a crash.
        """
        if event.kind in OF_SOURCES:
            return False
        last = self._last_of_source.get(event.source, "")
        self._last_of_source[event.source] = max(last, event.recorded_at)
        recorded = instant(event.recorded_at)
        return any(
            until and instant(until) - recorded > later
            for until, later in ((last, COMMITTED_LATER), (seen_until, LATE))
        )


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
_FORM = """
    select -r.id, r.captured_at, r.recorded_at, 'edited', c.source, r.article_id, a.key, a.state, s.content_digest,
           r.significance, json_object('origin', r.origin), null
      from revision_records r
      join captures c on c.id = r.capture_id
      join articles a on a.id = r.article_id
      join states s on s.id = r.state_id
     where r.significance = 'cosmetic' and r.number is null and r.before_id is not null and r.origin <> 'reparse'
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


@dataclass(frozen=True, slots=True)
class Series:
    """Rows that enter the archive one after another: their table, and the SQL of a row's mark and of later events."""

    number: int
    table: str
    marked: str
    since: str


EVENTS = Series(1, "events", "select coalesce(digest, '') || ' ' || at, recorded_at from events where id = ?", _SINCE)
FORMS = Series(
    2,
    "revision_records",
    """
    select r.captured_at || ' ' || s.content_digest, r.recorded_at
      from revision_records r join states s on s.id = r.state_id where r.id = ?
    """,
    f"{_FORM} and r.id > ? and r.id <= ? and r.recorded_at >= ? and ? <> '' order by r.id limit ?",
)
"""The revisions; of these the edits of form alone are looked at."""
