"""Connections that only read, each for one reading: Ctrl-C stops a query, and a time limit if there is one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from time import monotonic

from archive import Home
from archive.rows import connect_to_read
from archive.sandbox import confine

STEPS = 10_000  # of SQLite's machine between two looks at the clock
REFUSED = "only a query that reads is possible: the archive is opened read-only; write one SELECT"


@contextmanager
def reading(home: Home) -> Iterator[sqlite3.Connection]:
    """A connection for the archive's own questions, which is closed at the end. Ctrl-C stops a query."""
    with closing(connect_to_read(home.database)) as conn, _stoppable(conn, None):
        yield conn


@contextmanager
def querying(home: Home, seconds: float | None) -> Iterator[sqlite3.Connection]:
    """A connection for a reader's SQL, which cannot write, attach or set anything; it is closed at the end.

    Raises TimeoutError if it is used for longer than `seconds` (None: no limit) and then asked for more, and
    sqlite3.DatabaseError for SQL that does not only read.
    """
    with closing(connect_to_read(home.database)) as conn:
        confine(conn)
        with _stoppable(conn, seconds):
            try:
                yield conn
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY):
                    raise sqlite3.DatabaseError(f"{REFUSED} ({error})") from None
                raise


@contextmanager
def _stoppable(conn: sqlite3.Connection, seconds: float | None) -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt in the middle of a query, which otherwise would go on to its end.

    Raises TimeoutError after `seconds`.
    """
    end = None if seconds is None else monotonic() + seconds

    # Before it calls this, Python runs the handler of a signal that came; if that raises, SQLite stops too.
    def is_late() -> bool:
        return end is not None and monotonic() >= end

    conn.set_progress_handler(is_late, STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        if is_late():
            raise TimeoutError(
                f"the query took longer than {seconds:g} seconds: ask for less, or raise `seconds`"
            ) from None
        raise KeyboardInterrupt from None  # sqlite3 swallows the one that the handler raised
