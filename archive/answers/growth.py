"""The growth of the archive: bytes of captures/ by month and source, and bytes a day of all its files.

No counts are stored: a file only grows, and the id of a record holds the moment at which it was written (RFC 9562
§5.7). So a few index look-ups find the byte that a file had reached at any moment.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median_low
from typing import get_args

from archive.files import instant, source_of, written_at
from archive.rows import Store

DAY, WEEK = timedelta(days=1), timedelta(days=7)
PACE_WEEKS = 4  # over which a pace is measured
MIN_WHOLE_WEEKS = 2  # whole weeks since the first record: the first crawls fetch all that the sites have
MAX_PACE = timedelta(days=3650)  # beyond this a forecast means nothing


@dataclass(frozen=True, slots=True)
class Size:
    """The bytes of the archive's files, by kind."""

    captures: int
    ledger: int
    database: int


@dataclass(frozen=True, slots=True)
class Growth:
    """The bytes by which a source's files in captures/ grew in a month (`2026-11`, in UTC)."""

    month: str
    source: str
    bytes: int


def size_of(conn: sqlite3.Connection) -> Size:
    """The bytes of captures and ledger that the database has applied, and those of the database itself."""
    sql = "select coalesce(sum(bytes), 0) from applied where kind = ?"
    captures, ledger = (int(conn.execute(sql, (kind,)).fetchone()[0]) for kind in get_args(Store))
    (database,) = conn.execute("select page_count * page_size from pragma_page_count(), pragma_page_size()").fetchone()
    return Size(captures, ledger, int(database))


def by_month(conn: sqlite3.Connection, now: datetime, months: int) -> list[Growth]:
    """The growth of each source in each of the last `months` months (UTC), the current one included.

    The newest month comes first; within a month, sources are sorted by name. Those that did not grow are left out.
    """
    starts = _starts(now, months)
    grown = {source: _steps(reached) for source, reached in _reached(conn, [*starts, None]).items()}
    return [
        Growth(f"{start:%Y-%m}", source, steps[place])
        for place, start in reversed([*enumerate(starts)])
        for source, steps in sorted(grown.items())
        if steps[place]
    ]


def bytes_a_day(conn: sqlite3.Connection, now: datetime) -> float | None:
    """The bytes by which the archive grows a day, by the median of the last four weeks; None if younger than two weeks.

    Of an archive younger than four weeks its whole weeks count. The ledger and the database are assumed to grow in
    proportion to the captures.
    """
    weeks = [now - number * WEEK for number in range(PACE_WEEKS, -1, -1)]
    begun = [week for week in weeks if week >= _begun(conn, now)]
    if len(begun) <= MIN_WHOLE_WEEKS:
        return None
    reached = _reached(conn, begun)
    totals = [sum(each) for each in zip(*reached.values(), strict=True)]
    size = size_of(conn)
    return pace(_steps(totals)) * (size.captures + size.ledger + size.database) / max(size.captures, 1)


def pace(weeks: Sequence[int]) -> float:
    """The bytes a day in the median of `weeks`, each given in bytes a week, so that no backfill or import counts.

    Of two middle weeks the smaller counts: `pace([7, 70]) -> 1.0`. Raises StatisticsError without weeks.
    """
    return median_low(weeks) / 7


def full_at(room: int, daily: float, now: datetime) -> datetime | None:
    """The moment when `room` bytes are used up at `daily` bytes a day; `now` if `room` is 0 or less.

    With room left: None if that moment is more than ten years away, or if `daily` is 0 or less.
    """
    if room <= 0:
        return now
    days = room / daily if daily > 0 else float("inf")
    return now + days * DAY if days <= MAX_PACE / DAY else None


def in_words(size: float) -> str:
    """A number of bytes as text, such as `999 bytes`, `1.0 kB` or `12.3 MB`: in powers of 1000, as disks are sold."""
    for unit, most in (("bytes", 1e3), ("kB", 1e6), ("MB", 1e9), ("GB", 1e12)):
        if size < most:
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size / (most / 1e3):,.1f} {unit}"
    return f"{size / 1e12:,.1f} TB"


def _starts(now: datetime, months: int) -> list[datetime]:
    """The starts of the last `months` months in UTC, the current one included; oldest first."""
    at = now.astimezone(UTC)
    last = at.year * 12 + at.month - 1
    return [datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC) for number in range(last - months + 1, last + 1)]


def _steps(reached: Sequence[int]) -> list[int]:
    return [max(0, after - before) for before, after in pairwise(reached)]


def _reached(conn: sqlite3.Connection, moments: Sequence[datetime | None]) -> dict[str, list[int]]:
    """By source, the bytes that its files in captures/ had at each of the moments; the moment None means now."""
    found: dict[str, list[int]] = defaultdict(lambda: [0] * len(moments))
    firsts = [None if at is None else _first_id(at) for at in moments]
    for name, size in conn.execute("select name, bytes from applied where kind = 'warc'").fetchall():
        reached = found[source_of(name)]
        begun, ended = _ends(conn, name)
        for place, first in enumerate(firsts):
            if first is None or _is_older(ended, first):
                reached[place] += size
            elif _is_older(begun, first):
                reached[place] += _byte_at(conn, name, size, first)
    return found


def _begun(conn: sqlite3.Connection, now: datetime) -> datetime:
    """The earliest moment in the ids of the files' first records; `now` if none of these ids has a time."""
    names = [name for (name,) in conn.execute("select name from applied where kind = 'warc'")]
    moments = filter(None, (written_at(_ends(conn, name)[0]) for name in names))
    return min(map(instant, moments), default=now)


def _ends(conn: sqlite3.Connection, name: str) -> tuple[str, str]:
    """The ids of the first and the last record of a file; ("", "") if it has no records."""
    sql = "select record_id from warc_records where warc_file = ? order by warc_offset {} limit 1"
    rows = [conn.execute(sql.format(order), (name,)).fetchone() for order in ("", "desc")]
    first, last = (row[0] if row else "" for row in rows)
    return first, last


def _byte_at(conn: sqlite3.Connection, name: str, size: int, first: str) -> int:
    """The offset of a file's first record not older than `first` (from `_first_id`); `size` if all are older."""
    sql = """
        select warc_offset, record_id from warc_records
         where warc_file = ? and warc_offset >= ? order by warc_offset limit 1
        """
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        row = conn.execute(sql, (name, middle)).fetchone()
        if row is not None and _is_older(row[1], first):
            low = row[0] + 1
        else:
            high = middle
    row = conn.execute(sql, (name, low)).fetchone()
    return int(row[0]) if row else size


def _first_id(at: datetime) -> str:
    """The start of every version 7 record id made at the moment: `urn:uuid:` and the moment in ms as 12 hex digits.

    It lacks the dash that a record id has after the first 8 of these digits. `_is_older` compares ids with it.
    """
    return f"urn:uuid:{int(at.timestamp() * 1000):012x}"


def _is_older(record_id: str, first: str) -> bool:
    """True if a record id was created before the moment of `first`; ids of other versions than 7 count as older."""
    return f"{record_id[:17]}{record_id[18:22]}" < first or record_id[23:24] != "7"
