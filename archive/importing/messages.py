"""Read an HTTP response as other programs store it: as it came over the wire, or with its chunks undone."""

import re
from dataclasses import replace

from archive.files import HttpMessage, WarcError, read_http

HEAD_END = re.compile(rb"\n\r{0,2}\n")
LINE_BREAK = re.compile(rb"\r{0,2}\n")
FOLD = re.compile(rb"\r{0,2}\n[ \t]+")
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n")


class NotWhole(Exception):  # noqa: N818 a verdict on a record
    """A record cannot be imported: it is cut, damaged, too large, or some field is unreadable; the text says why."""


def read_response(block: bytes) -> HttpMessage:
    """The message of a response block, without transfer codings (RFC 9112 §7).

    Raises NotWhole if its head is incomplete, a transfer coding is unknown, or its chunks are cut or broken.
    """
    end = HEAD_END.search(block)
    if not block.startswith(b"HTTP/") or end is None:
        raise NotWhole(f"its block has no complete HTTP head; it begins with {block[:20]!r}")
    head = LINE_BREAK.sub(b"\r\n", FOLD.sub(b" ", block[: end.start()].rstrip(b"\r")))
    try:
        message = read_http(head + b"\r\n\r\n")
    except WarcError as error:
        raise NotWhole(str(error)) from None
    if not 100 <= message.status <= 999:
        raise NotWhole(f"{message.status} is not an HTTP status")
    return replace(message, payload=_plain(message, block[end.end() :]))


def _plain(message: HttpMessage, body: bytes) -> bytes:
    fields = (value for name, value in message.headers if name.strip().lower() == "transfer-encoding")
    codings = {coding.strip().lower() for field in fields for coding in field.split(",")} - {"", "identity"}
    if other := codings - {"chunked"}:
        raise NotWhole(f"unknown transfer coding {min(other)[:40]!r}")
    return _unchunked(body) if codings else body


def _unchunked(body: bytes) -> bytes:
    """The body without chunk sizes; unchanged if it has none, since many programs remove them but keep the header.

    Raises NotWhole if a chunk is broken, or if the body ends before its last chunk.
    """
    at, plain = 0, bytearray()
    while found := CHUNK_SIZE.match(body, at):
        start, size = found.end(), int(found[1], 16)
        if not size:
            return bytes(plain)
        at = start + size + 2
        if body[start + size : at] != b"\r\n":
            break
        plain += body[start : start + size]
    if not at:
        return body
    raise NotWhole(f"its chunked body is cut or broken after {len(plain)} bytes")
