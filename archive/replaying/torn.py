"""Torn ends: bytes that a crash left after the last whole record or line, never acknowledged; cut off and kept."""

import logging
import os
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from types import MappingProxyType

from archive.decisions import Decision, Loss, Sealing
from archive.files import (
    ALTERED,
    DERIVED,
    READ_BYTES,
    TWICE,
    LedgerLine,
    RecordLocation,
    Step,
    WarcError,
    all_files_of,
    as_text,
    captured_sources,
    chains,
    digest_fault,
    files_of,
    is_locked,
    read_records,
    steps,
    sync_path,
)
from archive.rows import Archive, applied_bytes, shortfalls

logger = logging.getLogger(__name__)
NOTHING: Mapping[str, int] = MappingProxyType({})
ENDS = {name for name, kind in Decision.KINDS.items() if issubclass(kind, Sealing | Loss)}  # lines that name bytes
RECORD = re.compile("urn:uuid:[0-9a-f-]{36}")
MEMBER = b"\x1f\x8b\x08"  # the start of a gzip member (RFC 1952)


@dataclass(frozen=True, slots=True)
class Torn:
    """A file with an unfinished end, the byte where that begins, and whole records after it that are put back."""

    path: Path
    end: int
    whole: tuple[RecordLocation, ...] = ()

    @property
    def beside(self) -> Path:
        """The path for the bytes that are cut, such as `people-1.warc.gz.cut-9000` for a cut at byte 9000.

        If it exists, `-2` (or `-3` …) is added, so earlier cuts at the same byte are not overwritten.
        """
        first = self.path.with_name(f"{self.path.name}.cut-{self.end}")
        names = chain([first], (first.with_name(f"{first.name}-{number}") for number in count(2)))
        return next(each for each in names if not each.exists())


def torn_ends(archive: Archive) -> list[Torn]:
    """The unfinished ends that the next writer will cut; chains that have a writer or lost bytes are left out."""
    home = archive.home
    names = sorted(captured_sources(home.captures) | set(chains(home.ledger)))
    idle = [name for name in names if not is_locked(home, name) and not any(shortfalls(archive.conn, home, name))]
    return [torn for name in idle for torn in _torn_ends(archive, name, NOTHING)]


def cut_torn_ends(archive: Archive, name: str, entered: Mapping[str, int] = NOTHING) -> list[str]:
    """Cut a chain's ledger and its newest WARC files after the last whole line or record; log each cut.

    The newest files are that of captures and that of records derived from them. The bytes are kept in a file beside it
    (`Torn.beside`). Returns the names of the files that were cut, [] if all were whole. If a power cut lost a write and
    left a later one, the last crawl's whole records after the gap are put back. entered: the bytes of each WARC file
    that an earlier database had applied; a gap within them is damage.
    """
    found = list(_torn_ends(archive, name, entered))
    for torn in found:
        _cut(torn)
    return [torn.path.name for torn in found]


def _torn_ends(archive: Archive, name: str, entered: Mapping[str, int]) -> Iterator[Torn]:
    for series in (name, name + DERIVED):
        for path in files_of(archive.home.captures, series)[-1:]:
            end = _end_of_records(path, applied_bytes(archive.conn, "warc", path.name))
            if end < path.stat().st_size:
                whole = list(_whole_records(path, end + 1))
                if not whole or (end >= entered.get(path.name, 0) and _never_synced(archive, name, path, end)):
                    yield Torn(path, end, tuple(_of_the_crawl(archive, name, whole)))
    ledger = archive.home.ledger / f"{name}.jsonl"
    if ledger.exists():
        end = _end_of_lines(ledger, applied_bytes(archive.conn, "ledger", name))
        if end < ledger.stat().st_size:
            yield Torn(ledger, end)


def sync_ends(archive: Archive, name: str) -> None:
    """Sync the bytes that the database has not applied yet, before they are entered. Raises OSError."""
    ledger = archive.home.ledger / f"{name}.jsonl"
    captured = all_files_of(archive.home.captures, name)
    files = [(path, applied_bytes(archive.conn, "warc", path.name)) for path in captured]
    files += [(ledger, applied_bytes(archive.conn, "ledger", name))] if ledger.exists() else []
    behind = [path for path, applied in files if path.stat().st_size > applied]
    for path in behind:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    for folder in {path.parent for path in behind}:
        sync_path(folder)


def _end_of_records(path: Path, start: int) -> int:
    """The offset after the last whole record from `start` on, before the first broken one; `start` without any."""
    end = start
    try:
        for record in read_records(path, start):
            end = record.place.offset + record.place.length
    except WarcError:
        return end
    return min(end, path.stat().st_size)


def _of_the_crawl(
    archive: Archive, name: str, found: Sequence[tuple[RecordLocation, str | None]]
) -> list[RecordLocation]:
    """The places of those records that name the warcinfo of the crawl that wrote last.

    Bytes of a page may look like a record, but cannot name that.
    """
    named = f"<{_newest_warcinfo(archive, name)}>" if found else ""
    return [place for place, warcinfo in found if warcinfo == named]


def _newest_warcinfo(archive: Archive, name: str) -> str:
    """The id of a source's newest warcinfo record, "" without one.

    The warcinfo record was synced before any other record of its crawl was written.
    """
    sql = "select max(record_id) from warc_records where warc_type = 'warcinfo' and warc_file = ?"
    newest = ""
    for path in files_of(archive.home.captures, name):
        newest = max(newest, archive.conn.execute(sql, (path.name,)).fetchone()[0] or "")
        with suppress(WarcError):
            for record in read_records(path, applied_bytes(archive.conn, "warc", path.name)):
                newest = max(newest, record.record_id if record.warc_type == "warcinfo" else "")
    return newest


def _whole_records(path: Path, start: int) -> Iterator[tuple[RecordLocation, str | None]]:
    """Yield for each whole record from a byte on a pair: its place, and the id of the warcinfo that it names, or None.

    Bytes between whole records are skipped.
    """
    while (at := next_record(path, start)) is not None:
        try:
            for record in read_records(path, at):
                yield record.place, record.fields.get("warc-warcinfo-id")
                at = record.place.offset + record.place.length
        except WarcError:
            pass
        start = at + 1


def _never_synced(archive: Archive, name: str, path: Path, end: int) -> bool:
    """True if no line commits to the bytes of a file after an offset, so these may never have been synced.

    Captures are synced before a line names them. So it is False too if a line that the database has not applied is
    unsound, or names a record that is not whole before that offset, or in the other files before their first gap.
    """
    named: set[str] = set()
    for step in steps(archive.home.ledger, name, applied_bytes(archive.conn, "ledger", name)):
        if step.line is None or _commits(step.line, path.name, end):
            return False
        named.update(RECORD.findall(as_text(step.line)))
    for each in all_files_of(archive.home.captures, name) if named else ():
        start = applied_bytes(archive.conn, "warc", each.name)
        with suppress(WarcError):
            for record in read_records(each, start, end if each == path else None):
                named.discard(record.record_id)
    known = "select 1 from warc_records where record_id = ?"
    return all(archive.conn.execute(known, (record_id,)).fetchone() for record_id in named)


def _commits(line: LedgerLine, file: str, end: int) -> bool:
    """True if a line names a range that reaches beyond the offset `end` of a file, or a loss anywhere in the file."""
    ranges = (each for each in line.detail.get("files", ()) if each["file"] == file)
    return line.detail.get("file") == file or any(each["first_byte"] - 1 + each["length"] > end for each in ranges)


def _end_of_lines(path: Path, start: int) -> int:
    """The offset after the last whole line; junk after it is no line, even with line breaks in it; `start` without one.

    The pages of one append may reach the disk in any order. Zeros followed by lines, none of which ends a run, are the
    remains of an append at a power cut: the offset is then before the zeros. Those lines are lost, but their captures
    are on disk and are decided again.
    """
    end, gap = start, None
    for step in steps(path.parent, path.stem, start):
        if step.line is None and gap is None and b"\0" in _bytes(path, step):
            gap = step.start
        if step.line is not None and step.line.kind in ENDS:
            gap = None  # a run went on after it: those bytes were there, and are damaged
        if step.line is not None or step.fault in (ALTERED, TWICE):
            end = step.end
    return min(end, path.stat().st_size) if gap is None else min(end, gap)


def _bytes(path: Path, step: Step) -> bytes:
    with path.open("rb") as file:
        file.seek(step.start)
        return file.read(step.end - step.start)


def _cut(torn: Torn) -> None:
    """Move the bytes after an offset into a file beside it, then put back the whole records. Raises OSError."""
    path, end, beside = torn.path, torn.end, torn.beside
    with path.open("r+b") as file, beside.open("x+b") as kept:
        file.seek(end)
        while chunk := file.read(READ_BYTES):
            kept.write(chunk)
        kept.flush()
        os.fsync(kept.fileno())
        sync_path(path.parent)  # before the only other copy is removed
        file.truncate(end)
        file.seek(end)
        for place in torn.whole:
            kept.seek(place.offset - end)
            file.write(kept.read(place.length))
        file.flush()
        os.fsync(file.fileno())
    logger.warning(
        "%s: cut off an unfinished end at byte %s; it is kept as %s%s",
        path.name,
        f"{end:,}",
        beside.name,
        f", and the {len(torn.whole)} complete records after it were put back" if torn.whole else "",
    )


def resumed(path: Path, start: int, end: int, borders: Container[int]) -> int | None:
    """The first offset after `start` from which whole records follow one another up to one of `borders` or to `end`.

    None if there is no such offset. Bytes of a page may look like a record too, but are followed by the rest of the
    page's own record, so they do not reach a border.
    """
    searched = start + 1
    for at in _members(path, start + 1, end):
        if at < searched:
            continue
        reached, whole = _reached(path, at, end, borders)
        if whole:
            return at
        searched = reached
    return None


def next_record(path: Path, start: int) -> int | None:
    """The offset of the first whole record that begins at `start` or later; None without one."""
    begins = (at for at in _members(path, start, path.stat().st_size) if _begins_a_record(path, at))
    return next(begins, None)


def _begins_a_record(path: Path, at: int) -> bool:
    try:
        return next(read_records(path, at), None) is not None
    except WarcError:
        return False


def _reached(path: Path, at: int, end: int, borders: Container[int]) -> tuple[int, bool]:
    """The offset after the whole records from `at` on, up to the first border, and True if it is a border or the end.

    `(at, False)` if no whole record begins there.
    """
    reached = at
    try:
        for record in read_records(path, at, end):
            if digest_fault(record):
                break
            reached = record.place.offset + record.place.length
            if reached in borders:
                return reached, True
    except WarcError:
        pass
    return reached, at < reached == end


def _members(path: Path, start: int, end: int) -> Iterator[int]:
    """Yield every offset from `start` on where a gzip member may begin; some are after `end`."""
    with path.open("rb") as file:
        file.seek(start)
        held, base = b"", start
        while base < end and (chunk := file.read(READ_BYTES)):
            held += chunk
            at = held.find(MEMBER)
            while at >= 0:
                yield base + at
                at = held.find(MEMBER, at + 1)
            base, held = base + len(held) - 2, held[-2:]
