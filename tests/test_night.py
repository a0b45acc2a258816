"""A night of a scheduler in minutes: its clock is set, it is killed, its children are, its disk is full.

The scheduler, its crawls, the archive and the site are the real ones; only the time of day is not (libfaketime), and
the time is looked at more often.
"""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.checkout import ROOT
from support.fake_clock import FakeClock
from support.journeys import Thinker
from support.small_disks import filled, mounted

from archive import read_archive
from archive.files.clock import stamp
from archive.files.home import Home
from archive.replaying.fixity import verify
from newsroom.process import Site, running
from schedules.slots.book import Book

pytestmark = [pytest.mark.slow, pytest.mark.soak]

SCHEDULER = """
import asyncio, sys
from pathlib import Path
from archive.settings.settings import load_settings
from cli.program import common
from cli.schedule import commands
from cli.schedule.scheduled import scheduled
from schedules.scheduler import Intervals, run_forever

home = common.Chosen.home = Path(sys.argv[1])
settings = load_settings(home)
asyncio.run(run_forever(home, settings, scheduled(settings).sources, commands._missed, intervals=Intervals(look=0.5)))
"""
SETTINGS = """
free_space_floor = 0
[sources.newsroom]
schedule = "every 10 minutes"
timezone = "UTC"
"""
MIDNIGHT = datetime(2026, 11, 26, tzinfo=UTC)


@dataclass
class Night:
    """A home, its site, its clock, and the log of the night's schedulers."""

    home: Path
    site: Site
    clock: FakeClock
    log: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def thinker(self) -> Thinker:
        return Thinker(self.home, self.site)

    def begin(self) -> subprocess.Popen[bytes]:
        """Start a scheduler."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "THINKER_NEWSROOM": self.site.address}
        command = [*self.clock.under, sys.executable, "-c", SCHEDULER, str(self.home)]
        with self.log.open("ab") as log:
            self.running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log))
        return self.running[-1]

    def rows(self, database: str, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.home / database}?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()

    def waits_for(self, at: str) -> bool:
        """True if the slot is the next one."""
        made = "select count(*) from sqlite_master where name = 'apscheduler_jobs'"
        if not Home(self.home).schedule_database.exists() or self.rows("schedule.db", made) == [(0,)]:
            return False
        return self.rows("schedule.db", "select next_run_time from apscheduler_jobs") == [(slot(at).timestamp(),)]

    def ended(self, at: str) -> bool:
        """True if the crawl of a slot has ended, and the scheduler knows."""
        runs = Book(Home(self.home).schedule_database).runs()
        return any(run["due_at"] == stamp(slot(at)) and run["ended_at"] for run in runs)

    def crawls(self) -> bool:
        return self.rows("archive.db", "select count(*) from crawls where finished_at is null") == [(1,)]

    def crawler(self) -> int:
        """The process that crawls."""
        return int((self.home / "locks" / "newsroom.lock").read_text().split()[-1])

    def said(self, text: str) -> bool:
        return text in self.log.read_text()

    def serve(self, at: str) -> None:
        """Set the clock to a slot and wait for the end of its crawl."""
        self.clock.set(slot(at) + timedelta(seconds=2))
        until(lambda: self.ended(at))


def slot(at: str) -> datetime:
    hour, minute = map(int, at.split(":"))
    return MIDNIGHT + timedelta(hours=hour, minutes=minute)


def until(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds; raise TimeoutError after two minutes."""

    async def wait() -> None:
        async with asyncio.timeout(120):
            while not condition():
                await asyncio.sleep(0.1)

    asyncio.run(wait())


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=64m", "tmpfs") as disk, running(articles=3) as site:
        home = disk / "home"
        Home(home).create()
        Home(home).settings_file.write_text(SETTINGS)
        night = Night(home, site, FakeClock(tmp_path / "clock", slot("0:05")), tmp_path / "log")
        try:
            yield night
        finally:
            print(night.log.read_text())
            for process in night.running:
                process.kill()
                process.wait()


@contextmanager
def hanging(site: Site) -> Iterator[None]:
    site.event(do="hang", article=2)
    yield
    site.event(do="clear", article=2)


@pytest.mark.root
@pytest.mark.faketime
def test_every_slot_of_a_night_has_an_end_and_no_slot_two_crawls(night: Night) -> None:
    night.thinker.run("init")
    first = night.begin()
    until(lambda: night.waits_for("0:10"))
    night.serve("0:10")
    assert "scheduler is in use by process" in night.thinker.run("schedule", "run", code=5)

    night.clock.set(slot("0:55"))  # a laptop slept
    until(lambda: night.ended("0:50"))
    night.clock.set(slot("0:15"))  # and its clock was wrong
    until(lambda: night.waits_for("0:20"))
    night.serve("0:20")
    night.clock.set(slot("0:05"))  # and again
    until(lambda: night.waits_for("0:10"))
    night.clock.set(slot("0:25"))
    until(lambda: night.waits_for("0:30"))
    night.serve("1:00")

    with hanging(night.site):  # a child is killed
        night.clock.set(slot("1:10") + timedelta(seconds=2))
        until(night.crawls)
        os.killpg(night.crawler(), signal.SIGKILL)
        until(lambda: night.ended("1:10"))
    night.serve("1:20")

    night.site.event(do="hang", article=2, seconds=10)  # a scheduler is killed, and its child goes on
    night.clock.set(slot("1:30") + timedelta(seconds=2))
    until(night.crawls)
    first.kill()
    first.wait()
    second = night.begin()
    until(lambda: night.ended("1:30"))
    until(lambda: not night.crawls())
    night.site.event(do="clear", article=2)
    night.serve("1:40")

    filled(night.home)  # a disk is full
    night.clock.set(slot("1:50") + timedelta(seconds=2))
    until(lambda: night.said("schedule.db cannot be"))
    (night.home / "ballast").unlink()
    until(lambda: night.ended("1:50"))

    night.clock.set(slot("3:50") + timedelta(seconds=2))  # a long sleep
    until(lambda: night.ended("3:50"))
    second.send_signal(signal.SIGTERM)
    assert second.wait(60) == 0

    coverage = dict(night.rows("archive.db", "select due_at, outcome from coverage order by due_at"))
    ends = {at: coverage.pop(stamp(slot(at))) for at in OTHERS}
    slept = [stamp(slot("2:00") + timedelta(minutes=10 * number)) for number in range(11)]
    assert coverage == dict.fromkeys(slept, "missed")
    assert ends == OTHERS
    crawled = Counter(due for (due,) in night.rows("archive.db", "select due_at from crawls"))
    assert max(crawled.values()) == 1
    assert night.rows("schedule.db", "select max(starts), count(*) from slots") == [(1, len(OTHERS) + len(slept))]
    with closing(read_archive(night.home)) as opened:
        assert verify(opened).ok


OTHERS = {
    "0:10": "done",
    "0:20": "late",  # by the ledger, whose time never goes back
    "0:30": "missed",
    "0:40": "missed",
    "0:50": "late",
    "1:00": "done",
    "1:10": "failed",
    "1:20": "done",
    "1:30": "done",
    "1:40": "done",
    "1:50": "done",
    "3:50": "done",
}
