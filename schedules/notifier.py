"""The notifier: looks at new events for the watches, and sends the messages of their outbox, one at a time."""

from __future__ import annotations

import errno
import math
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import count
from shutil import disk_usage

from archive import Archive, OtherVersion, read_archive
from archive.files import NOTIFIER, Home, Locked, locked
from archive.settings import SettingsError, load_settings
from archive.watches import (
    DueMessage,
    Watch,
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
    watch_of,
)
from schedules.children import say
from schedules.outbound import Delivered, Later, Outcome, Outgoing, address, send

LOOK_EVERY_SECONDS = 5.0
MESSAGES_PER_LOOK = 100  # then new events are looked at, before further messages
SECONDS_OF_SENDING = 30.0  # the same; a receiver that never answers costs as much, and does not hold up all others
NOTED_BYTES, NOTED_BYTES_EACH = 1 << 20, 1 << 10  # of free disk: more than it takes to note what was sent
LOCK_SECONDS = 1.0
WRITTEN_SECONDS = 0.5  # after which a file that lacked a watch is read again
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
                    made = self.look(SECONDS_OF_SENDING)
                except (sqlite3.Error, OSError, OtherVersion) as error:
                    now = f"watches: {' '.join(str(error).split())[:300]}"
                except Exception as error:  # the site must not end with us; the text may have an address in it
                    now = f"watches: {type(error).__name__}: `thinker --debug watch run --once` shows where"
                if now not in (None, trouble):
                    say(str(now))
                trouble = now
                if not made.is_cut:
                    time.sleep(LOOK_EVERY_SECONDS)

    def once(self) -> Sendings:
        """Look and send once. Raises Locked if another notifier runs on this home."""
        with locked(self.home, NOTIFIER):
            total = made = self.look()
            while made.is_cut:
                made = self.look()
                total = total.with_all(made)
        return total

    def look(self, seconds: float = math.inf) -> Sendings:
        """Enter new events, and try the first MESSAGES_PER_LOOK messages that are due; the caller holds the lock.

        seconds: after so many no further message is tried. Raises FileNotFoundError without an archive, OSError if the
        disk is nearly full, and sqlite3.Error.
        """
        made, watches = Sendings(), self._declared()
        if not (watches or self.home.watches_database.exists()):
            return made
        with closing(read_archive(self.home.path)) as archive, open_book(self.home) as book:
            if watches is not None and self._lacks_one(book, watches):
                time.sleep(WRITTEN_SECONDS)  # an editor that empties a file to write it must not remove its watches
                watches = self._declared()
            if watches is not None:
                declare(book, archive, watches, datetime.now(UTC))
            for enter in (fill, fill_withdrawals, fill_verdicts):
                enter(archive, book, datetime.now(UTC))
            tried: list[str] = []
            end = time.monotonic() + seconds
            while message := next_message(book, tried, datetime.now(UTC)):
                if len(tried) == MESSAGES_PER_LOOK or time.monotonic() > end:
                    return replace(made, is_cut=True)
                tried.append(message.id)
                made = made.with_one(self._try(archive, book, message))
        return made

    def _lacks_one(self, book: sqlite3.Connection, watches: dict[str, Watch]) -> bool:
        return any(state.watch.is_declared and name not in watches for name, state in states(book).items())

    def _declared(self) -> dict[str, Watch] | None:
        """The watches of thinker.toml as it is now; None while it cannot be used: the watches stay as they are."""
        try:
            return declared(load_settings(self.home.path))
        except SettingsError:
            return None

    def _try(self, archive: Archive, book: sqlite3.Connection, message: DueMessage) -> str:
        """Send one message, and note the outcome; returns the name of a field of `Sendings`."""
        watch = watch_of(book, message.watch)
        if watch is None:  # a command removed it meanwhile
            return "dropped"
        try:
            outgoing = self._written(archive, book, watch, message)
        except sqlite3.Error:
            raise
        except Exception as error:  # one message must not hold up all others
            refuse(book, message, f"it cannot be written: {type(error).__name__}", datetime.now(UTC))
            return "refused"
        if outgoing is None:
            return "dropped"
        self._require_room(message)
        begin_try(book, message)
        outcome = self._outcome(watch, outgoing)
        now = datetime.now(UTC)
        if isinstance(outcome, Delivered):
            sent(book, message, now)
            return "sent"
        reason = " ".join(outcome.reason.split())
        if isinstance(outcome, Later):
            put_off(book, message, reason, outcome.after, now)
            return "put_off"
        refuse(book, message, reason, now, outcome.partly)
        return "refused"

    def _written(
        self, archive: Archive, book: sqlite3.Connection, watch: Watch, message: DueMessage
    ) -> Outgoing | None:
        """The message as it is sent; None if the archive shows none of its events any more, which is noted."""
        from archive.publish.notices import letter_of  # slow to load, and most looks send nothing

        letter, dropped = letter_of(archive.conn, watch, message, self.site)
        if dropped:
            drop(book, message, dropped, datetime.now(UTC))
        if letter is None:
            return None
        return Outgoing(message.id, message.watch, letter.subject, letter.text, letter.html, letter.url, letter.payload)

    def _require_room(self, message: DueMessage) -> None:
        """Raise OSError if the disk may have no room to note that a message was sent: it would be sent at each look."""
        if disk_usage(self.home.path).free < NOTED_BYTES + NOTED_BYTES_EACH * len(message.notices):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.home.path))

    def _outcome(self, watch: Watch, outgoing: Outgoing) -> Outcome:
        try:
            place = address(watch.asked.to, self.home.path)
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
    """The number of messages that were sent, put off, refused, and dropped because nothing of them may be shown.

    is_cut: True if further messages are due.
    """

    sent: int = 0
    put_off: int = 0
    refused: int = 0
    dropped: int = 0
    is_cut: bool = False

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers by name."""
        return {name: number for name, number in asdict(self).items() if name != "is_cut"}

    def with_all(self, other: Sendings) -> Sendings:
        """The sums of both, the other one being the later."""
        return replace(other, **{name: number + getattr(other, name) for name, number in self.numbers.items()})

    def with_one(self, name: str) -> Sendings:
        """The same numbers with one more of this name."""
        return replace(self, **{name: getattr(self, name) + 1})
