"""Lists that need not be read again: what led to them says that they are as they were when they were read whole."""

from collections.abc import Sequence

from archive.connection import Connection
from archive.judging.session import Session
from archive.warc import digest


def shown_by_unchanged(session: Session, url: str, lastmod: str) -> int | None:
    """How many articles a list shows of which its index says the same as when it was read; None: it must be.

    It must be where another scope or host may be declared since, where a change in the second in which it was read
    could be missed, and until it is settled. A lastmod that went back is a change: what changed last may be gone.
    The list counts as shown in this crawl, and not as read again.
    """
    row = session.conn.execute(
        """
        select id, (select count(*) from listed where list_id = lists.id and last is null) from lists
         where source = :source and url = :url and declared = :declared and lastmod = :lastmod and read_at > :lastmod
        """,
        {
            "source": session.source.name,
            "url": url,
            "declared": declaration_of(session),
            "lastmod": lastmod,
        },
    ).fetchone()
    if row is None:
        return None
    session.conn.execute("update lists set crawl = ? where id = ?", (session.crawl, row[0]))
    return int(row[1])


def settle(conn: Connection, lists: Sequence[tuple[str | None, int]]) -> None:
    """Nothing more is to be learned of lists, each as lastmod and id: they may be left out until they change."""
    conn.executemany("update lists set lastmod = ? where id = ?", lists)


def declaration_of(session: Session) -> str:
    """Which declaration says what of a list is wanted."""
    return digest(session.source.declaration.encode())
