"""What a response becomes without the database: its record, what its page says, and the record of that.

All of it may be made ahead and in another thread, while the one that writes is busy with SQLite.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import parsers
from archive.captures import ContentError, document
from archive.identity import State, state_of
from archive.warc import (
    IDENTICAL_PAYLOAD,
    SERVER_NOT_MODIFIED,
    HttpMessage,
    Sealed,
    digest,
    http_block,
    seal,
)
from parsers import Blocked, Document, Gone, LayoutChanged, ParseError, Restricted
from parsers.paging import following_page

GOOD = frozenset({200, 203})
KINDS: tuple[tuple[type[ParseError], str], ...] = (
    (Gone, "gone"),
    (Restricted, "restricted"),
    (Blocked, "blocked"),
    (LayoutChanged, "drift"),
)


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


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a page gave no article: not_article, gone, restricted, blocked or drift, and one line."""

    kind: str
    reason: str


Reading = State | Unread
Reader = Callable[[Document], Reading]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A response with its record; of an article's page also what it says, and the conversion record of that."""

    payload_digest: str
    record: Sealed
    reading: Reading | None
    conversion: Sealed | None


def read_page(page: Document) -> Reading:
    """What a page says. A hostile page may break any parser: then that is the reason, for the capture is kept."""
    try:
        state = state_of(parsers.parse(page), parsers.PARSER_VERSION)
        following = following_page(page)
        return replace(state, following=following) if following else state
    except ParseError as error:
        kind = next((kind for verdict, kind in KINDS if isinstance(error, verdict)), "not_article")
        return Unread(kind, one_line(error.reason))
    except Exception as fault:
        return Unread("not_article", one_line(f"the parser failed: {type(fault).__name__}: {fault}"))


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
    if fetched.kind == "list" or fetched.status not in GOOD:
        return Prepared(payload_digest, record, None, None)
    at = fetched.captured_at.astimezone(UTC).replace(microsecond=0)  # as the record says
    reading = read_message(message, fetched.url, at, source, read, fetched.kind == "page")
    if not isinstance(reading, State) or reading.following or fetched.kind == "page":
        return Prepared(payload_digest, record, reading, None)
    kept = conversion(record.record_id, fetched.url, at, reading, warcinfo)
    return Prepared(payload_digest, record, reading, kept)


def read_message(
    message: HttpMessage, url: str, at: datetime, source: str | None, read: Reader, further: bool = False
) -> Reading:
    """What the page in a response says; `further`: it is not the first one of its article."""
    try:
        return read(document(message, url, at, source, further))
    except ContentError as error:
        return Unread("not_article", one_line(str(error)))


def conversion(refers_to: str, url: str, at: datetime, state: State, warcinfo: str | None) -> Sealed:
    """The record that keeps the normalised article of a capture (ISO 28500 §6.8)."""
    fields = [
        *common_fields(url, "article", warcinfo),
        ("WARC-Refers-To", f"<{refers_to}>"),
        ("Content-Type", "application/json"),
    ]
    return seal("conversion", at, state.block, fields)


def common_fields(url: str, kind: str, warcinfo: str | None) -> list[tuple[str, str | None]]:
    """The named fields that every record of a page has."""
    named = f"<{warcinfo}>" if warcinfo else None
    return [("WARC-Target-URI", url), ("WARC-Warcinfo-ID", named), ("Thinker-Kind", kind)]


def etag_of_304(fetched: Fetched) -> str | None:
    """The ETag of a 304: which bytes it confirms."""
    headers = fetched.headers if fetched.status == 304 else ()
    return next((value for name, value in headers if name.lower() == "etag"), None)


def revisit_profile(fetched: Fetched, payload_digest: str, known: tuple[str, str] | None) -> str | None:
    """The revisit profile (ISO 28500 §6.7.2) when the bytes are those of the newest capture, else None."""
    if known is None:
        return None
    if fetched.status == 304:
        return SERVER_NOT_MODIFIED
    return IDENTICAL_PAYLOAD if fetched.status in GOOD and known[1] == payload_digest else None


def one_line(reason: str) -> str:
    """A reason as the archive keeps it: one line of at most 200 characters."""
    return " ".join(reason.split())[:200]
