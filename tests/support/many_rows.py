"""The small archive with more rows than a page shows, each as long as real ones."""

import sqlite3
from contextlib import closing
from pathlib import Path

from support.small_archive import build

from archive.files.home import Home
from archive.schema.plain_datasette import write_beside

MANY = 120
UNIQUE = {  # columns whose values must differ from row to row, and how the copy's differs
    "articles": {"key": "key || '-' || n", "search_id": "search_id + 100000 + n"},
    "captures": {"record_id": "record_id || n"},
    "crawls": {"key": "key || '-' || n"},
    "events": {"digest": "null"},
    "states": {"content_digest": "content_digest || n"},
    "state_texts": {},
    "revision_records": {},
    "change_records": {},
    "keywords": {"name": "name || n"},
    "people": {"name": "name || n"},
}


def build_many(folder: Path) -> Home:
    home = build(folder)
    with closing(sqlite3.connect(home.database)) as conn, conn:
        for table, differing in UNIQUE.items():
            _multiply(conn, table, differing)
    write_beside(home)
    return home


def _multiply(conn: sqlite3.Connection, table: str, differing: dict[str, str]) -> None:
    """Copies of the first row of a table."""
    columns = [(name, key) for _, name, _, _, _, key in conn.execute(f"pragma table_info({table})")]
    values = ["1000 + n" if key else differing.get(name, f'"{name}"') for name, key in columns]
    conn.execute(
        f"""with recursive numbers(n) as (select 1 union all select n + 1 from numbers limit {MANY})
            insert into {table} ({", ".join(f'"{name}"' for name, _ in columns)})
            select {", ".join(values)} from (select * from {table} limit 1), numbers"""
    )
