"""Explains errors of SQLite: the file, the cause, the remedy, and the process that holds a lock."""

import os
import re
import sqlite3
from pathlib import Path

# SQLite's messages about a damaged file.
DAMAGED = re.compile("malformed|not a database|unsupported file format")
REMEDY = {
    "archive.db": "run `thinker rebuild` to make it again",
    "schedule.db": "move it away; a new one is made, in which no source is paused",
    "watches.db": "move it away; a new one is made, with the watches of thinker.toml only",
}
READ_ONLY = "is on a read-only file system: mount it with write access, or choose another --home"
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
UNOPENED = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY)


def is_busy(error: BaseException) -> bool:
    """True if the error is SQLite's for a database that another connection holds, after the time-out."""
    return isinstance(error, sqlite3.Error) and _code(error) in BUSY


def told_of(error: sqlite3.DatabaseError, home: Path) -> str | None:
    """One line with the file, the cause and the remedy.

    None unless SQLite found the file locked, damaged, or could not open, read or write it.

    The file is the archive.db of the home, unless the error has an attribute `database`.
    """
    archive = home / "archive.db"
    database = getattr(error, "database", archive)
    if is_busy(error):
        held = _held(holders(database))
        return f"{database} is locked by {held}: wait for it to end, or stop it"
    if DAMAGED.search(str(error)):
        return f"{database}: {error}: {REMEDY[database.name]}"
    if _code(error) in UNOPENED and os.statvfs(database.parent).f_flag & os.ST_RDONLY:
        return f"{database.parent} {READ_ONLY}"
    if _code(error) in UNOPENED:
        return f"{database}: {error}: check that it is a file, and that you can read and write it and its folder"
    return None


def holders(database: Path) -> list[int]:
    """The ids of other processes with a lock on a database or its WAL (proc_locks(5)).

    [] without any, and on systems without /proc/locks.
    """
    files = {f.stat().st_ino for f in (database, database.with_name(f"{database.name}-shm")) if f.exists()}
    try:
        rows = [line.split() for line in Path("/proc/locks").read_text(encoding="ascii").splitlines()]
    except OSError:
        return []
    # ID: POSIX ADVISORY WRITE PID MAJOR:MINOR:INODE START END; waiting processes have an arrow before POSIX
    found = {int(row[4]) for row in rows if len(row) == 8 and int(row[5].rpartition(":")[2]) in files}
    return sorted(found - {os.getpid(), 0, -1})


def _held(pids: list[int]) -> str:
    return f"process {', '.join(map(str, pids))}" if pids else "another process"


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
