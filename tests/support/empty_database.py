"""An empty database with the schema."""

from functools import cache
from pathlib import Path

from sqlite_utils import Database

from archive.migrations import migrate
from archive.rows.connection import Connection, connect


def open_database() -> Connection:
    """An empty database with the schema."""
    conn = connect(Path(":memory:"))
    conn.deserialize(_migrated())
    return conn


@cache
def _migrated() -> bytes:
    """A migrated database: migrations take a tenth of a second, so they run once and every database is a copy."""
    conn = connect(Path(":memory:"))
    migrate(Database(conn))
    made = conn.serialize()
    conn.close()
    return made
