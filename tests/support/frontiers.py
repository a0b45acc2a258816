"""The frontier of a source in an archive.db or on a Redis server, opened again and again as several holders do."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from sqlite_utils import Database

from archive import connect
from archive.migrations import migrate
from crawler.frontier import Frontier, RedisFrontier, Server, SqliteFrontier


class OpenOf(Protocol):
    """Opens the frontier of a source for a holder, by default one that nobody else is."""

    def __call__(self, source: str, holder: str | None = None, /) -> Frontier: ...


@contextmanager
def on_redis(url: str) -> Iterator[OpenOf]:
    """Frontiers on the server at `url`, apart from all others there."""
    server = Server(url, uuid4().hex)
    yield lambda source, holder=None: RedisFrontier(server, source, holder)
    server.close()


@contextmanager
def on_sqlite(path: Path) -> Iterator[OpenOf]:
    """Frontiers in a new archive.db at `path`, all in one transaction, which is never committed."""
    with closing(Database(connect(path))) as database:
        migrate(database)
        database.conn.execute("begin")

        def opened(source: str, holder: str | None = None, /) -> Frontier:
            database.conn.execute("insert or ignore into sources (name) values (?)", (source,))
            return SqliteFrontier(database.conn, source, holder)

        yield opened
