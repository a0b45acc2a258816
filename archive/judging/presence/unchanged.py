"""Lists that need not be read again: what led to them says that they are as they were when they were read whole."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zlib import crc32

from archive.files import digest, instant
from archive.judging.runs import Session
from archive.rows import Connection
from archive.settings import SourceRecord

TRUSTED = timedelta(days=7)
"""How long an index is believed that says the same: many a site never touches the lastmod of a sitemap that grows."""
SPREAD = timedelta(days=1)  # by which some are read earlier: thousands that were read at once come back bit by bit


def shown_by_unchanged(session: Session, url: str, lastmod: str, now: datetime) -> int | None:
    """How many articles a list shows of which its index says the same as when it was read; None: it must be.

    The list counts as shown in this crawl, and not as read again.
    """
    found = unchanged_list(session.conn, session.source, url, lastmod, now)
    if found is None:
        return None
    list_id, articles = found
    session.conn.execute("update lists set crawl = ? where id = ?", (session.crawl, list_id))
    return articles


def unchanged_list(
    conn: Connection, source: SourceRecord, url: str, lastmod: str, now: datetime
) -> tuple[int, int] | None:
    """The id and the number of articles of a list that need not be read again; None: it must be.

    It must be once a week, whatever its index says; where another scope or host may be declared since, where a change
    in the second in which it was read could be missed (so that a lastmod in the future says nothing), and until it is
    settled. A lastmod that went back is a change: what changed last may be gone.
    """
    row = conn.execute(
        """
        select id, (select count(*) from listed where list_id = lists.id and last is null), read_at from lists
         where source = :source and url = :url and declared = :declared and lastmod = :lastmod and read_at > :lastmod
        """,
        {"source": source.name, "url": url, "declared": declaration_of(source), "lastmod": lastmod},
    ).fetchone()
    if row is None or instant(row[2]) + trusted(url) <= now:
        return None
    return int(row[0]), int(row[1])


def trusted(url: str) -> timedelta:
    """How long a list is left alone of which its index says the same: six days to seven, by its address."""
    return TRUSTED - SPREAD * (crc32(url.encode("utf-8", "replace")) / (1 << 32))


def settle(conn: Connection, lists: Sequence[tuple[str | None, int]]) -> None:
    """Nothing more is to be learned of lists, each as lastmod and id: they may be left out until they change."""
    conn.executemany("update lists set lastmod = ? where id = ?", lists)


def declaration_of(source: SourceRecord) -> str:
    """Which declaration says what of a list is wanted."""
    return digest(source.declaration.encode())
