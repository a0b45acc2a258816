"""Rebuild: the database made anew from captures and ledger alone, then put in the old one's place."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
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
from archive.record_rows import sealed_end
from archive.replaying import Damage, Damaged, Replayed, catch_up, chain_names, naming
from archive.replaying.naming import first_altered
from archive.warc_files import source_of


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
        replayed = _replay(place, fresh, names, now, progress, accept_loss)
        _remove_companions(place.database)
        fresh.replace(place.database)
        sync_folder(place.path)
    return replayed


def _shortfalls(place: Home) -> Iterator[Shortfall]:
    """What the old database has entered and the files no longer hold; nothing where it cannot be asked."""
    if place.database.exists():
        try:
            with closing(sqlite3.connect(f"{place.database.resolve().as_uri()}?mode=ro", uri=True)) as old:
                yield from [_with_record(old, place, each) for each in shortfalls(old, place)]
        except sqlite3.Error:
            return  # it is being rebuilt for a reason


def _with_record(old: sqlite3.Connection, place: Home, gone: Shortfall) -> Shortfall:
    if not (place.captures / gone.file).is_file():
        return gone
    found = first_altered(old, place, gone.file)
    return replace(gone, record=found[1]) if found else gone


def _replay(
    place: Home,
    fresh: Path,
    names: list[str],
    now: datetime,
    progress: Callable[[int], None],
    accept_loss: bool,
) -> Replayed:
    archive = Archive(place, Database(connect(fresh)))
    # A half-built file is thrown away, so nothing of it needs to survive a crash.
    archive.conn.execute("pragma journal_mode=off")
    archive.conn.execute("pragma synchronous=off")
    migrations.apply(archive.db)
    try:
        replayed = catch_up(archive, names, progress, accept_loss)
    except Damaged as error:
        raise naming(error, place) from error
    altered = tuple(_altered_tail(place, archive))
    if altered and not accept_loss:
        raise Damaged(altered[0])
    if accept_loss:  # asked again: a record or line that was cut in its middle is gone as a whole now
        met = replace(replayed, damage=replayed.damage + altered)
        replayed = tell_losses(archive, tuple(_shortfalls(place)), met, now)
    _refill_frontier(archive)
    archive.conn.execute("pragma synchronous=full")
    archive.conn.execute("pragma journal_mode=wal")
    archive.conn.execute("pragma wal_checkpoint(truncate)")
    archive.close()
    _sync(fresh)
    return replayed


def _altered_tail(place: Home, fresh: Archive) -> Iterator[Damage]:
    """Records that no ledger line has sealed yet (a crawl was killed) and that are not those the old database knows."""
    for file, offset, length, warc_type, record_id, sha256 in _known_records(place):
        if offset < sealed_end(fresh.conn, file):
            continue
        row = fresh.conn.execute(
            "select sha256 from warc_records where warc_file = ? and warc_offset = ?", (file, offset)
        ).fetchone()
        if row and row[0] != sha256:
            text = f"the {warc_type} record {record_id} is not the one that was entered"
            yield Damage(source_of(file), file, offset, length, "altered", text)


def _known_records(place: Home) -> list[tuple[str, int, int, str, str, bytes]]:
    """What the old database knows of the records behind the last sealed byte of their file."""
    if not place.database.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{place.database.resolve().as_uri()}?mode=ro", uri=True)) as old:
            return old.execute(
                """
                select warc_file, warc_offset, warc_length, warc_type, record_id, sha256 from warc_records r
                 where warc_offset >= coalesce((select max(first_byte - 1 + length) from warc_ranges s
                                                 where s.warc_file = r.warc_file), 0)
                 order by warc_file, warc_offset
                """
            ).fetchall()
    except sqlite3.Error:
        return []  # it is being rebuilt for a reason


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
