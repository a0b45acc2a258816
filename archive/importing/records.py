"""Read WARC files of other programs: each whole response and resource, and the reasons against the others."""

import hashlib
from base64 import b32encode, b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, get_args

from fastwarc.warc import ArchiveIterator, WarcRecord

from archive.files import (
    HEADER,
    IDENTICAL_PAYLOAD,
    SERVER_NOT_MODIFIED,
    HttpMessage,
    Meter,
    RecordType,
    stamp,
    too_late,
)
from archive.importing.members import MAGIC, Unpacked, whole_content
from archive.importing.messages import NotWhole, read_response
from parsers.urls import urlkey

MAX_BLOCK_BYTES = 32 << 20  # larger blocks are not read into memory
OTHERS = frozenset({"warcinfo", "request", "metadata", "conversion", "continuation"})
PARTS = (
    ("WARC-Truncated", "WARC-Segment-Number"),
    ("WARC-Segment-Number",),
)  # a revisit has no body, and states that with WARC-Truncated
ALGORITHMS = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})
ONCE = ("content-length", "content-type", "warc-type", "warc-record-id", "warc-date", "warc-target-uri")


@dataclass(frozen=True, slots=True)
class RepeatedRecord:
    """A revisit: its head (a bare one if none was stored), and the address and moment of the bytes that it repeats.

    at: that moment; None if the record does not state it. url: that address, maybe not the revisit's own.
    """

    head: HttpMessage
    profile: str
    url: str
    at: str | None  # None: not stated; WARC 1.0 has no field for it
    payload_digest: str  # as in the file, in any algorithm


@dataclass(frozen=True, slots=True)
class Foreign:
    """A whole record: its file and address as text for messages (`where`), its address, moment and content.

    at None: an archive of ours wrote the record and did not know the moment of capture.
    """

    where: str
    url: str
    at: datetime | None
    content: HttpMessage | RepeatedRecord | tuple[bytes, str]  # (payload, content type) if it came without HTTP


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or record that is not stored: its place, and the reason.

    fault False: it is whole, but of no web address.
    """

    where: str
    reason: str
    fault: bool = True


def foreign_records(path: Path, meter: Meter, now: datetime) -> Iterator[Foreign | Skipped]:
    """Yield each response, resource and revisit of a WARC file in its order, or a `Skipped` with the reason against it.

    A fault of the file as a whole is a `Skipped` too, the last. The meter reports the bytes read.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(len(MAGIC)) == MAGIC
            file.seek(0)
            if not packed:
                yield from _heard(_records(path, file, None, now), file, meter)
                return
            whole, fault = whole_content(file)
            file.seek(0)
            yield from _heard(_records(path, Unpacked(file, whole), fault, now), file, meter)
    except OSError as error:
        yield Skipped(str(path), f"the WARC file cannot be read: {error}")


def _heard(found: Iterator[Foreign | Skipped], file: BinaryIO, meter: Meter) -> Iterator[Foreign | Skipped]:
    for each in found:
        yield each
        meter.report(file.tell())


def _records(path: Path, stream: BinaryIO | Unpacked, fault: str | None, now: datetime) -> Iterator[Foreign | Skipped]:
    records = ArchiveIterator(stream, parse_http=False, stream_detect=False)
    met, held = False, None  # held: its length is confirmed only by a following record
    while True:
        try:
            record = next(records, None)
        except (OSError, ValueError, EOFError) as error:
            where, lost = (held.where, "its length cannot be checked, and ") if held else (str(path), "")
            yield Skipped(where, f"{lost}the WARC file cannot be read further: what follows is not a record ({error})")
            return
        if held:
            yield held
        if record is None:
            break
        found, proved = _examined(path, record, now)
        met = met or found is not None
        held = found if isinstance(found, Foreign) and not proved else None
        if found and not held:
            yield found
    if fault:
        yield Skipped(str(path), fault)
    elif not met:
        yield Skipped(str(path), "it has no response, resource or revisit record: is it a WARC file?")


def _examined(path: Path, record: WarcRecord, now: datetime) -> tuple[Foreign | Skipped | None, bool]:
    """A record of a page, or the reason why it is refused, or None for a type that holds no page, such as request.

    With it, True if the block digest in its head proves the record.
    """
    url = (record.headers.get("WARC-Target-URI") or "").strip().strip("<>")
    where = f"{path}: {url or record.record_id or f'record at byte {record.stream_pos}'}"
    try:
        kind = (record.headers.get("WARC-Type") or "").strip().lower()
        if kind in OTHERS:
            _pass_over(record)
            return None, False
        block = _block(record, PARTS[kind == "revisit"])
        if kind not in get_args(RecordType):
            raise NotWhole(f"unknown WARC-Type: {kind[:40]!r}")
        proved = _proved(record.headers.get("WARC-Block-Digest") or "", block)
        if (reason := _no_address(url)) is not None:
            return Skipped(where, reason, fault=False), False
        return Foreign(where, url, _captured(record, kind, now), _content(kind, url, record, block)), proved
    except NotWhole as fault:
        return Skipped(where, str(fault)), False


def _length(record: WarcRecord) -> int:
    fields = record.headers.to_tuples()
    if any("\0" in name + value for name, value in fields):
        raise NotWhole("its head has zero bytes")
    times = Counter(name.lower() for name, _ in fields)
    if twice := [name for name in ONCE if times[name] > 1]:
        raise NotWhole(f"its head is broken or mixes two records: it has {twice[0]} twice")
    said = record.headers.get("Content-Length") or ""
    if (said.strip().lstrip("0") or said[-1:]) != str(record.content_length):
        raise NotWhole(f"its head is cut, or has no readable Content-Length: {said[:40]!r}")
    return record.content_length


def _pass_over(record: WarcRecord) -> None:
    length = _length(record)
    _reach(record.reader.consume(), length)


def _reach(there: int, length: int) -> None:
    if there < length:
        raise NotWhole(f"the record is cut: it has {there} of {length} bytes")


def _block(record: WarcRecord, parts: tuple[str, ...]) -> bytes:
    length = _length(record)
    if length > MAX_BLOCK_BYTES:
        _pass_over(record)
        raise NotWhole(f"the record is larger than {MAX_BLOCK_BYTES >> 20} MiB: {length} bytes")
    block = record.reader.read(length)
    _reach(len(block), length)
    for name in parts:
        if value := record.headers.get(name):
            raise NotWhole(f"the record is only a part: {name}: {value[:40]}")
    return block


def _proved(said: str, block: bytes) -> bool:
    """True if the digest matches the block; False if it is missing or of an unknown algorithm.

    Raises NotWhole if it differs.
    """
    label, _, value = said.partition(":")
    name, value = label.strip().lower().replace("-", ""), value.strip()
    if name not in ALGORITHMS:
        return False
    found = hashlib.new(name, block, usedforsecurity=False).digest()
    encoded = b64encode(found).decode(), b32encode(found).decode().rstrip("=")
    if value in encoded or value.lower() == found.hex() or value.upper().rstrip("=") == encoded[1]:
        return True
    raise NotWhole(f"the block does not match its WARC-Block-Digest {said[:80]}")


def is_digest_of(said: str, payload: bytes) -> bool:
    """True if a digest in a WARC header matches these bytes; False if it differs, is missing or of an unknown kind."""
    try:
        return _proved(said, payload)
    except NotWhole:
        return False


def _captured(record: WarcRecord, kind: str, now: datetime) -> datetime | None:
    """The moment of capture; None if an archive of ours did not know it.

    Raises NotWhole if it is unreadable or in the future.
    """
    ours = record.headers.get("Thinker-Kind") is not None
    if kind == "resource" and ours and record.headers.get(HEADER) != "stated":
        return None
    at = _moment(record)
    if reason := too_late(at, now):
        raise NotWhole(reason)
    return at


def _moment(record: WarcRecord, field: str = "WARC-Date") -> datetime:
    said = record.headers.get(field) or ""
    try:
        at = datetime.fromisoformat(said.strip())
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not 1000 < at.year < 9999:  # in the year 9999 astimezone may overflow
        raise NotWhole(f"no readable {field}: {said[:40]!r}")
    return at.astimezone(UTC).replace(microsecond=0)


def _no_address(url: str) -> str | None:
    """The reason why an address is not on the web, as that of a DNS answer or of a program's notes; None if it is."""
    try:
        urlkey(url)
    except ValueError as error:
        return str(error)
    return None


def _content(kind: str, url: str, record: WarcRecord, block: bytes) -> HttpMessage | RepeatedRecord | tuple[bytes, str]:
    if kind == "response":
        return read_response(block)
    if kind == "revisit":
        return _again(url, record, block)
    return block, record.headers.get("Content-Type") or "text/html"


def _again(url: str, record: WarcRecord, block: bytes) -> RepeatedRecord:
    """The content of a revisit (ISO 28500 §6.7). Raises NotWhole.

    If it does not state the address of the earlier bytes, they are those of its own address.
    """
    confirmed = "not-modified" in (record.headers.get("WARC-Profile") or "")
    head = read_response(block) if block else HttpMessage(304 if confirmed else 200, (), b"")
    target = (record.headers.get("WARC-Refers-To-Target-URI") or "").strip().strip("<>") or url
    if (reason := _no_address(target)) is not None:
        raise NotWhole(f"it does not refer to a web address: {reason}")
    dated = record.headers.get("WARC-Refers-To-Date") is not None
    at = stamp(_moment(record, "WARC-Refers-To-Date")) if dated else None
    profile = SERVER_NOT_MODIFIED if confirmed else IDENTICAL_PAYLOAD
    return RepeatedRecord(head, profile, target, at, record.headers.get("WARC-Payload-Digest") or "")
