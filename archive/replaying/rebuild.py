"""Rebuild: make the database anew from captures and ledger alone, then replace the old one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archive.files import (
    REINDEX,
    UNMOUNTED,
    Database,
    Home,
    Progress,
    all_locked,
    captured_files,
    require_known_lines,
    sync_path,
    unheard,
)
from archive.migrations import migrate
from archive.replaying.catching_up import Replayed, catch_up
from archive.replaying.losses import losses, tell_losses
from archive.replaying.previous_database import (
    PreviousDatabase,
    altered_tail,
    carry_over,
    is_sound,
    known_before,
    named,
    set_aside,
)
from archive.rows import Archive, chain_names, connect
from archive.rules import adopt
from archive.schema import write_beside


def rebuild_database(
    home: Path | str,
    now: datetime,
    progress: Progress = unheard,
    accept_loss: bool = False,
) -> Replayed:
    """Replay every record and line into a new database and swap it in; the old one stays until that moment.

    A damaged old one is kept beside it under another name (`kept`), even if nothing is lost. Bytes that are gone from
    the files or altered are left out and named in `lost`; then the old one is kept too, and the new one is read-only
    until the files are restored or the loss is accepted: with accept_loss a `loss` line in each chain records it.
    progress counts the bytes replayed. Raises Locked while a crawl is running, and FileNotFoundError if captures/ has
    lost all its files.
    """
    place = Home(Path(home))
    require_known_lines(place.ledger)
    place.create()
    write_beside(place)
    names = chain_names(place)
    with all_locked(place, (*names, REINDEX)):
        known = known_before(place)
        if known.captured and not captured_files(place.captures):
            raise FileNotFoundError(f"{place.captures} {UNMOUNTED}")
        fresh = place.path / "archive.db.new"
        _remove(fresh)
        with _building(place, fresh) as archive:
            replayed = catch_up(archive, names, progress, go_on=True, entered=known.captured, lossy=known.lossy)
            replayed = _without_what_is_lost(archive, known, replayed, now, accept_loss)
        _settle(place.database)
        if (replayed.lost or not is_sound(place)) and (kept := set_aside(place, now)):
            replayed = replace(replayed, kept=kept.name)
        _remove_companions(place.database)
        sync_path(place.path)  # a new database beside the old WAL file would be overwritten by it
        fresh.replace(place.database)
        sync_path(place.path)
    return replayed


@contextmanager
def _building(place: Home, fresh: Path) -> Iterator[Archive]:
    """A new, empty archive; its file is complete on disk after the block."""
    with closing(Archive(place, Database(connect(fresh)))) as archive:
        # A half-built file is deleted, so it need not survive a crash.
        archive.conn.execute("pragma journal_mode=off")
        archive.conn.execute("pragma synchronous=off")
        migrate(archive.db)
        adopt(archive.conn)
        yield archive
        archive.conn.execute("pragma synchronous=full")
        archive.conn.execute("pragma journal_mode=wal")
        # A migration renames tables. If the checkpoint is the first to read the schema in WAL mode, SQLite reports a
        # locked table; so a query reads the schema before.
        archive.conn.execute("select count(*) from sqlite_schema").fetchall()
        archive.conn.execute("pragma wal_checkpoint(truncate)")
    sync_path(fresh)


def _without_what_is_lost(
    archive: Archive, known: PreviousDatabase, replayed: Replayed, now: datetime, accept_loss: bool
) -> Replayed:
    """The result with its losses in `lost`; these are recorded on the way.

    With accept_loss a `loss` line in each chain records them; else the new database does, and writers are refused.
    """
    met = replace(replayed, damage=replayed.damage + tuple(altered_tail(known, archive)))
    # Read again: a record or line that was cut in its middle is gone as a whole now.
    gone = known_before(archive.home).shortfalls
    lost = [named(each, archive.home) for each in losses(gone, met)]
    if accept_loss:
        tell_losses(archive, lost, gone, now)
    elif lost:
        carry_over(replace(known, shortfalls=gone), archive, lost)
    return replace(met, lost=tuple(map(str, lost)))


def _settle(database: Path) -> None:
    """Merge the WAL file into the old database, which is incomplete without it if a checkpoint was cut short.

    Nothing is done without a WAL file or if the database cannot be read.
    """
    if database.with_name(f"{database.name}-wal").exists():
        with suppress(sqlite3.Error), closing(connect(database)) as conn:  # a damaged one is replaced anyway
            conn.execute("pragma wal_checkpoint(truncate)")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _remove_companions(path)


def _remove_companions(path: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
