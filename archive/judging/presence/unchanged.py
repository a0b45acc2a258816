"""Lists that need not be read again, because their index says that they have not changed since."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zlib import crc32

from archive.files import digest, instant
from archive.judging.runs import Session
from archive.rows import Connection
from archive.settings import SourceRecord

TRUSTED = timedelta(days=7)
"""The longest time to trust an unchanged lastmod: many sites never update it for a sitemap that grows."""
SPREAD = timedelta(days=1)  # some lists are read up to this much earlier, so that thousands do not fall due at once


def shown_by_unchanged(session: Session, url: str, lastmod: str, now: datetime) -> int | None:
    """The number of articles on a list that has not changed according to its index; None if it must be read.

    The list counts as shown in this crawl, not as read again. lastmod: the moment that the index gives for the list.
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
    """The row id of a list that need not be read again, and the number of its articles; None if it must be read.

    A list must be read: once a week (see `trusted`), whatever its index says; after its source's declaration changed;
    if it was last read in the second of its lastmod or before, since a later change in that second would be missed; and
    until `settle` has stored its lastmod. A lastmod that went back is a change: the entry that changed last may be
    gone.
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
    """The time for which an unchanged lastmod is trusted: six to seven days, depending on the list's address."""
    return TRUSTED - SPREAD * (crc32(url.encode("utf-8", "replace")) / (1 << 32))


def settle(conn: Connection, lists: Sequence[tuple[str | None, int]]) -> None:
    """Mark lists, given as (lastmod, row id), as settled: crawls may skip them while their lastmod stays the same.

    A list given with lastmod None is never skipped.
    """
    conn.executemany("update lists set lastmod = ? where id = ?", lists)


def declaration_of(source: SourceRecord) -> str:
    """The digest of a source's whole declaration, since that says which entries of a list are wanted."""
    return digest(source.declaration.encode())
