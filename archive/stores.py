"""The three stores of one writer and their order: WARC synced, ledger synced, then the transaction."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from archive import Archive
from archive.apply import apply_line, apply_record
from archive.clock import stamp
from archive.identity import State
from archive.ledger import Ledger, Line
from archive.warc import Record, Sealed, WarcWriter, seal


class Stores:
    """Writes records and lines of one source in groups; what `commit` has returned for is never lost."""

    def __init__(self, archive: Archive, chain: str, clock: Callable[[], datetime], warc: bool = True) -> None:
        self.archive, self.chain, self.clock = archive, chain, clock
        self.conn, self.folder = archive.conn, archive.home.captures
        self.warc = WarcWriter(self.folder, chain) if warc else None
        self.ledger = Ledger(archive.home.ledger, chain, self._head())
        self.waiting = 0  # records and lines of the open group
        self._syncing = ThreadPoolExecutor(1, thread_name_prefix="sync")

    def record(self, warc_type: str, at: datetime, block: bytes, fields: Iterable[tuple[str, str | None]]) -> Record:
        """Make one WARC record and keep it."""
        return self.keep(seal(warc_type, at, block, fields), at)

    def keep(self, sealed: Sealed, at: datetime) -> Record:
        """Append a record to the group and enter its place."""
        assert self.warc is not None
        self._begin()
        record = Record(self.warc.append(sealed, at), sealed.fields, sealed.block)
        apply_record(self.conn, record)
        return record

    def tell(
        self,
        kind: str,
        at: str,
        key: str | None = None,
        content_digest: str | None = None,
        record_id: str | None = None,
        state: State | None = None,
        **detail: Any,
    ) -> int | None:
        """Append one decision to the group and do what it says; returns the revision it made or named."""
        self._begin()
        line = Line(self.chain, stamp(self.clock()), at, kind, key, content_digest, record_id, detail)
        return apply_line(self.conn, self.folder, self.ledger.append(line), state)

    def commit(self) -> None:
        """Make the group durable, in the order that lets a later store lag but never lead."""
        if not self.conn.in_transaction:
            return
        synced = self._syncing.submit(self._sync)
        self.conn.write_index()  # in memory, while the disk is busy with the others
        synced.result()
        self._mark()
        self.conn.commit_group()
        self.waiting = 0

    def close(self) -> None:
        """End without committing what is open; what reached the WARC file is caught up at the next start.

        After a failed write the stores are closed and opened anew: a sync that failed once is never trusted again.
        """
        self._syncing.shutdown()
        self.conn.abandon_group()
        self.ledger.discard()
        if self.warc is not None:
            self.warc.close()

    def _sync(self) -> None:
        if self.warc is not None:
            self.warc.sync()
        self.ledger.sync()

    def _begin(self) -> None:
        if not self.conn.in_transaction:
            self.conn.execute("begin immediate")
        self.waiting += 1

    def _mark(self) -> None:
        marks: list[tuple[str, str, int, str | None]] = [("ledger", self.chain, self.ledger.bytes, self.ledger.head)]
        if self.warc is not None:
            marks += [("warc", name, end, None) for name, end in self.warc.ends.items()]
        self.conn.executemany("insert or replace into applied values (?, ?, ?, ?)", marks)

    def _head(self) -> str | None:
        row = self.conn.execute("select head from applied where kind = 'ledger' and name = ?", (self.chain,)).fetchone()
        return row[0] if row else None
