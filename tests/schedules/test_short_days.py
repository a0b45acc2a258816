"""A source that gets few requests a day: its crawls end in time by themselves, and health knows why articles wait."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.empty_database import open_database
from support.tables import every_row
from support.towns import declare, rows, said

from archive.files.clock import stamp
from archive.files.home import Home
from archive.settings.settings import HostSettings, Settings
from crawler.sources.newsroom import newsroom
from newsroom.process import running
from schedules.crawls import Crawls
from schedules.health.rules import HealthRule, check
from schedules.slots.book import Book

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITE = newsroom("http://127.0.0.1:8765")
AMPLE, OWN, SLOW = replace(SITE, delay=1.0), replace(SITE, requests_per_day=500), replace(SITE, delay=120.0)
MANY = replace(SITE, requests_per_day=20_000)


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    with closing(open_database()) as conn:
        conn.execute("insert into sources (name) values ('newsroom')")
        yield conn


def verdict(conn: sqlite3.Connection, name: str, source: object, budget: int | None) -> HealthRule:
    hosts = {"127.0.0.1:8765": HostSettings(requests_per_day=budget)} if budget else {}
    settings = Settings(free_space_floor=0, hosts=hosts)
    watched = [replace(source, schedule="every 1 hour")]  # type: ignore[type-var] # a source
    return next(rule for rule in check(conn, Home(Path("/")), settings, watched, NOW) if rule.name == name)


@every_row(
    ("source", "budget", "hours", "reason", "ok"),
    [
        (AMPLE, None, 2, "budget", False),
        (OWN, None, 2, "budget", True),  # spent in the morning
        (OWN, None, 47, "budget", True),
        (OWN, None, 48, "budget", False),  # no day ends so
        (OWN, None, 2, "waiting", False),
        (SLOW, None, 2, "budget", True),
        (SITE, 720, 2, "budget", True),
        (MANY, None, 2, "budget", True),  # a day of many is spent in the morning as well
        (AMPLE, 20_000, 2, "budget", True),
    ],
)
def test_a_day_that_is_spent_is_no_silence(
    conn: sqlite3.Connection, source: object, budget: int | None, hours: int, reason: str, ok: bool
) -> None:
    conn.execute("delete from crawls")
    for number in range(hours + 1):
        at = stamp(NOW - (hours - number) * HOUR)
        conn.execute(
            """
            insert into crawls (key, source, due_at, started_at, finished_at, finish_reason, articles_asked,
                                articles_answered) values (?1, 'newsroom', ?1, ?1, ?1, ?2, 0, 0)
            """,
            (at, reason),
        )
    found = verdict(conn, "answers", source, budget)
    assert found.ok is ok
    assert ok or reason != "budget" or "`requests_per_day` in thinker.toml" in found.detail
    assert verdict(conn, "crawls", source, budget).ok


@every_row(
    ("source", "fetched", "days", "ok"),
    [
        (AMPLE, True, 3, False),
        (MANY, True, 3, False),
        (OWN, True, 3, True),
        (OWN, True, 61, False),
        (OWN, False, 3, False),
    ],
)
def test_known_articles_may_wait_where_days_are_short_and_new_ones_may_not(
    conn: sqlite3.Connection, source: object, fetched: bool, days: int, ok: bool
) -> None:
    conn.execute("delete from frontier")
    due = stamp(NOW - days * DAY)
    sql = """
        insert into frontier (urlkey, source, url, kind, due_at, last_fetched_at)
        values ('a', 'newsroom', 'http://a', 'article', ?, ?)
        """
    conn.execute(sql, [due, due if fetched else None])
    assert verdict(conn, "frontier", source, None).ok is ok


@pytest.mark.slow
def test_a_slow_host_never_costs_a_crawl_its_end(tmp_path: Path) -> None:
    """With 30 articles at five seconds each, a crawl of forty seconds asks some and ends before it would be killed."""
    with running(articles=30) as site:
        home = declare(tmp_path, town=said(site, delay=5))
        crawls = Crawls(home, lambda source, slots: None, limit=40, apart=0)

        async def one() -> None:
            crawls.owe("town", [NOW])
            async with asyncio.timeout(90):
                while crawls._running:
                    await asyncio.sleep(0.1)

        asyncio.run(one())
        asked = len(site.log())
    (end,) = Book(Home(home).schedule_database).runs(latest=True)
    assert (end["exit_code"], end["finish_reason"]) == (0, "budget")
    assert 4 <= asked <= 8
    assert rows(home, "select finish_reason, new_articles from crawls") == [("budget", asked - 3)]
