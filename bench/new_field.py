"""Adding a searched property: `python bench/new_field.py [--articles N]`.

Measures how long the first writing command of a new version builds the search indexes beside the old ones, also in
processor time, and how long a search takes meanwhile, beside `thinker reindex`, which rewrites rows in place.
"""

import argparse
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from search import FULL, build
from sqlite_utils import Database

from archive.migrations import migrate
from archive.rows import connect
from archive.search import COLUMNS, has_fields_of_today, reindex, search

GOAL = 1.5  # times the seconds of a reindex in place


def timed(path: Path) -> tuple[float, float, list[float]]:
    """Seconds, processor seconds and the milliseconds of each search of a reader while the index is made."""
    waits: list[float] = []
    done = threading.Event()

    def ask() -> None:
        with closing(connect(path)) as conn:
            while not done.wait(0.5):
                began = time.perf_counter()
                search(conn, "城市")
                waits.append((time.perf_counter() - began) * 1000)

    reader = threading.Thread(target=ask)
    with closing(connect(path)) as conn:
        reader.start()
        began, used = time.perf_counter(), time.process_time()
        reindex(conn)
        seconds, used = time.perf_counter() - began, time.process_time() - used
        done.set()
        reader.join()
    return seconds, used, waits


def of_an_earlier_version(path: Path) -> None:
    """Make indexes without one field, as a version had that did not search it."""
    with closing(connect(path)) as conn:
        for table in ("article_words", "revision_words"):
            conn.execute(f"drop table {table}")
            conn.execute(
                f"create virtual table {table} using fts5({', '.join(COLUMNS[:-1])}, content='', contentless_delete=1,"
                " tokenize='ascii')"
            )
        assert not has_fields_of_today(conn)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=FULL)
    options = parser.parse_args()
    print("| what | seconds | of processor | searches meanwhile | slowest, ms | MB of the file |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        with closing(connect(path)) as conn:
            migrate(Database(conn))
            build(conn, options.articles, 600)
        found = {}
        for what in ("in place", "beside, with a field more"):
            if what != "in place":
                of_an_earlier_version(path)
            seconds, used, waits = timed(path)
            found[what] = seconds
            size = path.stat().st_size / 1e6
            print(
                f"| {what} | {seconds:,.0f} | {used:,.0f} | {len(waits)} | {max(waits, default=0):,.0f} | {size:,.0f} |"
            )
    ratio = found["beside, with a field more"] / found["in place"]
    print(f"\ngoal: at most {GOAL} x the time in place: {'met' if ratio <= GOAL else 'MISSED'} ({ratio:.2f})")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
