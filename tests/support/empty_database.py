"""An empty database with the schema."""

from pathlib import Path

from archive.files import Database
from archive.migrations import migrate
from archive.rows.connection import Connection, connect


def open_database() -> Connection:
    """An empty database with the schema."""
    conn = connect(Path(":memory:"))
    migrate(Database(conn))
    return conn
