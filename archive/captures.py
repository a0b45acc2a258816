"""Captures: one row for each retrieval, made from its WARC record alone."""

import sqlite3
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from archive.clock import instant
from archive.warc import HttpMessage, Record, read_http, read_record
from parsers.document import Document
from parsers.urls import urlkey

CONTENT_LIMIT = 32 << 20  # bytes of a decoded payload; a bomb stops here


class ContentError(Exception):
    """The payload is not in the encoding its header names, or grows past the limit."""


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


def capture_of(record: Record, source: str, crawl: str | None) -> Capture:
    """The capture that a response, revisit or resource record holds. Raises WarcError for a broken HTTP message."""
    fields = record.fields
    message = None if record.warc_type == "resource" else read_http(record.block)
    url = fields["warc-target-uri"]
    content_type = fields.get("content-type") if message is None else message.header("content-type")
    return Capture(
        record_id=record.record_id,
        source=source,
        crawl=crawl,
        url=url,
        urlkey=key_of(url),
        captured_at=fields["warc-date"],
        status=None if message is None else message.status,
        mimetype=content_type.split(";")[0].strip().lower() or None if content_type else None,
        record_type=record.warc_type,
        payload_digest=fields.get("warc-payload-digest"),
        refers_to=(fields.get("warc-refers-to") or "").strip("<>") or None,
        etag=None if message is None else message.header("etag"),
        last_modified=None if message is None else message.header("last-modified"),
        kind=fields.get("thinker-kind", "article"),
        warc_file=record.place.warc_file,
        warc_offset=record.place.offset,
        warc_length=record.place.length,
    )


@lru_cache(maxsize=4096)
def key_of(url: str) -> str:
    """The urlkey, or the urn itself for bytes that came without an address."""
    return url if url.startswith("urn:") else urlkey(url)


def insert_capture(conn: sqlite3.Connection, capture: Capture, parse_error: str | None = None) -> int:
    """Insert the row and return its id. A record id that is there already raises sqlite3.IntegrityError."""
    error = parse_error if parse_error is not None else _status_error(capture)
    row_id = conn.execute(
        """
        insert into captures (record_id, source, crawl_id, url, urlkey, captured_at, status, mimetype, record_type,
                              payload_digest, refers_to, etag, last_modified, warc_file, warc_offset, warc_length,
                              parse_error, kind)
        values (?, ?, (select id from crawls where key = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            capture.record_id, capture.source, capture.crawl, capture.url, capture.urlkey, capture.captured_at,
            capture.status, capture.mimetype, capture.record_type, capture.payload_digest, capture.refers_to,
            capture.etag, capture.last_modified, capture.warc_file, capture.warc_offset, capture.warc_length, error,
            capture.kind,
        ),
    ).lastrowid  # fmt: skip
    assert row_id is not None
    return row_id


def _status_error(capture: Capture) -> str | None:
    return f"HTTP {capture.status}" if capture.status not in (None, 200, 203, 304) else None


def document_of(record: Record, source: str | None) -> Document:
    """What the parser needs of a response or resource record. Raises ContentError and WarcError."""
    at = instant(record.fields["warc-date"])
    url = record.fields["warc-target-uri"]
    if record.warc_type == "resource":
        return Document(record.block, record.fields.get("content-type"), url, at, source)
    return document(read_http(record.block), url, at, source, record.fields.get("thinker-kind") == "page")


def document(message: HttpMessage, url: str, at: datetime, source: str | None, further: bool = False) -> Document:
    """The decoded payload of a response as a document; `further`: of kind `page`. Raises ContentError."""
    payload = decoded(message.payload, dict(message.headers))
    return Document(payload, message.header("content-type"), url, at, source, further)


def decoded(payload: bytes, headers: Mapping[str, str]) -> bytes:
    """The payload without its content codings (RFC 9110 §8.4).

    Raises ContentError for an unknown coding, damaged bytes, or more than 32 MiB.
    """
    codings = next((value for name, value in headers.items() if name.lower() == "content-encoding"), "")
    for coding in reversed([coding.strip().lower() for coding in codings.split(",") if coding.strip()]):
        payload = _decode_one(payload, coding)
    return payload


def _decode_one(payload: bytes, coding: str) -> bytes:
    try:
        match coding:
            case "identity":
                return payload
            case "gzip" | "x-gzip":
                return _inflated(payload, 31)
            case "deflate":
                return _inflated(payload, 15 if payload[:1] == b"\x78" else -15)
    except zlib.error as error:
        raise ContentError(f"the payload is not {coding} ({error})") from None
    raise ContentError(f"unknown content coding {coding[:40]!r}")


def _inflated(payload: bytes, wbits: int) -> bytes:
    inflater = zlib.decompressobj(wbits)
    content = _limited(inflater.decompress(payload, CONTENT_LIMIT + 1))
    if not inflater.eof:
        raise ContentError("the compressed payload ends too early")
    return content


def _limited(content: bytes) -> bytes:
    if len(content) > CONTENT_LIMIT:
        raise ContentError(f"the payload grows past {CONTENT_LIMIT >> 20} MiB")
    return content


def latest_payload(conn: sqlite3.Connection, source: str, key: str, etag: str | None = None) -> tuple[str, str] | None:
    """(record id, payload digest) of the newest 200 capture of an address that holds its own bytes.

    With the ETag of a 304 it is the newest capture that had it, where there is one: what was asked for need not be
    what came last.
    """
    query = """
        select coalesce(refers_to, record_id), payload_digest, etag
          from captures
         where urlkey = ? and source = ? and payload_digest is not null and status in (200, 203, 304){}
         order by captured_at desc, id desc limit 1
        """
    row = conn.execute(query.format(""), (key, source)).fetchone()
    if row and etag and row[2] and row[2] != etag:
        row = conn.execute(query.format(" and etag = ?"), (key, source, etag)).fetchone() or row
    return row[:2] if row else None


def stored_record(conn: sqlite3.Connection, folder: Path, record_id: str) -> Record:
    """A record of any type by its id. Raises KeyError when the archive does not hold it."""
    row = conn.execute(
        "select warc_file, warc_offset, warc_length from warc_records where record_id = ?", (record_id,)
    ).fetchone()
    if row is None:
        raise KeyError(record_id)
    return read_record(folder, *row)
