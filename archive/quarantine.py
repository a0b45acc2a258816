"""Quarantine: a capture that holds what no row, reader or rule can take is kept with a code, and the rest goes on."""

import re
import sqlite3
from importlib.metadata import version

from archive.captures import Capture, capture_of, insert_capture, key_of
from archive.warc import Record

VERSION = version("thinker-archive")  # a newer one tries quarantined captures again
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NEVER = "1970-01-01T00:00:00Z"


def is_fatal(error: Exception) -> bool:
    """Whether the disk or the database failed, so that nothing after it would fare better."""
    return isinstance(error, OSError | MemoryError | sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError


def enter_capture(conn: sqlite3.Connection, record: Record, source: str, crawl: str | None) -> tuple[int, str | None]:
    """The row of a record; where it holds what a row cannot, a bare one, and why. Raises what is fatal."""
    try:
        return insert_capture(conn, capture_of(record, source, crawl)), None
    except sqlite3.IntegrityError:
        raise  # the record is there already: another row would be a lie
    except Exception as fault:
        if is_fatal(fault):
            raise
        return insert_capture(conn, _bare(record, source, crawl)), told(fault)


def told(fault: Exception) -> str:
    """One line about a fault, for people."""
    return " ".join(f"{type(fault).__name__}: {fault}".split())[:200]


def _bare(record: Record, source: str, crawl: str | None) -> Capture:
    """What can be said of any record."""
    fields = record.fields
    url = fields.get("warc-target-uri", "").encode("utf-8", "replace").decode()
    date = fields.get("warc-date", "")
    return Capture(
        record_id=record.record_id,
        source=source,
        crawl=crawl,
        url=url,
        urlkey=_key(url),
        captured_at=date if MOMENT.fullmatch(date) else NEVER,
        status=None,
        mimetype=None,
        record_type=record.warc_type,
        payload_digest=fields.get("warc-payload-digest"),
        refers_to=None,
        etag=None,
        last_modified=None,
        kind="article" if fields.get("thinker-kind") is None else fields["thinker-kind"],
        warc_file=record.place.warc_file,
        warc_offset=record.place.offset,
        warc_length=record.place.length,
    )


def _key(url: str) -> str:
    try:
        return key_of(url)
    except ValueError:
        return url
