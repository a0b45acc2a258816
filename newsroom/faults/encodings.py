"""Content encodings made with the standard library alone: br and zstd hold the bytes uncompressed.

Both formats allow stored blocks, and every decoder reads them: RFC 7932 §9.2 (ISUNCOMPRESSED) and RFC 8878
§3.1.1.2.2 (Raw_Block).
"""

import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache

_BROTLI_CHUNK = 1 << 16  # the largest meta-block whose length fits four nibbles
_ZSTD_CHUNK = 1 << 17  # Block_Maximum_Size, RFC 8878 §3.1.1.2.4


def gzip_members(body: bytes) -> bytes:
    """The body as three gzip members in a row (RFC 1952 §2.2); decoders that stop after the first lose the rest."""
    third = len(body) // 3
    parts = body[:third], body[third : 2 * third], body[2 * third :]
    return b"".join(map(_member, parts))


def _member(part: bytes) -> bytes:
    # 31 is zlib's wbits for a gzip header and the largest window.
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(part) + packer.flush()


def brotli(body: bytes) -> bytes:
    """A brotli stream of stored meta-blocks; bits are packed from the lowest on, RFC 7932 §1.5."""
    if not body:
        return b"\x06"  # window size 16 (one bit 0), then ISLAST and ISLASTEMPTY
    blocks = []
    for start in range(0, len(body), _BROTLI_CHUNK):
        chunk = body[start : start + _BROTLI_CHUNK]
        # ISLAST 0, MNIBBLES 4 (two bits 0), MLEN - 1 in 16 bits, ISUNCOMPRESSED 1
        header = (len(chunk) - 1) << 3 | 1 << 19
        # The stream begins with one bit 0 for a window size of 16; then blanks up to a whole byte.
        blocks.append((header << (start == 0)).to_bytes(3, "little") + chunk)
    return b"".join(blocks) + b"\x03"  # ISLAST and ISLASTEMPTY


def zstd(body: bytes) -> bytes:
    """A zstd frame of raw blocks: magic number, frame header with the size of the content, blocks."""
    # Single_Segment_flag, and Frame_Content_Size in eight bytes: no window is needed.
    header = b"\x28\xb5\x2f\xfd" + b"\xe0" + len(body).to_bytes(8, "little")
    return header + b"".join(_zstd_blocks(body))


def _zstd_blocks(body: bytes) -> Iterator[bytes]:
    for start in range(0, max(1, len(body)), _ZSTD_CHUNK):
        chunk = body[start : start + _ZSTD_CHUNK]
        last = start + _ZSTD_CHUNK >= len(body)
        # Last_Block in one bit, Block_Type raw (0) in two, Block_Size
        yield (len(chunk) << 3 | last).to_bytes(3, "little") + chunk


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip_members,
    "br": brotli,
    "zstd": zstd,
    "deflate": zlib.compress,
}


@lru_cache(maxsize=4)
def bomb(size: int) -> bytes:
    """A gzip member (RFC 1952) that unpacks to a page of `size` bytes, nearly all of them blanks."""
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
