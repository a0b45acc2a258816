"""The archive's connection: SQLite with the settings every writer needs, and index writes in the cheapest order."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from archive.files import Database, Home
from archive.search import COLUMNS

BUSY_SECONDS = 30.0
MAX_WAITING_WRITES = 500  # writes to the index held in memory
MAX_WRITES_OF_A_STEP = 50  # above the number that one capture or line ever causes
WHEN_MADE = (  # for a new database only: setting them on an existing one writes into it
    "page_size=2048",  # rows are as long as texts: at 8,192 bytes half of two pages in three was empty
    "auto_vacuum=incremental",
)
PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",  # NORMAL loses acknowledged commits at a power cut in WAL mode
    "foreign_keys=on",
    "temp_store=memory",
    "cache_size=-65536",
    "wal_autocheckpoint=32000",  # pages: index segments are often merged away before they need to reach the file
)

ROWS_PER_INSERT = 32  # rows of one INSERT: during a statement other threads have the interpreter

IndexWrite = tuple[str, int, tuple[str, ...]]  # table, rowid, and the columns, () to delete the row


class Connection(sqlite3.Connection):
    """A connection in autocommit mode: a group is one explicit BEGIN IMMEDIATE … COMMIT.

    FTS5 writes out a segment whenever a rowid is smaller than the last one, and a crawl meets the newest articles
    first. So the writes to the search index wait, at most MAX_WAITING_WRITES of them and at the latest until the group
    is committed, and then go in the order of their rowids: 1.7 times as fast.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._index_writes: list[IndexWrite] = []

    def index_later(self, table: str, rowid: int, columns: tuple[str, ...] = ()) -> None:
        """Insert a row into a search index, or without `columns` delete it, at the latest when the group commits.

        The writes of one rowid keep their order.
        """
        self._index_writes.append((table, rowid, columns))
        if len(self._index_writes) >= MAX_WAITING_WRITES:
            self.write_index()

    def commit_group(self) -> None:
        """Commit the open group, with its index writes."""
        self.write_index()
        self.execute("commit")

    def abandon_group(self) -> None:
        """Roll back the open group and drop its index writes."""
        self._index_writes.clear()
        if self.in_transaction:
            self.execute("rollback")

    @contextmanager
    def undoable(self) -> Iterator[None]:
        """A step within the open group: if the block raises, the step is undone, with its index writes.

        The error goes on, and the group stays open.
        """
        if len(self._index_writes) > MAX_WAITING_WRITES - MAX_WRITES_OF_A_STEP:
            self.write_index()  # earlier writes must not be undone with this step
        waiting = len(self._index_writes)
        self.execute("savepoint step")
        try:
            yield
        except BaseException:
            del self._index_writes[waiting:]
            self.execute("rollback to step")
            self.execute("release step")
            raise
        self.execute("release step")

    @contextmanager
    def overwriting(self) -> Iterator[None]:
        """Overwrite deleted rows with zeros in the block, and empty the WAL file after it, unless a reader needs it."""
        self.execute("pragma secure_delete = on")
        try:
            yield
        finally:
            self.execute("pragma secure_delete = off")
        self.execute("pragma wal_checkpoint(truncate)").fetchone()

    def write_index(self) -> None:
        """Write the waiting index rows within the open transaction."""
        waiting, self._index_writes = sorted(self._index_writes, key=itemgetter(0, 1)), []
        for (table, width), writes in groupby(waiting, key=lambda write: (write[0], len(write[2]))):
            if width:
                self._insert(table, width, list(writes))
            else:
                self.executemany(f"delete from {table} where rowid = ?", [(rowid,) for _, rowid, _ in writes])

    def _insert(self, table: str, width: int, writes: list[IndexWrite]) -> None:
        names = ", ".join(["rowid", *COLUMNS])
        row = f"(?{', ?' * width})"
        for start in range(0, len(writes), ROWS_PER_INSERT):
            rows = writes[start : start + ROWS_PER_INSERT]
            values = [value for _, rowid, columns in rows for value in (rowid, *columns)]
            self.execute(f"insert into {table} ({names}) values {', '.join([row] * len(rows))}", values)


def connect(path: Path) -> Connection:
    """A connection for a writer; a missing file is created.

    Raises sqlite3.DatabaseError if the file cannot be opened or is damaged.
    """
    pragmas = PRAGMAS if path.exists() and path.stat().st_size else (*WHEN_MADE, *PRAGMAS)
    conn = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=Connection
    )
    _touched(conn, *(f"pragma {pragma}" for pragma in pragmas))
    return conn


def connect_to_read(path: Path) -> Connection:
    """A connection that changes nothing; works on a full disk or a read-only home, with a WAL file or without.

    Raises sqlite3.DatabaseError if the file cannot be opened, is damaged, or is locked exclusively by another process.
    """
    conn = connect_anyhow(path, timeout=BUSY_SECONDS, isolation_level=None, factory=Connection)
    assert isinstance(conn, Connection)
    conn.execute("pragma cache_size = -65536")
    return conn


def connect_anyhow(path: Path, **options: Any) -> sqlite3.Connection:
    """A read-only connection with these options of sqlite3.connect. Raises as connect_to_read.

    SQLite needs a shared-memory file beside a database in WAL mode. If none can be created, nobody else can write: a
    WAL file left by a crash is then read without shared memory and locks; without a WAL file, the database is read as
    it is.
    """
    address = f"{path.resolve().as_uri()}?mode=ro"
    try:
        return _reading(address, **options)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:  # the low byte is the primary code
            raise  # a writer holds an exclusive lock: without locks we might read half a change
        if path.with_name(f"{path.name}-wal").exists():
            # In exclusive mode SQLite reads a WAL file without shared memory, if that is set before the first read.
            return _reading(f"{address}&vfs=unix-none", "pragma locking_mode = exclusive", **options)
        return _reading(f"{address}&immutable=1", **options)


def _reading(address: str, first: str = "", **options: Any) -> sqlite3.Connection:
    return _touched(sqlite3.connect(address, uri=True, check_same_thread=False, **options), first)


def _touched(conn: sqlite3.Connection, *settings: str) -> sqlite3.Connection:
    """The same connection, after it has run `settings` (SQL) and read its file, and the WAL beside it.

    Raises sqlite3.DatabaseError, and closes the connection then.
    """
    try:
        for statement in (*settings, "select 1 from sqlite_master limit 1"):
            conn.execute(statement).fetchone()
    except UnicodeDecodeError:  # SQLite's error message quotes bytes of the file
        conn.close()
        raise sqlite3.DatabaseError("malformed database schema") from None
    except sqlite3.Error:
        conn.close()
        raise
    return conn


def inserted(conn: sqlite3.Connection, table: str, row: dict[str, Any]) -> int:
    """Insert a row and return its id. Raises sqlite3.IntegrityError if a constraint forbids it."""
    row_id = conn.execute(_insertion(table, *row), tuple(row.values())).lastrowid
    assert row_id is not None
    return row_id


@cache
def _insertion(table: str, *names: str) -> str:
    return f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})"


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive's home and its open database."""

    home: Home
    db: Database

    @property
    def conn(self) -> Connection:
        conn = self.db.conn
        assert isinstance(conn, Connection)
        return conn

    def close(self) -> None:
        self.db.close()
