"""Torn ends: what a crash left behind the last whole record or line was never acknowledged; it is cut and kept."""

import logging
import os
from pathlib import Path

from archive.folders import sync_folder
from archive.ledger import steps
from archive.opened import Archive
from archive.record_rows import applied_bytes
from archive.replaying.resuming import holds_a_record, resumed
from archive.warc import CHUNK, WarcError, read_records
from archive.warc_files import DERIVED, all_files_of, files_of

logger = logging.getLogger(__name__)


def cut_torn_ends(archive: Archive, name: str) -> list[str]:
    """Cut each file of a chain after its last whole record or line, and say so; the names of those that were cut."""
    newest = [path for series in (name, name + DERIVED) for path in files_of(archive.home.captures, series)[-1:]]
    ends = [(path, _end_of_records(path, applied_bytes(archive.conn, "warc", path.name))) for path in newest]
    ledger = archive.home.ledger / f"{name}.jsonl"
    if ledger.exists():
        ends.append((ledger, _end_of_lines(ledger, applied_bytes(archive.conn, "ledger", name))))
    return [path.name for path, end in ends if end < path.stat().st_size and _cut(path, end)]


def sync_tails(archive: Archive, name: str) -> None:
    """Bring to the disk what the database has not seen yet, before it is entered. Raises OSError."""
    ledger = archive.home.ledger / f"{name}.jsonl"
    captured = all_files_of(archive.home.captures, name)
    files = [(path, applied_bytes(archive.conn, "warc", path.name)) for path in captured]
    files += [(ledger, applied_bytes(archive.conn, "ledger", name))] if ledger.exists() else []
    behind = [path for path, applied in files if path.stat().st_size > applied]
    for path in behind:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    for folder in {path.parent for path in behind}:
        sync_folder(folder)


def _end_of_records(path: Path, start: int) -> int:
    """The byte behind the last whole record; the file's end where the rest is damage, for records follow it."""
    size, end = path.stat().st_size, start
    try:
        for record in read_records(path, start):
            end = record.place.offset + record.place.length
    except WarcError:
        return size if holds_a_record(path, end + 1) else end
    end = min(max(end, start), size)
    return size if resumed(path, end, size, ()) else end  # a flipped byte may make of a record the start of a long one


def _end_of_lines(path: Path, start: int) -> int:
    """The byte behind the last whole line; junk behind it is no line, whatever breaks it has."""
    end = start
    for step in steps(path.parent, path.stem, start):
        if step.line is not None or step.fault == "the line was altered":
            end = step.end
    return min(end, path.stat().st_size)


def _cut(path: Path, end: int) -> bool:
    """Move what stands behind a byte into a file beside, and cut. Raises OSError."""
    beside = path.with_name(f"{path.name}.cut-{end}")
    with path.open("r+b") as file, beside.open("wb") as kept:
        file.seek(end)
        while chunk := file.read(CHUNK):
            kept.write(chunk)
        kept.flush()
        os.fsync(kept.fileno())
        file.truncate(end)
        os.fsync(file.fileno())
    sync_folder(path.parent)
    logger.warning("%s: an unfinished end was cut at byte %s; it is kept as %s", path.name, f"{end:,}", beside.name)
    return True
