"""Read a capture's payload in pieces, so that a large one is never in memory at once."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.files.warc import HttpMessage, WarcError, read_head

PIECE_BYTES = 1 << 16  # decompressed at a time
MAX_LENGTH_DIGITS = 18  # of a file's size in bytes
MAX_HEAD_BYTES = 1 << 20  # of a head; nothing that sends more is a page


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """A payload as the server encoded it: the head of its message, its length in bytes, and its pieces.

    The pieces can be read once; `head.payload` is empty.
    """

    head: HttpMessage
    size: int
    pieces: Iterator[bytes]


def stored_bytes(path: Path, offset: int, length: int) -> StoredBytes:
    """The payload of the response or resource record in `length` bytes of a file from `offset` on.

    A resource, which came without HTTP, gets a head of status 200 with its content type.

    Raises OSError without the file, WarcError for a record that is damaged or has no payload; reading the pieces raises
    WarcError if the damage is further on.
    """
    block = _inflated(path, offset, length)
    warc, rest = _head(block, b"", path)
    fields = _fields(warc)
    kind, length_said = fields.get("warc-type"), fields.get("content-length", "0")
    if not length_said.isdecimal() or len(length_said) > MAX_LENGTH_DIGITS:
        raise WarcError(f"{path.name} at {offset}: Content-Length is no number")
    size = int(length_said)
    if kind == "resource":
        headers = (("content-type", fields.get("content-type", "")),)
        return StoredBytes(HttpMessage(200, headers, b""), size, _exactly(block, rest, size, path))
    if kind != "response":
        raise WarcError(f"{path.name} at {offset}: a {kind} record has no payload")
    http, rest = _head(block, rest, path)
    head = "\r\n".join(http).encode("latin-1")
    size -= len(head) + 4
    return StoredBytes(read_head(head), size, _exactly(block, rest, size, path))


def stored_head(path: Path, offset: int, length: int) -> HttpMessage | None:
    """The status and headers of the HTTP message in the record at this place; None for a record without a message.

    A resource has none, nor has a revisit without a block. Raises OSError without the file, WarcError for damage.
    """
    block = _inflated(path, offset, length)
    warc, rest = _head(block, b"", path)
    fields = _fields(warc)
    if fields.get("warc-type") not in ("response", "revisit") or fields.get("content-length") == "0":
        return None
    http, _ = _head(block, rest, path)
    return read_head("\r\n".join(http).encode("latin-1"))


def stored_fields(path: Path, offset: int, length: int) -> dict[str, str]:
    """The named fields of the record at this place, names in lower case; of a repeated one the last value.

    Raises OSError without the file, WarcError for damage before the end of the fields.
    """
    warc, _ = _head(_inflated(path, offset, length), b"", path)
    return _fields(warc)


def _fields(lines: list[str]) -> dict[str, str]:
    return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _inflated(path: Path, offset: int, length: int) -> Iterator[bytes]:
    """Yield the content of one gzip member in pieces. Raises WarcError for other bytes, or if it ends too early."""
    inflater = zlib.decompressobj(31)
    with path.open("rb") as file:
        file.seek(offset)
        while not inflater.eof:
            packed = inflater.unconsumed_tail
            if not packed:
                packed = file.read(min(PIECE_BYTES, length))
                length -= len(packed)
            try:
                piece = inflater.decompress(packed, PIECE_BYTES)
            except zlib.error as error:
                raise WarcError(f"{path.name} at {offset}: {error}") from None
            if not packed and not piece:
                raise WarcError(f"{path.name} at {offset}: the record ends too early")
            yield piece


def _head(block: Iterator[bytes], begun: bytes, path: Path) -> tuple[list[str], bytes]:
    """The lines of a head, and the bytes read beyond it. Raises WarcError if its end is missing or over 1 MiB away.

    begun: bytes of the block that were read before.
    """
    while b"\r\n\r\n" not in begun:
        piece = next(block, None)
        if piece is None or len(begun) > MAX_HEAD_BYTES:
            raise WarcError(f"{path.name}: a record without a head")
        begun += piece
    head, _, rest = begun.partition(b"\r\n\r\n")
    return head.decode("latin-1").split("\r\n"), rest


def _exactly(block: Iterator[bytes], rest: bytes, size: int, path: Path) -> Iterator[bytes]:
    """Yield the next `size` bytes, `rest` first; then read the member to its end, where zlib checks its checksum.

    Raises WarcError if there are fewer.
    """
    piece: bytes | None = rest
    while piece is not None:
        if size and piece:
            yield piece[:size]
            size -= min(size, len(piece))
        piece = next(block, None)
    if size:
        raise WarcError(f"{path.name}: the record ends too early")
