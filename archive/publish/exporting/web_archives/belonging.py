"""Finds the records that belong to a capture: its request, the head of a 304, and the warcinfo of its run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from archive.files import files_of, series_of, stored_fields
from archive.publish.exporting.web_archives.copying import ROWS_PER_STEP

BESIDE = frozenset({"request", "metadata"})  # the records that follow their capture


class Stored(NamedTuple):
    """A row of `warc_records`."""

    warc_file: str
    warc_offset: int
    warc_length: int
    sha256: bytes
    record_id: str
    warc_type: str


def add_belonging(conn: sqlite3.Connection, folder: Path) -> None:
    """Add the records that belong to the captures in `leaving_records`.

    folder: that of the captures. Raises OSError and WarcError for a record that cannot be read.
    """
    followers = Followers(conn, folder)
    met: set[str] = set()  # the warcinfo records, one for each run
    last = ("", -1)
    while some := conn.execute(_CAPTURES, (*last, ROWS_PER_STEP)).fetchall():
        for warc_file, offset, length, record_id in some:
            warcinfo = _name(stored_fields(folder / warc_file, offset, length).get("warc-warcinfo-id"))
            if warcinfo and warcinfo not in met:
                met.add(warcinfo)
                conn.execute(_ADD_NAMED, (warcinfo,))
            for each in followers.of(warc_file, offset, record_id):
                conn.execute(_ADD, each[:-1])
        last = some[-1][:2]


class Followers:
    """The records that the program wrote after a capture and that name it."""

    def __init__(self, conn: sqlite3.Connection, folder: Path) -> None:
        self._conn, self._folder = conn, folder
        self._next_file = lru_cache(1000)(self._file_after)

    def of(self, warc_file: str, offset: int, record_id: str) -> Iterator[Stored]:
        """Yield the request of a capture and the head of its 304; they may begin the next file of the series."""
        for each in self._after(warc_file, offset):
            if each.warc_type not in BESIDE:
                return
            fields = stored_fields(self._folder / each.warc_file, each.warc_offset, each.warc_length)
            if _name(fields.get("warc-concurrent-to")) == record_id:
                yield each

    def _after(self, warc_file: str, offset: int) -> Iterator[Stored]:
        """Yield the records after a place of a file; then those of the next file, without the warcinfo at its start."""
        for row in self._conn.execute(_AFTER, (warc_file, offset)):
            yield Stored(*row)
        if following := self._next_file(warc_file):
            for row in self._conn.execute(_AFTER, (following, 0)):
                yield Stored(*row)

    def _file_after(self, warc_file: str) -> str | None:
        names = [path.name for path in files_of(self._folder, series_of(warc_file))]
        return names[names.index(warc_file) + 1] if warc_file in names[:-1] else None


def _name(field: str | None) -> str:
    """A record id without its brackets."""
    return (field or "").strip("<>")


_CAPTURES = """
    select warc_file, warc_offset, warc_length, record_id from leaving_records
     where (warc_file, warc_offset) > (?, ?) and capture_id is not null order by warc_file, warc_offset limit ?
"""
_AFTER = """
    select warc_file, warc_offset, warc_length, sha256, record_id, warc_type from warc_records
     where warc_file = ? and warc_offset > ? order by warc_offset
"""
_ADD = """
    insert or ignore into leaving_records (warc_file, warc_offset, warc_length, sha256, record_id)
    values (?, ?, ?, ?, ?)
"""
_ADD_NAMED = """
    insert or ignore into leaving_records (warc_file, warc_offset, warc_length, sha256, record_id)
    select warc_file, warc_offset, warc_length, sha256, record_id from warc_records
     where record_id = ? and warc_type = 'warcinfo'
"""
