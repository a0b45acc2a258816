"""The scheduler's pulse: what it writes once a minute, who reads it, and that what hinders it delays no slot."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.checkout import ROOT
from support.fake_clock import FakeClock
from support.journeys import Thinker, asked
from support.raw_site import article, raw_site, reply
from support.small_disks import filled, mounted
from support.tables import every_row

from archive.answers.heartbeat import Running, Scheduler, State, Verdict, scheduler
from archive.files.clock import instant, stamp
from archive.files.home import Home
from schedules.slots.book import Book

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BEGAN = stamp(NOW - 30 * MINUTE)
SCHEDULED = '[sources.newsroom]\nschedule = "every 1 hour"\n'


def lived(
    home: Path, beat: datetime, checked: datetime | None = None, stopped: bool = False, settings: str = SCHEDULED
) -> Scheduler:
    """The state of a scheduler with its last heartbeat and its last check of the rules at these moments."""
    book = Book(Home(home).schedule_database)
    book.beat(7, BEGAN, beat, [Running("newsroom", BEGAN, BEGAN, 8, None, None)], stopped)
    if checked is not None:
        book.judge([], checked)
    Home(home).settings_file.write_text(settings, encoding="utf-8")
    return scheduler(Home(home), NOW)


@every_row(
    ("beat", "checked", "stopped", "settings", "state", "ok"),
    [
        (NOW, NOW, False, SCHEDULED, "runs", True),
        (NOW - 2 * MINUTE, NOW - 2 * MINUTE, False, SCHEDULED, "runs", True),
        (NOW - 2 * MINUTE - SECOND, NOW, False, SCHEDULED, "late", False),
        (NOW + 2 * MINUTE, NOW, False, SCHEDULED, "runs", True),
        (NOW + 2 * MINUTE + SECOND, NOW, False, SCHEDULED, "late", False),  # the clock went back, and it is dead
        (NOW - 99 * MINUTE, NOW, False, "", "unscheduled", True),
        (NOW - 99 * MINUTE, NOW, False, "no toml", "late", False),
        (NOW, NOW, True, SCHEDULED, "stopped", True),  # it may be begun again
        (NOW - 3 * MINUTE, NOW, True, SCHEDULED, "stopped", False),
        (NOW - 3 * MINUTE, NOW, True, "", "unscheduled", True),
        (NOW, NOW - 15 * MINUTE, False, SCHEDULED, "runs", True),
        (NOW, NOW - 16 * MINUTE, False, SCHEDULED, "unchecked", False),
        (NOW, None, False, SCHEDULED, "unchecked", False),  # it began half an hour ago
    ],
)
def test_a_scheduler_lives_while_its_heartbeat_is_fresh(
    tmp_path: Path, beat: datetime, checked: datetime | None, stopped: bool, settings: str, state: State, ok: bool
) -> None:
    Home(tmp_path).schedule_database.unlink(missing_ok=True)
    found = lived(tmp_path, beat, checked, stopped, settings)
    assert (found.state, found.ok, found.heartbeat_at) == (state, ok, stamp(beat))
    assert len(found.running) == (state in ("runs", "unchecked"))


def test_heartbeats_crawls_and_verdicts_are_read_as_they_were_written(tmp_path: Path) -> None:
    book = Book(Home(tmp_path).schedule_database)
    crawls = [
        Running("newsroom", BEGAN, BEGAN, 8, stamp(NOW), "http://a/1"),
        Running("town", BEGAN, BEGAN, 9, None, None),
    ]
    rules = [Verdict("crawls", False, "ill", "有病", stamp(NOW)), Verdict("disk", True, "room", None, stamp(NOW))]
    book.beat(7, BEGAN, NOW, crawls)
    book.judge(rules, NOW)
    assert scheduler(Home(tmp_path), NOW) == Scheduler(
        "runs", True, "running; the last heartbeat was at 2026-11-25T12:00:00Z",
        "运行中，最近一次心跳为 2026-11-25T12:00:00Z", stamp(NOW), tuple(rules), tuple(crawls),
    )  # fmt: skip
    book.beat(10, stamp(NOW), NOW, [])  # another one was begun: it has checked nothing yet
    assert scheduler(Home(tmp_path), NOW).state == "runs"
    book.beat(10, stamp(NOW), NOW + 16 * MINUTE, [])
    assert scheduler(Home(tmp_path), NOW + 16 * MINUTE).state == "unchecked"


def test_a_home_that_never_ran_a_scheduler_is_well_but_a_damaged_schedule_is_not(tmp_path: Path) -> None:
    never = Scheduler(
        "never", True, "no scheduler has run here: crawls are started by hand or by another program",
        "此处没有运行过：采集由人工或其他程序启动",
    )  # fmt: skip
    home = Home(tmp_path)
    assert scheduler(home, NOW) == never
    with closing(sqlite3.connect(home.schedule_database)) as db, db:  # of an earlier version
        db.execute("create table slots (source text)")
        db.execute("create table paused (source text)")
    assert scheduler(home, NOW) == never
    home.schedule_database.write_bytes(b"no database" * 1000)
    found = scheduler(home, NOW)
    assert (found.state, found.ok) == ("unreadable", False)


@pytest.mark.parametrize(
    "damage",
    [
        "heartbeat set at = 'x'",
        "heartbeat set at = x'ff'",
        "heartbeat set checked_at = 'x'",
        "verdicts set checked_at = 7",
    ],
)
def test_a_damaged_value_is_reported_as_unreadable(tmp_path: Path, damage: str) -> None:
    book = Book(Home(tmp_path).schedule_database)
    book.beat(7, BEGAN, NOW, [])
    book.judge([Verdict("disk", True, "room", None, stamp(NOW))], NOW)
    with closing(sqlite3.connect(book.path)) as db, db:
        db.execute(f"update {damage}")
    found = scheduler(Home(tmp_path), NOW)
    assert (found.state, found.ok) == ("unreadable", False)


# -- a scheduler as a process -------------------------------------------------------------------------------------

SCHEDULER = """
import asyncio, sys
from pathlib import Path
from archive.settings.settings import load_settings
from cli.program import common
from cli.schedule import commands
from cli.schedule.scheduled import scheduled
from schedules.crawls import crawl_command
from schedules.scheduler import Intervals, run_forever

home = common.Chosen.home = Path(sys.argv[1])
child = [sys.executable, "-c", sys.argv[2]]
settings = load_settings(home)
command = (lambda home, source: child) if sys.argv[2] else crawl_command
work = run_forever(home, settings, scheduled(settings).sources, commands._missed, command, Intervals(0.3, 0.5))
asyncio.run(work)
"""


def until(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds; raise TimeoutError after two minutes."""

    async def wait() -> None:
        async with asyncio.timeout(120):
            while not condition():
                await asyncio.sleep(0.1)

    asyncio.run(wait())


@contextmanager
def scheduling(home: Path, log: Path, child: str = "", site: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler with two heartbeats a second; child: a script in place of each crawl."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "THINKER_NEWSROOM": site}
    command = [sys.executable, "-c", SCHEDULER, str(home), child]
    with log.open("ab") as stderr, subprocess.Popen(command, cwd=ROOT, env=environment, stderr=stderr) as process:
        try:
            yield process
            assert process.poll() is None, log.read_text()
        finally:
            process.terminate()
            process.wait(60)


def now(home: Path) -> Scheduler:
    return scheduler(Home(home), datetime.now(UTC))


def beats_again(home: Path) -> None:
    """Wait for a heartbeat later than the last one."""
    last = now(home).heartbeat_at or ""
    until(lambda: (now(home).heartbeat_at or "") > last)


def ended(home: Path) -> int:
    return sum(run["ended_at"] is not None for run in Book(Home(home).schedule_database).runs())


def begun(home: Path, schedule: str = "every 1 day") -> None:
    Thinker(home).run("init")
    text = f'free_space_floor = 0\n[sources.newsroom]\nschedule = "{schedule}"\n'
    Home(home).settings_file.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_a_schedule_that_another_process_has_is_written_when_it_is_free(tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "log"
    begun(home)
    with scheduling(home, log):
        until(lambda: now(home).state == "runs")
        with closing(sqlite3.connect(Home(home).schedule_database, isolation_level=None)) as conn:
            conn.execute("begin exclusive")
            until(lambda: "the heartbeat cannot be written" in log.read_text())
            assert now(home).state == "unreadable"
        beats_again(home)
    assert log.read_text().count("the heartbeat cannot be written: database is locked") == 1
    assert now(home).state == "stopped"


@pytest.mark.slow
@pytest.mark.root
def test_a_full_disk_stops_no_heartbeat_for_good(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=16m", "tmpfs") as disk:
        home = disk / "home"
        begun(home)
        with scheduling(home, log):
            until(lambda: now(home).state == "runs")
            filled(home)
            until(lambda: "the heartbeat cannot be written" in log.read_text())
            (home / "ballast").unlink()
            beats_again(home)


@pytest.mark.slow
def test_a_check_of_the_rules_that_hangs_delays_neither_slots_nor_heartbeats(tmp_path: Path) -> None:
    """thinker.toml is a pipe that nobody writes: who reads it again to check the rules waits for ever."""
    home, log = tmp_path / "home", tmp_path / "log"
    begun(home, "every 1s")

    def checked() -> datetime:
        return instant(max(verdict.checked_at for verdict in now(home).verdicts))

    with scheduling(home, log, child="pass"):
        until(lambda: now(home).verdicts != ())
        Home(home).settings_file.rename(home / "settings")
        os.mkfifo(Home(home).settings_file)
        until(lambda: datetime.now(UTC) - checked() > 4 * SECOND)  # there were two checks a second
        before = ended(home)
        beats_again(home)
        until(lambda: ended(home) > before + 1)
        (home / "settings").replace(Home(home).settings_file)
    assert log.read_text().count("newsroom  due") == ended(home)


@pytest.mark.slow
def test_rules_that_cannot_be_checked_are_said_once_and_are_red_after_a_while(tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "log"
    begun(home)
    with scheduling(home, log):
        until(lambda: now(home).verdicts != ())
        Home(home).settings_file.write_text("no toml", encoding="utf-8")
        until(lambda: "the health rules cannot be checked: SettingsError: " in log.read_text())
        for _ in range(2):
            beats_again(home)
    assert log.read_text().count("the health rules cannot be checked") == 1


# -- who reads it -------------------------------------------------------------------------------------------------


def answer(address: str) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=60) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.slow
@pytest.mark.faketime
def test_a_scheduler_that_hangs_makes_the_site_and_status_red_after_two_minutes(tmp_path: Path) -> None:
    """It runs a crawl of an article that never comes when it is suspended; the site's clock is set forward then."""
    home, log, held = tmp_path / "home", tmp_path / "log", threading.Event()

    def hold(connection: Any) -> None:
        held.wait(60)
        connection.sendall(reply(article(0)))

    with raw_site({"/article/0.html": hold}) as site:
        Thinker(home).run("init")
        site.declared(home)
        with Home(home).settings_file.open("a", encoding="utf-8") as settings:
            settings.write('schedule = "every 1s"\n')
        with scheduling(home, log) as process:
            until(lambda: any(each.url and "/article/" in each.url for each in now(home).running))
            process.send_signal(signal.SIGSTOP)
            try:
                clock = FakeClock(tmp_path / "clock", datetime.now(UTC))
                serving = Thinker(home).start("serve", "--port", "0", under=clock.under)
                assert serving.stdout is not None
                address = serving.stdout.readline().strip()
                deep, status = f"{address}/-/healthz?deep=1", f"{address}/status.json"
                (crawl,) = answer(status)[1]["running"]
                assert (crawl["source"], crawl["url"]) == ("raw", f"{site.address}/article/0.html")
                assert "pid" not in crawl
                found = [(answer(deep)[0], answer(status)[1]["ok"], answer(deep)[1]["scheduler"]["state"])]
                clock.step(121)
                found.append((answer(deep)[0], answer(status)[1]["ok"], answer(deep)[1]["scheduler"]["state"]))
                assert found == [(200, True, "runs"), (503, False, "late")]
                assert answer(f"{address}/-/healthz")[0] == 200
                serving.terminate()
                serving.communicate(timeout=60)
                told = Thinker(home).start("status", under=clock.under)
                out, _ = told.communicate(timeout=60)
                assert (told.returncode, "✗ scheduler:     no heartbeat since " in out) == (3, True), out
            finally:
                held.set()
                process.send_signal(signal.SIGCONT)


def test_status_says_that_no_scheduler_has_run_and_exits_with_0(tmp_path: Path) -> None:
    Thinker(tmp_path).run("init")
    code, out, _ = asked(tmp_path, "status")
    assert (code, "– scheduler:     no scheduler has run here: crawls are started by hand" in out) == (0, True), out


def test_status_names_the_crawls_under_way_with_their_processes(tmp_path: Path) -> None:
    Thinker(tmp_path).run("init")
    at = datetime.now(UTC).replace(microsecond=0)
    url = "http://a/\x1b[31m1"
    crawls = [Running("newsroom", BEGAN, stamp(at), 8, stamp(at), url), Running("town", BEGAN, BEGAN, 9, None, None)]
    Book(Home(tmp_path).schedule_database).beat(7, stamp(at), at, crawls)
    code, out, _ = asked(tmp_path, "status")
    assert code == 0
    told = [line for line in out.splitlines() if " process " in line]
    assert told == [
        f"  newsroom: process 8, started at {stamp(at)} for the slot of {BEGAN}; last request at {stamp(at)}: "
        "http://a/\\x1b[31m1",
        f"  town: process 9, started at {BEGAN} for the slot of {BEGAN}; no request yet",
    ]
    code, out, _ = asked(tmp_path, "status", "--json")
    assert [each["pid"] for each in json.loads(out)["running"]] == [8, 9]
