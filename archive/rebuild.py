"""Rebuild: the database made anew from captures and ledger alone, then put in the old one's place."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from archive.behind import Behind, Shortfall, shortfalls
from archive.connection import connect
from archive.folders import sync_folder
from archive.home import Home
from archive.lock import locked
from archive.losses import tell_losses
from archive.migrations import migrations
from archive.opened import Archive
from archive.replaying import Damaged, Replayed, catch_up, chain_names, naming


def rebuild(
    home: Path | str,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
    accept_loss: bool = False,
) -> Replayed:
    """Replay every record and line into a new database and swap it in; the old one stays until that moment.

    With accept_loss what is there is rebuilt, and a `loss` line in each chain says what is not. Raises Locked when a
    crawl is running; Behind when the files hold less than the old database has entered, and Damaged when a file does
    not hold what was written (`thinker verify` names every fault).
    """
    place = Home(Path(home))
    place.create()
    names = chain_names(place)
    with ExitStack() as locks:
        for name in names:
            locks.enter_context(locked(place, name))
        gone = tuple(_shortfalls(place))
        if gone and not accept_loss:
            raise Behind(gone)
        fresh = place.path / "archive.db.new"
        _remove(fresh)
        replayed = _replay(place, fresh, names, now, progress, gone if accept_loss else None)
        _remove_companions(place.database)
        fresh.replace(place.database)
        sync_folder(place.path)
    return replayed


def _shortfalls(place: Home) -> Iterator[Shortfall]:
    """What the old database has entered and the files no longer hold; nothing where it cannot be asked."""
    if place.database.exists():
        try:
            with closing(sqlite3.connect(f"{place.database.resolve().as_uri()}?mode=ro", uri=True)) as old:
                yield from list(shortfalls(old, place))
        except sqlite3.Error:
            return  # it is being rebuilt for a reason


def _replay(
    place: Home,
    fresh: Path,
    names: list[str],
    now: datetime,
    progress: Callable[[int], None],
    gone: tuple[Shortfall, ...] | None,
) -> Replayed:
    archive = Archive(place, Database(connect(fresh)))
    # A half-built file is thrown away, so nothing of it needs to survive a crash.
    archive.conn.execute("pragma journal_mode=off")
    archive.conn.execute("pragma synchronous=off")
    migrations.apply(archive.db)
    try:
        replayed = catch_up(archive, names, progress, accept_loss=gone is not None)
    except Damaged as error:
        raise naming(error, place) from error
    if gone is not None:
        replayed = tell_losses(archive, gone, replayed, now)
    _refill_frontier(archive)
    archive.conn.execute("pragma synchronous=full")
    archive.conn.execute("pragma journal_mode=wal")
    archive.conn.execute("pragma wal_checkpoint(truncate)")
    archive.close()
    _sync(fresh)
    return replayed


def _refill_frontier(archive: Archive) -> None:
    """Every known address is due at once; what the last answer said of it comes from its newest capture.

    Where the bytes that this one repeats were lost, nothing is known that a 304 could confirm.
    """
    archive.conn.execute(
        """
        insert or ignore into frontier (urlkey, source, url, kind, due_at, published_at, etag, last_modified,
                                        last_status, last_fetched_at)
        select d.urlkey, d.source, d.url, 'article', d.last_seen_at, a.date_published_utc,
               iif(c.refers_to is null or held.id, c.etag, null),
               iif(c.refers_to is null or held.id, c.last_modified, null), c.status, c.captured_at
          from addresses d
          join articles a on a.id = d.article_id
          left join captures c on c.id = (select max(id) from captures
                                           where urlkey = d.urlkey and source = d.source)
          left join captures held on held.record_id = c.refers_to
         where d.url like 'http%'
        """
    )


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _remove_companions(path)


def _remove_companions(path: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
