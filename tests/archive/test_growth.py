"""Growth: at which byte a file was at a moment, what a source added in a month, and the pace of the last weeks."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.archiving import steps_of
from support.empty_database import open_database
from support.tables import every_row

from archive.answers.growth import Growth, by_month, bytes_a_day, full_at, in_words, pace, size_of
from archive.rows.connection import Connection

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MB = 10**6


@pytest.fixture
def conn() -> Iterator[Connection]:
    with closing(open_database()) as conn:
        yield conn


def written(conn: sqlite3.Connection, name: str, records: Sequence[tuple[datetime, int]], ids: bool = True) -> None:
    """Enter a file of records (moment, bytes) in the tables of the archive."""
    offset = 0
    for at, length in records:
        conn.execute(
            "insert into warc_records values (?, ?, ?, ?, 'response', x'')", (name, offset, length, _id(at, ids))
        )
        offset += length
    conn.execute("insert into applied values ('warc', ?, ?, null)", (name, offset))


def _id(at: datetime, seventh: bool) -> str:
    number = int(at.timestamp() * 1000) << 80 | random.getrandbits(76) & ~(0xF << 76) | (7 if seventh else 4) << 76
    return f"urn:uuid:{UUID(int=number & ~(3 << 62) | 2 << 62)}"


def daily(begin: datetime, end: datetime, length: int) -> list[tuple[datetime, int]]:
    """A record a day, from one moment to another."""
    return [(begin + day * DAY, length) for day in range((end - begin).days)]


def test_growth_sums_the_bytes_that_each_source_added_by_month(conn: Connection) -> None:
    """Two files of one series and the derived one are a source's; a month begins and ends in UTC."""
    first = datetime(2026, 9, 21, tzinfo=UTC)
    written(conn, "town-20260921T000000Z-00001.warc.gz", daily(first, first + 20 * DAY, 10))  # to 10 October
    written(conn, "town-20261011T000000Z-00002.warc.gz", daily(first + 20 * DAY, NOW, 10))
    written(conn, "town-derived-20260921T000000Z-00001.warc.gz", [(first, 7), (NOW - DAY, 3)])
    written(conn, "old-20200101T000000Z-00001.warc.gz", [(NOW - 2_000 * DAY, 5_000)])  # before the months asked for
    written(conn, "import-20100101T000000Z-00001.warc.gz", [(datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), 900)])
    assert by_month(conn, NOW, 12) == [
        Growth("2026-11", "town", 243),
        Growth("2026-10", "import", 900),  # in the month of the import, not of its pages
        Growth("2026-10", "town", 310),
        Growth("2026-09", "town", 107),
    ]
    assert by_month(conn, NOW, 1) == [Growth("2026-11", "town", 243)]
    conn.execute("insert into applied values ('ledger', 'town', 44, 'x')")
    found = size_of(conn)
    assert (found.captures, found.ledger, found.database > 100_000) == (5_000 + 900 + 650 + 10, 44, True)


def test_nothing_grew_in_an_archive_without_files(conn: Connection) -> None:
    assert (by_month(conn, NOW, 12), bytes_a_day(conn, NOW), size_of(conn).captures) == ([], None, 0)


def test_records_whose_ids_say_no_moment_are_older_than_all_others(conn: Connection) -> None:
    """As those of version 0.1: they add to no month."""
    name = "town-20260921T000000Z-00001.warc.gz"
    written(conn, name, daily(NOW - 9 * DAY, NOW, 10), ids=False)
    assert by_month(conn, NOW, 12) == []


@given(st.lists(st.tuples(st.integers(0, 90 * 86_400), st.integers(1, 5_000)), min_size=1, max_size=40))
def test_the_months_of_a_file_add_up_to_it(records: list[tuple[int, int]]) -> None:
    begin = datetime(2026, 8, 28, tzinfo=UTC)
    dated = [(begin + timedelta(seconds=seconds), length) for seconds, length in sorted(records)]
    with closing(open_database()) as conn:
        written(conn, "town-20260828T000000Z-00001.warc.gz", dated)
        found = {each.month: each.bytes for each in by_month(conn, NOW + 2 * DAY, 12)}
    by_hand: dict[str, int] = {}
    for at, length in dated:
        by_hand[f"{at:%Y-%m}"] = by_hand.get(f"{at:%Y-%m}", 0) + length
    assert found == by_hand


@every_row(
    ("weeks", "daily_bytes"),
    [
        ((7, 7, 7, 7), 1),
        ((9_000, 7, 7, 7), 1),  # a backfill
        ((7, 7, 9_000, 7), 1),  # an import
        ((0, 0, 0, 7), 0),  # a single crawl after a pause
        ((7, 14, 21, 28), 2),
        ((21, 7), 1),  # the first crawls had all that the sites have
        ((0, 0, 0, 0), 0),
    ],
)
def test_the_pace_is_that_of_a_usual_week(weeks: tuple[int, ...], daily_bytes: float) -> None:
    assert pace(weeks) == daily_bytes


@every_row(("days", "known"), [(1, False), (13, False), (14, True), (20, True), (400, True)])
def test_the_daily_growth_is_known_after_two_weeks(days: int, known: bool) -> None:
    with closing(open_database()) as conn:
        written(conn, "town-20260828T000000Z-00001.warc.gz", daily(NOW - days * DAY, NOW, MB))
        found, size = bytes_a_day(conn, NOW), size_of(conn)
    assert (found is not None) == known
    if found is not None:
        share = (size.captures + size.database) / size.captures  # the database grows along
        assert found == pytest.approx(MB * share, rel=0.01)


@every_row(
    ("room", "daily_bytes", "day"),
    [
        (10 * MB, MB, NOW + 10 * DAY),
        (0, MB, NOW),
        (-5, MB, NOW),
        (10 * MB, 0, None),
        (3_650 * MB, MB, NOW + 3_650 * DAY),
        (3_651 * MB, MB, None),
        (10**15, 1e-9, None),
    ],
)
def test_full_at_gives_the_day_when_the_free_space_runs_out(
    room: int, daily_bytes: float, day: datetime | None
) -> None:
    assert full_at(room, daily_bytes, NOW) == day


@every_row(
    ("size", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (12_345_678, "12.3 MB"), (10**9, "1.0 GB"),
     (1_234 * 10**12, "1,234.0 TB")],
)  # fmt: skip
def test_a_size_is_written_in_bytes_or_in_kb_to_tb(size: float, words: str) -> None:
    assert in_words(size) == words


def test_a_large_archive_is_not_read_through() -> None:
    """A hundred times as many records are a few more looks into the index."""
    steps = []
    for records in (1_000, 100_000):
        with closing(open_database()) as conn:
            begin = NOW - 300 * DAY
            dated = [(begin + number * 300 * DAY / records, 100) for number in range(records)]
            written(conn, "town-20260101T000000Z-00001.warc.gz", dated)
            steps.append(steps_of(conn, lambda: (by_month(conn, NOW, 12), bytes_a_day(conn, NOW))))
    assert steps[1] < 2 * steps[0]
