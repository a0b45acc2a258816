"""Captures: one row for each retrieval, derived from its WARC record alone."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from archive.files import (
    CutShort,
    Dating,
    Record,
    dating_of,
    decoded,
    instant,
    moment_in,
    read_head,
    read_http,
    read_record,
    stamp,
)
from archive.rules import key_of
from parsers.document import Document
from parsers.selectors import NO_SELECTORS, Selectors


class Unproved(Exception):  # noqa: N818 a verdict on a line
    """The captures do not support a ledger line: a record it names is missing or has changed; the text says which."""


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """A capture: its row, its source, its address and its moment."""

    capture_id: int
    source: str
    url: str
    captured_at: str


@dataclass(frozen=True, slots=True)
class StoredPayload:
    """The record that holds an address's bytes: its id, the digest of its payload, its address and its moment.

    etag, last_modified: those of the capture that `latest_payload` chose, else of the record. unread: the record is an
    HTML page with the verdict "not_article". `payload_at` leaves the defaults of these three.
    """

    record_id: str
    payload_digest: str
    url: str
    captured_at: str
    etag: str | None = None
    last_modified: str | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """A row of `captures` before it has an id."""

    record_id: str
    source: str
    crawl: str | None
    url: str
    urlkey: str
    captured_at: str
    status: int | None
    mimetype: str | None
    record_type: str
    payload_digest: str | None
    refers_to: str | None
    etag: str | None
    last_modified: str | None
    kind: str
    warc_file: str
    warc_offset: int
    warc_length: int
    dating: Dating
    truncated: str | None = None  # the reason if the payload is only a part (ISO 28500 §5.13)
    listed_section: str | None = None  # the section under which a feed named its address


def capture_of(record: Record, source: str, crawl: str | None) -> Capture:
    """The capture that a response, revisit or resource record holds.

    Raises WarcError for a broken HTTP message, KeyError or ValueError if a field that a capture needs is missing or
    invalid, such as an address without a urlkey.
    """
    fields = record.fields
    not_modified = record.warc_type == "revisit" and not record.block  # the head of a 304 is in a metadata record
    message = None if record.warc_type == "resource" or not_modified else read_head(record.parts[0])
    url, date = fields["warc-target-uri"], fields["warc-date"]
    if stamp(instant(date)) != date:
        raise ValueError(f"WARC-Date {date[:40]!r} has another form")
    payload_digest = fields.get("warc-payload-digest")
    if payload_digest is None and record.warc_type != "revisit":
        raise ValueError("WARC-Payload-Digest is missing")
    content_type = message.header("content-type") if message else fields.get("content-type")
    return Capture(
        record_id=record.record_id,
        source=source,
        crawl=crawl,
        url=url,
        urlkey=key_of(url),
        captured_at=moment_in(fields),
        status=message.status if message else 304 if not_modified else None,
        mimetype=content_type.split(";")[0].strip().lower() or None if content_type else None,
        record_type=record.warc_type,
        payload_digest=payload_digest,
        refers_to=(fields.get("warc-refers-to") or "").strip("<>") or None,
        etag=message.header("etag") if message else fields.get("warc-etag"),
        last_modified=message.header("last-modified") if message else fields.get("warc-last-modified"),
        kind=fields.get("thinker-kind", "article"),
        warc_file=record.place.warc_file,
        warc_offset=record.place.offset,
        warc_length=record.place.length,
        dating=dating_of(fields),
        truncated=fields.get("warc-truncated"),
        listed_section=fields.get("thinker-section") or None,
    )


def insert_capture(conn: sqlite3.Connection, capture: Capture, parse_error: str | None = None) -> int:
    """Insert the row and return its id. A record id that is there already raises sqlite3.IntegrityError.

    parse_error None: for a status other than 200, 203 and 304 the text `HTTP 404` with its number, else null, also
    without a status.
    """
    error = parse_error if parse_error is not None else _status_error(capture)
    row_id = conn.execute(
        """
        insert into captures (record_id, source, crawl_id, url, urlkey, captured_at, status, mimetype, record_type,
                              payload_digest, refers_to, etag, last_modified, warc_file, warc_offset, warc_length,
                              parse_error, kind, truncated, dating, listed_section)
        values (?, ?, (select id from crawls where key = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            capture.record_id, capture.source, capture.crawl, capture.url, capture.urlkey, capture.captured_at,
            capture.status, capture.mimetype, capture.record_type, capture.payload_digest, capture.refers_to,
            capture.etag, capture.last_modified, capture.warc_file, capture.warc_offset, capture.warc_length, error,
            capture.kind, capture.truncated, capture.dating, capture.listed_section,
        ),
    ).lastrowid  # fmt: skip
    assert row_id is not None
    return row_id


def renew_capture(conn: sqlite3.Connection, capture_id: int, capture: Capture) -> None:
    """Fill a row with the fields of its record that an earlier version could not read; its verdict is decided later."""
    conn.execute(
        """
        update captures set url = ?, urlkey = ?, captured_at = ?, dating = ?, status = ?, mimetype = ?,
               payload_digest = ?, refers_to = ?, etag = ?, last_modified = ?, listed_section = ? where id = ?
        """,
        (
            capture.url, capture.urlkey, capture.captured_at, capture.dating, capture.status, capture.mimetype,
            capture.payload_digest, capture.refers_to, capture.etag, capture.last_modified,
            capture.listed_section, capture_id,
        ),
    )  # fmt: skip


def _status_error(capture: Capture) -> str | None:
    return f"HTTP {capture.status}" if capture.status not in (None, 200, 203, 304) else None


def document_of(record: Record, source: str | None, selectors: Selectors = NO_SELECTORS) -> Document:
    """The page that a record holds, for the parser. Raises ContentError (CutShort if truncated) and WarcError."""
    at = instant(record.fields["warc-date"])
    url = record.fields["warc-target-uri"]
    if record.warc_type == "resource":
        return Document(record.block, record.fields.get("content-type"), url, at, source, selectors=selectors)
    if reason := record.fields.get("warc-truncated"):
        raise CutShort(f"the body is only a part ({reason[:40]})")
    message = read_http(record.block)
    content = decoded(message.payload, dict(message.headers))
    further = record.fields.get("thinker-kind") == "page"
    return Document(content, message.header("content-type"), url, at, source, further, selectors)


def latest_payload(conn: sqlite3.Connection, source: str, key: str, etag: str | None = None) -> StoredPayload | None:
    """The record that holds the bytes of the newest good capture of an address, or None.

    key: the urlkey. Good: status 200, 203 or 304, whole, no followed redirect, and not quarantined. etag: the ETag of a
    304; then only captures that had this tag, or no tag, count, as a crawl need not have sent the tag of the last
    capture, and the 304 does not confirm bytes with another tag.
    """
    query = """
        select coalesce(held.record_id, c.record_id), c.payload_digest, coalesce(held.url, c.url),
               coalesce(held.captured_at, c.captured_at), coalesce(c.etag, held.etag),
               coalesce(c.last_modified, held.last_modified),
               coalesce(held.verdict, c.verdict) = 'not_article' and coalesce(held.mimetype, c.mimetype) like '%html%'
          from captures c left join captures held on held.record_id = c.refers_to
         where c.urlkey = ? and c.source = ? and c.payload_digest is not null and c.status in (200, 203, 304)
           and c.verdict is not 'quarantined' and c.truncated is null and c.kind <> 'hop'
         order by c.captured_at desc, c.id desc
        """
    found = (StoredPayload(*row) for row in conn.execute(query, (key, source)))
    return next((each for each in found if etag is None or each.etag is None or _same_tag(each.etag, etag)), None)


def payload_at(conn: sqlite3.Connection, source: str, key: str, at: str | None, before: str) -> StoredPayload | None:
    """The record that holds the bytes of an address as captured at exactly the moment `at`, or None.

    key: the urlkey. With `at`, `before` is ignored and any status will do. at None (WARC 1.0 has no moment for
    revisits): the newest good capture earlier than `before`. Undated, quarantined and truncated captures do not count.
    """
    query = """
        select coalesce(held.record_id, c.record_id), c.payload_digest, coalesce(held.url, c.url),
               coalesce(held.captured_at, c.captured_at)
          from captures c left join captures held on held.record_id = c.refers_to
         where c.urlkey = :key and c.source = :source and c.payload_digest is not null
           and c.verdict is not 'quarantined' and c.truncated is null and c.dating = 'stated'
           and iif(:at is null, c.captured_at < :before and c.status in (200, 203, 304), c.captured_at = :at)
         order by c.captured_at desc, c.id desc limit 1
        """
    row = conn.execute(query, {"key": key, "source": source, "at": at, "before": before}).fetchone()
    return StoredPayload(*row) if row else None


def is_undated(conn: sqlite3.Connection, capture_id: int) -> bool:
    """True if the moment of a capture is unknown."""
    sql = "select dating = 'unknown' from captures where id = ?"
    return bool(conn.execute(sql, (capture_id,)).fetchone()[0])


def _same_tag(one: str, other: str) -> bool:
    """True if two ETags are equal by weak comparison (RFC 9110 §8.8.3.2)."""
    return one.removeprefix("W/") == other.removeprefix("W/")


def capture_row(conn: sqlite3.Connection, record_id: str, payload_digest: str) -> CaptureRow:
    """The capture of a record. Raises Unproved if it is missing, or if its payload digest differs."""
    row = conn.execute(
        """
        select id, source, url, captured_at, payload_digest, warc_file, warc_offset, record_type
          from captures where record_id = ?
        """,
        (record_id,),
    ).fetchone()
    if row is None:
        raise Unproved(f"the capture {record_id} is missing")
    held, file, offset, kind = row[4:]
    if held != payload_digest:
        raise Unproved(f"{file} at {offset}: {kind} record {record_id} holds other bytes: {held}")
    return CaptureRow(*row[:4])


def revisits_of(conn: sqlite3.Connection, record_id: str) -> list[int]:
    """The row ids of the revisits of a record in which its bytes came again as an article's first or only page."""
    rows = conn.execute(
        """
        select v.id from captures c join captures v on v.refers_to = c.record_id
         where c.record_id = ? and v.kind = 'article' order by v.id
        """,
        (record_id,),
    )
    return [capture_id for (capture_id,) in rows]


def was_asked_for(conn: sqlite3.Connection, record_id: str) -> bool:
    """True if a crawl fetched a capture, False if it was imported or is not in the database."""
    row = conn.execute("select crawl_id from captures where record_id = ?", (record_id,)).fetchone()
    return row is not None and row[0] is not None


def note_capture_read(conn: sqlite3.Connection, capture_id: int, parser_version: str) -> None:
    """Note that a parser read an article, or a page of one, from a capture.

    The verdict is then `article`; an earlier verdict, reason and parser are overwritten.
    """
    conn.execute(
        "update captures set parser_version = ?, parse_error = null, verdict = 'article' where id = ?",
        (parser_version, capture_id),
    )


def note_capture_unread(
    conn: sqlite3.Connection, capture_id: int, verdict: str, reason: str, parser_version: str
) -> None:
    """Note that a parser read no article from a capture, and the reason."""
    conn.execute(
        "update captures set parse_error = ?, verdict = ?, parser_version = ? where id = ?",
        (reason, verdict, parser_version, capture_id),
    )


def distrust(conn: sqlite3.Connection, warc_file: str, offset: int, length: int) -> None:
    """Quarantine the captures without a verdict that begin in these bytes of a file: they are not what was written.

    length 0 (unknown) counts as 1.
    """
    conn.execute(
        """
        update captures set verdict = 'quarantined', parse_error = 'its bytes are not those that were written'
         where warc_file = ? and warc_offset >= ? and warc_offset < ? and verdict is null
        """,
        (warc_file, offset, offset + max(1, length)),
    )


def note_page_count(conn: sqlite3.Connection, capture_id: int, count: int) -> None:
    """Note the number of pages of an article at the capture of its first page.

    If that is a revisit, also at the capture that it refers to.
    """
    conn.execute(
        """
        update captures set pages = ?1
         where id = ?2 or record_id = (select refers_to from captures where id = ?2)
        """,
        (count, capture_id),
    )


def stored_record(conn: sqlite3.Connection, folder: Path, record_id: str) -> Record:
    """A record of any type by its id. Raises Unproved if the database has none, and as `read_record`."""
    row = conn.execute(
        "select warc_file, warc_offset, warc_length from warc_records where record_id = ?", (record_id,)
    ).fetchone()
    if row is None:
        raise Unproved(f"the record {record_id} is missing")
    return read_record(folder, *row)


def is_held(conn: sqlite3.Connection, source: str, url: str, at: str | None, payload_digest: str) -> bool:
    """True if a capture of these bytes, address and moment is already in the archive.

    at None: a capture without a known moment, whenever it was received. Raises ValueError for an invalid address.
    """
    when = "dating = 'unknown'" if at is None else "captured_at = :at and dating = 'stated'"
    sql = f"""
        select 1 from captures
         where urlkey = :urlkey and source = :source and payload_digest = :payload_digest and {when} limit 1
        """
    asked = {"urlkey": key_of(url), "source": source, "payload_digest": payload_digest, "at": at}
    return conn.execute(sql, asked).fetchone() is not None


CaptureKind = Literal["article", "list", "page", "hop", "robots"]


def captured(conn: sqlite3.Connection, record_ids: Iterable[str]) -> set[str]:
    """Those of the record ids that captures have."""
    sql = "select record_id from captures where record_id = ?"
    return {found[0] for each in record_ids if (found := conn.execute(sql, (each,)).fetchone())}
