"""An empty database with the schema."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from archive.connection import connect
from archive.migrations import migrations


def open_database() -> sqlite3.Connection:
    """An empty database with the schema."""
    conn = connect(Path(":memory:"))
    migrations.apply(Database(conn))
    return conn
