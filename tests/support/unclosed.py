"""Datasette never closes its own connections: here they get a name, whose warning pyproject.toml ignores."""

import sqlite3
import sys
from typing import Any


class OfDatasette(sqlite3.Connection):
    """A connection opened by Datasette itself: for SQLite's version, for JSON, and for `_internal`."""


def name_those_of_datasette() -> None:
    """Name Datasette's connections from now on; call it before the import of Datasette, which opens one.

    A connection is in a circle of references, so its warning comes whenever these are collected, and Python blames
    the line that happens to run: a filter by module cannot tell whose it was.
    """
    plain = sqlite3.connect

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        if sys._getframe(1).f_globals.get("__name__", "").startswith("datasette."):
            options.setdefault("factory", OfDatasette)
        return plain(*arguments, **options)

    sqlite3.connect = connect
