"""The text of a large list, piece by piece: unpacked if it is gzip, decoded, and limited in size."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator

from parsers.decoding import decode
from parsers.document import Document
from parsers.errors import ParseError

MAX_UNPACKED_BYTES = 52_428_800  # bytes without packing, as the sitemap protocol allows in one file (sitemaps.org)
PIECE_BYTES = 1 << 16
GZIP = b"\x1f\x8b"


def is_packed(payload: bytes) -> bool:
    """True if the bytes are a gzip file (RFC 1952), whatever Content-Type the server sent."""
    return payload.startswith(GZIP)


def text_pieces(document: Document) -> Iterator[str]:
    """Yield the document's text in pieces, unpacked if it is gzip.

    Raises ParseError where it is over MAX_UNPACKED_BYTES, or its gzip is damaged or cut.
    """
    pieces = _bounded(_unpacked(document.payload) if is_packed(document.payload) else _cut(document.payload))
    first = next(pieces, b"")
    decoder = _decoder(decode(first, document.content_type)[1])
    yield decoder.decode(first).removeprefix("\ufeff")
    for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    """A decoder for an encoding; that of UTF-8 for the few that Python lacks: addresses in them are ASCII."""
    try:
        return codecs.getincrementaldecoder(encoding)("replace")
    except LookupError:
        return codecs.getincrementaldecoder("utf-8")("replace")


def _bounded(pieces: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MAX_UNPACKED_BYTES:
            raise ParseError(f"is larger than {MAX_UNPACKED_BYTES:,} bytes: what stands behind them is not read")
        yield piece


def _cut(payload: bytes) -> Iterator[bytes]:
    for start in range(0, len(payload), PIECE_BYTES):
        yield payload[start : start + PIECE_BYTES]


def _unpacked(payload: bytes) -> Iterator[bytes]:
    """Yield the content of every gzip member in turn (RFC 1952 §2.2); bytes after the last member are left out.

    Raises ParseError where the gzip is damaged or cut.
    """
    # 31 is zlib's wbits for a gzip header and the largest window.
    packed, inflater = _cut(payload), zlib.decompressobj(31)
    rest = next(packed, b"")
    try:
        while True:
            yield inflater.decompress(rest, PIECE_BYTES)
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            if inflater.eof:
                rest += next(packed, b"") if len(rest) < len(GZIP) else b""
                if not is_packed(rest):
                    return
                inflater = zlib.decompressobj(31)
            elif not rest and not (rest := next(packed, b"")):
                raise ParseError("the gzip ends before its content does")
    except zlib.error as error:
        raise ParseError(f"the gzip cannot be read: {error}") from error
