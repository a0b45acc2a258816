"""A WARC 1.1 file that a visitor saved over the years before the site's clock: GET /-/recording.

It holds the first articles, each some hours after its publication and again after each edit of those years, as the
site answered then by its own clock. Same arguments, same bytes.
"""

import gzip
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha1

from newsroom.http import responses
from newsroom.http.answers import Request, SitePage
from newsroom.shapes import page_at
from newsroom.site.room import Newsroom
from newsroom.stories.chance import below

UNRECORDED_SHARE = 6  # the last sixth of the articles is missing: the visitor stopped before the site's clock
MAX_RECORDED_ARTICLES = 500
_HOUR, _DAY = 3_600, 86_400
_CRLF = b"\r\n"


def recording(room: Newsroom) -> Iterator[bytes]:
    """Yield WARC records, each a gzip member: a warcinfo record, then responses in the order of their moments."""
    yield _member("warcinfo", None, room.clock, b"software: newsroom\r\nformat: WARC File Format 1.1\r\n")
    for at, number in sorted(_visits(room)):
        there = _as_of(room, at)
        url = f"{room.address}/article/{number}.html"
        page = page_at(there, Request("GET", f"/article/{number}.html", "HTTP/1.1", {}, b""))
        yield _member("response", url, at, _message(page, at))


def _visits(room: Newsroom) -> Iterator[tuple[int, int]]:
    """Yield (moment in Unix seconds, article's number) for each visit, article by article."""
    for number in range(1, min(MAX_RECORDED_ARTICLES, room.articles * (UNRECORDED_SHARE - 1) // UNRECORDED_SHARE) + 1):
        moments = [room.published(number), *(event.at for event in room.history(number) if event.at < room.clock)]
        yield from ((at + _HOUR + below(_DAY, room.seed, number), number) for at in moments)


def _as_of(room: Newsroom, moment: int) -> Newsroom:
    """A newsroom with only the events up to and at a moment, so that its article pages are those of then."""
    earlier = Newsroom(room.articles, room.seed, room.clock, room.spacing, room.cast, room.manuscripts, room.address)
    for event in room.events:
        if event.at <= moment:
            earlier.apply({"do": event.kind, **event.arguments}, event.at)
    return earlier


def _message(page: SitePage, at: int) -> bytes:
    body = page.render()
    return responses.head(page.status, responses.headers_of(page), at, len(body)) + body


def _member(kind: str, url: str | None, at: int, block: bytes) -> bytes:
    moment = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    content = "application/http; msgtype=response" if kind == "response" else "application/warc-fields"
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{url}#{moment}#{sha1(block, usedforsecurity=False).hexdigest()}")
    fields = [
        ("WARC-Type", kind),
        *([("WARC-Target-URI", url)] if url else []),
        ("WARC-Date", moment),
        ("WARC-Record-ID", f"<urn:uuid:{name}>"),
        ("Content-Type", content),
        ("Content-Length", str(len(block))),
    ]
    head = b"WARC/1.1\r\n" + b"".join(f"{name}: {value}\r\n".encode() for name, value in fields)
    return gzip.compress(head + _CRLF + block + _CRLF * 2, mtime=0)
