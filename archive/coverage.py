"""Coverage: which slots were due, made and missed, so that absence is never taken for zero."""

from datetime import datetime

from archive import Archive
from archive.lock import locked
from archive.replay import catch_up
from archive.stores import Stores

CHAIN = "schedule"


def record_missed(archive: Archive, source: str, due_at: str, now: datetime) -> None:
    """Enter a slot that passed without a crawl, in the ledger and in `coverage`. Raises Locked."""
    with locked(archive.home, CHAIN):
        catch_up(archive, [CHAIN])
        stores = Stores(archive, CHAIN, lambda: now, warc=False)
        try:
            stores.tell("slot_missed", due_at, source=source, due_at=due_at)
            stores.commit()
        finally:
            stores.close()
