"""What a response becomes without the database: its record, what its page says, and the record of that.

All of it may be made ahead and in another thread, while the one that writes is busy with SQLite.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import parsers
from archive.captures import ContentError, Stored, document
from archive.decisions import Verdict
from archive.derived import conversion
from archive.identity import State, state_of
from archive.warc import (
    IDENTICAL_PAYLOAD,
    SERVER_NOT_MODIFIED,
    HttpMessage,
    Sealed,
    common_fields,
    digest,
    http_block,
    request_block,
    seal,
)
from parsers import Blocked, Document, Gone, LayoutChanged, ParseError, Restricted
from parsers.paging import following_page

GOOD = frozenset({200, 203})
VERDICTS: tuple[tuple[type[ParseError], Verdict], ...] = (
    (Gone, "gone"),
    (Restricted, "restricted"),
    (Blocked, "blocked"),
    (LayoutChanged, "layout"),
    (ParseError, "not_article"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The request as it was sent, but for fields that the connection added."""

    method: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One response as it came: the payload is as the server encoded it, without transfer coding."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    captured_at: datetime
    kind: str = "article"  # or "list": a page that only leads to articles; "page": a further page of an article
    ip: str | None = None
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a page gave no article: the verdict, and one line for people."""

    verdict: Verdict
    reason: str


Reading = State | Unread
Reader = Callable[[Document], Reading]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A response with its record; of an article's page also what it says, and the conversion record of that."""

    payload_digest: str
    record: Sealed
    request: Sealed | None
    reading: Reading | None
    conversion: Sealed | None


def read_page(page: Document) -> Reading:
    """What a page says. A hostile page may break any parser: then that is the reason, for the capture is kept."""
    try:
        state = state_of(parsers.parse(page), parsers.PARSER_VERSION)
        following = following_page(page)
        return replace(state, following=following) if following else state
    except ParseError as error:
        verdict = next(verdict for kind, verdict in VERDICTS if isinstance(error, kind))
        return Unread(verdict, one_line(error.reason))
    except Exception as fault:
        return Unread("crashed", one_line(f"the parser failed: {type(fault).__name__}: {fault}"))


def prepare(fetched: Fetched, warcinfo: str, source: str | None, read: Reader) -> Prepared:
    """Make of a response all that needs no database; `source` names the page classes that may read it."""
    payload_digest = digest(fetched.payload)
    message = HttpMessage(fetched.status, fetched.headers, fetched.payload)
    fields = [
        *common_fields(fetched.url, fetched.kind, warcinfo),
        ("WARC-IP-Address", fetched.ip),
        ("Content-Type", "application/http; msgtype=response"),
        ("WARC-Payload-Digest", payload_digest),
    ]
    block = http_block(message.status, message.headers, message.payload)
    record = seal("response", fetched.captured_at, block, fields)
    request = request_record(fetched, record.record_id, warcinfo)
    if fetched.kind == "list" or fetched.status not in GOOD:
        return Prepared(payload_digest, record, request, None, None)
    at = fetched.captured_at.astimezone(UTC).replace(microsecond=0)  # as the record says
    reading = read_message(message, fetched.url, at, source, read, fetched.kind == "page")
    if not isinstance(reading, State) or reading.following or fetched.kind == "page":
        return Prepared(payload_digest, record, request, reading, None)
    kept = conversion(record.record_id, fetched.url, at, reading, warcinfo)
    return Prepared(payload_digest, record, request, reading, kept)


def read_message(
    message: HttpMessage, url: str, at: datetime, source: str | None, read: Reader, further: bool = False
) -> Reading:
    """What the page in a response says; `further`: it is not the first one of its article."""
    try:
        return read(document(message, url, at, source, further))
    except ContentError as error:
        return Unread("not_article", one_line(str(error)))
    except (OSError, MemoryError):
        raise
    except Exception as fault:  # a reader of our own catches what it can; this is what nobody thought of
        return Unread("quarantined", one_line(f"{type(fault).__name__}: {fault}"))


def request_record(fetched: Fetched, response: str, warcinfo: str | None) -> Sealed | None:
    """The record of the request that a response answers (ISO 28500 §6.4), where it is known."""
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


def revisit_record(fetched: Fetched, profile: str, held: Stored, warcinfo: str | None) -> Sealed:
    """The record of bytes that came again, or were confirmed by a 304 (ISO 28500 §6.7).

    A replay program shows the head of a revisit where it has one: a 304 as it came would be shown as a page without a
    body. So that of a 304 stays empty, as the standard allows, and `not_modified_head` keeps what the server sent.
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
        ("WARC-Etag", _header(fetched, "etag") if confirmed else None),
        ("WARC-Last-Modified", _header(fetched, "last-modified") if confirmed else None),
    ]
    block = b"" if confirmed else http_block(fetched.status, fetched.headers, b"")
    return seal("revisit", fetched.captured_at, block, fields)


def not_modified_head(fetched: Fetched, revisit: str, warcinfo: str | None) -> Sealed:
    """The record of the status line and the header fields of a 304 (ISO 28500 §6.6)."""
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
    """The ETag of a 304: which bytes it confirms."""
    return _header(fetched, "etag") if fetched.status == 304 else None


def revisit_profile(fetched: Fetched, payload_digest: str, known: Stored | None) -> str | None:
    """The revisit profile (ISO 28500 §6.7.2) when the bytes are those of the newest capture, else None."""
    if known is None:
        return None
    if fetched.status == 304:
        return SERVER_NOT_MODIFIED
    return IDENTICAL_PAYLOAD if fetched.status in GOOD and known.payload_digest == payload_digest else None


def one_line(reason: str) -> str:
    """A reason as the archive keeps it: one line of at most 200 characters."""
    return " ".join(reason.split())[:200]


def _header(fetched: Fetched, name: str) -> str | None:
    return next((value for header, value in fetched.headers if header.lower() == name), None)
