"""The notifier: looks at new events for the watches, and sends the messages of their outbox, one at a time."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import count
from shutil import disk_usage

from archive import Archive, OtherVersion, read_archive
from archive.files import NOTIFIER, Home, Locked, locked
from archive.settings import SettingsError, load_settings
from archive.watches import (
    DueMessage,
    Watch,
    WatchState,
    begin_try,
    declare,
    declared,
    drop,
    fill,
    fill_verdicts,
    fill_withdrawals,
    next_message,
    open_book,
    put_off,
    refuse,
    sent,
    states,
)
from schedules.children import say
from schedules.outbound import Delivered, Later, Outcome, Outgoing, address, send

LOOK_EVERY_SECONDS = 5.0
MESSAGES_PER_LOOK = 100  # then new events are looked at, before further messages
NOTED_BYTES, NOTED_BYTES_EACH = 1 << 20, 1 << 10  # of free disk: more than it takes to note what was sent
LOCK_SECONDS = 1.0
TRIES_BEFORE_A_LINE = 60  # `thinker watch run --once` holds the lock for a short time


@dataclass(frozen=True, slots=True)
class Notifier:
    """Sends the messages of a home's watches. site: the address of the site, for the links in messages."""

    home: Home
    site: str

    def run(self) -> None:
        """Look and send until the process is ended. Waits for another notifier of this home to end first.

        A trouble, such as a full disk or a database of another version, is printed once while it lasts.
        """
        with self._alone():
            trouble = None
            while True:
                made, now = Sendings(), None
                try:
                    made = self.look()
                except (sqlite3.Error, OSError, OtherVersion) as error:
                    now = f"watches: {' '.join(str(error).split())[:300]}"
                if now not in (None, trouble):
                    say(str(now))
                trouble = now
                if made.tried < MESSAGES_PER_LOOK:
                    time.sleep(LOOK_EVERY_SECONDS)

    def once(self) -> Sendings:
        """Look and send once. Raises Locked if another notifier runs on this home."""
        with locked(self.home, NOTIFIER):
            total = made = self.look()
            while made.tried == MESSAGES_PER_LOOK:
                made = self.look()
                total = total.with_all(made)
        return total

    def look(self) -> Sendings:
        """Enter new events, and try the first MESSAGES_PER_LOOK messages that are due; the caller holds the lock.

        Raises FileNotFoundError without an archive, OSError if the disk is nearly full, and sqlite3.Error.
        """
        made, watches = Sendings(), self._declared()
        if not (watches or self.home.watches_database.exists()):
            return made
        with closing(read_archive(self.home.path)) as archive, open_book(self.home) as book:
            if watches is not None:
                declare(book, archive, watches, datetime.now(UTC))
            for enter in (fill, fill_withdrawals, fill_verdicts):
                enter(archive, book, datetime.now(UTC))
            tried: list[str] = []
            while len(tried) < MESSAGES_PER_LOOK and (message := next_message(book, tried, datetime.now(UTC))):
                tried.append(message.id)
                made = made.with_one(self._try(archive, book, message))
        return made

    def _declared(self) -> dict[str, Watch] | None:
        """The watches of thinker.toml as it is now; None while it cannot be used: the watches stay as they are."""
        try:
            return declared(load_settings(self.home.path))
        except SettingsError:
            return None

    def _try(self, archive: Archive, book: sqlite3.Connection, message: DueMessage) -> str:
        """Send one message, and note the outcome; returns the name of a field of `Sendings`."""
        state = states(book)[message.watch]
        try:
            outgoing = self._written(archive, book, state, message)
        except sqlite3.Error:
            raise
        except Exception as error:  # one message must not hold up all others
            refuse(book, message, f"it cannot be written: {type(error).__name__}", datetime.now(UTC))
            return "refused"
        if outgoing is None:
            return "dropped"
        self._require_room(message)
        begin_try(book, message)
        outcome = self._outcome(state, outgoing)
        now = datetime.now(UTC)
        if isinstance(outcome, Delivered):
            sent(book, message, now)
            return "sent"
        reason = " ".join(outcome.reason.split())
        if isinstance(outcome, Later):
            put_off(book, message, reason, outcome.after, now)
            return "put_off"
        refuse(book, message, reason, now)
        return "refused"

    def _written(
        self, archive: Archive, book: sqlite3.Connection, state: WatchState, message: DueMessage
    ) -> Outgoing | None:
        """The message as it is sent; None if the archive shows none of its events any more, which is noted."""
        from archive.publish.notices import letter_of  # slow to load, and most looks send nothing

        letter, dropped = letter_of(archive.conn, state.watch, message, self.site)
        if dropped:
            drop(book, message, dropped, datetime.now(UTC))
        if letter is None:
            return None
        return Outgoing(message.id, message.watch, letter.subject, letter.text, letter.html, letter.url, letter.payload)

    def _require_room(self, message: DueMessage) -> None:
        """Raise OSError if the disk may have no room to note that a message was sent: it would be sent at each look."""
        if disk_usage(self.home.path).free < NOTED_BYTES + NOTED_BYTES_EACH * len(message.notices):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.home.path))

    def _outcome(self, state: WatchState, outgoing: Outgoing) -> Outcome:
        try:
            place = address(state.watch.asked.to, self.home.path)
        except ValueError as error:  # as an extra that is not installed
            return Later(str(error), None)
        return send(place, outgoing)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        for tries in count():
            try:
                with locked(self.home, NOTIFIER):
                    yield
                    return
            except Locked as error:
                if tries == TRIES_BEFORE_A_LINE:
                    say(f"watches: {error}")
                time.sleep(LOCK_SECONDS)


@dataclass(frozen=True, slots=True)
class Sendings:
    """The number of messages that were sent, put off, refused, and dropped because nothing of them may be shown."""

    sent: int = 0
    put_off: int = 0
    refused: int = 0
    dropped: int = 0

    @property
    def tried(self) -> int:
        """The number of all messages."""
        return self.sent + self.put_off + self.refused + self.dropped

    def with_all(self, other: Sendings) -> Sendings:
        """The sums of both."""
        return Sendings(**{name: number + getattr(other, name) for name, number in asdict(self).items()})

    def with_one(self, name: str) -> Sendings:
        """The same numbers with one more of this name."""
        return Sendings(**{**asdict(self), name: getattr(self, name) + 1})
