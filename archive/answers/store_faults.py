"""A quick check of an archive's files: only the ends of files and the parts not yet entered are read."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from archive.files import Home
from archive.rows import Shortfall, chain_names, lag, shortfalls

if TYPE_CHECKING:
    from archive.replaying import UnreadSpan


def find_store_faults(conn: sqlite3.Connection, home: Home) -> list[Shortfall | UnreadSpan]:
    """The Shortfalls of all files, as `shortfalls` gives them for bytes already entered; then the UnreadSpans.

    An UnreadSpan is a fault in bytes not yet entered, or a misplaced path.
    """
    found: list[Shortfall | UnreadSpan] = [*shortfalls(conn, home)]
    if _has_more(conn, home):
        from archive.replaying import unread_faults  # imported late: it is slow to load

        found += unread_faults(conn, home)
    return found


def _has_more(conn: sqlite3.Connection, home: Home) -> bool:
    """True if a file holds bytes not yet entered, or if `home.misplaced` names a path."""
    return any(lag(conn, home, name) for name in chain_names(home)) or any(True for _ in home.misplaced())
