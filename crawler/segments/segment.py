"""A segment: a closed WARC file of one source, and beside it outcome lines that prove both.

The first line has the format, the name and the size and SHA-256 of the WARC file; the last has the number of the lines
between and the SHA-256 of all bytes before it. The WARC file is shipped first: a segment exists when its lines do.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.files import WarcError, digest_fault, range_digest, read_http, read_record
from crawler.segments.delivery import Delivery, SegmentError

FORMAT = 1
WARC, LINES = ".warc.gz", ".jsonl"
NAME = re.compile(r"(?P<source>[a-z0-9][a-z0-9_-]{0,63})/(?P<stem>\d{8}T\d{6}Z-[0-9a-f]{12}-[0-9a-f]{4}\d{6,})")
HEAD_ROOM = 1 << 20  # bytes; the fields of a record and of its answer have far fewer
ORIGINAL = "X-Archive-Orig-"  # before the names of hop-by-hop fields in a stored head


@dataclass(frozen=True, slots=True)
class ShippedSegment:
    """A proved segment on this machine: its name `SOURCE/STEM`, its WARC file, and what its lines say."""

    name: str
    warc: Path
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """The content of an answer: the header fields as they came, and the payload."""

    fields: tuple[tuple[str, str], ...]
    payload: bytes


def source_of_segment(name: str) -> str:
    """The source of a segment's name. Raises SegmentError for a name that no worker gives."""
    if found := NAME.fullmatch(name):
        return found["source"]
    raise SegmentError(f"{name[:200]!r} is not the name of a segment")


def is_segment_of(name: str, source: str) -> bool:
    """True if a name is one that workers give to segments of a source."""
    found = NAME.fullmatch(name)
    return found is not None and found["source"] == source


def lines_of(name: str, warc: Path, deliveries: Iterable[Delivery]) -> bytes:
    """The lines of a segment whose WARC file is closed. Raises OSError."""
    size = warc.stat().st_size
    head = {"format": FORMAT, "segment": name, "warc": {"bytes": size, "sha256": range_digest(warc, 0, size)}}
    body = [delivery.line for delivery in deliveries]
    content = json.dumps(head).encode() + b"\n" + b"".join(body)
    return content + json.dumps({"lines": len(body), "sha256": hashlib.sha256(content).hexdigest()}).encode() + b"\n"


def proved(name: str, warc: Path, content: bytes) -> ShippedSegment:
    """The segment of these lines and this WARC file.

    Raises SegmentError if the lines are cut, altered, of another segment or of an unknown format, or the WARC file is
    not the one that they name.
    """
    *before, last = content.splitlines(keepends=True) or [b""]
    end = _object(name, last)
    if (
        not before
        or not content.endswith(b"\n")
        or end.get("sha256") != hashlib.sha256(b"".join(before)).hexdigest()
        or end.get("lines") != len(before) - 1
    ):
        raise SegmentError(f"{name}: its outcome lines are cut or altered")
    head = _object(name, before[0])
    if head.get("format") != FORMAT:
        raise SegmentError(f"{name}: of format {head.get('format')!r:.100}: this version reads {FORMAT}: upgrade it")
    said = head.get("warc")
    size = said.get("bytes") if isinstance(said, dict) else None
    if head.get("segment") != name or not isinstance(said, dict) or not isinstance(size, int):
        raise SegmentError(f"{name}: its outcome lines are of another segment")
    if not warc.is_file() or warc.stat().st_size != size or range_digest(warc, 0, size) != said.get("sha256"):
        raise SegmentError(f"{name}: its WARC file is cut or altered")
    return ShippedSegment(name, warc, _deliveries(name, before[1:], size))


def content_of(warc: Path, delivery: Delivery) -> Content:
    """The content of a delivery that is an answer. Raises SegmentError if its record is damaged or another one."""
    try:
        most = delivery.size + HEAD_ROOM
        record = read_record(warc.parent, warc.name, delivery.offset, delivery.length, most)
        if record.record_id != delivery.record or record.warc_type != "response":
            raise SegmentError(f"{warc.name} at {delivery.offset}: not the record that its outcome line names")
        if fault := digest_fault(record):
            raise SegmentError(f"{warc.name} at {delivery.offset}: {fault}")
        message = read_http(record.block)
        if len(message.payload) != delivery.size:
            raise SegmentError(f"{warc.name} at {delivery.offset}: a payload of another size than its line says")
    except (WarcError, OSError) as error:
        raise SegmentError(f"{warc.name} at {delivery.offset}: {error}") from error
    return Content(tuple((name.removeprefix(ORIGINAL), value) for name, value in message.headers), message.payload)


def _deliveries(name: str, lines: Sequence[bytes], size: int) -> tuple[Delivery, ...]:
    """The deliveries of lines; their records lie within the `size` bytes of the WARC file. Raises SegmentError."""
    source, found = source_of_segment(name), []
    for number, line in enumerate(lines, 2):
        try:
            delivery = Delivery.read(line)
        except (ValueError, RecursionError) as error:
            raise SegmentError(f"{name}: line {number}: {error!s:.100}") from error
        if delivery.source != source:
            raise SegmentError(f"{name}: line {number} is of another source")
        if delivery.offset + delivery.length > size:
            raise SegmentError(f"{name}: line {number} names a record beyond the end of the WARC file")
        found.append(delivery)
    return tuple(found)


def _object(name: str, line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise SegmentError(f"{name}: its outcome lines are cut or altered")
    return told
