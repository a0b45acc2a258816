"""Exports of a large archive: seconds, size and peak memory of each format, read back by another program.

What pandas, DuckDB, polars, openpyxl, sqlite3 and zipfile read must be what SQL says: key, headline and body of every
article, in the same order.

    python bench/export.py --articles 100000
"""

import argparse
import csv
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from archive_to_read import build

GOAL = 200  # MB
SQL = "select key, headline, body_text from articles where state <> 'withdrawn' order by search_id"
PEAK = """
import atexit, runpy, sys
def tell():
    print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0], file=sys.stderr)
atexit.register(tell)
sys.argv[0] = "thinker"
runpy.run_module("thinker", run_name="__main__")
"""
Texts = Iterator[tuple[str, str, str]]


def from_csv(path: Path) -> Texts:
    import pandas

    csv.field_size_limit(1 << 30)
    for part in pandas.read_csv(path, dtype=str, keep_default_na=False, chunksize=1_000):
        for row in zip(part["key"], part["headline"], part["body_text"], strict=True):
            yield tuple(text.removeprefix("'") for text in row)


def from_jsonl(path: Path) -> Texts:
    import duckdb

    types = "{key: 'VARCHAR', headline: 'VARCHAR', body_text: 'VARCHAR'}"
    found = duckdb.sql(f"select * from read_json('{path}', columns={types})")
    while rows := found.fetchmany(1_000):
        yield from rows


def from_parquet(path: Path) -> Texts:
    import polars

    yield from polars.read_parquet(path, columns=["key", "headline", "body_text"]).iter_rows()


def from_xlsx(path: Path) -> Texts:
    from openpyxl import load_workbook

    with closing(load_workbook(path, read_only=True)) as book:
        rows = book["data"].values
        header = list(next(rows))
        places = [header.index(name) for name in ("key", "headline", "body_text")]
        for row in rows:
            yield tuple(row[place] or "" for place in places)


def from_sqlite(path: Path) -> Texts:
    with closing(sqlite3.connect(path)) as conn:
        yield from conn.execute("select key, headline, body_text from articles order by rowid")


def from_txt(path: Path) -> Texts:
    with zipfile.ZipFile(path) as taken:
        for name in taken.namelist():
            head, _, body = taken.read(name).decode().partition("\n\n")
            yield name.removesuffix(".txt"), head.partition("\n")[0].removeprefix("title: "), body[:-1]


READERS = {
    "csv": from_csv, "jsonl": from_jsonl, "parquet": from_parquet, "xlsx": from_xlsx, "sqlite": from_sqlite,
    "txt": from_txt,
}  # fmt: skip
UNORDERED = ("sqlite",)  # a table has no order


def digest(texts: Iterable[Iterable[str]], ordered: bool) -> str:
    """One digest of all texts."""
    lines = (hashlib.sha256(json.dumps(list(row)).encode()).hexdigest() for row in texts)
    return hashlib.sha256("".join(lines if ordered else sorted(lines)).encode()).hexdigest()


def main() -> None:
    """Build the archive unless --home names one, export it in each format, and print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--articles", type=int, default=100_000)
    asked.add_argument("--home", type=Path, help="an archive that is there")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        home = options.home or Path(folder) / "home"
        if options.home is None:
            build(home, options.articles, 1_500)
        print("| format | s | MB | peak MB | equals SQL |\n|---|---|---|---|---|")
        worst = 0
        for form, read in READERS.items():
            path = Path(folder) / f"taken.{form}"
            begun = time.monotonic()
            command = [sys.executable, "-c", PEAK, "--home", str(home), "export", form, "-o", str(path)]
            ended = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds, peak = time.monotonic() - begun, int(ended.stderr.split()[-1]) // 1_024
            worst = max(worst, peak)
            ordered = form not in UNORDERED
            with closing(sqlite3.connect(home / "archive.db")) as conn:
                same = digest(conn.execute(SQL), ordered) == digest(read(path), ordered)
            size = path.stat().st_size / 1e6
            print(f"| {form} | {seconds:.1f} | {size:.1f} | {peak} | {'yes' if same else 'no'} |", flush=True)
            path.unlink()
        print(f"\ngoal: at most {GOAL} MB: {'met' if worst <= GOAL else 'missed'} ({worst})")


if __name__ == "__main__":
    main()
