"""The health rules, each on an archive that keeps it and on one that breaks it."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from string import Formatter

import pytest
from support.empty_database import open_database
from support.tables import every_row

from archive.files.clock import instant
from archive.files.home import Home
from archive.publish.messages.terms import TERMS
from archive.settings.settings import CrawlerSettings, Settings
from schedules.health.rules import HealthRule, check, store
from schedules.health.verdicts import FINDINGS
from schedules.slots.book import Book, ChildEnd, State
from schedules.slots.schedule import Slot

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
    with closing(open_database()) as conn:
        conn.execute("insert into sources (name) values ('newsroom')")
        yield conn


def crawled(
    conn: Connection,
    started_at: str,
    reason: str = "finished",
    seen: int | None = 9,
    errors: int = 0,
    source: str = "newsroom",
    requests: int = 20,
) -> None:
    conn.execute(
        """
        insert into crawls (key, source, started_at, finished_at, finish_reason, captures, articles_seen, errors,
                            requests)
        values (:source || :at, :source, :at, :at, :reason, 99, :seen, :errors, :requests)
        """,
        {
            "at": started_at,
            "reason": reason,
            "seen": seen,
            "errors": errors,
            "source": source,
            "requests": requests,
        },
    )


WELL = HealthRule("crawls", True, "the last crawl of every source ended well", "各来源最近一次采集均正常结束")


def verdict(conn: Connection, name: str, source: Watching, settings: Settings = ROOMY) -> HealthRule:
    return next(rule for rule in check(conn, Home(Path("/")), settings, [source], NOW) if rule.name == name)


def test_an_empty_archive_is_well(conn: Connection) -> None:
    rules = check(conn, Home(Path("/")), ROOMY, [Watching()], NOW)
    assert [(rule.name, rule.ok) for rule in rules] == [
        ("stores", True),
        ("proof", True),
        ("schedule", True),
        ("crawls", True),
        ("answers", True),
        ("expectations", True),
        ("hosts", True),
        ("addresses", True),
        ("lists", True),
        ("presence", True),
        ("layout", True),
        ("quarantine", True),
        ("frontier", True),
        ("dead letters", True),
        ("search", True),
        ("watch", True),
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


@pytest.mark.parametrize(
    ("crawls", "begun", "ok"),
    [
        (["2026-11-26T09:00:00Z"], None, True),  # nothing is known of the time before
        (["2026-11-25T09:30:00Z", "2026-11-26T09:00:00Z"], None, False),
        (["2026-11-25T09:30:00Z", "2026-11-26T09:00:00Z"], "2026-11-25T11:30:00Z", True),
        (["2026-11-25T09:30:00Z", "2026-11-26T09:00:00Z"], "2026-11-26T11:30:00Z", False),
    ],
)
def test_a_crawl_that_is_dated_ahead_keeps_no_source_green(
    conn: Connection, tmp_path: Path, crawls: list[str], begun: str | None, ok: bool
) -> None:
    for at in crawls:
        crawled(conn, at)
    if begun:
        book, slot = Book(Home(tmp_path).schedule_database), Slot("newsroom", instant(begun))
        book.owed("newsroom", "", [slot.due_at])
        book.started(slot, slot.due_at)
    rules = {rule.name: rule for rule in check(conn, Home(tmp_path), ROOMY, [Watching()], NOW)}
    assert rules["schedule"].ok is ok


@pytest.mark.parametrize(
    ("end", "state", "ok"),
    [
        (ChildEnd(exit_code=1), "passed", False),  # the program does not work
        (ChildEnd(exit_code=5), "missed", False),  # a crawl that never ends has the lock
        (ChildEnd(finish_reason="not started"), "missed", False),
        (ChildEnd(exit_code=0), "ended", True),
        (ChildEnd(exit_code=3), "ended", True),
    ],
)
def test_a_child_that_began_no_crawl_keeps_no_source_green(
    conn: Connection, tmp_path: Path, end: ChildEnd, state: State, ok: bool
) -> None:
    crawled(conn, "2026-11-25T08:30:00Z")
    book, slot = Book(Home(tmp_path).schedule_database), Slot("newsroom", instant("2026-11-25T11:30:00Z"))
    book.owed("newsroom", "", [slot.due_at])
    book.started(slot, slot.due_at)
    book.ended(slot, state, end, slot.due_at)
    rules = {rule.name: rule for rule in check(conn, Home(tmp_path), ROOMY, [Watching()], NOW)}
    assert rules["schedule"].ok is ok


def test_a_source_whose_slots_are_all_missed_is_named(conn: Connection) -> None:
    conn.execute("insert into coverage values ('newsroom', '2026-11-25T08:00:00Z', null, null, 'missed', null)")
    assert verdict(conn, "schedule", Watching()) == HealthRule(
        "schedule",
        False,
        "newsroom was never crawled (every 1 hour): check that `thinker schedule run` is running; "
        "`thinker status` shows the last lines of its crawls",
        "newsroom 从未采集（every 1 hour）：请检查 `thinker schedule run` 是否在运行；"
        "`thinker status` 会显示采集日志的末尾几行",
    )


@every_row(
    ("began", "stopped", "owed", "ok"),
    [
        ("2026-11-24T12:00:00Z", False, False, False),
        ("2026-11-25T11:30:00Z", False, False, True),  # its first slot has not come, or is under way
        ("2026-11-24T12:00:00Z", True, False, True),  # which the rule `scheduler` tells
        ("2026-11-24T12:00:00Z", False, True, True),
    ],
)
def test_a_source_that_the_scheduler_does_not_know_is_named(
    conn: Connection, tmp_path: Path, began: str, stopped: bool, owed: bool, ok: bool
) -> None:
    """Its schedule came into thinker.toml after the scheduler had begun: nothing is crawled, and nothing missed."""
    Home(tmp_path).schedule_database.unlink(missing_ok=True)
    book = Book(Home(tmp_path).schedule_database)
    book.beat(7, began, NOW, [], stopped)
    if owed:
        book.owed("newsroom", "every 1 hour", [instant("2026-11-25T11:00:00Z")])
    rules = {rule.name: rule for rule in check(conn, Home(tmp_path), ROOMY, [Watching()], NOW)}
    assert rules["schedule"].ok is ok
    if not ok:
        assert rules["schedule"].detail == (
            "newsroom was never crawled (every 1 hour), and the scheduler running since "
            "2026-11-24T12:00:00Z does not know it: restart `thinker run` or `thinker schedule run`, "
            "which reads thinker.toml only at the start"
        )


@pytest.mark.parametrize(
    ("reason", "errors", "rule"),
    [
        ("finished", 0, WELL),
        ("limit", 0, WELL),
        (
            "finished",
            3,
            HealthRule(
                "crawls",
                False,
                "newsroom: 3 errors in 20 requests in the crawl of 2026-11-25T11:30:00Z, more than "
                "5%: run `thinker crawl newsroom` to see them",
                "newsroom：2026-11-25T11:30:00Z 的采集共 20 次请求，出错 3 次，超过 5%：运行 "
                "`thinker crawl newsroom` 可查看错误",
            ),
        ),
        (
            "killed",
            1,
            HealthRule(
                "crawls",
                False,
                "newsroom: the crawl of 2026-11-25T11:30:00Z ended as killed: run `thinker crawl newsroom` to see why",
                "newsroom：2026-11-25T11:30:00Z 的采集以 killed 结束：运行 `thinker crawl newsroom` 可查看原因",
            ),
        ),
    ],
)
def test_only_the_last_crawl_counts(conn: Connection, reason: str, errors: int, rule: HealthRule) -> None:
    crawled(conn, "2026-11-25T10:30:00Z", "failed", errors=7)
    crawled(conn, "2026-11-25T11:30:00Z", reason, errors=errors)
    assert verdict(conn, "crawls", Watching()) == rule


@pytest.mark.parametrize(
    ("errors", "requests", "ok"),
    [
        (1, 1000, True),
        (50, 1000, True),
        (51, 1000, False),
        (2, 2, True),  # too few to say
        (3, 60, True),
        (3, 59, False),
        (3, 0, False),
    ],
)
def test_errors_count_by_their_share_of_the_requests(conn: Connection, errors: int, requests: int, ok: bool) -> None:
    crawled(conn, "2026-11-25T11:30:00Z", errors=errors, requests=requests)
    assert verdict(conn, "crawls", Watching()).ok is ok


@pytest.mark.parametrize(
    ("errors", "requests", "seen", "ok"),
    [
        (1, 1, 0, False),  # the only list has a wrong address
        (2, 2, 0, False),
        (1, 2, 0, True),
        (0, 0, 0, True),
        (1, 1, None, True),  # only a part was looked for
    ],
)
def test_a_crawl_to_which_nothing_but_errors_was_answered_is_not_well(
    conn: Connection, errors: int, requests: int, seen: int | None, ok: bool
) -> None:
    crawled(conn, "2026-11-25T11:30:00Z", errors=errors, requests=requests, seen=seen)
    assert verdict(conn, "crawls", Watching()).ok is ok


@pytest.mark.parametrize(
    ("before", "seen", "ok"),
    [
        ([], 0, True),  # nobody has seen any
        ([("2026-11-25T10:30:00Z", 9)], 1, True),
        ([("2026-11-25T10:30:00Z", 9)], 0, False),
        ([("2026-11-24T10:30:00Z", 9), ("2026-11-25T09:30:00Z", 0), ("2026-11-25T10:30:00Z", 0)], 0, False),
        ([("2026-11-25T10:30:00Z", 9)], None, True),  # only a part was looked for
        ([("2026-10-20T10:30:00Z", 9), ("2026-11-20T10:30:00Z", 0)], 0, False),  # however long ago
    ],
)
def test_a_source_that_stops_showing_articles_is_not_well(
    conn: Connection, before: list[tuple[str, int]], seen: int | None, ok: bool
) -> None:
    for at, count in before:
        crawled(conn, at, seen=count)
    crawled(conn, "2026-11-25T11:30:00Z", seen=seen)
    rule = verdict(conn, "expectations", Watching())
    assert rule.ok is ok
    if not ok:
        assert rule == HealthRule(
            "expectations",
            False,
            f"newsroom: no article seen in the crawl of 2026-11-25T11:30:00Z, after 9 in the crawl of {before[0][0]}: "
            "run `thinker doctor newsroom` to see what to change",
            f"newsroom：2026-11-25T11:30:00Z 的采集没有见到文章，此前 {before[0][0]} 的采集见到 9 篇："
            "运行 `thinker doctor newsroom` 可查看如何调整",
        )


def test_a_paused_source_is_named_and_not_late(conn: Connection, tmp_path: Path) -> None:
    crawled(conn, "2026-11-20T11:30:00Z")
    Book(Home(tmp_path).schedule_database).pause(["newsroom"], NOW)
    rules = {rule.name: rule for rule in check(conn, Home(tmp_path), ROOMY, [Watching()], NOW)}
    assert rules["schedule"] == HealthRule(
        "schedule",
        True,
        "sources scheduled: 0, none is late (paused: newsroom)",
        "已排期 0 个来源，均未延误（已暂停：newsroom）",
    )


@pytest.mark.parametrize(("expect", "ok"), [(0, True), (9, True), (10, False)])
def test_an_expectation_is_held_against_the_last_whole_crawl(conn: Connection, expect: int, ok: bool) -> None:
    crawled(conn, "2026-11-25T10:30:00Z", seen=9)
    crawled(conn, "2026-11-25T11:30:00Z", "stopped", seen=1)
    crawled(conn, "2026-11-25T11:40:00Z", seen=None)  # only what was published since a day
    assert verdict(conn, "expectations", Watching(expect=expect)).ok is ok


def test_a_source_no_longer_declared_breaks_no_rule_and_is_named(conn: Connection) -> None:
    conn.execute("insert into sources (name) values ('town')")
    crawled(conn, "2026-11-25T11:30:00Z")
    crawled(conn, "2026-11-20T11:30:00Z", "outage", source="town")
    conn.execute(
        """
        insert into captures (record_id, source, url, urlkey, captured_at, record_type, warc_file, warc_offset,
                              warc_length, verdict, parser_version)
        values ('r', 'town', 'http://a', 'a', '', 'response', '', 0, 0, 'quarantined', '1')
        """
    )
    conn.execute(
        """
        insert into frontier (urlkey, source, url, kind, due_at, attempts, given_up)
        values ('a', 'town', 'http://a/', 'article', '9999-12-31T23:59:59Z', 12, 'failed')
        """
    )
    rules = {rule.name: rule for rule in check(conn, Home(Path("/")), ROOMY, [Watching()], NOW)}
    assert [name for name, rule in rules.items() if not rule.ok] == []
    assert rules["crawls"].detail.endswith(
        "(not declared: town: the crawl of 2026-11-20T11:30:00Z ended as outage: run `thinker crawl town` to see why)"
    )
    assert rules["quarantine"].detail.endswith(
        "(not declared: town: 1 captures wait for a newer version of thinker: upgrade)"
    )
    assert not verdict(conn, "dead letters", Watching("town")).ok


@pytest.mark.parametrize(
    ("never", "detail"),
    [
        (
            (),
            "newsroom: 6 addresses never answered and are no longer tried: http://a.example/1, "
            "http://a.example/2, http://a.example/3, http://a.example/4, http://b.example/5 and 1 "
            "more: run `thinker crawl newsroom --recheck all` to try again, or add them to `never` "
            "in thinker.toml",
        ),
        (
            ("a.example",),
            "newsroom: 2 addresses never answered and are no longer tried: http://b.example/5, "
            "http://b.example/6: run `thinker crawl newsroom --recheck all` to try again, or add "
            "them to `never` in thinker.toml",
        ),
        (("a.example", "b.example"), "no address was given up"),
    ],
)
def test_dead_letters_are_named_except_those_of_hosts_in_never(
    conn: Connection, never: tuple[str, ...], detail: str
) -> None:
    conn.executemany(
        """
        insert into frontier (urlkey, source, url, kind, due_at, attempts, given_up)
        values (?1, 'newsroom', ?1, 'article', '9999-12-31T23:59:59Z', 12, ?2)
        """,
        [(f"http://{'ab'[n > 4]}.example/{n}", "failed") for n in range(1, 7)] + [("http://c.example/", "refused")],
    )
    settings = Settings(free_space_floor=0, crawler=CrawlerSettings(never=never))
    assert verdict(conn, "dead letters", Watching(), settings).detail == detail


@pytest.mark.parametrize(
    ("due_at", "schedule", "ok"),
    [
        ("2026-11-25T11:00:00Z", "every 1 hour", True),
        ("2026-11-20T11:00:00Z", "every 1 hour", False),
        ("2026-11-20T11:00:00Z", None, True),  # nobody promised to look again
    ],
)
def test_an_address_of_a_scheduled_source_that_waits_for_days_is_overdue(
    conn: Connection, due_at: str, schedule: str | None, ok: bool
) -> None:
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
    assert verdict(conn, "search", Watching()) == HealthRule(
        "search",
        False,
        "0 index rows for 1 articles: run `thinker reindex`",
        "1 篇文章只有 0 条索引：请运行 `thinker reindex`",
    )
    conn.execute("insert into article_words (rowid, headline) values (1, '思想')")
    assert verdict(conn, "search", Watching()).ok


def test_a_disk_below_its_floor_is_not_well(conn: Connection) -> None:
    rule = verdict(conn, "disk", Watching(), Settings(free_space_floor=10**12))
    assert not rule.ok
    assert rule.detail.endswith("MB free, minimum 1,000,000,000,000 MB: crawls are stopped: free some space")


def test_a_verdict_replaces_the_one_before(conn: Connection) -> None:
    store(conn, [HealthRule("disk", False, "full", "已满")], datetime(2026, 11, 25, 11, 0, tzinfo=UTC))
    store(conn, [HealthRule("disk", True, "room", "有空间"), HealthRule("crawls", True, "well", "正常")], NOW)
    assert conn.execute("select name, ok, detail, detail_zh, checked_at from health order by name").fetchall() == [
        ("crawls", 1, "well", "正常", "2026-11-25T12:00:00Z"),
        ("disk", 1, "room", "有空间", "2026-11-25T12:00:00Z"),
    ]


@every_row("name", sorted(FINDINGS))
def test_a_finding_says_the_same_in_both_languages(name: str) -> None:
    en, zh = ({field for _, field, _, _ in Formatter().parse(text) if field} for text in FINDINGS[name])
    assert en == zh
    assert re.search("[一-龥]", FINDINGS[name][1])
    assert not re.search("[一-龥，。：；（）]", FINDINGS[name][0])
    words = "".join(text for text, _, _, _ in Formatter().parse(FINDINGS[name][1]))  # a number may be formatted with :,
    assert not re.search(r"[,;!?()]|:(?!\d)", words)


def test_every_rule_has_a_name_in_both_languages(conn: Connection) -> None:
    rules = check(conn, Home(Path("/")), ROOMY, [Watching()], NOW)
    assert [rule.name for rule in rules if f"rule_{rule.name}" not in TERMS] == []
    assert [rule.name for rule in rules if not rule.detail_zh] == []
