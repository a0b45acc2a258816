"""WARC 1.1 (ISO 28500): one gzip member per record, appended and synced, read back to the byte."""

import hashlib
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from time import time_ns
from typing import Literal, get_args
from urllib.parse import urlsplit
from uuid import UUID

from archive.files.clock import stamp

READ_BYTES = 1 << 20
SERVER_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
BREAKS = re.compile("[\r\n\0]")
RECORD_ID = re.compile("<urn:uuid:[0-9a-f-]{36}>")
Fields = Iterable[tuple[str, str | None]]
RecordType = Literal["response", "revisit", "resource"]  # the types of records that are captures (ISO 28500 §6)
CAPTURED = frozenset(get_args(RecordType))
Truncation = Literal["length", "time", "disconnect", "unspecified"]  # ISO 28500 §5.13
HOP_BY_HOP = frozenset({"transfer-encoding", "connection", "keep-alive"})


class WarcError(Exception):
    """A record that cannot be read; the text names the fault and, where the reader knows them, file and offset."""


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """The place of a record: the file's name, and the offset, length in bytes and SHA-256 of its gzip member."""

    warc_file: str
    offset: int
    length: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """One record as read or written: its place, its named fields (lower case) and its block in parts.

    Read from a file, it has one part, and the fields of its block's digest and length too.
    """

    place: RecordLocation
    fields: Mapping[str, str]
    parts: tuple[bytes, ...]

    @property
    def block(self) -> bytes:
        """The block as a whole."""
        return b"".join(self.parts)

    @property
    def record_id(self) -> str:
        return self.fields["warc-record-id"].strip("<>")

    @property
    def warc_type(self) -> str:
        return self.fields["warc-type"]


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """A record ready to be appended: named fields (lower case), block in parts, gzip member and the SHA-256 of that.

    `fields` lacks the block's digest and length, which the member has. The head and the payload of a response stay
    apart: joined, a large body would be in memory twice.
    """

    fields: Mapping[str, str]
    parts: tuple[bytes, ...]
    member: bytes
    sha256: bytes

    @property
    def block(self) -> bytes:
        """The block as a whole."""
        return b"".join(self.parts)

    @property
    def record_id(self) -> str:
        return self.fields["warc-record-id"].strip("<>")


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """An HTTP response as stored: status, headers in order, and the payload as the server encoded it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)


def new_record_id() -> str:
    """A fresh `urn:uuid:…` of version 7 (RFC 9562 §5.7).

    An id made in a later millisecond sorts later, so that indexes grow at their end; ids of one millisecond sort by
    chance.
    """
    chance = int.from_bytes(os.urandom(10))
    number = (time_ns() // 1_000_000 & 0xFFFF_FFFF_FFFF) << 80 | chance
    number = number & ~(0xF << 76) | 7 << 76
    return f"urn:uuid:{UUID(int=number & ~(3 << 62) | 2 << 62)}"


def digest(payload: bytes) -> str:
    """The SHA-256 of the payload as `sha256:` and 64 hex digits."""
    return "sha256:" + hashlib.sha256(payload).hexdigest()


def seal(
    warc_type: str, at: datetime, block: bytes | tuple[bytes, ...], fields: Fields, record_id: str | None = None
) -> SealedRecord:
    """A new record, compressed; fields of the value None are left out. record_id: its id, else it gets a fresh one.

    Callable from any thread, as zlib releases the interpreter lock.
    """
    parts = block if isinstance(block, tuple) else (block,)
    named = [
        ("WARC-Type", warc_type),
        ("WARC-Record-ID", f"<{record_id or new_record_id()}>"),
        ("WARC-Date", stamp(at)),
        *((name, value) for name, value in fields if value is not None),
    ]
    compressor = zlib.compressobj(6, zlib.DEFLATED, 31)
    whole = (_head(named, parts), *parts, b"\r\n\r\n")
    packed = BytesIO()
    for part in whole:
        for start in range(0, len(part), READ_BYTES):  # so zlib's output is not in memory twice
            packed.write(compressor.compress(memoryview(part)[start : start + READ_BYTES]))
    packed.write(compressor.flush())
    member = packed.getvalue()
    return SealedRecord({name.lower(): value for name, value in named}, parts, member, hashlib.sha256(member).digest())


def record_bytes(fields: Iterable[tuple[str, str]], block: bytes) -> bytes:
    """One uncompressed record, with fields for its block's digest and length; line breaks in values become blanks."""
    return _head(fields, (block,)) + block + b"\r\n\r\n"


def _head(fields: Iterable[tuple[str, str]], parts: tuple[bytes, ...]) -> bytes:
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    lines = [
        "WARC/1.1",
        *(f"{name}: {_one_line(value)}" for name, value in fields),
        f"WARC-Block-Digest: sha256:{found.hexdigest()}",
        f"Content-Length: {sum(map(len, parts))}",
    ]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")


def common_fields(url: str, kind: str, warcinfo: str | None) -> list[tuple[str, str | None]]:
    """The named fields that every record of a page has: its address, its warcinfo record, its kind (of capture)."""
    named = f"<{warcinfo}>" if warcinfo else None
    return [("WARC-Target-URI", url), ("WARC-Warcinfo-ID", named), ("Thinker-Kind", kind)]


def section_field(section: str | None) -> tuple[str, str | None]:
    """The field `("Thinker-Section", section)` of an article's capture, as a pair of its name and value.

    section: that under which a list or feed named the article; None: none did.
    """
    return "Thinker-Section", section


def http_block(status: int, headers: Iterable[tuple[str, str]], payload: bytes) -> bytes:
    """The response as an HTTP/1.1 message."""
    return http_head(status, headers) + payload


def http_head(status: int, headers: Iterable[tuple[str, str]]) -> bytes:
    """The head of a response with its closing blank line; hop-by-hop fields are renamed.

    They describe a finished transfer: `Transfer-Encoding` becomes `X-Archive-Orig-Transfer-Encoding`; `Connection` and
    `Keep-Alive` likewise.
    """
    lines = [f"HTTP/1.1 {status} {_phrase(status)}".rstrip()]
    lines += [f"{_stored_name(name)}: {_one_line(value)}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def request_block(method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """The request as an HTTP/1.1 message (RFC 9112 §3)."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {_one_line(target)} HTTP/1.1", f"Host: {_one_line(parts.netloc)}"]
    lines += [f"{name}: {_one_line(value)}" for name, value in headers if name.lower() != "host"]
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


def read_http(block: bytes) -> HttpMessage:
    """The HTTP message of a response or revisit block. Raises WarcError without a status line."""
    head, _, payload = block.partition(b"\r\n\r\n")
    return replace(read_head(head), payload=payload)


def read_head(block: bytes) -> HttpMessage:
    """The HTTP message of a block without its payload, which may be large. Raises WarcError as `read_http`."""
    end = block.find(b"\r\n\r\n")
    head = block if end < 0 else block[:end]
    first, *lines = head.decode("latin-1").split("\r\n")
    try:
        status = int(first.split(" ", 2)[1])
    except (IndexError, ValueError):
        raise WarcError(f"no HTTP status line in {first[:40]!r}") from None
    pairs = (line.partition(":") for line in lines)
    return HttpMessage(status, tuple((name, value.strip()) for name, _, value in pairs), b"")


def read_members(path: Path, start: int = 0, end: int | None = None) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield (offset, compressed bytes, content) of each whole gzip member from `start`, where one begins, up to `end`.

    The last one begins before `end` (None: the file's). Ends silently before an incomplete last member (the caller
    compares the end with the file's length); raises WarcError for bytes that are not gzip.
    """
    with path.open("rb") as file:
        file.seek(start)
        offset, pending = start, b""
        while end is None or offset < end:
            inflater, content, member = zlib.decompressobj(31), [], []
            while not inflater.eof:
                chunk = pending or file.read(READ_BYTES)
                pending = b""
                if not chunk:
                    return
                content.append(_inflate(inflater, chunk, path, offset))
                used = chunk[: len(chunk) - len(inflater.unused_data)]
                member.append(used)
                pending = inflater.unused_data
            compressed = b"".join(member)
            yield offset, compressed, b"".join(content)
            offset += len(compressed)


def read_records(path: Path, start: int = 0, end: int | None = None) -> Iterator[Record]:
    """Yield the records of a file from `start`, where one begins, up to `end`; an incomplete last one is left out.

    The last one begins before `end` (None: the file's). Raises WarcError at the first damaged one.
    """
    for offset, compressed, content in read_members(path, start, end):
        place = RecordLocation(path.name, offset, len(compressed), hashlib.sha256(compressed).digest())
        yield parse_record(content, place)


def read_record(folder: Path, warc_file: str, offset: int, length: int, most: int | None = None) -> Record:
    """The record in `length` bytes of a file from `offset` on. Raises WarcError if it is damaged or cut.

    Raises WarcError too if it has more than `most` bytes uncompressed, of which no more are read, and OSError if there
    is no such file.
    """
    with (folder / warc_file).open("rb") as file:
        file.seek(offset)
        compressed = file.read(length)
    place = RecordLocation(warc_file, offset, length, hashlib.sha256(compressed).digest())
    content = _inflate(zlib.decompressobj(31), compressed, folder / warc_file, offset, 0 if most is None else most + 1)
    if most is not None and len(content) > most:
        raise WarcError(f"{warc_file} at {offset}: the record has more than {most} bytes")
    return parse_record(content, place)


def parse_record(content: bytes, place: RecordLocation) -> Record:
    """The record of uncompressed bytes: named fields and block.

    Raises WarcError if it breaks ISO 28500, or if its id has another form than those of this archive.
    """
    head, separator, rest = content.partition(b"\r\n\r\n")
    version, *lines = head.decode("utf-8", "surrogateescape").split("\r\n")
    where = f"{place.warc_file} at {place.offset}"
    if not separator or not version.startswith("WARC/1."):
        raise WarcError(f"{where}: not a WARC record")
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = fields.get("content-length", "")
    if not length.isdecimal() or rest[int(length) :] != b"\r\n\r\n":
        raise WarcError(f"{where}: Content-Length does not match the block")
    if "warc-type" not in fields or "warc-record-id" not in fields:
        raise WarcError(f"{where}: WARC-Type or WARC-Record-ID is missing")
    if not RECORD_ID.fullmatch(fields["warc-record-id"]):
        raise WarcError(f"{where}: a WARC-Record-ID that this archive never gives")
    return Record(place, fields, (rest[: int(length)],))


def digest_fault(record: Record) -> str | None:
    """A sentence about the digest of a record that differs from its block, else from its payload; None if none differs.

    A digest that the record does not state is not checked. Raises WarcError for a response without a status line.
    """
    found = {"warc-block-digest": digest(record.block)}
    if record.warc_type == "response":
        found["warc-payload-digest"] = digest(read_http(record.block).payload)
    elif record.warc_type == "resource":
        found["warc-payload-digest"] = found["warc-block-digest"]
    wrong = (name for name, value in found.items() if record.fields.get(name, value) != value)
    name = next(wrong, None)
    return f"{record.warc_type} record {record.record_id}: {name} is not that of its bytes" if name else None


def _inflate(inflater: "zlib._Decompress", chunk: bytes, path: Path, offset: int, most: int = 0) -> bytes:
    """The bytes of a compressed chunk, at most so many (0: all)."""
    try:
        return inflater.decompress(chunk, most)
    except zlib.error as error:
        raise WarcError(f"{path.name} at {offset}: {error}") from None


def _one_line(value: str) -> str:
    return " ".join(value.split()) if BREAKS.search(value) else value


def _stored_name(name: str) -> str:
    return f"X-Archive-Orig-{name}" if name.lower() in HOP_BY_HOP else name


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
