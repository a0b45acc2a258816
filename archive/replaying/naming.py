"""Naming a record: where a range of bytes differs, the database that was there before knows which record it is."""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace

from archive.files.home import Home
from archive.replaying.damage import Damage
from archive.rows.connection import connect_to_read


def named(damage: Damage, home: Home) -> Damage:
    """The damage with the first record named that is not what was written; as it is where nothing knows."""
    if not home.database.exists() or not (home.captures / damage.file).exists():
        return damage
    try:
        with closing(connect_to_read(home.database)) as known:
            found = first_altered(known, home, damage.file, damage.offset if damage.how == "altered" else 0)
    except sqlite3.Error:
        return damage
    return replace(damage, text=f"{damage.text}; {found[1]} at {found[0]}") if found else damage


def first_altered(known: sqlite3.Connection, home: Home, file: str, start: int = 0) -> tuple[int, str] | None:
    """Offset and name of the first record behind a byte that is not what was entered. Raises OSError."""
    rows = known.execute(
        """
        select warc_offset, warc_length, warc_type, record_id, sha256 from warc_records
         where warc_file = ? and warc_offset + warc_length > ? order by warc_offset
        """,
        (file, start),
    )
    with (home.captures / file).open("rb") as captures:
        for offset, length, warc_type, record_id, sha256 in rows:
            captures.seek(offset)
            if hashlib.sha256(captures.read(length)).digest() != sha256:
                return offset, f"the first that differs is the {warc_type} record {record_id}"
    return None
