"""Faults in the framing and sending of an answer; the page in it is the right one."""

import asyncio
import socket
import struct
from collections.abc import Iterator

from newsroom.faults.struck import Strike, Struck
from newsroom.http import responses

_CLOSE = ("Connection", "close")
_FILLER = b"a" * 65_536
_MIN_LINE_BYTES = 32  # a line of a flood: its name, colon and line end, for any number


def _hang(struck: Struck) -> None:
    struck.channel.run(_answer_late(struck, struck.number("seconds", -1.0)))


async def _answer_late(struck: Struck, seconds: float) -> None:
    if seconds < 0:
        await asyncio.Event().wait()
    await asyncio.sleep(seconds)
    struck.answer(struck.page)


def _drip(struck: Struck) -> None:
    struck.channel.run(_send_slowly(struck, max(1, struck.whole("size", 64)), struck.number("seconds", 1.0)))


async def _send_slowly(struck: Struck, size: int, seconds: float) -> None:
    body = struck.page.render()
    struck.send(struck.head(len(body)), struck.page.status)
    for start in range(0, len(body), size):
        await asyncio.sleep(seconds)
        struck.send(body[start : start + size])


def _send_half(struck: Struck) -> None:
    body = struck.page.render()
    struck.send(struck.head(len(body)) + body[: len(body) // 2], struck.page.status)


def _truncate(struck: Struck) -> None:
    _send_half(struck)
    struck.close()


def _reset(struck: Struck) -> None:
    _send_half(struck)
    # SO_LINGER with a time of 0 makes close() send RST instead of FIN.
    raw = struck.channel.transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    struck.channel.run(_abort(struck))


async def _abort(struck: Struck) -> None:
    await asyncio.sleep(0.05)  # a client that has read the first half sees both: a body, and then the reset
    struck.channel.transport.abort()


def _close(struck: Struck) -> None:
    """Send only the beginning of the body (`bytes` or a `share`; default: half), and close the connection.

    There is no Content-Length, so that the close ends the body (RFC 9112 §6.3, rule 8) and the cut looks like an end.
    """
    body = struck.page.render()
    sent = struck.whole("bytes", int(len(body) * struck.number("share", 0.5)))
    struck.send(struck.head(None, _CLOSE) + body[:sent], struck.page.status)
    struck.close()


def _wrong_length(struck: Struck) -> None:
    body = struck.page.render()
    struck.send(struck.head(max(0, len(body) + struck.whole("by", 64))) + body, struck.page.status)
    struck.close()


def _raw_status(struck: Struck) -> None:
    """Send the page with the status line as given, and close: no client can find the end of such an answer."""
    line, body = struck.text("line"), struck.page.render()
    rest = struck.head(len(body), _CLOSE).partition(b"\r\n")[2]
    data = line.encode("utf-8", "replace") + b"\r\n" + rest + struck.body()
    struck.send(data, _code_in(line, struck.page.status))
    struck.close()


def _code_in(line: str, default: int) -> int:
    """The status code in a raw status line, for the log; `default` if it has none."""
    try:
        return int(line.split()[1])
    except (IndexError, ValueError):
        return default


def _header_flood(struck: Struck) -> None:
    struck.channel.run(_send_flood(struck, struck.whole("bytes", 4_000_000), struck.whole("lines", 1000)))


async def _send_flood(struck: Struck, size: int, lines: int) -> None:
    first, _, rest = struck.head(len(struck.page.render()), _CLOSE).partition(b"\r\n")
    struck.send(first + b"\r\n", struck.page.status)
    for piece in responses.pieces(flood(size, lines)):
        struck.send(piece)
        await asyncio.sleep(0)
        await struck.channel.can_write.wait()
    struck.send(rest + struck.body())
    struck.close()


def flood(size: int, lines: int) -> Iterator[bytes]:
    """Yield header lines with `size` bytes altogether, each line in several pieces: its name, filling, line end.

    There are `lines` lines, or fewer if these would have less than 32 bytes each.
    """
    count = max(1, min(lines, size // _MIN_LINE_BYTES))
    each, longer = divmod(size, count)
    for number in range(count):
        name = b"X-Flood-%d: " % number
        yield name
        yield from _filling(each + (number < longer) - len(name) - 2)
        yield b"\r\n"


def _filling(size: int) -> Iterator[bytes]:
    for start in range(0, size, len(_FILLER)):
        yield _FILLER[: size - start]


# These faults change only a body, so HEAD is answered as usual.
OF_BODIES = {"drip", "truncate", "reset", "close", "wrong_length"}
STRIKES: dict[str, Strike] = {
    "hang": _hang,
    "drip": _drip,
    "truncate": _truncate,
    "reset": _reset,
    "close": _close,
    "wrong_length": _wrong_length,
    "raw_status": _raw_status,
    "header_flood": _header_flood,
}
