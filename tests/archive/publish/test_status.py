"""The status page and `/-/healthz?deep=1`: what the scheduler wrote, and the later verdict of each rule."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from support.small_archive import build
from support.small_site import get, served, text
from support.tables import every_row

from archive.answers.heartbeat import NEVER_PROVED, Running, Verdict
from archive.files.clock import stamp
from archive.files.home import Home
from archive.publish.formatting import filters
from schedules.slots.book import Book

EARLIER = "2026-11-25T12:00:00Z"


@pytest.fixture
def now() -> datetime:
    """A heartbeat of now is fresh for two minutes."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return build(tmp_path)


@pytest.fixture
def site(home: Home) -> Iterator[Datasette]:
    with served(home) as there:
        yield there


def health(site: Datasette) -> tuple[int, dict[str, Any]]:
    reply = get(site, "/-/healthz?deep=1")
    assert reply.headers["cache-control"] == "no-store"
    return reply.status_code, reply.json()


def rules(site: Datasette) -> list[tuple[str, bool, str]]:
    return [(rule["name"], rule["ok"], rule["checked_at"]) for rule in health(site)[1]["rules"]]


def test_of_each_rule_the_later_verdict_counts(home: Home, site: Datasette, now: datetime) -> None:
    """A crawl's end writes them into archive.db (here in 2024), the scheduler into schedule.db."""
    book = Book(home.schedule_database)
    book.beat(7, stamp(now), now, [])
    book.judge(
        [Verdict("crawls", False, "ill", "有病", stamp(now)), Verdict("stores", False, "stale", "旧", stamp(now))], now
    )
    assert rules(site)[:1] == [("crawls", False, stamp(now))]
    assert health(site)[0] == 503
    with closing(sqlite3.connect(home.database)) as db, db:  # a crawl by hand
        db.execute("update health set checked_at = ?", [stamp(now + timedelta(seconds=5))])
    assert [(name, ok) for name, ok, _ in rules(site)] == [("crawls", True), ("scheduler", True)]
    assert health(site)[0] == 200


def test_a_check_that_was_never_made_is_not_called_ok(home: Home, site: Datasette, now: datetime) -> None:
    with closing(sqlite3.connect(home.database)) as db, db:
        db.execute(
            "insert into health (name, ok, detail, detail_zh, checked_at) values ('proof', 1, ?, ?, ?)",
            [*NEVER_PROVED, stamp(now)],
        )
    page = " ".join(get(site, "/status?ui=en").text.partition('<ul class="rules">')[2].partition("</ul>")[0].split())
    assert '<span class="state">Not checked</span> <strong>' in page
    assert [rule["name"] for rule in get(site, "/status.json").json()["rules"] if not rule["known"]] == ["proof"]


def test_a_verdict_dated_in_the_future_does_not_hide_a_current_one(home: Home, site: Datasette, now: datetime) -> None:
    """A crawl ended while the clock was a day ahead; the scheduler checks by the clock as it is."""
    with closing(sqlite3.connect(home.database)) as db, db:
        db.execute("update health set checked_at = ?", [stamp(now + timedelta(days=1))])
    book = Book(home.schedule_database)
    book.beat(7, stamp(now), now, [])
    book.judge([Verdict("crawls", False, "ill", "有病", stamp(now))], now)
    assert rules(site)[:1] == [("crawls", False, stamp(now))]
    assert health(site)[0] == 503


def test_a_scheduler_that_says_nothing_is_red_on_the_page(home: Home, site: Datasette, now: datetime) -> None:
    Book(home.schedule_database).beat(7, EARLIER, now - timedelta(days=1), [])
    home.settings_file.write_text('[sources.newsroom]\nschedule = "every 1h"\n', encoding="utf-8")
    day = filters.beijing(stamp(now - timedelta(days=1)))
    assert f"有问题 调度程序 自 {day} 起没有心跳：请重新启动 thinker run" in text(get(site, "/status"))
    english = text(get(site, "/status?ui=en"))
    assert (
        f"Needs attention Scheduler no heartbeat since {day} : restart thinker run or thinker schedule run" in english
    )
    assert health(site)[0] == 503


def test_a_site_that_is_only_served_says_so_and_is_well(site: Datasette) -> None:
    assert "正常 调度程序 此处没有运行过：采集由人工或其他程序启动" in text(get(site, "/status"))
    assert health(site)[0] == 200


def test_the_crawls_under_way_are_on_the_page_with_their_last_request(
    home: Home, site: Datasette, now: datetime
) -> None:
    url = "http://a/<script>\u202egpj.exe?" + "x" * 280
    crawls = [
        Running("town", EARLIER, stamp(now), 9, None, None),
        Running("newsroom", EARLIER, stamp(now), 8, stamp(now), url),
    ]
    Book(home.schedule_database).beat(7, stamp(now), now, crawls)
    page = get(site, "/status?ui=en")
    slot, at = filters.beijing(EARLIER), filters.beijing(stamp(now))
    assert (
        f"Crawls under way newsroom Slot: {slot} Last request: {at} http://a/&lt;script&gt;[U+202E]gpj.exe?x"
        in text(page)
    )
    assert f"town Slot: {slot} Last request: none yet" in text(page)
    assert "<script>" not in page.text
    found = get(site, "/status.json").json()
    assert [(each["source"], each["url"]) for each in found["running"]] == [("newsroom", url), ("town", None)]
    assert "pid" not in page.text + str(found)


@pytest.mark.parametrize(("deep", "status"), [("0", 200), ("1", 200), ("", 200), ("yes", 400), ("2", 400)])
def test_deep_may_only_be_0_1_or_empty(site: Datasette, deep: str, status: int) -> None:
    assert get(site, f"/-/healthz?deep={deep}").status_code == status


@every_row(
    ("said", "html"),
    [
        ("since 2026-11-25T12:00:00Z", 'since <time datetime="2026-11-25T12:00:00Z">2026-11-25 20:00</time>'),
        ("2026-13-45T99:00:00Z", "2026-13-45T99:00:00Z"),
        ("run `thinker <x>`", 'run <code lang="en">thinker &lt;x&gt;</code>'),
        (None, ""),
    ],
)
def test_a_finding_as_html_marks_moments_and_commands_and_escapes_markup(said: str | None, html: str) -> None:
    assert str(filters.coded(said)) == html
