"""The time and memory of leasing 64 addresses in a frontier of a million.

Nine in ten were fetched and are due, one in ten was never tried. PYTHONPATH chooses the code:

    PYTHONPATH=CHECKOUT python bench/frontier.py --rows 1000000
"""

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from archive import connect
from archive.migrations import migrate
from crawler.frontier import SqliteFrontier, Visit, Waiting

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
LEASES = 64
SITEMAP = 50_000  # addresses that are added at once


def filled(database: Database, rows: int) -> SqliteFrontier:
    """A frontier in which every tenth address is new."""
    frontier = SqliteFrontier(database.conn, "town")
    database.conn.execute("begin")
    for start in range(0, rows, SITEMAP):
        frontier.add([_link(n) for n in range(start, min(rows, start + SITEMAP))], NOON - timedelta(days=9))
    database.conn.execute(
        """
        update frontier set last_fetched_at = '2026-11-20T00:00:00Z', due_at = '2026-11-25T00:00:00Z'
         where urlkey not like '%0'
        """
    )
    database.conn.execute("commit")
    return frontier


def _link(n: int) -> Waiting:
    at = NOON - timedelta(minutes=n)
    return Waiting(f"https://news.example/article/{n}.html", f"example,news)/article/{n}", at)


def measured(path: Path, batches: int) -> str:
    """A line on leases and their visits, in a process that opens a filled frontier and does nothing else."""
    conn = connect(path)
    frontier = SqliteFrontier(conn, "town")
    frontier.lease(1, NOON, 600)  # SQLite's first reads do not depend on the rows
    before, began = _megabytes(), time.process_time()
    for _ in range(batches):
        conn.execute("begin")
        for lease in frontier.lease(LEASES, NOON, 600):
            frontier.ack(lease, Visit(NOON, NOON + timedelta(days=1), 200))
        conn.execute("commit")
    took = 1_000 * (time.process_time() - began) / batches
    conn.close()
    visits = f"{took:.2f} ms of processor time for a lease of {LEASES} and its visits"
    return f"{visits}; memory {before:.0f} MB before them, {_megabytes():.0f} after"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--batches", type=int, default=200)
    parser.add_argument("--open", type=Path, help="only lease from this database: what the bench starts itself")
    options = parser.parse_args()
    if options.open:
        print(measured(options.open, options.batches))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        database = Database(connect(path))
        migrate(database)
        database["sources"].insert({"name": "town"})
        filled(database, options.rows)
        database.close()
        again = [sys.executable, __file__, "--open", str(path), "--batches", str(options.batches)]
        print(
            f"{options.rows:,} rows:", subprocess.run(again, capture_output=True, check=True, text=True).stdout.strip()
        )


def _megabytes() -> float:
    """The peak memory of this process (VmHWM); ru_maxrss may be its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1_000


if __name__ == "__main__":
    main()
