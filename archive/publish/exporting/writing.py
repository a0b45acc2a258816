"""Write an export as a file, whole or not at all, with its codebook beside it."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archive.files import Progress, stamp, unheard
from archive.publish.exporting.codebook import ENDING, WrittenFile, codebook, description
from archive.publish.exporting.columns import Row
from archive.publish.exporting.data_sets import DATA_SETS
from archive.publish.exporting.formats import ExportFormat
from archive.publish.exporting.selecting import Slice, rows

CACHE_KB = 8_192  # SQLite's cache: each row is read once


@contextmanager
def as_of_now(conn: sqlite3.Connection) -> Iterator[None]:
    """Read one state of the archive in the block, with a small cache; what others write meanwhile is not seen."""
    conn.execute(f"pragma cache_size = -{CACHE_KB}")
    conn.execute("begin")
    try:
        yield
    finally:
        conn.execute("rollback")


def write_file(
    conn: sqlite3.Connection, asked: Slice, form: ExportFormat, path: Path, site: str = "", heard: Progress = unheard
) -> WrittenFile:
    """Write a slice of the archive into the file `path`, and its codebook beside it; both replace files of these names.

    They are written under other names first: after an error or a signal neither is there. `heard` counts rows, of a web
    archive its records. Raises MissingExtraError if the format needs a library that is not installed.
    """
    form.require_library()
    book = codebook_path(path)
    with as_of_now(conn), _whole(path) as part, _whole(book) as told:
        moment = stamp(datetime.now(UTC))
        if form.write_archive is not None:
            count = form.write_archive(conn, asked, part, description(conn, asked, moment, site), heard)
        elif form.write_file is not None:
            count = form.write_file(conn, asked, part, site)
        else:
            assert form.write is not None
            found = rows(conn, asked, site)
            count = len(found)
            with part.open("wb") as stream:
                form.write(DATA_SETS[asked.what].columns, _heard(found, count, heard), stream)
        with part.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        written = WrittenFile(form.name, asked.what, str(path), count, part.stat().st_size, digest)
        named = codebook(conn, asked, form, replace(written, file=path.name), moment, site)
        told.write_text(json.dumps(named, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return written


def codebook_path(path: Path) -> Path:
    """The place of the codebook of an exported file: its name with ENDING."""
    return path.with_name(path.name + ENDING)


def _heard(found: Iterable[Row], count: int, heard: Progress) -> Iterator[Row]:
    for number, row in enumerate(found):
        heard(number, count)
        yield row


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` when the block ends, or is removed.

    Its name is of this process: another that writes the same file must not write into it. What a killed one left under
    that name is removed first.
    """
    part = path.with_name(f".{os.getpid()}.{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        error.filename = error.filename or str(path)  # the line on a full disk names the file that did not fit
        raise
    finally:
        part.unlink(missing_ok=True)
