"""Limits on one SQL query by a stranger: SQLite's own, set on the archive's connections."""

import sqlite3

READY = b"r"  # sent to the server when the process has started
# https://www.sqlite.org/limits.html; the length still allows the longest article.
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 16_000_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 20_000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 300,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}


def apply_limits(conn: sqlite3.Connection) -> None:
    """Limit the sizes in a connection's queries (`LIMITS`), and make it read-only; sets no limit of time.

    For connections to the archive: Datasette writes its own database, so do not limit that.
    """
    for limit, value in LIMITS.items():
        conn.setlimit(limit, value)
    conn.execute("pragma query_only = on")
    conn.execute("pragma trusted_schema = off")
