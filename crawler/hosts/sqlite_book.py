"""hosts.db: when each host may be asked next, shared by all crawls of a home.

The file is operational. It may be deleted while no crawl runs; waits that hosts asked for, and today's request counts,
are then forgotten.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from crawler.hosts.day_count import DayCount, RequestClaim
from crawler.hosts.host_book import MAX_CLOSURE_SECONDS, MAX_SETBACKS, PEEK_SECONDS, HostTurn

FILE = "hosts.db"
SCHEMA = 2  # PRAGMA user_version; 1 had no table `asked`
BUSY_SECONDS = 10.0

HOSTS = """create table hosts (
    host text primary key,
    next_at real not null,
    closed_until real not null,
    setbacks integer not null,
    held integer not null,
    told_at real not null
) without rowid, strict"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Row:
    """A host's row; times are seconds since 1970 by the clock that showed told_at when it was written."""

    host: str
    next_at: float = 0.0
    closed_until: float = 0.0
    setbacks: int = 0
    held: int = 0
    told_at: float = 0.0

    def righted(self, now: float) -> _Row:
        """The row corrected for a clock that went back, for `now` before told_at.

        Each wait keeps the length that it had when written.
        """
        back = self.told_at - now
        return replace(self, next_at=self.next_at - back, closed_until=self.closed_until - back, told_at=now)


class SqliteHostBook:
    """Turns at hosts, one at a time across processes; use it in one thread.

    A turn lasts until its answer is complete, and the delay runs from then: the host never sees a shorter gap, however
    slow the network or this machine is. A turn holds a lock that the kernel releases when its process dies; the next
    process finds the turn unended and waits the delay from there. A home that does not exist is not created: the book
    is then in memory.

    If the clock goes back, no wait gets longer than it was when written. If it goes forward, waits end early. Raises
    sqlite3.Error and OSError where it cannot be written.
    """

    def __init__(self, home: Path, clock: Callable[[], float] = time.time) -> None:
        self._home = home
        self._clock = clock
        self._conn: sqlite3.Connection | None = None
        self._file: IO[bytes] | None = None

    def take(self, host: str, delay: float, claim: RequestClaim | None = None) -> HostTurn:
        if delay and not self._lock(host):
            closed = self._look(host)
            return closed if closed.wait > PEEK_SECONDS else HostTurn(PEEK_SECONDS)
        turn = self._taken(host, delay, claim) if delay or claim else self._look(host)
        if delay and (turn.wait or turn.spent):
            self._unlock(host)
        return turn

    def left(self, host: str, claim: RequestClaim) -> int | None:
        with self._changing(host) as (row, _):
            return self._count().left(host, claim, row.told_at)

    def done(self, host: str, delay: float) -> None:
        with self._changing(host) as (row, write):
            write(replace(row, held=0, next_at=max(row.next_at, row.told_at + delay)))
        self._unlock(host)

    def close(self, host: str, seconds: float) -> None:
        with self._changing(host) as (row, write):
            write(replace(row, closed_until=max(row.closed_until, row.told_at + min(seconds, MAX_CLOSURE_SECONDS))))

    def back_off(self, host: str, wait: Callable[[int], float]) -> float:
        with self._changing(host) as (row, write):
            if (left := row.closed_until - row.told_at) > 0:
                return left
            seconds = wait(row.setbacks)
            write(replace(row, closed_until=row.told_at + seconds, setbacks=min(row.setbacks + 1, MAX_SETBACKS)))
            return seconds

    def well(self, host: str) -> None:
        with self._changing(host) as (row, write):
            write(replace(row, setbacks=0))

    def shut(self) -> None:
        if self._conn is not None:
            self._conn.close()
        if self._file is not None:
            self._file.close()

    def _taken(self, host: str, delay: float, claim: RequestClaim | None) -> HostTurn:
        with self._changing(host) as (row, write):
            if delay and row.held:  # its process died, and the request may have been sent until now
                row = replace(row, held=0, next_at=max(row.next_at, row.told_at + delay))
                write(row)
            if row.closed_until > row.told_at:
                return HostTurn(row.closed_until - row.told_at, True, row.setbacks)
            if claim and (spent := self._count().spent(host, claim, row.told_at)):
                return HostTurn(setbacks=row.setbacks, spent=spent)
            if delay and row.next_at > row.told_at:
                return HostTurn(row.next_at - row.told_at, False, row.setbacks)
            if claim:
                self._count().add(host, claim, row.told_at)
            if delay:
                write(replace(row, held=1))
            return HostTurn(0.0, False, row.setbacks)

    def _look(self, host: str) -> HostTurn:
        row, now = self._row(host), self._clock()
        if row.told_at > now:
            with self._changing(host) as (row, _):
                now = row.told_at
        left = max(0.0, row.closed_until - now)
        return HostTurn(left, left > 0, row.setbacks)

    # -- rows -------------------------------------------------------------------------------------------------

    @contextmanager
    def _changing(self, host: str) -> Iterator[tuple[_Row, Callable[[_Row], None]]]:
        """Yield (the host's row, a function that writes a changed row), within one transaction.

        The row has told_at set to now; a host that is unknown has a new one.
        """
        conn = self._open()
        conn.execute("begin immediate")
        try:
            now, row = self._clock(), self._row(host)
            if row.told_at > now:
                row = row.righted(now)
                self._write(row)  # the waits count by the corrected clock from now on
            yield replace(row, told_at=now), self._write
        finally:
            conn.execute("commit")

    def _row(self, host: str) -> _Row:
        sql = "select host, next_at, closed_until, setbacks, held, told_at from hosts where host = ?"
        found = self._open().execute(sql, (host,)).fetchone()
        return _Row(*found) if found else _Row(host)

    def _write(self, row: _Row) -> None:
        told = (row.host, row.next_at, row.closed_until, row.setbacks, row.held, row.told_at)
        self._open().execute("insert or replace into hosts values (?, ?, ?, ?, ?, ?)", told)

    def _count(self) -> DayCount:
        return DayCount(self._open())

    def _open(self) -> sqlite3.Connection:
        if self._conn is None:
            self._conn = _opened_or_made_anew(self._home / FILE) if self._home.is_dir() else _opened(":memory:")
        return self._conn

    # -- locks ------------------------------------------------------------------------------------------------

    def _lock(self, host: str) -> bool:
        if self._file is None:
            if not self._home.is_dir():
                return True
            (self._home / "locks").mkdir(exist_ok=True)
            self._file = (self._home / "locks" / ".hosts").open("ab")  # no source's name begins with a dot
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _place(host))
        except (BlockingIOError, PermissionError):  # POSIX allows EAGAIN and EACCES for a held lock
            return False
        return True

    def _unlock(self, host: str) -> None:
        if self._file is not None:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _place(host))


def _place(host: str) -> int:
    """The offset of the byte in the lock file that is locked for a host."""
    # Seven bytes, because an offset is a signed number of eight.
    return int.from_bytes(hashlib.sha256(host.encode()).digest()[:7], "big")


def _opened_or_made_anew(path: Path) -> sqlite3.Connection:
    try:
        return _opened(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise  # locked, or the disk is full: the file itself may be good
        logger.warning("%s is not a database and is made again; the waiting times that hosts asked for are lost", path)
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        return _opened(path)


def _opened(path: Path | str) -> sqlite3.Connection:
    conn = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("journal_mode=wal", "synchronous=normal", "wal_autocheckpoint=64"):
            conn.execute(f"pragma {pragma}")
        conn.execute("begin immediate")
        if (found := conn.execute("pragma quick_check(1)").fetchone()) != ("ok",):
            raise sqlite3.DatabaseError(*found)
        (version,) = conn.execute("pragma user_version").fetchone()
        if version != SCHEMA:
            if version != 1:
                conn.execute("drop table if exists hosts")
                conn.execute(HOSTS)
            DayCount(conn).make()
            conn.execute(f"pragma user_version = {SCHEMA}")
        conn.execute("commit")
    except BaseException:
        conn.close()
        raise
    return conn
