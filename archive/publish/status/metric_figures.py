"""What the archive holds in numbers, for programs that look again and again: counted now and then, not each time."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from archive.files import Home, stamp
from archive.publish.database.reading import DATABASE, count_articles, read_within, rows
from archive.publish.server.errors import plain
from archive.rows import count_by_state

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MIN_SECONDS_BETWEEN_COUNTS = 15.0  # seconds between two counts
MIN_REST_PER_COUNT = (
    20  # counting takes at most this part of the time: among millions of events it is done the more rarely
)
COUNT_TIME_LIMIT_MS = 20_000  # ms; two million events that no memory holds take 7 s
REPLY_WAIT_SECONDS = 1.0  # seconds that a reply waits for a count

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MetricFigures:
    """Counts by source and word; what is large is counted by an index alone."""

    articles: int
    captures_bytes: int
    crawls: list[Row]
    slots: list[Row]
    events: list[Row]
    frontier: list[Row]


@dataclass(slots=True)
class _Counted:
    figures: MetricFigures | None = None
    good_until: float = 0.0
    counting: asyncio.Task[None] | None = None


_counted: WeakKeyDictionary[object, _Counted] = WeakKeyDictionary()


async def figures(datasette: Datasette) -> MetricFigures | None:
    """The figures as they were counted last; None as long as they are counted for the first time.

    A reply does not wait long for them, and whoever asks meanwhile has no second count begun.
    """
    known = _counted.setdefault(datasette.get_database(DATABASE), _Counted())
    if known.counting is None and monotonic() >= known.good_until:
        known.counting = asyncio.ensure_future(_counted_anew(datasette, known))
    if known.counting is not None:
        await asyncio.wait([known.counting], timeout=REPLY_WAIT_SECONDS)
    return known.figures


async def _counted_anew(datasette: Datasette, known: _Counted) -> None:
    began = monotonic()
    try:
        known.figures = await read_within(COUNT_TIME_LIMIT_MS, datasette, _count)
        known.good_until = monotonic() + max(MIN_SECONDS_BETWEEN_COUNTS, MIN_REST_PER_COUNT * (monotonic() - began))
    except sqlite3.Error as error:
        sys.stderr.write(plain(f"thinker: the archive's figures cannot be counted: {error}") + "\n")
        known.good_until = monotonic() + MIN_SECONDS_BETWEEN_COUNTS  # what was read is in memory now
    finally:
        known.counting = None


def _count(conn: sqlite3.Connection) -> MetricFigures:
    now = stamp(datetime.now(UTC))
    sources = [name for (name,) in conn.execute("select name from sources order by name")]
    return MetricFigures(
        articles=count_articles(conn),
        captures_bytes=conn.execute("select coalesce(sum(bytes), 0) from applied where kind = 'warc'").fetchone()[0],
        crawls=rows(conn, _CRAWLS),
        slots=rows(conn, _SLOTS),
        events=rows(conn, _EVENTS),
        frontier=[
            {"source": source, "state": state, "urls": urls}
            for source in sources
            for state, urls in count_by_state(conn, source, now).items()
        ],
    )


_CRAWLS = """
    select source, finish_reason, count(*) as count from crawls
     where finish_reason is not null group by source, finish_reason
"""
_SLOTS = "select source, outcome, count(*) as count from coverage group by source, outcome"
_EVENTS = "select source, kind, count(*) as count from events group by source, kind"


def last_crawls(conn: sqlite3.Connection) -> list[Row]:
    """The last crawl of each source that has ended, and when the last one began in which an article answered."""
    return rows(conn, _LAST)


_LAST = """
    select s.name as source, c.started_at, c.finished_at, c.requests, c.errors, c.articles_seen, c.articles_answered,
           (select max(started_at) from crawls where source = s.name and articles_answered > 0) as answered_at
      from sources s
      join crawls c on c.id = (select id from crawls where source = s.name and finished_at is not null
                                order by started_at desc, id desc limit 1)
     order by s.name
"""


def disk(home: Home) -> dict[str, int]:
    """Bytes: free and all of the disk that the archive lies on, and what its database takes."""
    room = shutil.disk_usage(home.path)
    files = (home.database, home.database.with_name(f"{home.database.name}-wal"))
    return {"free": room.free, "size": room.total, "database": sum(map(_size, files))}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
