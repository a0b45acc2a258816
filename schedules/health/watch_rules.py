"""The health rule on watches: every message is sent, and new events are looked at."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from archive.files import Home, OtherVersion, stamp
from archive.watches import EVENTS, WatchState, place_of, read_book, states
from schedules.health.verdicts import RuleText, said

UNSENT = timedelta(minutes=15)  # a notifier that runs sends a message within seconds
UNREAD = timedelta(hours=25)  # one that cron starts once a day


def watches_found(home: Home, conn: sqlite3.Connection, now: datetime) -> list[RuleText] | None:
    """The findings on the watches of a home; None if there is no watch. conn: of the archive."""
    try:
        with read_book(home) as book:
            found = [state for state in states(book).values() if state.paused_since is None] if book else []
            if book is None or not found:
                return None
            return [*_dead_channels(found), *_unsent(book, now), *_unread(book, conn, now)]
    except (sqlite3.Error, OtherVersion) as error:
        return [said("watches_unreadable", error=error)]


def _dead_channels(found: list[WatchState]) -> Iterator[RuleText]:
    for state in found:
        name = state.watch.name
        if state.refused:
            yield said("watch_refused", watch=name, count=state.refused, reason=state.refusal)
        elif state.failing_since:
            since, later = state.failing_since, state.next_try_at
            yield said("watch_fails", watch=name, count=state.waiting, since=since, next=later, reason=state.trouble)


def _unsent(book: sqlite3.Connection, now: datetime) -> Iterator[RuleText]:
    count, first = book.execute(
        """
        select count(*), min(m.due_at) from messages m join watches w on w.name = m.watch
         where w.paused_since is null and w.failing_since is null and m.refused is null and m.due_at < ?
        """,
        (stamp(now - UNSENT),),
    ).fetchone()
    if count:
        yield said("watches_unsent", count=count, since=first)


def _unread(book: sqlite3.Connection, conn: sqlite3.Connection, now: datetime) -> Iterator[RuleText]:
    """Yield a finding if events entered the archive more than a day ago that no watch has looked at."""
    place = place_of(book, EVENTS)
    (since,) = conn.execute(
        "select min(recorded_at) from events where id > ?", (place.event if place else 0,)
    ).fetchone()
    if since and since < stamp(now - UNREAD):
        yield said("watches_unread", since=since)
