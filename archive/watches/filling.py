"""Looks at the events since the last time, and enters the notices of each watch in the outbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

from archive.files import stamp
from archive.rows import Archive
from archive.settings import WatchSettings
from archive.watches.book import WatchState, place_of, set_place, states, writing
from archive.watches.matching import EventTexts, texts_of, wants
from archive.watches.outbox import Notice, enter
from archive.watches.stream import (
    EVENTS,
    FORMS,
    OF_SOURCES,
    ArchiveEvent,
    EventPlace,
    EventRange,
    Records,
    Series,
    events_in,
    events_since,
    is_late,
    newest,
    place_at,
    reach_from,
)

EVENTS_PER_STEP = 200


def fill(archive: Archive, book: sqlite3.Connection, now: datetime) -> int:
    """Enter the notices of all events that the watches have not looked at; returns their number.

    The cost follows from the number of new events. Each step is a transaction of watches.db, so that a kill between two
    neither loses an event nor enters it twice, and two processes may do it at once.
    """
    entered = 0
    for series in (EVENTS, FORMS):
        records = Records()
        while (found := _step(archive, book, now, series, records)) is not None:
            entered += found
    return entered


def _step(archive: Archive, book: sqlite3.Connection, now: datetime, series: Series, records: Records) -> int | None:
    """Enter the notices of the next events of a series, and move its place; None if no event is left."""
    if place_of(book, series) == _end(archive, series):
        return None
    with writing(book):
        place, end = place_of(book, series), _end(archive, series)
        if end is None or place == end:
            return None
        reach = reach_from(archive.conn, archive.home, place, series)
        if reach.renumbered and series == EVENTS:
            book.execute("update watches set after_event = 0")
        watches = [state for state in states(book).values() if state.paused_since is None and _asks(state, series)]
        # A clock that was ahead has not seen what others record now.
        seen_until = "" if place is None or reach.renumbered else min(place.recorded_at, stamp(now))
        entered = 0
        for events in _steps(archive.conn, reach, end.event, series) if watches else ():
            texts = texts_of(archive.conn, events)
            for event in events:
                late = records.is_judged_again(event, seen_until) or is_late(event)
                for state in watches if not late else [each for each in watches if each.watch.asked.late]:
                    if _is_after(event, state, reach) and wants(state.watch.asked, event, texts.get(event.id)):
                        entered += enter(book, state, notice_of(event, texts.get(event.id), late), now)
            if not reach.renumbered and len(events) == EVENTS_PER_STEP:
                set_place(book, place_at(archive.conn, archive.home, abs(events[-1].id), series), series)
                return entered
        set_place(book, end, series)
    return entered


def _end(archive: Archive, series: Series) -> EventPlace | None:
    return place_at(archive.conn, archive.home, newest(archive.conn, series), series)


def _asks(state: WatchState, series: Series) -> bool:
    return series == EVENTS or state.watch.asked.significance == "cosmetic"


def _steps(conn: sqlite3.Connection, reach: EventRange, last: int, series: Series) -> Iterator[list[ArchiveEvent]]:
    after = reach.after
    while events := events_in(conn, reach._replace(after=after), last, EVENTS_PER_STEP, series):
        yield events
        after = abs(events[-1].id)


def _is_after(event: ArchiveEvent, state: WatchState, reach: EventRange) -> bool:
    """True if an event came after the beginning of a watch.

    One that enters again with its old record, as when an act is undone, does not.
    """
    begins = state.beginning
    return event.recorded_at > begins.recorded_at and (reach.renumbered or not 0 <= event.id <= begins.event)


def notice_of(event: ArchiveEvent, texts: EventTexts | None, late: bool) -> Notice:
    """The notice of an event."""
    key = event.source if event.kind in OF_SOURCES else event.key
    digest = event.content_digest or (texts.content_digest if texts else None)
    return Notice(event.kind, event.at, event.recorded_at, event.source, key, digest, event.line, late)


def would_send(archive: Archive, asked: WatchSettings, since: str) -> Iterator[Notice]:
    """Yield the notices that a watch would have of events since a moment (a stamp), in the order of their moments."""
    events: list[ArchiveEvent] = []
    for event in events_since(archive.conn, since, forms=asked.significance == "cosmetic"):
        events.append(event)
        if len(events) == EVENTS_PER_STEP:
            yield from _wanted(archive.conn, asked, events)
            events = []
    yield from _wanted(archive.conn, asked, events)


def _wanted(conn: sqlite3.Connection, asked: WatchSettings, events: Sequence[ArchiveEvent]) -> Iterator[Notice]:
    texts = texts_of(conn, events)
    for event in events:
        late = is_late(event)
        if (asked.late or not late) and wants(asked, event, texts.get(event.id)):
            yield notice_of(event, texts.get(event.id), late)
