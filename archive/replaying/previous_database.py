"""The database from before a rebuild: it knows of bytes that the files no longer hold."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

from archive.files import Home, source_of, stamp
from archive.replaying.damage import Damage
from archive.rows import Archive, Shortfall, connect_to_read, file_shortfalls, sealed_end

UNSEALED = """
    select warc_file, warc_offset, warc_length, warc_type, record_id, sha256 from warc_records r
     where warc_offset >= coalesce((select max(first_byte - 1 + length) from warc_ranges s
                                     where s.warc_file = r.warc_file), 0)
     order by warc_file, warc_offset
    """


@dataclass(frozen=True, slots=True)
class PreviousDatabase:
    """The earlier database's knowledge of the files; empty if it is missing or unreadable."""

    shortfalls: tuple[Shortfall, ...] = ()
    applied: tuple[tuple[str, str, int, str | None], ...] = ()  # rows of the table: kind, name, bytes, head
    unsealed: tuple[tuple[str, int, int, str, str, bytes], ...] = ()  # records that no line has committed to

    @property
    def lossy(self) -> set[str]:
        """The chains whose ledger is too short or has another last line, by what the earlier database had applied.

        That is, lines are gone, or the line that ends at the last applied byte is not the one that was applied.
        """
        return {each.chain for each in self.shortfalls if each.file.endswith(".jsonl")}

    @property
    def captured(self) -> dict[str, int]:
        """The number of applied bytes of each WARC file, by its name."""
        return {name: size for kind, name, size, _ in self.applied if kind == "warc"}


def known_before(home: Home) -> PreviousDatabase:
    """Read the knowledge of the files in the database of a home; empty if it is missing or unreadable."""
    if not home.database.exists():
        return PreviousDatabase()
    try:
        with closing(connect_to_read(home.database)) as conn:
            gone = tuple(_with_record(conn, home, each) for each in list(file_shortfalls(conn, home)))
            applied = tuple(conn.execute("select kind, name, bytes, head from applied"))
            return PreviousDatabase(gone, applied, tuple(conn.execute(UNSEALED)))
    except sqlite3.Error:
        return PreviousDatabase()  # an unreadable one is the usual reason for a rebuild


def is_sound(home: Home) -> bool:
    """True if the database is an archive's without damaged pages: only such a one may be discarded.

    False if it is missing, damaged or another program's.
    """
    try:
        with closing(connect_to_read(home.database)) as conn:
            conn.execute("select 1 from applied limit 1").fetchone()
            return bool(conn.execute("pragma quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def altered_tail(known: PreviousDatabase, fresh: Archive) -> Iterator[Damage]:
    """Yield a Damage for each record in the new database whose bytes differ from the earlier database's at that place.

    Only records are compared to which no ledger line commits, by either database, as after a killed crawl.
    `altered_ranges` compares the others.
    """
    for file, offset, length, warc_type, record_id, sha256 in known.unsealed:
        if offset < sealed_end(fresh.conn, file):
            continue
        row = fresh.conn.execute(
            "select sha256 from warc_records where warc_file = ? and warc_offset = ?", (file, offset)
        ).fetchone()
        if row and row[0] != sha256:
            text = f"the {warc_type} record {record_id} is not the one that was entered"
            yield Damage(source_of(file), file, offset, length, "altered", text)


def carry_over(known: PreviousDatabase, fresh: Archive, lost: Iterable[Damage]) -> None:
    """Write into the new database what the earlier one knew of the lost bytes, so that writers are refused.

    That is the applied length of each file that is shorter now and of each ledger that is shorter or differs, the
    digests of records that no line commits to, and `lost`.
    """
    shorter = {each.file for each in known.shortfalls if each.missing or each.file.endswith(".jsonl")}
    kept = [row for row in known.applied if (f"{row[1]}.jsonl" if row[0] == "ledger" else row[1]) in shorter]
    fresh.conn.executemany("insert or replace into applied values (?, ?, ?, ?)", kept)
    fresh.conn.executemany(
        "update warc_records set sha256 = ? where warc_file = ? and warc_offset = ?",
        [(sha256, file, offset) for file, offset, _, _, _, sha256 in known.unsealed],
    )
    fresh.conn.executemany(
        "insert or ignore into damage values (?, ?, ?, ?, ?)",
        [(each.chain, each.file, each.offset, each.bytes, each.text) for each in lost],
    )


def set_aside(home: Home, now: datetime) -> Path | None:
    """Rename the earlier database, as the new one lacks something; returns its new path, None if there was none.

    The name is like `archive.db.before-20240413T150100Z`, with `-2`, `-3` … added if it is taken.
    """
    if not home.database.exists():
        return None
    name = f"archive.db.before-{stamp(now).replace(':', '').replace('-', '')}"
    names = (home.path / (f"{name}-{number}" if number > 1 else name) for number in count(1))
    beside = next(path for path in names if not path.exists())
    for suffix in ("-wal", ""):
        path = home.database.with_name(home.database.name + suffix)
        if path.exists():
            path.replace(beside.with_name(beside.name + suffix))
    return beside


def _with_record(conn: sqlite3.Connection, home: Home, gone: Shortfall) -> Shortfall:
    if not (home.captures / gone.file).is_file():
        return gone
    found = first_altered(conn, home, gone.file)
    return replace(gone, record=found[1]) if found else gone


def named(damage: Damage, home: Home) -> Damage:
    """A copy of the damage whose text also names the first record of the file that differs from the database.

    Altered damage: the first that ends after its offset. Unchanged if no record differs, or if the database cannot say.
    """
    if not home.database.exists() or not (home.captures / damage.file).exists():
        return damage
    try:
        with closing(connect_to_read(home.database)) as known:
            found = first_altered(known, home, damage.file, damage.offset if damage.how == "altered" else 0)
    except sqlite3.Error:
        return damage
    return replace(damage, text=f"{damage.text}; {found[1]} at {found[0]}") if found else damage


def first_altered(known: sqlite3.Connection, home: Home, file: str, start: int = 0) -> tuple[int, str] | None:
    """The offset of the first record ending after `start` that differs from the one entered, and a clause naming it.

    The clause is like `the first that differs is the response record urn:uuid:…`. None if no record differs. Raises
    OSError, also if the file is missing.
    """
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
