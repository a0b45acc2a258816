"""Resuming: where whole records begin again behind bytes that are damaged."""

from collections.abc import Container, Iterator
from pathlib import Path

from archive.files.warc import CHUNK, WarcError, digest_fault, read_records

MEMBER = b"\x1f\x8b\x08"  # how a gzip member begins (RFC 1952)


def resumed(path: Path, start: int, end: int, borders: Container[int]) -> int | None:
    """The byte behind `start` from which whole records stand one behind the other up to a border, or to the end.

    What a page holds may look like a record too, but is followed by the rest of its own. None: there is no such byte.
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
    """Where the next whole record behind a byte begins, if one does."""
    begins = (at for at in _members(path, start, path.stat().st_size) if _begins_a_record(path, at))
    return next(begins, None)


def _begins_a_record(path: Path, at: int) -> bool:
    try:
        return next(read_records(path, at), None) is not None
    except WarcError:
        return False


def _reached(path: Path, at: int, end: int, borders: Container[int]) -> tuple[int, bool]:
    """The byte behind the whole records from one on, and whether it is a border or the end."""
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
    """Every byte where a gzip member may begin."""
    with path.open("rb") as file:
        file.seek(start)
        held, base = b"", start
        while base < end and (chunk := file.read(CHUNK)):
            held += chunk
            at = held.find(MEMBER)
            while at >= 0:
                yield base + at
                at = held.find(MEMBER, at + 1)
            base, held = base + len(held) - 2, held[-2:]
