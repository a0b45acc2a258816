"""Decode content codings (RFC 9110 §8.4) a piece at a time, so that a decompression bomb is never in memory."""

import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_CONTENT_BYTES = 32 << 20  # of a decoded payload; a bomb stops here
HELD_BYTES = 1 << 20  # of content kept in memory before its size is known
CONTENT_PIECE_BYTES = 1 << 16  # of content decoded at a time
PAYLOAD_CHUNK_BYTES = 1 << 14  # of a payload decoded at a time
MAX_MEMBERS = 10_000  # of one payload; each costs time, even if empty
MAX_WINDOW_BITS = 23  # the window that a zstd decoder must grant (RFC 9659 §3: 8 MB)
MEMBER = b"\x1f\x8b"
FRAME, SKIPPABLE = b"\x28\xb5\x2f\xfd", b"\x2a\x4d\x18"  # RFC 8878 §3.1.1; §3.1.2, without its first byte, which varies

Pieces = Iterator[bytes]


class ContentError(Exception):
    """The payload cannot be decoded: its content coding is unknown or false, or it has too many members or frames.

    Base of the two other reasons, `TooLarge` and `CutShort`.
    """


class TooLarge(ContentError):  # noqa: N818 a verdict on a payload
    """The content is larger than the limit."""


class CutShort(ContentError):  # noqa: N818 a verdict on a payload
    """The payload ends before its content does: only a part is there."""


def decoded(payload: bytes, headers: Mapping[str, str]) -> bytes:
    """The payload without the content codings that the headers name; unchanged if they name none.

    Raises ContentError for an unknown coding, damaged bytes or over 10,000 members, TooLarge for more than 32 MiB of
    decoded content, and CutShort for a payload that is cut, where its coding shows that (`tells_its_end`).
    """
    codings = _codings(headers)
    if not codings:
        return payload
    content = BytesIO()
    for piece in _pieces(payload, codings):
        content.write(piece)
        if content.tell() > HELD_BYTES:
            return _large(payload, codings)
    return content.getvalue()


def tells_its_end(headers: Mapping[str, str]) -> bool:
    """True if `decoded` notices every cut of a payload with these headers: the coding applied last is br or deflate.

    That is the last one in the header. gzip and zstd may be cut between members or frames unnoticed, and so may a
    payload without a coding.
    """
    return _codings(headers)[:1] in (["br"], ["deflate"])


def _large(payload: bytes, codings: list[str]) -> bytes:
    """The decoded content of a payload. Its size is counted first, so that only content within the limit is kept.

    Raises TooLarge.
    """
    size = 0
    for piece in _pieces(payload, codings):
        size += len(piece)
        if size > MAX_CONTENT_BYTES:
            raise TooLarge(f"the payload grows past {MAX_CONTENT_BYTES >> 20} MiB")
    content = BytesIO()
    for piece in _pieces(payload, codings):
        content.write(piece)
    return content.getvalue()


def _codings(headers: Mapping[str, str]) -> list[str]:
    """The content codings in the headers in lower case, the one applied last first; without `identity`."""
    named = next((value for name, value in headers.items() if name.lower() == "content-encoding"), "")
    codings = [coding.strip().lower() for coding in named.split(",")]
    return [coding for coding in reversed(codings) if coding not in ("", "identity")]


def _pieces(payload: bytes, codings: list[str]) -> Pieces:
    pieces: Pieces = (payload[at : at + PAYLOAD_CHUNK_BYTES] for at in range(0, len(payload), PAYLOAD_CHUNK_BYTES))
    for coding in codings:
        if coding not in DECODERS:
            raise ContentError(f"unknown content coding {coding[:40]!r}")
        pieces = _named(coding, DECODERS[coding](pieces))
    return pieces


def _named(coding: str, pieces: Pieces) -> Pieces:
    try:
        yield from pieces
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise ContentError(f"the payload is not {coding} ({error})") from None


def _cut() -> CutShort:
    return CutShort("the compressed payload ends too early")


def _gunzipped(packed: Pieces) -> Pieces:
    """Yield the content of each gzip member in turn (RFC 1952 §2.2); bytes after the last member are ignored."""
    rest = next(packed, b"")
    for _ in range(MAX_MEMBERS):
        inflater = zlib.decompressobj(31)
        yield from _inflated(inflater, rest, packed)
        rest = inflater.unused_data
        if len(rest) < len(MEMBER):
            rest += next(packed, b"")
        if not rest.startswith(MEMBER):
            return
    raise ContentError(f"the payload has more than {MAX_MEMBERS} gzip members")


def _deflated(packed: Pieces) -> Pieces:
    """Yield the content of a deflate stream with the zlib header of RFC 9110 §8.4.1.2, or without, as some send it."""
    first = next(packed, b"")
    zlib_header = len(first) > 1 and first[0] & 15 == 8 and int.from_bytes(first[:2]) % 31 == 0  # RFC 1950 §2.2
    return _inflated(zlib.decompressobj(15 if zlib_header else -15), first, packed)


def _inflated(inflater: "zlib._Decompress", first: bytes, packed: Pieces) -> Pieces:
    rest: bytes | None = first
    while not inflater.eof:
        if not rest and (rest := next(packed, None)) is None:
            raise _cut()
        yield inflater.decompress(rest, CONTENT_PIECE_BYTES)
        rest = inflater.unconsumed_tail
        while not rest and not inflater.eof and (more := inflater.decompress(b"", CONTENT_PIECE_BYTES)):
            yield more


def _unbrotlied(packed: Pieces) -> Pieces:
    decompressor = brotli.Decompressor()
    while not decompressor.is_finished():
        if (rest := next(packed, None)) is None:
            raise _cut()
        yield decompressor.process(rest, output_buffer_limit=CONTENT_PIECE_BYTES)
        while not decompressor.is_finished() and (
            more := decompressor.process(b"", output_buffer_limit=CONTENT_PIECE_BYTES)
        ):
            yield more


def _unzstded(packed: Pieces) -> Pieces:
    """Yield the content of each zstd frame in turn (RFC 8878 §3.1); bytes after the last frame are ignored."""
    rest = next(packed, b"")
    for _ in range(MAX_MEMBERS):
        decompressor = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: MAX_WINDOW_BITS})
        yield from _unframed(decompressor, rest, packed)
        rest = decompressor.unused_data
        while len(rest) < len(FRAME) and (more := next(packed, b"")):
            rest += more
        if not rest.startswith(FRAME) and rest[1:4] != SKIPPABLE:
            return
    raise ContentError(f"the payload has more than {MAX_MEMBERS} zstd frames")


def _unframed(decompressor: zstd.ZstdDecompressor, first: bytes, packed: Pieces) -> Pieces:
    rest: bytes | None = first
    while not decompressor.eof:
        if not rest and decompressor.needs_input and (rest := next(packed, None)) is None:
            raise _cut()
        yield decompressor.decompress(rest or b"", CONTENT_PIECE_BYTES)
        rest = b""


DECODERS: dict[str, Callable[[Pieces], Pieces]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _deflated,
    "br": _unbrotlied,
    "zstd": _unzstded,
}
