"""Writes the articles of a slice with all their captures as a web archive: a WARC file, or a WACZ file."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from archive.files import Home, Meter, SealedRecord, heads
from archive.publish.exporting.selecting import Slice, selection
from archive.publish.exporting.web_archives.about import about_record
from archive.publish.exporting.web_archives.choosing import Chosen, choose
from archive.publish.exporting.web_archives.copying import copy_records
from archive.publish.exporting.web_archives.wacz_file import WARC_NAME, write_package


class _Begun(NamedTuple):
    """An export whose records are chosen: their folder, the record at the start of its file, and its moment."""

    folder: Path
    about: SealedRecord
    chosen: Chosen
    at: datetime


def write_warc(conn: sqlite3.Connection, asked: Slice, path: Path, site: str) -> int:
    """Write the captures of a slice's articles as one compressed WARC file; returns the number of the articles.

    site: as for `rows`. Raises WarcError and OSError for a record that cannot be read or is not the one written.
    """
    begun = _begun(conn, asked, path.name, site)
    with path.open("wb") as out:
        copy_records(conn, begun.folder, begun.about, out, Meter(total=begun.chosen.size))
    return begun.chosen.articles


def write_wacz(conn: sqlite3.Connection, asked: Slice, path: Path, site: str) -> int:
    """Write them as a WACZ file, as `write_warc` does."""
    begun = _begun(conn, asked, WARC_NAME, site)
    said = {"title": _title(asked), "query": asked.query, "chain_heads": heads(conn), **begun.chosen._asdict()}
    with path.open("wb") as out:
        write_package(
            conn, begun.folder, begun.about, begun.chosen.size, said, begun.at, out, Meter(total=begun.chosen.size)
        )
    return begun.chosen.articles


def _begun(conn: sqlite3.Connection, asked: Slice, name: str, site: str) -> _Begun:
    at = datetime.now(UTC)
    home = Home(Path(conn.execute("select file from pragma_database_list where name = 'main'").fetchone()[0]).parent)
    chosen = choose(conn, home.captures, selection(conn, asked))
    said = {
        "description": _title(asked),
        "query": asked.query,
        "since": asked.since,
        "until": asked.until,
        "sources": " ".join(asked.sources),
        "site": site,
        "ledger": json.dumps(heads(conn)),
    }
    return _Begun(home.captures, about_record(name, at, said), chosen, at)


def _title(asked: Slice) -> str:
    return f"Thinker Archive: {asked.query}" if asked.query else "Thinker Archive"
