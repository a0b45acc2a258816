"""Coverage: the slots that were due, made and missed, so that absence is never taken for zero."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime

from archive.decisions import SlotMissed, Stores
from archive.files import Home, locked
from archive.replaying import catch_up_held
from archive.rows import Archive, connect_to_read

CHAIN = "schedule"


class SlotCrawled(Exception):  # noqa: N818 a refusal, not a fault
    """A slot of the schedule already has its crawl and gets no second one."""

    def __init__(self, source: str, due_at: str, started_at: str) -> None:
        super().__init__(f"{source}: the slot of {due_at} was already crawled at {started_at}")


def require_uncrawled(conn: sqlite3.Connection, source: str, due_at: str) -> None:
    """Raise SlotCrawled if a crawl was begun for a slot; the caller holds the source's lock."""
    if (started_at := _begun(conn, source, due_at)) is not None:
        raise SlotCrawled(source, due_at, started_at)


def is_crawled(home: Home, source: str, due_at: str) -> bool:
    """True if a crawl was begun for a slot; False also for a home without a database. Writes nothing."""
    if not home.database.exists():
        return False
    with closing(connect_to_read(home.database)) as conn:
        return _begun(conn, source, due_at) is not None


def _begun(conn: sqlite3.Connection, source: str, due_at: str) -> str | None:
    sql = "select started_at from crawls where source = ? and due_at = ?"
    row = conn.execute(sql, (source, due_at)).fetchone()
    return str(row[0]) if row else None


def record_missed(archive: Archive, source: str, due_at: Sequence[str], now: datetime) -> None:
    """Record slots that passed without a crawl, in the ledger and in `coverage`, with one sync for all.

    A slot with an outcome stays as it is. Raises Locked if another process writes the chain `schedule`.
    """
    with locked(archive.home, CHAIN):
        catch_up_held(archive, CHAIN)
        stores = Stores(archive, CHAIN, lambda: now)
        try:
            for slot in due_at:
                if not _has_outcome(archive, source, slot):
                    stores.tell(SlotMissed(at=slot, source=source, due_at=slot))
            stores.commit()
        finally:
            stores.close()


def _has_outcome(archive: Archive, source: str, due_at: str) -> bool:
    sql = "select 1 from coverage where source = ? and due_at = ?"
    return archive.conn.execute(sql, (source, due_at)).fetchone() is not None
