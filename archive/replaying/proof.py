"""Proof: every row that captures and ledger can prove, compared with what a replay of them gives."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.files.progress import Meter, Progress, unheard
from archive.migrations import migrate
from archive.replaying import Damages, replay
from archive.replaying.fixity import Fault, unreadable
from archive.replaying.lags import chain_names, not_entered
from archive.replaying.proof_queries import PROVED
from archive.rows.archive import Archive
from archive.rows.connection import connect
from archive.rules.rule_numbers import adopt, warning

MOST = 20  # faults told of one table
SORTED_ON_DISK = "pragma temp_store=file"  # whole texts are put in order: in memory they took 1.2 GB of 100,000
INDEXES = ("article_words", "revision_words")
WORDS = "select term || ' ' || col as name, doc, cnt from temp.{}_words order by 1, 2, 3"

Row = tuple[Any, ...]


def prove(archive: Archive, scratch: Path, progress: Progress = unheard) -> tuple[Fault, ...]:
    """Replay the files into a database of its own under `scratch` and compare; nothing of the archive is changed.

    The archive's database is read at one moment, and the files up to what it had entered then, so a crawl may go on.
    progress hears of the bytes replayed.
    """
    archive.conn.execute(SORTED_ON_DISK)
    archive.conn.execute("begin")
    try:
        return tuple(_faults(archive, scratch, progress))
    except sqlite3.DatabaseError as error:
        return (unreadable(error),)
    finally:
        archive.conn.execute("rollback")


def _faults(archive: Archive, scratch: Path, progress: Progress) -> Iterator[Fault]:
    for (said,) in islice(archive.conn.execute(f"pragma integrity_check({MOST})"), MOST):
        if said != "ok":
            yield _fault("database", said)
    for table, row, parent, _ in islice(archive.conn.execute("pragma foreign_key_check"), MOST):
        yield _fault(
            "row", f"{table} {'row' if row is None else row}: it refers to a row of {parent} that is not there"
        )
    if said := warning(archive.conn):
        yield _fault("rules", said)
        return
    with closing(connect(scratch / "proof.db")) as conn:
        conn.execute("pragma journal_mode=off")
        conn.execute("pragma synchronous=off")
        conn.execute(SORTED_ON_DISK)
        database = Database(conn)
        migrate(database)
        adopt(conn)
        yield from _schema(archive.conn, conn)
        yield from _replayed(archive, Archive(archive.home, database), progress)
        for name, size in not_entered(archive).items():
            yield _fault(
                "lag", f"{size} bytes of {name}'s captures and ledger are not entered: the next crawl does that"
            )
        for table, sql in PROVED.items():
            yield from islice(_compared(table, archive.conn.execute(sql), conn.execute(sql)), MOST)
        for index in INDEXES:
            yield from islice(_compared(index, _words(archive.conn, index), _words(conn, index)), MOST)


def _schema(stored: sqlite3.Connection, fresh: sqlite3.Connection) -> Iterator[Fault]:
    """Tables, indexes, views and triggers that are not those of this version."""
    sql = "select type || ' ' || name, tbl_name, sql from sqlite_schema order by 1"
    yield from islice(_compared("schema", stored.execute(sql), fresh.execute(sql)), MOST)


def _words(conn: sqlite3.Connection, index: str) -> sqlite3.Cursor:
    """In how many rows of a search index each word stands, and how often."""
    conn.execute(f"create virtual table temp.{index}_words using fts5vocab(main, {index}, 'col')")
    return conn.execute(WORDS.format(index))


def _replayed(archive: Archive, fresh: Archive, progress: Progress) -> Iterator[Fault]:
    """Replay into the fresh database; whatever the files do not bear out is a fault."""
    rows = archive.conn.execute("select kind, name, bytes from applied").fetchall()
    limits = {name if kind == "warc" else f"{name}.jsonl": size for kind, name, size in rows}
    met = {name: Damages(archive.home, name, accept=True) for name in chain_names(archive.home)}
    fresh.conn.execute("begin immediate")
    replay(fresh, met, Meter(progress, sum(limits.values())), limits)
    fresh.conn.commit_group()
    for damages in met.values():
        yield from (Fault(each.file, each.offset, each.how, each.text) for each in damages.found)
        yield from (Fault(each.file, each.offset, "replay", each.text) for each in damages.unable)
        if damages.unproved and not damages.accepted:
            each = damages.unproved
            yield Fault(each.file, each.offset, "replay", each.text)


def _compared(table: str, stored: sqlite3.Cursor, proved: sqlite3.Cursor) -> Iterator[Fault]:
    """Merge two results of one query, each in the order of its first column, which names the row."""
    names = [column[0] for column in stored.description]
    ours: Row | None = next(stored, None)
    theirs: Row | None = next(proved, None)
    while ours is not None or theirs is not None:
        if ours == theirs:
            ours, theirs = next(stored, None), next(proved, None)
        elif ours is not None and (theirs is None or ours[0] < theirs[0]):
            yield _fault("row", f"{table} {ours[0]}: no file proves this row")
            ours = next(stored, None)
        elif theirs is not None and (ours is None or theirs[0] < ours[0]):
            yield _fault("row", f"{table} {theirs[0]}: the row is missing")
            theirs = next(proved, None)
        elif ours and theirs:
            differ = [name for name, one, other in zip(names, ours, theirs, strict=True) if one != other]
            yield _fault("row", f"{table} {ours[0]}: {', '.join(differ)} differ from what the files say")
            ours, theirs = next(stored, None), next(proved, None)


def _fault(kind: str, detail: str) -> Fault:
    return Fault("archive.db", 0, kind, detail)
