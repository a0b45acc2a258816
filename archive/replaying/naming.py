"""Naming a record: where a range of bytes differs, the database that was there before knows which record it is."""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace

from archive.home import Home
from archive.replaying.damage import Damage, Damaged


def naming(error: Damaged, home: Home) -> Damaged:
    """The same refusal, with the first record named that is not what was written; as it is where nothing knows."""
    damage = error.damage
    if not home.database.exists() or not (home.captures / damage.file).exists():
        return error
    try:
        with closing(sqlite3.connect(f"{home.database.resolve().as_uri()}?mode=ro", uri=True)) as known:
            named = _named(known, home, damage)
    except sqlite3.Error:
        return error
    return Damaged(named) if named else error


def _named(known: sqlite3.Connection, home: Home, damage: Damage) -> Damage | None:
    rows = known.execute(
        """
        select warc_offset, warc_length, warc_type, record_id, sha256 from warc_records
         where warc_file = ? and warc_offset + warc_length > ? order by warc_offset
        """,
        (damage.file, damage.offset),
    )
    with (home.captures / damage.file).open("rb") as file:
        for offset, length, warc_type, record_id, sha256 in rows:
            file.seek(offset)
            if hashlib.sha256(file.read(length)).digest() != sha256:
                text = f"{damage.text}; the first that differs is the {warc_type} record {record_id}"
                return replace(damage, offset=offset, text=text)
    return None
