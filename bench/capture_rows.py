"""Rows of captures in a large archive: bytes, and what a look-up and a new row cost, with and without the page cache.

Grows one archive to each of the sizes: ten captures an address, the first an answer and the others 304, with the places
of their records. A look-up is that of the newest good capture of an address, which each visit makes; new rows are
committed by 32. Cold: the pages of the file were dropped from this machine's cache (the disk may have one of its own),
and SQLite's cache is new.

    python bench/capture_rows.py --rows 1000000 3000000
"""

import argparse
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from archive import connect, open_archive
from archive.files import Record, RecordLocation, stamp
from archive.rows import apply_record, latest_payload
from archive.rows.captures import capture_of, insert_capture

OF_AN_ADDRESS = 10  # captures
GROUP = 32
TRIES = 640
BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
STEP = 600  # bytes of a record
# A turn of visits that all answered 304, in an order that looks like chance, as that of due times does.
TURN = """
    insert into captures (record_id, source, url, urlkey, captured_at, record_type, payload_digest, refers_to, etag,
                          warc_file, warc_offset, warc_length, status, kind, dating)
    select 'urn:uuid:' || lower(hex(randomblob(18))), source, url, urlkey,
           strftime('%Y-%m-%dT%H:%M:%SZ', captured_at, :later), 'revisit', payload_digest, record_id, etag,
           :file, row_number() over () * 600, 600, 304, kind, dating
      from captures where record_type = 'response' and id > :after order by substr(payload_digest, 10)
"""
PLACES = """
    insert into warc_records
    select warc_file, warc_offset, warc_length, record_id, record_type, randomblob(32) from captures
     where warc_file = :file and id > :after order by warc_offset
"""
SIZE = """
    select sum(pgsize) from dbstat('main', 1) p join sqlite_schema s on s.name = p.name
     where s.tbl_name in ('captures', 'warc_records')
"""


@dataclass(frozen=True)
class Cost:
    """The cost of one of many like steps: ms, ms of processor time, kB read from the disk."""

    ms: float
    processor: float
    read: float

    def __str__(self) -> str:
        return f"{self.ms:.2f} / {self.processor:.2f} / {self.read:.0f}"


def record(article: int, turn: int = 0, file: str = "", place: int = 0) -> Record:
    """The record of a capture of an article's address; the first is an answer."""
    first = _uuid(f"{article}")
    name = _uuid(f"{article} {turn} {file} {place}") if turn else first
    url = f"https://news.example.cn/2024/{article % 12 + 1:02}-{article % 28 + 1:02}/c{article * 7_919:010}.html"
    fields = {
        "warc-record-id": f"<urn:uuid:{name}>",
        "warc-type": "revisit" if turn else "response",
        "warc-target-uri": url,
        "warc-date": stamp(BEGUN + timedelta(days=10 * turn, seconds=article)),
        "warc-payload-digest": f"sha256:{sha256(url.encode()).hexdigest()}",
        "warc-etag": f'"{article:x}-5f2a"',
        "thinker-kind": "article",
        **({"warc-refers-to": f"<urn:uuid:{first}>"} if turn else {}),
    }
    head = (
        b"" if turn else f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: {fields['warc-etag']}\r\n\r\n".encode()
    )
    return Record(RecordLocation(file, place * STEP, STEP, name.bytes * 2), fields, (head,))


def _uuid(text: str) -> UUID:
    return UUID(bytes=sha256(text.encode()).digest()[:16], version=4)


def insert(conn: sqlite3.Connection, records: Iterable[Record], group: int = GROUP) -> None:
    """Enter captures and the places of their records, so many a transaction."""
    conn.execute("begin immediate")
    for number, each in enumerate(records, start=1):
        insert_capture(conn, capture_of(each, "town", None))
        apply_record(conn, each)
        if number % group == 0:
            conn.execute("commit")
            conn.execute("begin immediate")
    conn.execute("commit")


def grow(path: Path, articles: range) -> None:
    """Enter the captures of these articles: an answer each, and then the turns of their visits."""
    with closing(connect(path)) as conn:
        conn.execute("pragma synchronous=off")
        after = conn.execute("select coalesce(max(id), 0) from captures").fetchone()[0]
        first = (record(each, 0, f"town-{articles.start:09}-0", each) for each in articles)
        insert(conn, first, 10_000)
        for turn in range(1, OF_AN_ADDRESS):
            told = {"later": f"+{10 * turn} days", "after": after, "file": f"town-{articles.start:09}-{turn}"}
            conn.execute(TURN, told)
            conn.execute(PLACES, {name: told[name] for name in ("file", "after")})


def cost(call: Callable[[], None]) -> Cost:
    """The cost of one of the steps of a call."""
    read, clock, used = _read_bytes(), time.perf_counter(), time.process_time()
    call()
    taken, used = time.perf_counter() - clock, time.process_time() - used
    return Cost(1_000 * taken / TRIES, 1_000 * used / TRIES, (_read_bytes() - read) / 1_000 / TRIES)


def measured(path: Path, articles: int) -> tuple[int, list[Cost]]:
    """Bytes of all rows, and the costs of a look-up and of a new row, each warm and cold."""
    with closing(connect(path)) as conn:
        size = int(conn.execute(SIZE).fetchone()[0])
    chance, costs = random.Random(articles), []
    for is_new in (False, True):
        for is_cold in (False, True):
            chosen = [chance.randrange(articles) for _ in range(TRIES)]
            keys = [capture_of(record(each), "town", None).urlkey for each in chosen]
            turn = OF_AN_ADDRESS + is_cold
            new = [record(each, turn, f"new-{articles}-{turn}", place) for place, each in enumerate(chosen)]
            _prepare(path, is_cold)
            with closing(connect(path)) as conn:
                if not is_cold:
                    look_up(conn, keys)
                step = (lambda: insert(conn, new)) if is_new else (lambda: look_up(conn, keys))  # noqa: B023 called here
                costs.append(cost(step))
    return size, costs


def look_up(conn: sqlite3.Connection, keys: list[str]) -> None:
    """Look up the newest good capture of each of these addresses."""
    for key in keys:
        assert latest_payload(conn, "town", key) is not None


def _prepare(path: Path, is_cold: bool) -> None:
    """Drop the pages of the file from the page cache, or read all of them into it."""
    with closing(connect(path)) as conn:
        conn.execute("pragma wal_checkpoint(truncate)")
    with path.open("rb") as file:
        if is_cold:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        else:
            while file.read(1 << 24):
                pass


def _read_bytes() -> int:
    return int(Path("/proc/self/io").read_text().partition("read_bytes: ")[2].split()[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000, 3_000_000])
    options = parser.parse_args()
    print("| rows | bytes a capture | look-up, warm | look-up, cold | new row, warm | new row, cold |")
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        open_archive(Path(folder)).close()
        path = Path(folder) / "archive.db"
        with closing(connect(path)) as conn:
            conn.execute("insert into sources (name) values ('town')")
        articles = 0
        for rows in options.rows:
            grow(path, range(articles, rows // OF_AN_ADDRESS))
            articles = rows // OF_AN_ADDRESS
            size, costs = measured(path, articles)
            print(f"| {rows:,} | {size / rows:,.0f} | {' | '.join(map(str, costs))} |", flush=True)
    print(f"\na cell: ms / ms of processor time / kB read from the disk; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
