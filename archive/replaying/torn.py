"""Torn ends: what a crash left behind the last whole record or line was never acknowledged, and is cut."""

import os
from collections.abc import Iterable
from pathlib import Path

from archive.opened import Archive
from archive.record_rows import applied_bytes
from archive.warc import Record, WarcError, read_records
from archive.warc_files import DERIVED, files_of


def cut_torn_ends(archive: Archive, name: str) -> list[str]:
    """Cut each file of a chain after its last whole record or line; the names of those that were cut."""
    newest = [path for series in (name, name + DERIVED) for path in files_of(archive.home.captures, series)[-1:]]
    cut = [path.name for path in newest if _cut_file(archive, path)]
    ledger = archive.home.ledger / f"{name}.jsonl"
    if ledger.exists() and _cut_line(ledger, applied_bytes(archive.conn, "ledger", name)):
        cut.append(ledger.name)
    return cut


def _cut_line(path: Path, start: int) -> bool:
    with path.open("rb") as file:
        file.seek(start)
        raw = file.read()
    end = start + raw.rfind(b"\n") + 1
    if end == start + len(raw):
        return False
    _truncate(path, end)
    return True


def _cut_file(archive: Archive, path: Path) -> bool:
    start, size = applied_bytes(archive.conn, "warc", path.name), path.stat().st_size
    try:
        end = max(start, _whole(read_records(path, start), start))
    except WarcError:
        return False  # no torn end but damage: whoever reads the file names it
    if end >= size:
        return False
    _truncate(path, end)
    return True


def _whole(records: Iterable[Record], end: int) -> int:
    """The byte behind the last whole record. Raises WarcError for bytes that are none."""
    for record in records:
        end = record.place.offset + record.place.length
    return end


def _truncate(path: Path, end: int) -> None:
    with path.open("r+b") as file:
        file.truncate(end)
        os.fsync(file.fileno())
