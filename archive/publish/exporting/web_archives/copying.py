"""Copies the chosen records as they stand in the captures, each a compressed member, byte for byte."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Protocol

from archive.files import READ_BYTES, Meter, SealedRecord, WarcError

ROWS_PER_STEP = 1_000  # of a temporary table read at once


class Sink(Protocol):
    """A stream that takes bytes."""

    def write(self, piece: bytes, /) -> object: ...


def copy_records(conn: sqlite3.Connection, folder: Path, about: SealedRecord, out: Sink, meter: Meter) -> None:
    """Write `about`, the warcinfo of the new file, and after it the records in `leaving_records`; notes their places.

    The meter counts records. folder: that of the captures. Raises WarcError if a record is not the one that was
    written, OSError without a file.
    """
    out.write(about.member)
    end = len(about.member)
    with _Source(folder) as source:
        for some in _steps(conn):
            for warc_file, offset, length, sha256 in some:
                copied = hashlib.sha256()
                for piece in source.pieces(warc_file, offset, length):
                    copied.update(piece)
                    out.write(piece)
                if copied.digest() != sha256:
                    raise WarcError(f"{warc_file} at {offset}: not the bytes that were written: run `thinker verify`")
                meter.add(1)
            places = []
            for warc_file, offset, length, _ in some:
                places.append((end, warc_file, offset))
                end += length
            conn.executemany("update leaving_records set place = ? where warc_file = ? and warc_offset = ?", places)


def _steps(conn: sqlite3.Connection) -> Iterator[list[tuple[str, int, int, bytes]]]:
    last = ("", -1)
    while some := conn.execute(_RECORDS, (*last, ROWS_PER_STEP)).fetchall():
        yield some
        last = some[-1][:2]


class _Source:
    """The files of the captures, one open at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = ""
        self._file: BinaryIO
        self._open = ExitStack()

    def __enter__(self) -> _Source:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def pieces(self, name: str, offset: int, length: int) -> Iterator[bytes]:
        """Yield the bytes of a part of a file; fewer if the file is shorter."""
        if name != self._name:
            self._open.close()
            self._file = self._open.enter_context((self._folder / name).open("rb"))
            self._name = name
        self._file.seek(offset)
        while length and (piece := self._file.read(min(READ_BYTES, length))):
            length -= len(piece)
            yield piece


_RECORDS = """
    select warc_file, warc_offset, warc_length, sha256 from leaving_records
     where (warc_file, warc_offset) > (?, ?) order by warc_file, warc_offset limit ?
"""
