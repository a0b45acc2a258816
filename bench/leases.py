"""Leases and visits a second in the frontier of archive.db and in that on Redis, and the memory that Redis takes.

Both sync each commit to the disk (`synchronous=FULL`, `appendfsync always`); SQLite commits once a batch. PYTHONPATH
chooses the code:

    PYTHONPATH=CHECKOUT:CHECKOUT/tests python bench/leases.py --rows 200000
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database
from support.redis_server import RedisServer

from archive import connect
from archive.migrations import migrate
from crawler.frontier import Frontier, RedisFrontier, Server, SqliteFrontier, Visit, Waiting

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
DUE = datetime(2100, 1, 1, tzinfo=UTC)
BATCHES = (1, 16, 100)
SITEMAP = 50_000  # addresses that are added at once


def fill(frontier: Frontier, rows: int) -> None:
    """Add so many addresses, as sitemaps do."""
    for start in range(0, rows, SITEMAP):
        frontier.add([_link(n) for n in range(start, min(rows, start + SITEMAP))], NOON)


def _link(n: int) -> Waiting:
    at = NOON - timedelta(minutes=n)
    return Waiting(f"https://news.example/article/{n}.html", f"example,news)/article/{n}", at)


def urls_a_second(
    frontier: Frontier, batch: int, seconds: float, whole: Callable[[], AbstractContextManager[None]]
) -> tuple[float, float]:
    """Urls leased a second, then leased and given back; whole: makes the transaction of a batch."""
    found = []
    for gives_back in (False, True):
        began, urls = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            with whole():
                leases = frontier.lease(batch, NOON, 3600)
                if gives_back:
                    for lease in leases:
                        frontier.ack(lease, Visit(NOON, DUE, 200))
            urls += len(leases)
        found.append(urls / (time.perf_counter() - began))
    return found[0], found[1]


@contextmanager
def transaction(database: Database) -> Iterator[None]:
    """A transaction of the archive's connection, which begins none by itself."""
    database.conn.execute("begin")
    yield
    database.conn.execute("commit")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, RedisServer(Path(folder)) as running:
        server, database = Server(running.url), Database(connect(Path(folder) / "archive.db"))
        migrate(database)
        database["sources"].insert({"name": "town"})
        before = _used(server)
        on_redis, on_sqlite = RedisFrontier(server, "town"), SqliteFrontier(database.conn, "town")
        fill(on_redis, options.rows)
        print(f"Redis: {(_used(server) - before) / options.rows:.0f} bytes a url that was never tried")
        with transaction(database):
            fill(on_sqlite, options.rows)
        for batch in BATCHES:
            for name, frontier, whole in (
                ("archive.db", on_sqlite, lambda: transaction(database)),
                ("Redis", on_redis, nullcontext),
            ):
                runs = [urls_a_second(frontier, batch, options.seconds, whole) for _ in range(options.runs)]
                leased, back = (statistics.median(each) for each in zip(*runs, strict=True))
                print(f"{name}, batches of {batch}: {leased:,.0f} urls/s leased, {back:,.0f} leased and given back")
        print(f"Redis: {(_used(server) - before) / options.rows:.0f} bytes a url in the end")
        database.close()
        server.close()


def _used(server: Server) -> int:
    told = server.call("INFO", "memory")
    return int(told["used_memory"])


if __name__ == "__main__":
    main()
