"""Datasette's own connections, which it never closes, told from ours by a name that pyproject.toml ignores."""

import sqlite3
import sys
from typing import Any


class OfDatasette(sqlite3.Connection):
    """Opened by a module of Datasette's: to ask SQLite for its version, for JSON, and for `_internal`."""


def name_those_of_datasette() -> None:
    """From here on; Datasette opens one while it is imported.

    A connection is in a circle of references, so its warning comes whenever these are collected, and Python blames
    the line that happens to run: a filter by module cannot tell whose it was.
    """
    plain = sqlite3.connect

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        if sys._getframe(1).f_globals.get("__name__", "").startswith("datasette."):
            options.setdefault("factory", OfDatasette)
        return plain(*arguments, **options)

    sqlite3.connect = connect
