"""The archive's connection: SQLite with the settings every writer needs, and an index written beside the rows."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

BUSY_SECONDS = 30.0
MOST_WAITING = 64  # writes to the index; then the writer of rows waits for them
PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",  # NORMAL loses acknowledged commits at a power cut in WAL mode
    "foreign_keys=on",
    "temp_store=memory",
    "cache_size=-65536",
    "wal_autocheckpoint=16000",  # pages: index segments are often merged away before they need to reach the file
)


class Connection(sqlite3.Connection):
    """Autocommit, so that a group is one explicit BEGIN IMMEDIATE … COMMIT.

    Writing the search index is most of the work of a group and needs no Python: `later` gives it to a thread, while
    the next page is read on another core. SQLite takes the statements of both one at a time (serialized mode), and
    `commit_group` waits for the index. Because two threads insert, row ids come from RETURNING and never
    from lastrowid.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._indexer: ThreadPoolExecutor | None = None
        self._waiting: list[Future[None]] = []

    def later(self, write: Callable[[sqlite3.Connection], None]) -> None:
        """Run a write on this connection after those given before it, and before the group is committed."""
        if self._indexer is None:
            self._indexer = ThreadPoolExecutor(1, "index")
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.pop(0).result()
        self._waiting.append(self._indexer.submit(write, self))

    def commit_group(self) -> None:
        """Commit when every write given to `later` is done; raises what the first failed one raised."""
        for write in self._settled():
            write.result()
        self.execute("commit")

    def abandon_group(self) -> None:
        """Roll back what is open, whatever became of the writes given to `later`."""
        self._settled()
        if self.in_transaction:
            self.execute("rollback")

    def close(self) -> None:
        self._settled()
        if self._indexer is not None:
            self._indexer.shutdown()
        super().close()

    def _settled(self) -> list[Future[None]]:
        waiting, self._waiting = self._waiting, []
        wait(waiting)
        return waiting


def connect(path: Path) -> Connection:
    """A connection of a writer. Raises sqlite3.OperationalError when the file cannot be opened."""
    assert sqlite3.threadsafety == 3, "this SQLite is not compiled for use from several threads"
    conn = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=Connection
    )
    for pragma in PRAGMAS:
        conn.execute(f"pragma {pragma}")
    return conn


def inserted(conn: sqlite3.Connection, table: str, row: dict[str, Any]) -> int:
    """Insert a row and return its id."""
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    (row_id,) = conn.execute(f"insert into {table} ({names}) values ({marks}) returning rowid", row).fetchone()
    return int(row_id)
