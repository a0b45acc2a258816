"""Rebuild: the database made anew from captures and ledger alone, then put in the old one's place."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from sqlite_utils import Database

from archive import Archive, connect
from archive.home import Home
from archive.ledger import chains, daily_head
from archive.lock import locked
from archive.migrations import migrations
from archive.replay import Replayed, catch_up
from archive.warc import source_of


def rebuild(home: Path | str, progress: Callable[[int], None] = lambda _: None) -> Replayed:
    """Replay every record and line into a new database and swap it in; the old one stays until that moment.

    Raises Locked when a crawl is running, WarcError and LedgerError where a file is damaged
    (`thinker verify` names every fault).
    """
    place = Home(Path(home))
    place.create()
    names = _names(place)
    with ExitStack() as locks:
        for name in names:
            locks.enter_context(locked(place, name))
        fresh = place.path / "archive.db.new"
        _remove(fresh)
        replayed = _replay(place, fresh, names, progress)
        _remove_companions(place.database)
        fresh.replace(place.database)
    return replayed


def _replay(place: Home, fresh: Path, names: list[str], progress: Callable[[int], None]) -> Replayed:
    archive = Archive(place, Database(connect(fresh)))
    # A half-built file is thrown away, so nothing of it needs to survive a crash.
    archive.conn.execute("pragma journal_mode=off")
    archive.conn.execute("pragma synchronous=off")
    migrations.apply(archive.db)
    replayed = catch_up(archive, names, progress)
    _refill_frontier(archive)
    archive.conn.execute("pragma synchronous=full")
    archive.conn.execute("pragma journal_mode=wal")
    archive.conn.execute("pragma wal_checkpoint(truncate)")
    archive.close()
    _sync(fresh)
    return replayed


def _refill_frontier(archive: Archive) -> None:
    """Every known address is due at once; what the last answer said of it comes from its newest capture."""
    archive.conn.execute(
        """
        insert or ignore into frontier (urlkey, source, url, kind, due_at, published_at, etag, last_modified,
                                        last_status, last_fetched_at)
        select d.urlkey, d.source, d.url, 'article', d.last_seen_at, a.date_published_utc,
               c.etag, c.last_modified, c.status, c.captured_at
          from addresses d
          join articles a on a.id = d.article_id
          left join captures c on c.id = (select max(id) from captures
                                           where urlkey = d.urlkey and source = d.source)
         where d.url like 'http%'
        """
    )


def heads(archive: Archive) -> dict[str, str]:
    """The head of every chain, and under "" the daily head over them all."""
    rows = archive.conn.execute("select name, head from applied where kind = 'ledger' order by name").fetchall()
    found = {name: head for name, head in rows if head}
    return {**found, "": daily_head(found)}


def _names(place: Home) -> list[str]:
    captured = {source_of(path.name) for path in place.captures.glob("*.warc.gz")}
    return sorted(captured | set(chains(place.ledger)))


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
