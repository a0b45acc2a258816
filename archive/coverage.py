"""Coverage: which slots were due, made and missed, so that absence is never taken for zero."""

from collections.abc import Sequence
from datetime import datetime

from archive import Archive
from archive.decisions import SlotMissed
from archive.lock import locked
from archive.replaying import catch_up
from archive.stores import Stores

CHAIN = "schedule"


def record_missed(archive: Archive, source: str, due_at: Sequence[str], now: datetime) -> None:
    """Enter slots that passed without a crawl, in the ledger and in `coverage`, with one sync for them all.

    A slot that has an outcome already is left as it is. Raises Locked.
    """
    with locked(archive.home, CHAIN):
        catch_up(archive, [CHAIN])
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
