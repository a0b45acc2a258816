"""Rebuild: the database made anew from captures and ledger alone, then put in the old one's place."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from archive.files import (
    REINDEX,
    UNMOUNTED,
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

    An old one that is damaged is kept beside (`kept`). What the files no longer hold, or hold otherwise than it was
    written, is left out and named in `lost`; then the old one is kept too, and the new one is for readers only until
    the files are restored, or the loss is accepted: with accept_loss a `loss` line in each chain says what is gone.
    progress hears of the bytes replayed. Raises Locked when a crawl is running.
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
        sync_path(place.path)  # a new database beside the old one's WAL file would be overwritten with that
        fresh.replace(place.database)
        sync_path(place.path)
    return replayed


@contextmanager
def _building(place: Home, fresh: Path) -> Iterator[Archive]:
    """A new and empty archive, whose file is whole on disk behind the block."""
    with closing(Archive(place, Database(connect(fresh)))) as archive:
        # A half-built file is thrown away, so nothing of it needs to survive a crash.
        archive.conn.execute("pragma journal_mode=off")
        archive.conn.execute("pragma synchronous=off")
        migrate(archive.db)
        adopt(archive.conn)
        yield archive
        archive.conn.execute("pragma synchronous=full")
        archive.conn.execute("pragma journal_mode=wal")
        # A step renames tables. If the checkpoint is the first to read the schema in the new mode, SQLite says that a
        # table is locked; a query reads it before.
        archive.conn.execute("select count(*) from sqlite_schema").fetchall()
        archive.conn.execute("pragma wal_checkpoint(truncate)")
    sync_path(fresh)


def _without_what_is_lost(
    archive: Archive, known: PreviousDatabase, replayed: Replayed, now: datetime, accept_loss: bool
) -> Replayed:
    """Accept what is lost in the chains, or note it so that nobody writes there."""
    met = replace(replayed, damage=replayed.damage + tuple(altered_tail(known, archive)))
    # Asked again: a record or line that was cut in its middle is gone as a whole now.
    gone = known_before(archive.home).shortfalls
    lost = [named(each, archive.home) for each in losses(gone, met)]
    if accept_loss:
        tell_losses(archive, lost, gone, now)
    elif lost:
        carry_over(replace(known, shortfalls=gone), archive, lost)
    return replace(met, lost=tuple(map(str, lost)))


def _settle(database: Path) -> None:
    """Bring the WAL file into the old database, which is not whole without it if a checkpoint was cut short."""
    if database.with_name(f"{database.name}-wal").exists():
        with suppress(sqlite3.Error), closing(connect(database)) as conn:  # a damaged one is given up anyway
            conn.execute("pragma wal_checkpoint(truncate)")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _remove_companions(path)


def _remove_companions(path: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
