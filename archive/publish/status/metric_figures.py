"""Figures of the archive for metrics, cached because counting is slow and monitoring asks often."""

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

MIN_SECONDS_BETWEEN_COUNTS = 15.0  # from the end of one count to the next
MIN_REST_PER_COUNT = 20  # pause for 20 times as long as a count took, so that large archives are counted more rarely
COUNT_TIME_LIMIT_MS = 20_000  # two million events that are not in the page cache take 7 s
REPLY_WAIT_SECONDS = 1.0  # then the reply has the earlier figures

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MetricFigures:
    """Counts of the archive. Large tables are counted by an index alone.

    `crawls` has a row for each source and finish reason (so no running crawls), `slots` for each source and outcome,
    `events` for each source and kind, each with the number as `count`; `frontier` for each source and state, with the
    number as `urls`.
    """

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
    """The figures of the last count that succeeded; None until one has.

    Starts a new count if the last one is old and none is running, then waits at most REPLY_WAIT_SECONDS for the running
    one, also for one just started.
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
        known.good_until = monotonic() + MIN_SECONDS_BETWEEN_COUNTS  # faster then: pages are cached now
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
    """A row for each source with a finished crawl: the last such crawl, and `answered_at`.

    That is the start of the last crawl in which an article answered, None without one.
    """
    return rows(conn, _LAST)


_LAST = """
    select s.name as source, c.started_at, c.finished_at, c.requests, c.errors, c.articles_seen, c.articles_answered,
           (select max(started_at) from crawls where source = s.name and articles_answered > 0) as answered_at
      from sources s
      join crawls c on c.id = (select id from crawls where source = s.name and finished_at is not null
                                  and is_single is null order by started_at desc, id desc limit 1)
     order by s.name
"""


def disk(home: Home) -> dict[str, int]:
    """Numbers of bytes: `free` and `size` of the archive's disk, and `database`, the database with its WAL file.

    A missing file counts as 0.
    """
    room = shutil.disk_usage(home.path)
    files = (home.database, home.database.with_name(f"{home.database.name}-wal"))
    return {"free": room.free, "size": room.total, "database": sum(map(_size, files))}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
