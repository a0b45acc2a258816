"""The three stores of one writer and their order: WARC synced, ledger synced, then the transaction."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from archive.decisions.decision import Decision, LedgerEntry, apply, line_of
from archive.decisions.sealing import WarcRange
from archive.files import DERIVED, Ledger, Record, SealedRecord, WarcWriter, all_files_of, range_digest, seal, stamp
from archive.rows import Archive, Store, apply_record, apply_warcinfo, sealed_end
from archive.rules import ArticleState


class Stores:
    """Writes the records and lines of one chain in groups; a group is durable when `commit` returns."""

    def __init__(self, archive: Archive, chain: str, clock: Callable[[], datetime], about: bytes = b"") -> None:
        self.archive, self.chain, self.clock = archive, chain, clock
        self.conn, self.folder = archive.conn, archive.home.captures
        self.ledger = Ledger(archive.home.ledger, chain, self._head())
        self._writers: dict[str, WarcWriter] = {}
        self._kept: list[Record] = []
        self._about = about  # the block of the warcinfo record at the start of each file
        self._syncing = ThreadPoolExecutor(1, thread_name_prefix="sync")

    def record(self, warc_type: str, at: datetime, block: bytes, fields: Iterable[tuple[str, str | None]]) -> Record:
        """Make one WARC record and append it to the group as `keep` does; returns it.

        Fields of the value None are left out.
        """
        return self.keep(seal(warc_type, at, block, fields), at)

    def keep(self, sealed: SealedRecord, at: datetime) -> Record:
        """Append a captured record to the group, and enter its place; returns it with that place."""
        return self._write(self._writer(""), sealed, at)

    def keep_derived(self, sealed: SealedRecord, at: datetime) -> Record:
        """Append a record derived from a capture as `keep` does, but to the source's files of derived records.

        These are named `SOURCE-derived-…`.
        """
        return self._write(self._writer(DERIVED), sealed, at)

    def declare(self, at: datetime, block: bytes) -> Record:
        """Write a warcinfo record with this block, and enter the source and crawl that it declares; returns the record.

        Every file begun later starts with the same block.
        """
        self._begin()
        self._about = block
        writer = self._writer("")
        if writer.full:
            writer.begin(at)
        record = self._append(writer, self._warcinfo(writer, at))
        apply_warcinfo(self.conn, record)
        return record

    def tell(self, decision: Decision, state: ArticleState | None = None) -> int | None:
        """Append one decision to the ledger in the group and apply it; returns what `apply` returns.

        state: the content of its conversion record, if at hand.
        """
        self._begin()
        line = self.ledger.append(line_of(decision, self.chain, stamp(self.clock())))
        return apply(LedgerEntry(self.conn, self.folder, line, state), decision)

    @contextmanager
    def undoable(self) -> Iterator[list[Record]]:
        """A step within the group: if the block raises, its rows and lines are undone, but its records stay.

        The error is raised again. Yields the list of the step's records, to which the step adds: bytes in a file cannot
        be undone, and keep their rows.
        """
        self._begin()
        lines, self._kept = self.ledger.waiting, []
        try:
            with self.conn.undoable():
                yield self._kept
        except Exception:
            self.ledger.forget(lines)
            if self.conn.in_transaction:
                for record in self._kept:
                    apply_record(self.conn, record)
            raise
        finally:
            self._kept = []  # else the last body would stay in memory until the next step

    def unsealed(self) -> tuple[WarcRange, ...]:
        """For each WARC file of the chain with bytes that no ledger line names yet: the range of these bytes."""
        return tuple(self._unsealed())

    def commit(self) -> None:
        """Make the group durable: WARC files, then ledger, then database, so that none is ahead of the one before.

        Does nothing if no group is open.
        """
        if not self.conn.in_transaction:
            return
        synced = self._syncing.submit(self._sync)
        self.conn.write_index()  # in memory, while the disk is busy with the syncs
        synced.result()
        self._mark()
        self.conn.commit_group()

    def close(self) -> None:
        """Close without committing the open group; bytes that reached the WARC file are caught up at the next start.

        After a failed write the stores are closed and opened anew: a sync that failed once is never trusted again.
        """
        self._syncing.shutdown()
        self.conn.abandon_group()
        self.ledger.discard()
        for writer in self._writers.values():
            writer.close()

    def _writer(self, suffix: str) -> WarcWriter:
        if suffix not in self._writers:
            self._writers[suffix] = WarcWriter(self.folder, self.chain + suffix)
        return self._writers[suffix]

    def _write(self, writer: WarcWriter, sealed: SealedRecord, at: datetime) -> Record:
        self._begin()
        if writer.full:
            writer.begin(at)
            self._append(writer, self._warcinfo(writer, at))
        return self._append(writer, sealed)

    def _append(self, writer: WarcWriter, sealed: SealedRecord) -> Record:
        record = Record(writer.append(sealed), sealed.fields, sealed.parts)
        self._kept.append(record)
        apply_record(self.conn, record)
        return record

    def _warcinfo(self, writer: WarcWriter, at: datetime) -> SealedRecord:
        fields = [("WARC-Filename", writer.name), ("Content-Type", "application/warc-fields")]
        return seal("warcinfo", at, self._about, fields)

    def _unsealed(self) -> Iterator[WarcRange]:
        for path in all_files_of(self.folder, self.chain):
            start, end = sealed_end(self.conn, path.name), path.stat().st_size
            if end > start:
                yield WarcRange(
                    file=path.name, first_byte=start + 1, length=end - start, sha256=_digest(path, start, end)
                )

    def _sync(self) -> None:
        # The captures first: after a power cut no line may name bytes that the disk lacks.
        for writer in self._writers.values():
            writer.sync()
        self.ledger.sync()

    def _begin(self) -> None:
        if not self.conn.in_transaction:
            self.conn.execute("begin immediate")

    def _mark(self) -> None:
        marks: list[tuple[Store, str, int, str | None]] = [("ledger", self.chain, self.ledger.bytes, self.ledger.head)]
        ends = (end for writer in self._writers.values() for end in writer.ends.items())
        marks += [("warc", name, end, None) for name, end in ends]
        self.conn.executemany("insert or replace into applied values (?, ?, ?, ?)", marks)

    def _head(self) -> str | None:
        row = self.conn.execute("select head from applied where kind = 'ledger' and name = ?", (self.chain,)).fetchone()
        return row[0] if row else None


def _digest(path: Path, start: int, end: int) -> str:
    found = range_digest(path, start, end - start)
    assert found is not None  # the caller holds the source's lock, so no other process shortens the file
    return found
