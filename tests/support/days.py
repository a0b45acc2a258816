"""Days of a scheduler in seconds each: the real scheduler, its crawls and its pulse, under a clock that a test sets."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from support.checkout import ROOT
from support.fake_clock import FakeClock
from support.journeys import ENOUGH, Thinker

from archive.answers.heartbeat import Scheduler, scheduler
from archive.files.clock import instant, stamp
from archive.files.home import Home
from newsroom.process import Site
from schedules.slots.book import Book

FIRST = datetime(2026, 11, 26, tzinfo=UTC)  # a Thursday's midnight
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
asyncio.run(run_forever(home, settings, scheduled(settings).sources, commands._missed, intervals=Intervals(1.0, 2.0)))
"""


def until(condition: Callable[[], bool], told: Callable[[], str]) -> None:
    """Wait until the condition holds; fail with the text of the second function if it never does."""

    async def wait() -> None:
        async with asyncio.timeout(ENOUGH):
            while not condition():
                await asyncio.sleep(0.2)

    try:
        asyncio.run(wait())
    except TimeoutError:
        raise AssertionError(f"in vain: {told()}") from None


@dataclass
class Days:
    """A home, its site and its clock; slots are `every` apart, the next is at `slot`."""

    home: Path
    site: Site
    clock: FakeClock
    log: Path
    every: timedelta = timedelta(days=1)
    slot: datetime = FIRST
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    held: list[IO[str]] = field(default_factory=list)  # files that a test has locked

    @property
    def thinker(self) -> Thinker:
        return Thinker(self.home, self.site)

    @property
    def now(self) -> Scheduler:
        """The scheduler as the site and `thinker status` see it."""
        return scheduler(Home(self.home), self.clock.now())

    @property
    def red(self) -> dict[str, str]:
        """Every broken rule, with its text."""
        now = self.now
        found = {verdict.name: verdict.detail for verdict in now.verdicts if not verdict.ok}
        return found if now.ok else {**found, "scheduler": now.detail}

    def command(self, *arguments: str) -> None:
        """Run a command under the clock."""
        process = self.thinker.start(*arguments, under=self.clock.under)
        process.communicate(timeout=ENOUGH)

    def begin(self) -> None:
        """Start the scheduler."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "THINKER_NEWSROOM": self.site.address}
        command = [*self.clock.under, sys.executable, "-c", SCHEDULER, str(self.home)]
        with self.log.open("ab") as log:
            self.running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log))
        self._checked()

    def serve(self) -> None:
        """Move the clock to the next slot; wait for the end of its crawl and a check of the rules after it."""
        at, self.slot = self.slot, self.slot + self.every
        self.clock.set(at + timedelta(seconds=2))
        until(lambda: self._ended(at), self._told)
        self._checked()

    def wait(self, time: timedelta) -> None:
        """Let time pass without a slot."""
        self.clock.step(int(time.total_seconds()))
        self._checked()

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()
        for file in self.held:
            file.close()

    def _ended(self, at: datetime) -> bool:
        runs = Book(Home(self.home).schedule_database).runs()
        return any(run["due_at"] == stamp(at) and run["ended_at"] for run in runs)

    def _checked(self) -> None:
        """Wait for a heartbeat and a check of the rules that began after now."""
        since = self.clock.now() + timedelta(seconds=1)

        def come() -> bool:
            now = self.now
            checked = [verdict.checked_at for verdict in now.verdicts]
            return bool(checked) and now.state == "runs" and instant(min(checked)) >= since

        until(come, self._told)

    def _told(self) -> str:
        return f"{self.slot}: {self.now}\n{self.log.read_text()[-3000:]}"


@contextmanager
def days(home: Path, site: Site, folder: Path, **told: object) -> Iterator[Days]:
    """Days that begin two hours before their first slot. If the test fails, the scheduler's log is printed."""
    found = Days(home, site, FakeClock(folder / "clock", FIRST, lags=True), folder / "log", **told)  # type: ignore[arg-type]
    found.clock.set(found.slot - timedelta(hours=2))
    try:
        yield found
    finally:
        found.end()
        print(found.log.read_text() if found.log.exists() else "")
