"""Prepare a response without the database: its record, the reading of its page, the conversion record.

Callable ahead of time from another thread, while the writing thread is busy with SQLite.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from archive.files import (
    IDENTICAL_PAYLOAD,
    SERVER_NOT_MODIFIED,
    SealedRecord,
    common_fields,
    digest,
    http_block,
    http_head,
    request_block,
    seal,
    section_field,
)
from archive.history import state_conversion
from archive.judging.reading.fetched import Fetched
from archive.judging.reading.readings import PageReading, SourceReader, UnreadPage, one_line
from archive.judging.reading.wholeness import Opened, opened
from archive.rows import StoredPayload
from archive.rules import ArticleState

GOOD = frozenset({200, 203})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A response with its record; for an article's page also its reading; for a whole article the conversion record.

    request: the record of the request, if that is known. whole: False if the body was cut off, or may have been.
    """

    payload_digest: str
    record: SealedRecord
    request: SealedRecord | None
    reading: PageReading | None
    conversion: SealedRecord | None
    whole: bool = True

    @property
    def leads_to(self) -> str | None:
        """The address to which a page without an article sends its reader by itself; None for other pages."""
        return self.reading.leads_to if isinstance(self.reading, UnreadPage) else None


def prepare_response(fetched: Fetched, warcinfo: str, reader: SourceReader) -> Prepared:
    """The digest, the records and the reading of a response: all that can be made without the database.

    Only a page with status 200 or 203, not a list, a robots.txt or a followed redirect, gets a reading; only one that
    is a whole article gets a conversion record. warcinfo: the record id that its records name.
    """
    payload_digest = digest(fetched.payload)
    page = opened(fetched) if fetched.status in GOOD and fetched.kind != "hop" else None
    truncated = page.cut.reason if page and page.cut else fetched.truncated
    fields = [
        *common_fields(fetched.url, fetched.kind, warcinfo),
        ("WARC-IP-Address", fetched.ip),
        ("Content-Type", "application/http; msgtype=response"),
        ("WARC-Payload-Digest", payload_digest),
        ("WARC-Truncated", truncated),
        section_field(fetched.section),
    ]
    block = (http_head(fetched.status, fetched.headers), fetched.payload)
    record = seal("response", fetched.captured_at, block, fields, fetched.record_id)
    request = request_record(fetched, record.record_id, warcinfo)
    reading = _reading(fetched, page, reader) if page and fetched.kind not in ("list", "robots") else None
    if not isinstance(reading, ArticleState) or reading.following or fetched.kind == "page":
        return Prepared(payload_digest, record, request, reading, None, truncated is None)
    kept = state_conversion(record.record_id, fetched.url, _as_recorded(fetched), reading, warcinfo)
    return Prepared(payload_digest, record, request, reading, kept)


def _reading(fetched: Fetched, page: Opened, reader: SourceReader) -> PageReading:
    if page.cut:
        return UnreadPage("incomplete", one_line(page.cut.said))
    if page.fault:
        return UnreadPage("not_article", one_line(page.fault))
    content_type, further = fetched.header("content-type"), fetched.kind == "page"
    return reader.content(page.content, content_type, fetched.url, _as_recorded(fetched), further)


def _as_recorded(fetched: Fetched) -> datetime:
    """The moment of a capture as its record states it: in UTC, the fraction of the second cut off."""
    return fetched.captured_at.astimezone(UTC).replace(microsecond=0)


def request_record(fetched: Fetched, response: str, warcinfo: str | None) -> SealedRecord | None:
    """The record of the request that a response answers (ISO 28500 §6.4); None if the request is not known.

    response: the record id of the response, or of the revisit.
    """
    asked = fetched.asked
    if asked is None:
        return None
    fields = [
        *common_fields(fetched.url, fetched.kind, warcinfo),
        ("WARC-Concurrent-To", f"<{response}>"),
        ("WARC-IP-Address", fetched.ip),
        ("Content-Type", "application/http; msgtype=request"),
    ]
    block = request_block(asked.method, fetched.url, asked.headers, asked.body)
    return seal("request", fetched.captured_at, block, fields)


def revisit_record(fetched: Fetched, profile: str, held: StoredPayload, warcinfo: str | None) -> SealedRecord:
    """The record of bytes that came again, or were confirmed by a 304 (ISO 28500 §6.7).

    Its block is the HTTP head. For a 304 it is empty, as the standard allows, and `not_modified_head` keeps the head:
    replay programs show a revisit's HTTP head if it has one, and a 304 would appear as a page without a body.
    """
    confirmed = profile == SERVER_NOT_MODIFIED
    fields = [
        *common_fields(fetched.url, fetched.kind, warcinfo),
        ("WARC-IP-Address", fetched.ip),
        ("Content-Type", None if confirmed else "application/http; msgtype=response"),
        ("WARC-Payload-Digest", held.payload_digest),
        ("WARC-Profile", profile),
        ("WARC-Refers-To", f"<{held.record_id}>"),
        ("WARC-Refers-To-Target-URI", held.url),
        ("WARC-Refers-To-Date", held.captured_at),
        ("WARC-Etag", fetched.header("etag") if confirmed else None),
        ("WARC-Last-Modified", fetched.header("last-modified") if confirmed else None),
        section_field(fetched.section),
    ]
    block = b"" if confirmed else http_block(fetched.status, fetched.headers, b"")
    return seal("revisit", fetched.captured_at, block, fields, fetched.record_id)


def not_modified_head(fetched: Fetched, revisit: str, warcinfo: str | None) -> SealedRecord:
    """The metadata record of status line and header fields of a 304 (ISO 28500 §6.6).

    revisit: the id of the revisit record that was made for the 304.
    """
    fields = [
        *common_fields(fetched.url, fetched.kind, warcinfo),
        ("WARC-Concurrent-To", f"<{revisit}>"),
        ("WARC-Refers-To", f"<{revisit}>"),
        ("Content-Type", "application/warc-fields"),
    ]
    status, *headers = http_block(fetched.status, fetched.headers, b"").decode("latin-1").split("\r\n")[:-2]
    lines = [f"http-status-line: {status}", *(f"http-header: {header}" for header in headers)]
    return seal("metadata", fetched.captured_at, "".join(f"{line}\r\n" for line in lines).encode(), fields)


def etag_of_304(fetched: Fetched) -> str | None:
    """The ETag of a 304, which names the bytes that it confirms; None without one, and for other responses."""
    return fetched.header("etag") if fetched.status == 304 else None


def revisit_profile(fetched: Fetched, payload_digest: str, known: StoredPayload | None) -> str | None:
    """The revisit profile (ISO 28500 §6.7.2) of a response whose bytes are those of `known`, else None.

    They are if it is a 304, or if it has status 200 or 203 and the same payload digest. known: the newest bytes stored
    of its address, if any.
    """
    if known is None:
        return None
    if fetched.status == 304:
        return SERVER_NOT_MODIFIED
    return IDENTICAL_PAYLOAD if fetched.status in GOOD and known.payload_digest == payload_digest else None
