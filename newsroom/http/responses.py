"""Pages as bytes: status line, header fields and conditional requests (RFC 9110, RFC 9112)."""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from newsroom.http.answers import Request, SitePage
from newsroom.stories.dates import http_date

_PIECE_BYTES = 65_536
_REASONS = {status.value: status.phrase for status in HTTPStatus}


def head(
    status: int, headers: list[tuple[str, str]] | tuple[tuple[str, str], ...], now: int, length: int | None
) -> bytes:
    """Status line and header fields; `now` is the moment in Date, `length` None leaves Content-Length out.

    A Date among the headers is sent instead of that of `now`.
    """
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}", "Server: newsroom"]
    if all(name != "Date" for name, _ in headers):
        lines.append(f"Date: {http_date(now)}")
    lines += [f"{name}: {value}" for name, value in headers]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def headers_of(page: SitePage) -> list[tuple[str, str]]:
    """The header fields of a page: Content-Type, its own, ETag and Last-Modified if it has them; `head` adds others."""
    found = [("Content-Type", page.content_type), *page.headers]
    if page.etag is not None:
        found.append(("ETag", f'"{page.etag}"'))
    if page.modified is not None:
        found.append(("Last-Modified", http_date(page.modified)))
    return found


def not_modified(request: Request, page: SitePage) -> bool:
    """True if 304 is the answer, by RFC 9110 §13.2.2: If-None-Match first, the date only without it.

    False if the page's status is not 200. The method is not looked at.
    """
    if page.status != 200:
        return False
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return page.etag is not None and _matches(tags, page.etag)
    since = request.headers.get("if-modified-since")
    return since is not None and page.modified is not None and _not_after(page.modified, since)


def _matches(tags: str, etag: str) -> bool:
    return tags.strip() == "*" or f'"{etag}"' in (tag.strip().removeprefix("W/") for tag in tags.split(","))


def _not_after(modified: int, since: str) -> bool:
    try:
        return modified <= parsedate_to_datetime(since).timestamp()
    except (ValueError, OverflowError):
        return False  # a date nobody can read is ignored, RFC 9110 §13.1.3


def pieces(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces large enough for a write each."""
    collected: list[bytes] = []
    size = 0
    for line in lines:
        collected.append(line)
        size += len(line)
        if size >= _PIECE_BYTES:
            yield b"".join(collected)
            collected, size = [], 0
    if collected:
        yield b"".join(collected)
