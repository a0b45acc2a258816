"""Forge a record that is consistent in itself: length and digests are computed anew and it is compressed again."""

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.files.warc import Record, read_records

Head = list[str]  # the lines of a record's head, the version first


@dataclass(frozen=True)
class Member:
    """One record of a file as it lies there."""

    record: Record
    compressed: bytes


def members(path: Path) -> list[Member]:
    whole = path.read_bytes()
    return [Member(record, _part(whole, record)) for record in read_records(path)]


def write(path: Path, found: list[Member]) -> None:
    path.write_bytes(b"".join(member.compressed for member in found))


def found(folder: Path, chosen: Callable[[Record], bool]) -> tuple[Path, int]:
    """The file of the first chosen record in a folder, and its number there."""
    for path in sorted(folder.glob("*.warc.gz")):
        for number, member in enumerate(members(path)):
            if chosen(member.record):
                return path, number
    raise AssertionError("no such record")


def forge(path: Path, number: int, old: bytes, new: bytes, *, same_length: bool) -> Record:
    """Replace a text in a record's block, or else in its head, and make it consistent again. Returns the old record."""
    lie = members(path)
    was = lie[number]
    head, _, rest = zlib.decompress(was.compressed, 31).partition(b"\r\n\r\n")
    block = rest[:-4]
    assert old in block or old in head
    forged = block.replace(old, new)
    head = head if forged != block else head.replace(old, new)
    content = b"\r\n".join(_renewed(head.split(b"\r\n"), forged)) + b"\r\n\r\n" + forged + b"\r\n\r\n"
    compressed = _compressed(content, len(was.compressed) + (0 if same_length else 100))
    assert (len(compressed) == len(was.compressed)) == same_length
    lie[number] = Member(was.record, compressed)
    write(path, lie)
    return was.record


def _renewed(head: list[bytes], block: bytes) -> Iterator[bytes]:
    """The head with the digests and the length of another block; a revisit has its payload elsewhere."""
    kind = next(line for line in head if line.startswith(b"WARC-Type: ")).removeprefix(b"WARC-Type: ")
    payload = block.partition(b"\r\n\r\n")[2] if kind == b"response" else block
    for line in head:
        name = line.partition(b":")[0]
        if name == b"Content-Length":
            yield b"Content-Length: %d" % len(block)
        elif name == b"WARC-Block-Digest":
            yield name + b": " + _digest(block)
        elif name == b"WARC-Payload-Digest" and kind != b"revisit":
            yield name + b": " + _digest(payload)
        else:
            yield line


def _digest(found: bytes) -> bytes:
    return f"sha256:{hashlib.sha256(found).hexdigest()}".encode()


def _compressed(content: bytes, length: int) -> bytes:
    """One gzip member of a certain length, with a comment in its header (RFC 1952) that fills it up."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = compressor.compress(content) + compressor.flush()
    tail = body + zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    rest = length - 10 - len(tail)
    comment = b"x" * (rest - 1) + b"\0" if rest else b""
    return b"\x1f\x8b\x08" + (b"\x10" if comment else b"\0") + b"\0\0\0\0\x02\xff" + comment + tail


def _part(whole: bytes, record: Record) -> bytes:
    return whole[record.place.offset : record.place.offset + record.place.length]
