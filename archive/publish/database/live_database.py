"""The archive's database for Datasette: our pages, Datasette's pages and readers' SQL run apart from each other."""

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
from archive.sandbox import FULL, Rights, ShownConnection, TextMask, refuse_past_views

PAGE_THREADS = 4  # apart from Datasette's own three, which slow filters and facets of tables may hold
MAX_SCHEMA_ANSWERS = 2_000  # a limit is needed, for requests may name any table
MAX_CACHED_NAME_CHARACTERS = 500  # longer than any name of ours; an address has room for 100,000
# Datasette's query for the existence of a table or view: it runs a hundred times for the list of tables.
_NAMES = "select name from sqlite_master where"
# SQLite reloads a changed schema on any query, but not on pragmas about the schema.
_LOOK = "select 1 from sqlite_master limit 0"

# True if the request brings its own SQL.
by_a_stranger: ContextVar[bool] = ContextVar("by_a_stranger", default=False)
# True while Datasette asks for names, keys and counts of tables.
asks_the_schema: ContextVar[bool] = ContextVar("asks_the_schema", default=False)

T = TypeVar("T")
Reading = Callable[[sqlite3.Connection], T]
FileIdentity = tuple[int, int]  # device and inode


def _told_once(question: str) -> Callable[..., Awaitable[Any]]:
    """A method that returns the answer of Datasette's method `question`, cached as by `_told_before`.

    Each caller gets a shallow copy, which it may modify.
    """

    async def told(database: LiveDatabase, *about: Any) -> Any:
        return copy(await database._told_before(question, *about))

    return told


class LiveDatabase(Database):  # type: ignore[misc] # Datasette has no types
    """A read-only Datasette database that follows a rebuild to the new file.

    It also works on a full disk or in a read-only home.

    `on_page` reads for our pages, `execute_fn` for Datasette. `execute` runs Datasette's SQL, but in a request that
    brings its own SQL it uses a separate process, so that a slow query holds up no other page.
    """

    def __init__(self, ds: Any, path: Path, rights: Rights = FULL) -> None:
        super().__init__(ds, str(path))
        self.rights = rights
        self.sandbox = Sandbox(path, rights)
        self._pages = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")
        self._connections: dict[object, tuple[FileIdentity, ShownConnection]] = {}
        self._remembered: tuple[str, dict[tuple[Any, ...], Any]] = "", {}
        self._run = token_hex(8)  # data_version counts anew in every run of the server
        self._versioned: tuple[sqlite3.Connection | None, int] = None, 0  # the connection and its number

    def connect(self, write: bool = False) -> ShownConnection:
        assert not write
        conn = connect_anyhow(Path(self.path), factory=ShownConnection)
        assert isinstance(conn, ShownConnection)
        return conn

    def close(self) -> None:
        self.sandbox.close()
        self._pages.shutdown()
        for _, conn in self._connections.values():
            conn.close()
        self._connections.clear()

    async def table_counts(self, limit: int = 10) -> dict[str, int | None]:
        """The number of rows by table, counted once per version of the data and `limit`.

        None for a table that Datasette could not count within `limit` milliseconds.
        """
        return dict(await self._told_before("table_counts", limit))

    # Questions about the schema, some for every table of a page: each would cost a switch to another thread.
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
        """The answer of Datasette's method `question` to `about` and `how`, cached by `question` and `about` alone.

        All are dropped when the data change or there are MAX_SCHEMA_ANSWERS. An answer is not kept if `about` is
        longer than MAX_CACHED_NAME_CHARACTERS.
        """
        version = self.version()
        if self._remembered[0] != version or len(self._remembered[1]) >= MAX_SCHEMA_ANSWERS:
            self._remembered = version, {}
        answers = self._remembered[1]
        key = (question, *about)
        if key not in answers:
            asks = asks_the_schema.set(True)
            try:
                found = await getattr(super(), question)(*about, **how)
            finally:
                asks_the_schema.reset(asks)
            if len(repr(about)) > MAX_CACHED_NAME_CHARACTERS:
                return found
            answers[key] = found
        return answers[key]

    async def execute_fn(self, fn: Reading[T]) -> T:
        """The result of `fn(conn)`, run in one of Datasette's threads after SQLite has refreshed the schema."""
        return await self._within(self.ds.executor, lambda conn: fn(_looking(conn)))

    async def on_page(self, fn: Reading[T]) -> T:
        """The result of `fn(conn)`, run in one of the PAGE_THREADS threads for our own pages."""
        return await self._within(self._pages, fn)

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,  # noqa: ARG002 - logging could block on a full standard error
    ) -> Results:
        """Run SQL and return its rows. Raises QueryInterrupted if it is too slow.

        In a request that brings its own SQL (`by_a_stranger`), all SQL goes to the sandbox; that may raise TooBusy.
        """
        if not by_a_stranger.get():
            if sql.startswith(_NAMES) and isinstance(params, tuple):
                found: Results = await self._told_before("execute", sql, params, log_sql_errors=False)
                return found
            if not self.rights.are_full:
                refuse_past_views(sql)  # Datasette quotes the names of columns in an address, but not every bracket
            return await super().execute(sql, params, truncate, custom_time_limit, page_size, log_sql_errors=False)
        most = self.ds.max_returned_rows
        milliseconds = min(custom_time_limit or self.ds.sql_time_limit_ms, self.ds.sql_time_limit_ms)
        rows = most + (most == page_size) if truncate else None
        try:
            found = await self.sandbox.ask(sql, params, milliseconds / 1000, rows)
        except TooSlow as slow:
            raise QueryInterrupted(slow, sql, params) from None
        except sqlite3.OperationalError as error:
            raise sqlite3.OperationalError(with_remedy(str(error), self.rights.are_full)) from None
        return Results(found.rows, found.truncated and truncate, [(column,) for column in found.columns])

    def version(self) -> str:
        """A name for the state of the data, which changes with every commit and every swap of the file.

        Ask for it before reading: then it is never newer than the data that were read.
        """
        _, conn = self._connection("version")
        if conn is not self._versioned[0]:  # a new file may have the inode of a deleted one
            self._versioned = conn, self._versioned[1] + 1
        (number,) = conn.execute("pragma data_version").fetchone()
        return f"{self._run}-{self._versioned[1]}-{number}"

    async def _within(self, threads: ThreadPoolExecutor, fn: Reading[T]) -> T:
        bare = asks_the_schema.get()  # the views of a mask have neither keys nor types
        return await asyncio.get_running_loop().run_in_executor(threads, lambda: fn(self._reading(bare)))

    def _reading(self, bare: bool) -> sqlite3.Connection:
        """This thread's connection: masked, or for questions about the schema `bare`."""
        _, conn = self._connection((get_ident(), bare))
        if not bare and not self.rights.are_full:
            if conn.mask is None:
                conn.mask = TextMask(self.rights)
            conn.mask.refresh(conn)
        return conn

    def _connection(self, holder: object) -> tuple[FileIdentity, ShownConnection]:
        """The file's identity and the holder's connection to it, reopened if a rebuild has replaced the file.

        A holder is a thread's id with a flag, or the string `version`: each has a connection of its own.
        """
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

    def _opened(self) -> tuple[FileIdentity, ShownConnection]:
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
    """Device and inode of the file at a path; the inode of an open file is not reused."""
    found = os.stat(path)  # noqa: PTH116 - a Path made for each question takes longer than the question
    return found.st_dev, found.st_ino
