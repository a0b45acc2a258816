"""Writes articles with all their captures as one compressed WARC file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive.files import Progress
from archive.publish.exporting.selecting import Slice
from archive.publish.exporting.web_archives.begun import begin


def write(conn: sqlite3.Connection, asked: Slice, path: Path, described: Mapping[str, Any], heard: Progress) -> int:
    """Write the captures of a slice's articles; returns the number of the articles.

    described: as `description` gives it. heard: the progress in records. Raises WarcError and OSError for a record that
    cannot be read, or is not the one that was written.
    """
    begun = begin(conn, asked, described, None)
    with path.open("wb") as out:
        begun.copy(out, heard)
    return begun.counts["articles"]
