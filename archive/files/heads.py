"""The heads of all chains, and the one digest over them that is to be noted somewhere else."""

import sqlite3

from archive.files.ledger import daily_head


def heads(conn: sqlite3.Connection) -> dict[str, str]:
    """The digest of the last applied line of every chain that has one."""
    rows = conn.execute("select name, head from applied where kind = 'ledger' order by name").fetchall()
    return {name: head for name, head in rows if head}


def head_of_all(conn: sqlite3.Connection) -> str:
    """The daily head: one digest over the sorted heads."""
    return daily_head(heads(conn))
