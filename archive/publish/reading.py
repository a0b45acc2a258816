"""How pages read the archive: in a thread, at one moment of the database, and not for long."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from datasette.utils import sqlite_timelimit

from archive.publish.database import LiveDatabase

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

DATABASE = "archive"
TIME_LIMIT = 3_000  # ms for all the queries of a page

P = ParamSpec("P")
T = TypeVar("T")
Reading = Callable[Concatenate[sqlite3.Connection, P], T]


class MissingError(LookupError):
    """The archive has nothing of that name."""


async def read(datasette: Datasette, reading: Reading[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `reading(conn, …)` finds. Raises sqlite3.OperationalError when it takes too long."""

    def inside(conn: sqlite3.Connection) -> T:
        with sqlite_timelimit(conn, TIME_LIMIT):
            conn.execute("begin")
            try:
                return reading(conn, *args, **kwargs)
            finally:
                conn.execute("rollback")

    database = datasette.get_database(DATABASE)
    lane = database.on_page if isinstance(database, LiveDatabase) else database.execute_fn
    found: T = await lane(inside)
    return found


def count_articles(conn: sqlite3.Connection) -> int:
    """How many articles there are to read; two index look-ups, even of a million."""
    return int(
        conn.execute(
            """select (select count(*) from articles)
                    - (select count(*) from articles where state = 'withdrawn')"""
        ).fetchone()[0]
    )
