"""Quarantine: a capture that no row, reader or rule can take gets a verdict, and the rest goes on."""

import re
import sqlite3

from archive.files import Record, dating_of, digest, instant, moment_in, stamp
from archive.rows.captures import Capture, capture_of, insert_capture, renew_capture
from archive.rules import key_of

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
NEVER = "1970-01-01T00:00:00Z"


class Unenterable(Exception):  # noqa: N818 a verdict on a capture
    """A record has a value that no row can hold; the text is one line."""


def is_fatal(error: Exception) -> bool:
    """True if the disk, the memory or the database failed, so that the next step would fail too.

    False for sqlite3.IntegrityError.
    """
    return isinstance(error, OSError | MemoryError | sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError


def enter_capture(conn: sqlite3.Connection, record: Record, source: str, crawl: str | None) -> tuple[int, str | None]:
    """Enter the capture of a record; returns (row id, None).

    If no row can hold the record, a row with the few fields that any record has is entered instead, and (row id, reason
    in one line) is returned. Raises fatal errors, and sqlite3.IntegrityError for a record that has a row.
    """
    try:
        return insert_capture(conn, capture_of(record, source, crawl)), None
    except sqlite3.IntegrityError:
        raise  # the record is there already: a second row would be false
    except Exception as fault:
        if is_fatal(fault):
            raise
        return insert_capture(conn, _bare(record, source, crawl)), fault_text(fault)


def enter_again(conn: sqlite3.Connection, capture_id: int, record: Record, source: str) -> int | None:
    """Fill the row of a waiting capture from its record; returns its HTTP status, None without one.

    Raises Unenterable if still no row can hold the record, and fatal errors (see `is_fatal`).
    """
    try:
        capture = capture_of(record, source, None)
        renew_capture(conn, capture_id, capture)
    except Exception as fault:
        if is_fatal(fault):
            raise
        raise Unenterable(fault_text(fault)) from None
    return capture.status


def fault_text(fault: Exception) -> str:
    """One line about a fault for people, of at most 200 characters: `fault_text(ValueError("x")) -> "ValueError: x"`.

    For an `Unenterable` it is the text alone.
    """
    said = str(fault) if isinstance(fault, Unenterable) else f"{type(fault).__name__}: {fault}"
    return " ".join(said.split())[:200]


def _bare(record: Record, source: str, crawl: str | None) -> Capture:
    """A capture with the few fields that any record has; None for the others.

    Without a valid moment it has NEVER, without a valid payload digest that of the record's block.
    """
    fields = record.fields
    url = fields.get("warc-target-uri", "").encode("utf-8", "replace").decode()
    said = fields.get("warc-payload-digest", "")
    return Capture(
        record_id=record.record_id,
        source=source,
        crawl=crawl,
        url=url,
        urlkey=key_or_url(url),
        captured_at=_moment(moment_in({"warc-date": "", **fields})),
        status=None,
        mimetype=None,
        record_type=record.warc_type,
        payload_digest=said if DIGEST.fullmatch(said) else digest(record.block),
        refers_to=None,
        etag=None,
        last_modified=None,
        kind=fields.get("thinker-kind", "article"),
        warc_file=record.place.warc_file,
        warc_offset=record.place.offset,
        warc_length=record.place.length,
        dating=dating_of(fields),
    )


def _moment(date: str) -> str:
    try:
        return date if stamp(instant(date)) == date else NEVER
    except ValueError:
        return NEVER


def key_or_url(url: str) -> str:
    """The urlkey of an address, or the address itself if it has none."""
    try:
        return key_of(url)
    except ValueError:
        return url
