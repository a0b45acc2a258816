"""List the captures to import below a path: records of WARC files and saved pages, or the reason against each."""

import re
from collections.abc import Iterator
from csv import DictReader
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.files import DERIVED, HttpMessage, Meter, digest, series_of, too_late
from archive.importing.marks import moment_left
from archive.importing.records import MAX_BLOCK_BYTES, RepeatedRecord, Skipped, foreign_records
from archive.judging import Fetched
from parsers.urls import urlkey

CONTENT_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".shtml": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".json": "application/json",
    ".txt": "text/plain",
}
WARC_NAMES = re.compile(r"\.warc(\.gz)?$")
ADDRESS = re.compile(r"(https?://\S+)(?:\s+\(.*\))?$")
MANIFEST = "MANIFEST.tsv"
NO_FILES = "its first line has no column `file`: give this name to the column of file names"
FORM = "2026-11-26T10:00:00+08:00"


@dataclass(frozen=True, slots=True)
class Revisited:
    """A revisit by another program: the head of the response, and the reference to the earlier bytes (`of`)."""

    head: Fetched
    of: RepeatedRecord


@dataclass(frozen=True, slots=True)
class SavedFile:
    """Bytes that came without HTTP. captured_at None: the moment of capture is unknown."""

    payload: bytes
    content_type: str
    captured_at: datetime | None


@dataclass(frozen=True, slots=True)
class Saved:
    """One capture to import: the file or record that it comes from (as text), its address, and its content.

    A file for which no manifest states a web address gets `urn:` and its digest.
    """

    path: str
    url: str
    content: Fetched | Revisited | SavedFile


@dataclass(frozen=True, slots=True)
class Reading:
    """Parameters of reading files: the meter of their bytes, now, and the moment of saved files.

    captured_at is used for files for which no manifest states a moment; None: the mark in the file, if it has one.
    """

    meter: Meter
    now: datetime
    captured_at: datetime | None = None


def size_of(path: Path) -> int:
    """The bytes of a file; of a folder, those of all files below it except WARC files of derived records."""
    return sum(_bytes(each) for each in path.rglob("*") if not _derived(each)) if path.is_dir() else _bytes(path)


def saved_under(path: Path, reading: Reading) -> Iterator[Saved | Skipped]:
    """Yield each capture to import from a file or from all below a folder, or the reason why it is refused.

    Raises FileNotFoundError if the path does not exist, or if the folder has no manifest and no file to import.
    """
    if not path.exists():
        raise FileNotFoundError(f"nothing to import: {path} does not exist")
    if path.is_dir():
        yield from _folder(path, reading)
    else:
        yield from _one(path, reading)


def _bytes(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _one(path: Path, reading: Reading) -> Iterator[Saved | Skipped]:
    if WARC_NAMES.search(path.name):
        yield from _warc(path, reading)
    else:
        yield _file(path, None, None, reading)
    reading.meter.add(_bytes(path))


def _folder(folder: Path, reading: Reading) -> Iterator[Saved | Skipped]:
    """Yield the captures in the files that MANIFEST.tsv lists, with its addresses and moments.

    For a manifest without a column `file`, yield one `Skipped` and nothing else. Without a manifest, yield those in all
    files below the folder except WARC files of derived records; raises FileNotFoundError if there is no file at all.
    """
    manifest = folder / MANIFEST
    if not manifest.exists():
        files = sorted(path for path in folder.rglob("*") if path.is_file() and not _derived(path))
        if not files:
            raise FileNotFoundError(f"nothing to import: {folder} has no files")
        for path in files:
            yield from _one(path, reading)
        return
    with manifest.open(encoding="utf-8-sig", newline="") as file:  # Excel writes a byte order mark
        listed = DictReader(file, delimiter="\t")
        if "file" not in (listed.fieldnames or ()):
            yield Skipped(str(manifest), NO_FILES)
            return
        for row in listed:
            yield _listed(folder, row, listed.line_num, reading)


def _listed(folder: Path, row: dict[str, str | None], line: int, reading: Reading) -> Saved | Skipped:
    """The capture in the file that a row of the manifest names.

    Skipped if the row is too short to name one, if the file is outside the folder or of unknown type (WARC files too),
    missing, empty, too large, or if its moment is unreadable or in the future.
    """
    if row["file"] is None:
        return Skipped(str(folder / MANIFEST), f"line {line} names no file: name one, or delete the line")
    path = (folder / row["file"]).resolve()
    if not path.is_relative_to(folder.resolve()):
        return Skipped(row["file"], "the manifest names a file outside its folder")
    said = (row.get("captured_at") or "").strip()
    at = moment(said) if said else None
    if said and at is None:
        return Skipped(row["file"], f"{MANIFEST}, line {line}: captured_at {said[:40]!r} is not a time such as {FORM}")
    found = _file(path, row.get("original_url"), at, reading)
    reading.meter.add(_bytes(path))
    return found


def moment(text: str) -> datetime | None:
    """The moment in an ISO 8601 text with a zone, in UTC and without fractions; None for any other text."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None or not 1000 < at.year < 9999:  # in the year 9999 astimezone may overflow
        return None
    return at.astimezone(UTC).replace(microsecond=0)


def _derived(path: Path) -> bool:
    """True if a file is named as our WARC files of derived records are (`SOURCE-derived-…`), which hold no capture."""
    return WARC_NAMES.search(path.name) is not None and series_of(path.name).endswith(DERIVED)


def _file(path: Path, address: str | None, at: datetime | None, reading: Reading) -> Saved | Skipped:
    content_type = CONTENT_TYPES.get(path.suffix.lower())
    if content_type is None:
        known = ", ".join(sorted(CONTENT_TYPES))
        return Skipped(str(path), f"unknown file type; supported: .warc, .warc.gz, {known}")
    try:
        if path.stat().st_size > MAX_BLOCK_BYTES:
            return Skipped(
                str(path), f"the file is larger than {MAX_BLOCK_BYTES >> 20} MiB: {path.stat().st_size} bytes"
            )
        payload = path.read_bytes()
    except OSError as error:
        return Skipped(str(path), str(error))
    if not payload:
        return Skipped(str(path), "the file is empty")
    at = at or reading.captured_at or moment_left(payload)
    if at is not None and (reason := too_late(at, reading.now)):
        return Skipped(str(path), reason)
    return Saved(str(path), _address(address) or f"urn:{digest(payload)}", SavedFile(payload, content_type, at))


def _address(text: str | None) -> str | None:
    """The web address that a manifest's text is, without a remark in brackets after it; None for any other text.

    `https://a.example/1 (print)` -> `https://a.example/1`
    """
    found = ADDRESS.fullmatch((text or "").strip())
    if found is None:
        return None
    try:
        urlkey(found[1])
    except ValueError:
        return None
    return found[1]


def _warc(path: Path, reading: Reading) -> Iterator[Saved | Skipped]:
    for found in foreign_records(path, reading.meter, reading.now):
        if isinstance(found, Skipped):
            yield found
            continue
        content: Fetched | Revisited | SavedFile
        match found.content:
            case HttpMessage(status, headers, payload) if found.at:
                content = Fetched(found.url, status, headers, payload, found.at)
            case RepeatedRecord(head) if found.at:
                content = Revisited(Fetched(found.url, head.status, head.headers, b"", found.at), found.content)
            case payload, content_type:
                content = SavedFile(payload, content_type, found.at)
        yield Saved(found.where, found.url, content)
