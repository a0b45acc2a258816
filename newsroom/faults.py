"""How each fault answers: byte by byte where a well-behaved server could not."""

import asyncio
import socket
import struct
import time
import zlib
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from newsroom import responses
from newsroom.answers import TEXT, Page, Request
from newsroom.dates import SHANGHAI, http_date
from newsroom.kinds import BOMB_LIMIT
from newsroom.log import Entry
from newsroom.room import Fault

if TYPE_CHECKING:
    from newsroom.server import Connection

Strike = Callable[["Connection", Request, Page, Entry, Fault], None]


def strike(connection: "Connection", request: Request, page: Page, entry: Entry, fault: Fault) -> None:
    """Answers a request as the fault wants it."""
    if request.method == "HEAD" and fault.kind in _OF_BODIES:
        connection.send_page(request, page, entry)
    else:
        _STRIKES[fault.kind](connection, request, page, entry, fault)


def _hang(connection: "Connection", request: Request, page: Page, entry: Entry, fault: Fault) -> None:
    connection.run(_answer_late(connection, request, page, entry, _number(fault, "seconds", -1.0)))


async def _answer_late(connection: "Connection", request: Request, page: Page, entry: Entry, seconds: float) -> None:
    if seconds < 0:
        await asyncio.Event().wait()
    await asyncio.sleep(seconds)
    connection.send_page(request, page, entry)


def _drip(connection: "Connection", _request: Request, page: Page, entry: Entry, fault: Fault) -> None:
    size = max(1, int(_number(fault, "size", 64)))
    connection.run(_send_slowly(connection, page, entry, size, _number(fault, "seconds", 1.0)))


async def _send_slowly(connection: "Connection", page: Page, entry: Entry, size: int, seconds: float) -> None:
    body = page.render()
    connection.send(_head(connection, page, len(body)), entry, page.status)
    for start in range(0, len(body), size):
        await asyncio.sleep(seconds)
        connection.send(body[start : start + size], entry)


def _truncate(connection: "Connection", _request: Request, page: Page, entry: Entry, _fault: Fault) -> None:
    body = page.render()
    connection.send(_head(connection, page, len(body)) + body[: len(body) // 2], entry, page.status)
    connection.transport.close()


def _reset(connection: "Connection", _request: Request, page: Page, entry: Entry, _fault: Fault) -> None:
    body = page.render()
    connection.send(_head(connection, page, len(body)) + body[: len(body) // 2], entry, page.status)
    # Lingering for no time at all makes close() send RST instead of FIN.
    raw = connection.transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.run(_abort(connection))


async def _abort(connection: "Connection") -> None:
    await asyncio.sleep(0.05)  # a client that has read the first half sees both: a body, and then the reset
    connection.transport.abort()


def _wrong_length(connection: "Connection", _request: Request, page: Page, entry: Entry, fault: Fault) -> None:
    body = page.render()
    declared = max(0, len(body) + int(_number(fault, "by", 64)))
    connection.send(_head(connection, page, declared) + body, entry, page.status)
    connection.transport.close()


def _lying_charset(connection: "Connection", request: Request, page: Page, entry: Entry, fault: Fault) -> None:
    kind, _, parameter = page.content_type.partition(";")
    lie = fault.arguments.get("charset") or ("gbk" if "utf-8" in parameter else "utf-8")
    page.content_type = f"{kind}; charset={lie}"
    page.etag = page.modified = None
    connection.send_page(request, page, entry)


def _status(connection: "Connection", request: Request, page: Page, entry: Entry, fault: Fault) -> None:
    code = int(_number(fault, "code", 503))
    retry = _retry_after(fault)
    headers = (("Retry-After", retry),) if retry else ()
    failed = Page(f"{code}\n".encode, TEXT, code, page.article, headers=headers)
    connection.send_page(request, failed, entry)


def _retry_after(fault: Fault) -> str | None:
    """Seconds or an HTTP date, RFC 9110 §10.2.3: dates here are real ones, as a client's clock reads them."""
    wanted = fault.arguments.get("retry_after")
    if wanted is None:
        return None
    text = str(wanted)
    if text.isascii() and text.isdigit():
        return http_date(int(time.time()) + int(text)) if fault.arguments.get("form") == "date" else text
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text.replace("\r", " ").replace("\n", " ")
    return http_date(int((when if when.tzinfo else when.replace(tzinfo=SHANGHAI)).timestamp()))


def _redirect(connection: "Connection", request: Request, page: Page, entry: Entry, fault: Fault) -> None:
    to = str(fault.arguments["to"]).replace("\r", " ").replace("\n", " ")
    moved = Page(lambda: b"", TEXT, int(_number(fault, "code", 302)), page.article, headers=(("Location", to),))
    connection.send_page(request, moved, entry)


def _loop(connection: "Connection", request: Request, page: Page, entry: Entry, _fault: Fault) -> None:
    to = request.path if request.target.endswith("?again=1") else f"{request.path}?again=1"
    connection.send_page(request, Page(lambda: b"", TEXT, 302, page.article, headers=(("Location", to),)), entry)


def _trap(connection: "Connection", request: Request, page: Page, entry: Entry, fault: Fault) -> None:
    render = page.render
    if page.status == 200 and page.content_type.startswith("text/html"):
        link = b'<p class="calendar"><a href="/calendar/2026/11.html">\xe2\x80\xba</a></p>\n</body>'
        if "utf-8" not in page.content_type:
            link = link.replace(b"\xe2\x80\xba", b"&gt;")
        page.render = lambda: render().replace(b"</body>", link)
        page.etag = page.etag and f"{page.etag}-trap{fault.at:x}"
        page.modified = page.modified and max(page.modified, fault.at)
    connection.send_page(request, page, entry)


def _bomb(connection: "Connection", request: Request, page: Page, entry: Entry, fault: Fault) -> None:
    size = min(BOMB_LIMIT, max(0, int(_number(fault, "bytes", 100_000_000))))
    connection.run(_send_bomb(connection, request, page, entry, size))


async def _send_bomb(connection: "Connection", request: Request, page: Page, entry: Entry, size: int) -> None:
    packed = await asyncio.to_thread(bomb, size)
    headers = (("Content-Encoding", "gzip"),)
    connection.send_page(request, Page(lambda: packed, page.content_type, 200, page.article, headers=headers), entry)


@lru_cache(maxsize=4)
def bomb(size: int) -> bytes:
    """A gzip member (RFC 1952) that unpacks to `size` blanks inside a page."""
    start, end = b"<!DOCTYPE html><title>.</title><p>", b"</p>"
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(start[:size])]
    left = max(0, size - len(start) - len(end))
    blanks = b" " * (1 << 20)
    while left > 0:
        parts.append(packer.compress(blanks[: min(left, len(blanks))]))
        left -= len(blanks)
    parts.append(packer.compress(end[: max(0, size - len(start))]))
    return b"".join([*parts, packer.flush()])


def _head(connection: "Connection", page: Page, length: int) -> bytes:
    return responses.head(page.status, responses.headers_of(page), connection.service.room.now, length)


def _number(fault: Fault, name: str, default: float) -> float:
    value = fault.arguments.get(name, default)
    return float(value) if isinstance(value, int | float) else default


_OF_BODIES = {"drip", "truncate", "reset", "wrong_length"}
_STRIKES: dict[str, Strike] = {
    "hang": _hang,
    "drip": _drip,
    "truncate": _truncate,
    "reset": _reset,
    "wrong_length": _wrong_length,
    "lying_charset": _lying_charset,
    "status": _status,
    "redirect": _redirect,
    "loop": _loop,
    "trap": _trap,
    "bomb": _bomb,
}
