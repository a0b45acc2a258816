"""The archive's database as the site reads it: pages, tables and strangers' SQL each in a lane of its own."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from copy import copy
from pathlib import Path
from secrets import token_hex
from threading import get_ident
from typing import Any, TypeVar

from datasette.database import Database, QueryInterrupted, Results

from archive.publish.database.sql_hints import with_remedy
from archive.publish.database.sql_sandbox import Sandbox, TooSlow
from archive.rows import connect_anyhow

PAGE_THREADS = 4
MAX_SCHEMA_ANSWERS = 2_000  # answers on the schema; strangers can ask for any name
MAX_CACHED_NAME_CHARACTERS = (
    500  # characters of what they are about; nothing of ours is called so, and an address has room for 100,000
)
# Datasette asks so for every table that a page may name, a hundred times for its list of them.
_NAMES = "select name from sqlite_master where"
# Any query has SQLite look whether the schema is still the one that it knows; its pragmas on the schema do not.
_LOOK = "select 1 from sqlite_master limit 0"

# Whether SQL in this request was written by whoever sent it.
by_a_stranger: ContextVar[bool] = ContextVar("by_a_stranger", default=False)

T = TypeVar("T")
Reading = Callable[[sqlite3.Connection], T]
FileIdentity = tuple[int, int]  # device and inode


def _told_once(question: str) -> Callable[..., Awaitable[Any]]:
    """Datasette's method of that name, asked once for a version of the data; the list it gives may be changed."""

    async def told(database: LiveDatabase, *about: Any) -> Any:
        return copy(await database._told_before(question, *about))

    return told


class LiveDatabase(Database):  # type: ignore[misc] # Datasette has no types
    """Reads the file that lies there now, also on a full disk or a read-only home, and never writes.

    `on_page` is for our pages, `execute_fn` for what Datasette reads itself, and `execute` sends the SQL of strangers
    to a process of its own: nobody waits for a thread that another one's query holds.
    """

    def __init__(self, ds: Any, path: Path) -> None:
        super().__init__(ds, str(path))
        self.sandbox = Sandbox(path)
        self._pages = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")
        self._connections: dict[object, tuple[FileIdentity, sqlite3.Connection]] = {}
        self._remembered: tuple[str, dict[tuple[Any, ...], Any]] = "", {}
        self._run = token_hex(8)  # data versions of another run of the server say nothing here
        self._versioned: tuple[sqlite3.Connection | None, int] = None, 0  # the connection, and the how manieth it is

    def connect(self, write: bool = False) -> sqlite3.Connection:
        assert not write
        return connect_anyhow(Path(self.path))

    def close(self) -> None:
        self.sandbox.close()
        self._pages.shutdown()
        for _, conn in self._connections.values():
            conn.close()
        self._connections.clear()

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """As Datasette's, counted once for a version of the data."""
        return dict(await self._told_before("table_counts", limit))

    # What a page asks of the schema, some of it for every table: each would be a turn of another thread.
    fts_table = _told_once("fts_table")
    foreign_keys_for_table = _told_once("foreign_keys_for_table")
    get_all_foreign_keys = _told_once("get_all_foreign_keys")
    get_table_definition = _told_once("get_table_definition")
    get_view_definition = _told_once("get_view_definition")
    hidden_table_names = _told_once("hidden_table_names")
    primary_keys = _told_once("primary_keys")
    table_column_details = _told_once("table_column_details")
    table_columns = _told_once("table_columns")
    table_exists = _told_once("table_exists")
    table_names = _told_once("table_names")
    view_names = _told_once("view_names")

    async def _told_before(self, question: str, *about: Any, **how: Any) -> Any:
        """What Datasette's own method of that name says, while the data stay as they are."""
        version = self.version()
        if self._remembered[0] != version or len(self._remembered[1]) >= MAX_SCHEMA_ANSWERS:
            self._remembered = version, {}
        answers = self._remembered[1]
        key = (question, *about)
        if key not in answers:
            found = await getattr(super(), question)(*about, **how)
            if len(repr(about)) > MAX_CACHED_NAME_CHARACTERS:
                return found
            answers[key] = found
        return answers[key]

    async def execute_fn(self, fn: Reading[T]) -> T:
        """What `fn(conn)` gives, in one of Datasette's threads; what it is told of the schema is of today."""
        return await self._within(self.ds.executor, lambda conn: fn(_looking(conn)))

    async def on_page(self, fn: Reading[T]) -> T:
        """What `fn(conn)` gives, in a thread for our own pages."""
        return await self._within(self._pages, fn)

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,  # noqa: ARG002 - it would wait for a reader of standard error
    ) -> Results:
        """Datasette's own way to read rows; raises its QueryInterrupted."""
        if not by_a_stranger.get():
            if sql.startswith(_NAMES) and isinstance(params, tuple):
                found: Results = await self._told_before("execute", sql, params, log_sql_errors=False)
                return found
            return await super().execute(sql, params, truncate, custom_time_limit, page_size, log_sql_errors=False)
        most = self.ds.max_returned_rows
        milliseconds = min(custom_time_limit or self.ds.sql_time_limit_ms, self.ds.sql_time_limit_ms)
        rows = most + (most == page_size) if truncate else None
        try:
            found = await self.sandbox.ask(sql, params, milliseconds / 1000, rows)
        except TooSlow as slow:
            raise QueryInterrupted(slow, sql, params) from None
        except sqlite3.OperationalError as error:
            raise sqlite3.OperationalError(with_remedy(str(error))) from None
        return Results(found.rows, found.truncated and truncate, [(column,) for column in found.columns])

    def version(self) -> str:
        """A name for the state of the data: another one after every commit and every swap of the file.

        Asked for before the data are read, it is never newer than what is read then.
        """
        _, conn = self._connection("version")
        if conn is not self._versioned[0]:  # a file that comes may have the number of one that went
            self._versioned = conn, self._versioned[1] + 1
        (number,) = conn.execute("pragma data_version").fetchone()
        return f"{self._run}-{self._versioned[1]}-{number}"

    async def _within(self, threads: ThreadPoolExecutor, fn: Reading[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, lambda: fn(self._connection(get_ident())[1]))

    def _connection(self, holder: object) -> tuple[FileIdentity, sqlite3.Connection]:
        """The holder's connection, another one when a rebuild has put another file in the place."""
        now = _identity(self.path)
        if holder in self._connections:
            opened, conn = self._connections[holder]
            if opened == now:
                return opened, conn
            conn.close()
            del self._connections[holder]
        now, conn = self._opened()
        self.ds._prepare_connection(conn, self.name)
        self._connections[holder] = now, conn
        return now, conn

    def _opened(self) -> tuple[FileIdentity, sqlite3.Connection]:
        while True:
            now = _identity(self.path)
            conn = self.connect()
            if _identity(self.path) == now:
                return now, conn
            conn.close()  # a rebuild came between


def _looking(conn: sqlite3.Connection) -> sqlite3.Connection:
    conn.execute(_LOOK)
    return conn


def _identity(path: str) -> FileIdentity:
    """Which file lies there; a file that is open keeps its number, so that no other one has it meanwhile."""
    found = os.stat(path)  # noqa: PTH116 - a Path made for each question takes longer than the question
    return found.st_dev, found.st_ino
