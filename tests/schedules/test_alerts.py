"""The health rules, each on an archive that keeps it and on one that breaks it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection

import pytest
from sqlite_utils import Database

from archive.home import Home
from archive.migrations import migrations
from archive.settings import Settings
from schedules.alerts import Rule, check, store

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ROOMY = Settings(free_space_floor=0)


@dataclass(frozen=True)
class Watching:
    """A source as far as health looks at it."""

    name: str = "newsroom"
    timezone: str = "Asia/Shanghai"
    schedule: str | None = "every 1 hour"
    expect: int = 0


@pytest.fixture
def conn() -> Iterator[Connection]:
    db = Database(memory=True)
    migrations.apply(db)
    db.conn.execute("insert into sources (name) values ('newsroom')")
    with closing(db.conn) as conn:
        yield conn


def crawled(conn: Connection, started_at: str, reason: str = "finished", captures: int = 9, errors: int = 0) -> None:
    conn.execute(
        """
        insert into crawls (key, source, started_at, finished_at, finish_reason, captures, errors)
        values (:at, 'newsroom', :at, :at, :reason, :captures, :errors)
        """,
        {"at": started_at, "reason": reason, "captures": captures, "errors": errors},
    )


def verdict(conn: Connection, name: str, source: Watching, settings: Settings = ROOMY) -> Rule:
    return next(rule for rule in check(conn, Home(Path("/")), settings, [source], NOW) if rule.name == name)


def test_an_empty_archive_is_well(conn: Connection) -> None:
    rules = check(conn, Home(Path("/")), ROOMY, [Watching()], NOW)
    assert [(rule.name, rule.ok) for rule in rules] == [
        ("stores", True),
        ("proof", True),
        ("schedule", True),
        ("crawls", True),
        ("expectations", True),
        ("layout", True),
        ("quarantine", True),
        ("frontier", True),
        ("search", True),
        ("disk", True),
    ]


@pytest.mark.parametrize(
    ("schedule", "last", "ok"),
    [
        ("every 1 hour", "2026-11-25T11:30:00Z", True),
        ("every 1 hour", "2026-11-25T10:30:00Z", True),  # the slot of 12:00 is just due
        ("every 1 hour", "2026-11-25T09:30:00Z", False),
        ("every 10s", "2026-11-25T11:58:00Z", True),  # starting takes a while
        ("every 10s", "2026-11-25T11:50:00Z", False),
        ("0 9 * * mon", "2026-11-23T01:00:05Z", True),
        ("0 9 * * mon", "2026-11-09T01:00:05Z", False),
        (None, "2020-01-01T00:00:00Z", True),
    ],
)
def test_a_source_may_miss_one_slot_and_not_two(conn: Connection, schedule: str | None, last: str, ok: bool) -> None:
    crawled(conn, last)
    assert verdict(conn, "schedule", Watching(schedule=schedule)).ok is ok


def test_a_source_whose_slots_are_all_missed_is_named(conn: Connection) -> None:
    conn.execute("insert into coverage values ('newsroom', '2026-11-25T08:00:00Z', null, null, 'missed', null)")
    assert verdict(conn, "schedule", Watching()) == Rule(
        "schedule", False, "newsroom was never crawled (every 1 hour): is `thinker schedule run` running?"
    )


@pytest.mark.parametrize(
    ("reason", "errors", "rule"),
    [
        ("finished", 0, Rule("crawls", True, "the last crawl of every source ended well")),
        ("limit", 0, Rule("crawls", True, "the last crawl of every source ended well")),
        ("finished", 2, Rule("crawls", False, "newsroom: 2 errors in the crawl of 2026-11-25T11:30:00Z")),
        ("killed", 1, Rule("crawls", False, "newsroom: the crawl of 2026-11-25T11:30:00Z ended as killed")),
    ],
)
def test_only_the_last_crawl_counts(conn: Connection, reason: str, errors: int, rule: Rule) -> None:
    crawled(conn, "2026-11-25T10:30:00Z", "failed", errors=7)
    crawled(conn, "2026-11-25T11:30:00Z", reason, errors=errors)
    assert verdict(conn, "crawls", Watching()) == rule


@pytest.mark.parametrize(("expect", "ok"), [(0, True), (9, True), (10, False)])
def test_an_expectation_is_held_against_the_last_whole_crawl(conn: Connection, expect: int, ok: bool) -> None:
    crawled(conn, "2026-11-25T10:30:00Z", captures=9)
    crawled(conn, "2026-11-25T11:30:00Z", "stopped", captures=1)
    assert verdict(conn, "expectations", Watching(expect=expect)).ok is ok


@pytest.mark.parametrize(
    ("due_at", "schedule", "ok"),
    [
        ("2026-11-25T11:00:00Z", "every 1 hour", True),
        ("2026-11-20T11:00:00Z", "every 1 hour", False),
        ("2026-11-20T11:00:00Z", None, True),  # nobody promised to look again
    ],
)
def test_what_waits_for_days_is_overdue(conn: Connection, due_at: str, schedule: str | None, ok: bool) -> None:
    conn.execute(
        "insert into frontier (urlkey, source, url, kind, due_at) values ('a', 'newsroom', 'http://a', 'article', ?)",
        [due_at],
    )
    assert verdict(conn, "frontier", Watching(schedule=schedule)).ok is ok


def test_an_index_that_lacks_an_article_is_noticed(conn: Connection) -> None:
    conn.execute(
        """
        insert into articles (key, search_id, source, url, headline, characters, first_seen_at, last_seen_at,
                              shown_at, revisions, content_digest, details, body_text)
        values ('newsroom-1', 1, 'newsroom', 'http://a', '思想者', 3, '', '', '', 1, '', '{}', '思想者')
        """
    )
    assert verdict(conn, "search", Watching()) == Rule(
        "search", False, "0 index rows for 1 articles: run `thinker reindex`"
    )
    conn.execute("insert into articles_fts (rowid, headline) values (1, '思想')")
    assert verdict(conn, "search", Watching()).ok


def test_a_disk_below_its_floor_is_not_well(conn: Connection) -> None:
    rule = verdict(conn, "disk", Watching(), Settings(free_space_floor=10**12))
    assert not rule.ok
    assert rule.detail.endswith("MB free, the floor is 1,000,000,000,000 MB: crawls stop; make room")


def test_a_verdict_replaces_the_one_before(conn: Connection) -> None:
    store(conn, [Rule("disk", False, "full")], datetime(2026, 11, 25, 11, 0, tzinfo=UTC))
    store(conn, [Rule("disk", True, "room"), Rule("crawls", True, "well")], NOW)
    assert conn.execute("select name, ok, detail, checked_at from health order by name").fetchall() == [
        ("crawls", 1, "well", "2026-11-25T12:00:00Z"),
        ("disk", 1, "room", "2026-11-25T12:00:00Z"),
    ]
