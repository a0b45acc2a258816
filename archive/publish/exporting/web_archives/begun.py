"""Begins a web archive: chooses its records, and makes the one that says what it is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.files import ABOUT_FORMAT, PROGRAM, Home, Meter, Progress, SealedRecord, fields_block, instant, seal
from archive.publish.exporting.selecting import Slice
from archive.publish.exporting.web_archives.choosing import choose, counts
from archive.publish.exporting.web_archives.copying import Sink, copy_records


@dataclass(frozen=True, slots=True)
class Begun:
    """A web archive whose records are chosen. about: its first record; counts: as `counts` gives them."""

    conn: sqlite3.Connection
    folder: Path
    about: SealedRecord
    counts: Mapping[str, int]

    @property
    def size(self) -> int:
        """The length of the WARC file in bytes."""
        return len(self.about.member) + self.counts["bytes"]

    def copy(self, out: Sink, heard: Progress) -> None:
        """Write the WARC file. Raises as `copy_records`."""
        copy_records(self.conn, self.folder, self.about, out, Meter(heard, self.counts["records"]))


def begin(conn: sqlite3.Connection, asked: Slice, described: Mapping[str, Any], name: str | None) -> Begun:
    """Choose the records of a slice's articles.

    described: as `description` gives it. name: that of the WARC file, if it has one for good. Raises as `choose`.
    """
    (database,) = conn.execute("select file from pragma_database_list where name = 'main'").fetchone()
    folder = Home(Path(database).parent).captures
    choose(conn, folder, asked)
    said = {
        "software": PROGRAM,
        **ABOUT_FORMAT,
        "description": described["title"],
        "query": asked.query,
        "slice": json.dumps(described["slice"], ensure_ascii=False),
        "schema": described["schema"],
        "chains": json.dumps(described["chains"]),
        "site": described["site"],
    }
    fields = [("WARC-Filename", name), ("Content-Type", "application/warc-fields")]
    about = seal("warcinfo", instant(described["created"]), fields_block(said), fields)
    return Begun(conn, folder, about, counts(conn))
