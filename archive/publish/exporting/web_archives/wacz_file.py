"""Writes a WACZ file (1.1.1): the records, their index, the pages and what they are, in one ZIP file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from archive.files import PROGRAM, Progress, instant
from archive.publish.exporting.selecting import Slice
from archive.publish.exporting.web_archives.begun import begin
from archive.publish.exporting.web_archives.indexing import write_index
from archive.publish.exporting.web_archives.page_list import page_lines

WACZ_VERSION = "1.1.1"
WARC_NAME, INDEX_NAME, BLOCKS_NAME, PAGES_NAME = "data.warc.gz", "index.cdx.gz", "index.idx", "pages.jsonl"
PACKAGE_NAME = "datapackage.json"


class Package:
    """A ZIP file that is written entry by entry, with the length and the digest of each.

    at: the moment that its entries have.
    """

    def __init__(self, written: ZipFile, at: datetime) -> None:
        self._zip = written
        self._at = at.timetuple()[:6]
        self.resources: list[dict[str, Any]] = []

    @contextmanager
    def entry(self, path: str, size: int = 0, compressed: bool = False) -> Iterator[Entry]:
        """Write an entry within the block. size: about as many bytes as it will have; large ones need it."""
        info = ZipInfo(path, self._at)
        info.compress_type = ZIP_DEFLATED if compressed else ZIP_STORED
        info.file_size = size
        with self._zip.open(info, "w") as file:
            entry = Entry(file)
            yield entry
        self.resources.append({"name": Path(path).name, "path": path, "hash": entry.digest, "bytes": entry.size})


class Entry:
    """An entry of a ZIP file while it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._found, self.size = file, hashlib.sha256(), 0

    @property
    def digest(self) -> str:
        return f"sha256:{self._found.hexdigest()}"

    def write(self, piece: bytes, /) -> None:
        """Write further bytes."""
        self._found.update(piece)
        self.size += len(piece)
        self._file.write(piece)


def write(conn: sqlite3.Connection, asked: Slice, path: Path, described: Mapping[str, Any], heard: Progress) -> int:
    """Write the captures of a slice's articles, as `warc_file.write` does; returns the number of the articles."""
    begun = begin(conn, asked, described, WARC_NAME)
    with path.open("wb") as out, ZipFile(out, "w", ZIP_STORED) as written:
        package = Package(written, instant(described["created"]))
        with package.entry(f"archive/{WARC_NAME}", begun.size) as entry:
            begun.copy(entry, heard)
        with package.entry(f"indexes/{INDEX_NAME}") as entry:
            blocks = write_index(conn, WARC_NAME, INDEX_NAME, entry)
        with package.entry(f"indexes/{BLOCKS_NAME}", compressed=True) as entry:
            entry.write(blocks)
        with package.entry(f"pages/{PAGES_NAME}", compressed=True) as entry:
            for line in page_lines(conn, described["title"]):
                entry.write(line.encode())
        said = {
            "profile": "data-package",
            **described,
            "counts": begun.counts,
            "wacz_version": WACZ_VERSION,
            "software": PROGRAM,
            "resources": package.resources[:],
        }
        with package.entry(PACKAGE_NAME, compressed=True) as entry:
            entry.write(_as_json(said))
        with package.entry("datapackage-digest.json", compressed=True) as digest:
            digest.write(_as_json({"path": PACKAGE_NAME, "hash": entry.digest}))
    return begun.counts["articles"]


def _as_json(said: Mapping[str, Any]) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()
