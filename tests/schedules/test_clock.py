"""A clock that is set forward and back under a running scheduler: no slot is left out, and none is crawled twice."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.checkout import ROOT
from support.fake_clock import FakeClock
from support.journeys import Thinker

from archive.files.clock import instant
from archive.files.home import Home
from newsroom.process import running
from schedules.scheduler import LOOK_EVERY_SECONDS
from schedules.slots.book import Book
from schedules.slots.schedule import parse_schedule

pytestmark = pytest.mark.slow

EVENING = datetime(2026, 11, 25, 20, 5, tzinfo=UTC)  # in the middle of two slots
MINUTES = 60
EVERY = "every 10 minutes"
SCHEDULER = """
import asyncio, signal, sys
from pathlib import Path
from schedules.crawls import Crawls
from schedules.scheduler import parse_schedule, run

home = Path(sys.argv[1])
note = "import os, sys; print(os.environ['THINKER_DUE_AT'], file=open(sys.argv[1], 'a'))"

def missed(source, slots):
    with (home / "missed").open("a") as file:
        file.writelines(f"{slot:%Y-%m-%dT%H:%M:%SZ}\\n" for slot in slots)

async def work():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    crawls = Crawls(home, missed, lambda _home, _source: [sys.executable, "-c", note, str(home / "begun")], apart=0)
    await run([parse_schedule("newsroom", sys.argv[2], "UTC")], crawls, stop, look=0.2)

asyncio.run(work())
"""


@dataclass(frozen=True)
class Night:
    """A scheduler under a clock of its own, and what it did."""

    home: Path
    clock: FakeClock

    @contextmanager
    def scheduler(self) -> Iterator[None]:
        command = [*self.clock.under, sys.executable, "-c", SCHEDULER, str(self.home), EVERY]
        with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
            try:
                until(lambda: self.next_slot() is not None)
                yield
                process.send_signal(signal.SIGTERM)
                assert process.wait(60) == 0
            finally:
                process.kill()

    def lines(self, name: str) -> list[datetime]:
        file = self.home / name
        return [instant(line) for line in file.read_text().split()] if file.exists() else []

    def starts(self) -> list[datetime]:
        """When the crawl of each slot was started."""
        return [instant(run["started_at"]) for run in Book(Home(self.home).schedule_database).runs()]

    def ended(self) -> int:
        """The number of crawls that have ended."""
        return sum(run["exit_code"] == 0 for run in Book(Home(self.home).schedule_database).runs())

    def next_slot(self) -> datetime | None:
        """The slot that the scheduler waits for."""
        with closing(sqlite3.connect(Home(self.home).schedule_database)) as db:
            if not db.execute("select 1 from sqlite_master where name = 'apscheduler_jobs'").fetchone():
                return None
            row = db.execute("select next_run_time from apscheduler_jobs").fetchone()
            return datetime.fromtimestamp(row[0], UTC) if row else None


@pytest.fixture
def night(tmp_path: Path) -> Night:
    home = tmp_path / "home"
    Home(home).create()
    return Night(home, FakeClock(tmp_path / "clock", EVENING))


def until(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds; raise TimeoutError after a minute."""

    async def wait() -> None:
        async with asyncio.timeout(60):
            while not condition():
                await asyncio.sleep(0.05)

    asyncio.run(wait())


def slots_after(moment: datetime, count: int) -> list[datetime]:
    slots = parse_schedule("newsroom", EVERY, "UTC").after(moment)
    return [next(slots) for _ in range(count)]


@pytest.mark.faketime
def test_a_slot_that_comes_due_twice_is_crawled_once(night: Night) -> None:
    first, second = slots_after(night.clock.now(), 2)
    with night.scheduler():
        night.clock.step(10 * MINUTES)
        until(lambda: night.lines("begun") == [first])
        night.clock.step(-10 * MINUTES)
        until(lambda: night.next_slot() == first)
        night.clock.step(10 * MINUTES)
        until(lambda: night.next_slot() == second)
        night.clock.step(10 * MINUTES)
        until(lambda: night.ended() == 2)
    assert (night.lines("begun"), night.lines("missed")) == ([first, second], [])


@pytest.mark.faketime
def test_slots_that_a_clock_leapt_over_are_crawled_when_it_comes_back(night: Night) -> None:
    slots = slots_after(night.clock.now(), 4)
    with night.scheduler():
        night.clock.step(40 * MINUTES)
        until(lambda: night.lines("begun") == [slots[3]])
        assert night.lines("missed") == slots[:3]
        night.clock.step(-40 * MINUTES)
        until(lambda: night.next_slot() == slots[0])
        night.clock.step(10 * MINUTES)
        until(lambda: night.ended() == 2)
    assert night.lines("begun") == [slots[3], slots[0]]
    assert night.lines("missed") == slots[:3]


@pytest.mark.faketime
def test_a_clock_that_went_back_while_nothing_ran_silences_no_source(night: Night) -> None:
    with night.scheduler():
        night.clock.step(10 * MINUTES)
        until(lambda: night.ended() == 1)
    night.clock.step(-400 * 24 * 60 * MINUTES)
    slots = slots_after(night.clock.now(), 1)
    with night.scheduler():
        until(lambda: night.next_slot() == slots[0])
        night.clock.step(10 * MINUTES)
        until(lambda: night.ended() == 2)
    assert night.lines("begun")[1:] == slots


@pytest.mark.faketime
@pytest.mark.parametrize("forward", [30, 20])
def test_a_clock_that_was_wrong_for_a_moment_makes_no_slot_of_a_time_without_scheduler_missed(
    night: Night, forward: int
) -> None:
    """A machine without a clock of its own begins at any time, until it hears of the right one."""
    day, (first, second) = 24 * 60 * MINUTES, slots_after(night.clock.now(), 2)
    with night.scheduler():
        night.clock.step(10 * MINUTES)
        until(lambda: night.ended() == 1)
        night.clock.step(-30 * day)
        until(lambda: (night.next_slot() or first) < first)
        night.clock.step(forward * day)
        until(lambda: night.next_slot() == slots_after(night.clock.now(), 1)[0])
        until(lambda: not Book(Home(night.home).schedule_database).of_state("waiting", "running"))
    late = [] if forward == 30 else [second - timedelta(days=10, minutes=10)]
    assert (night.lines("begun"), night.lines("missed")) == ([first, *late], [])


@pytest.mark.soak
@pytest.mark.faketime
def test_a_slot_is_served_within_half_a_minute_of_a_step(night: Night) -> None:
    """`thinker schedule run` itself: it looks at the time every 15 s (APScheduler alone: at the next slot)."""
    (night.home / "thinker.toml").write_text(f'[sources.newsroom]\nschedule = "{EVERY}"\n')
    stepped = []
    with running(articles=3) as site:
        scheduler = Thinker(night.home, site).start("schedule", "run", under=night.clock.under)
        try:
            until(lambda: night.next_slot() is not None)
            for step, back in ((10 * MINUTES, -10 * MINUTES), (20 * MINUTES, 0)):
                night.clock.step(step)
                stepped.append(night.clock.now())
                until(lambda: night.ended() == len(stepped))  # of one source, one crawl goes after the other
                night.clock.step(back)
                until(lambda: night.next_slot() == slots_after(night.clock.now(), 1)[0])
            scheduler.send_signal(signal.SIGTERM)
            _, err = scheduler.communicate(timeout=60)
        finally:
            scheduler.kill()
    waits = [start - moment for start, moment in zip(night.starts(), stepped, strict=True)]
    assert max(waits) <= timedelta(seconds=30) == timedelta(seconds=2 * LOOK_EVERY_SECONDS)
    assert err.count("finished  exit 0  3 articles seen") == 2, err
