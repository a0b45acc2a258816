"""What is wrong with the files of an archive, as far as their ends and what no command has entered yet show."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from archive.files import Home
from archive.rows import Shortfall, chain_names, lag, shortfalls

if TYPE_CHECKING:
    from archive.replaying import UnreadSpan


def find_store_faults(conn: sqlite3.Connection, home: Home) -> list[Shortfall | UnreadSpan]:
    """What the files lack of what was entered, and what is wrong with what was not."""
    found: list[Shortfall | UnreadSpan] = [*shortfalls(conn, home)]
    if _has_more(conn, home):
        from archive.replaying import unread_faults  # with the kinds of ledger lines, which take a while

        found += unread_faults(conn, home)
    return found


def _has_more(conn: sqlite3.Connection, home: Home) -> bool:
    """Whether any file holds more than is entered, or something stands in the place of one."""
    return any(lag(conn, home, name) for name in chain_names(home)) or any(True for _ in home.misplaced())
