"""The rows of WARC records: the place of each, and the byte up to which the ledger covers a file."""

import sqlite3
from collections.abc import Iterable
from typing import Literal, Protocol

from archive.files import Record

Store = Literal["warc", "ledger"]  # kinds of files that the database has applied up to some byte


class Range(Protocol):
    """Bytes of a WARC file: the first, counted from 1, their number (`length`), and their SHA-256 (hex)."""

    @property
    def file(self) -> str: ...
    @property
    def first_byte(self) -> int: ...
    @property
    def length(self) -> int: ...
    @property
    def sha256(self) -> str: ...


def apply_record(conn: sqlite3.Connection, record: Record) -> None:
    """Enter the place of a record and the digest of its compressed bytes."""
    place = record.place
    conn.execute(
        "insert into warc_records values (?, ?, ?, ?, ?, ?)",
        (place.warc_file, place.offset, place.length, record.record_id, record.warc_type, place.sha256),
    )


def enter_ranges(conn: sqlite3.Connection, ranges: Iterable[Range], line_digest: str) -> None:
    """Enter the ranges of bytes to which the ledger line with this digest commits.

    A range that begins at the same byte of the same file is replaced.
    """
    rows = [(each.file, each.first_byte, each.length, each.sha256, line_digest) for each in ranges]
    conn.executemany("insert or replace into warc_ranges values (?, ?, ?, ?, ?)", rows)


def replace_ranges(
    conn: sqlite3.Connection, file: str, first_byte: int, ranges: Iterable[Range], line_digest: str
) -> None:
    """Delete a file's ranges that end at `first_byte` or later, and enter `ranges`, the parts that are left of them.

    first_byte: the first lost byte, counted from 1.
    """
    conn.execute(
        "delete from warc_ranges where warc_file = ? and first_byte + length > ?",
        (file, first_byte),
    )
    enter_ranges(conn, ranges, line_digest)


def sealed_end(conn: sqlite3.Connection, warc_file: str) -> int:
    """The offset after the last range of a file to which the ledger commits; 0 if no line names the file."""
    sql = "select first_byte - 1 + length from warc_ranges where warc_file = ? order by first_byte desc limit 1"
    row = conn.execute(sql, (warc_file,)).fetchone()
    return int(row[0]) if row else 0


def applied_bytes(conn: sqlite3.Connection, kind: Store, name: str) -> int:
    """The number of bytes, from the start of a WARC file or a chain, that the database has applied; 0 if none yet."""
    row = conn.execute("select bytes from applied where kind = ? and name = ?", (kind, name)).fetchone()
    return int(row[0]) if row else 0
