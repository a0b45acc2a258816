"""The scheduler with real child processes: every slot is crawled or recorded as missed, whatever a crawl does."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.home import Home
from archive.lock import Locked, locked
from archive.settings import Settings
from schedules.crawls import Crawls, run_child
from schedules.scheduler import Schedule, parse_schedule, run, run_forever

SLOT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
NOTE = "import os, sys; print(os.environ['THINKER_DUE_AT'], file=open(sys.argv[1], 'a'), flush=True);"
STUBBORN = (
    "import os, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(child.pid, file=open(sys.argv[1], 'w'), flush=True); time.sleep(600)"
)


@dataclass
class Desk:
    """A home whose crawls are small scripts, and the slots that were recorded as missed."""

    home: Path
    missed: list[tuple[str, datetime]] = field(default_factory=list)

    @property
    def notes(self) -> Path:
        return self.home / "notes"

    def record_missed(self, source: str, slots: Sequence[datetime]) -> None:
        self.missed += [(source, slot) for slot in slots]

    def crawls(self, script: str, limit: float = 60, grace: float = 5) -> Crawls:
        command = [sys.executable, "-c", NOTE + script, str(self.notes)]
        return Crawls(self.home, self.record_missed, lambda _home, _source: command, limit, grace)

    def crawled(self) -> list[datetime]:
        lines = self.notes.read_text().split() if self.notes.exists() else []
        return [datetime.fromisoformat(line) for line in lines]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    Home(tmp_path).create()
    return Desk(tmp_path)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that must come to pass; a test that waits in vain is ended after a minute."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


async def scheduled(schedules: Sequence[Schedule], crawls: Crawls, condition: Callable[[], bool]) -> None:
    stop = asyncio.Event()
    work = asyncio.create_task(run(schedules, crawls, stop))
    try:
        await until(condition)
    finally:
        stop.set()
        await work


def alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_each_slot_of_a_stopped_and_restarted_scheduler_is_crawled_or_missed(desk: Desk) -> None:
    every_second = [parse_schedule("newsroom", "every 1s", "Asia/Shanghai")]
    crawls = desk.crawls("")
    asyncio.run(scheduled(every_second, crawls, lambda: len(desk.crawled()) >= 2))
    before = len(desk.crawled())
    time.sleep(3)
    asyncio.run(scheduled(every_second, crawls, lambda: len(desk.crawled()) >= before + 2))
    accounted = sorted({*desk.crawled(), *(slot for _, slot in desk.missed)})
    first = accounted[0]
    assert accounted == [first + timedelta(seconds=number) for number in range(len(accounted))]
    assert len(set(desk.crawled())) == len(desk.crawled())
    assert len(desk.missed) >= 2


def test_slots_due_during_a_crawl_end_in_one_crawl_of_the_newest(desk: Desk) -> None:
    async def story() -> None:
        crawls = desk.crawls("import time; time.sleep(0.5)")
        crawls.owe("newsroom", [SLOT])
        await until(lambda: desk.crawled() == [SLOT])
        for minute in (1, 2, 3):
            crawls.owe("newsroom", [SLOT + timedelta(minutes=minute)])
        await until(lambda: len(desk.crawled()) == 2 and not crawls._running)

    asyncio.run(story())
    assert desk.crawled() == [SLOT, SLOT + timedelta(minutes=3)]
    assert desk.missed == [("newsroom", SLOT + timedelta(minutes=minute)) for minute in (1, 2)]


def test_two_sources_are_crawled_side_by_side(desk: Desk) -> None:
    async def story() -> None:
        crawls = desk.crawls("import time; time.sleep(600)")
        crawls.owe("newsroom", [SLOT])
        crawls.owe("a5qu", [SLOT])
        await until(lambda: len(desk.crawled()) == 2)
        await crawls.stop()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("script", "missed"),
    [
        ("", []),
        ("sys.exit(3)", []),
        ("sys.exit(7)", []),
        ("sys.exit(5)", [("newsroom", SLOT)]),
        ("sys.exit(1)", [("newsroom", SLOT)]),
        ("os.kill(os.getpid(), 9)", [("newsroom", SLOT)]),
    ],
)
def test_a_slot_whose_crawl_did_not_begin_is_missed(
    desk: Desk, script: str, missed: list[tuple[str, datetime]]
) -> None:
    async def story() -> None:
        crawls = desk.crawls(script)
        crawls.owe("newsroom", [SLOT])
        await until(lambda: not crawls._running)

    asyncio.run(story())
    assert desk.missed == missed


def test_a_command_that_cannot_start_costs_its_slot_and_nothing_else(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    async def story() -> None:
        crawls = Crawls(desk.home, desk.record_missed, lambda _home, _source: ["/no/such/interpreter"])
        crawls.owe("newsroom", [SLOT])
        await until(lambda: not crawls._running)

    asyncio.run(story())
    assert desk.missed == [("newsroom", SLOT)]
    assert "crawl newsroom (due 2026-11-25T12:00:00Z) cannot be started" in capfd.readouterr().err


def test_a_crawl_past_its_limit_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    code = asyncio.run(run_child([sys.executable, "-c", STUBBORN, str(note)], {}, limit=2, grace=0.2))
    assert code == -signal.SIGKILL
    asyncio.run(until(lambda: not alive(int(note.read_text()))))


def test_a_schedule_that_changes_or_goes_is_brought_up_to_date(desk: Desk) -> None:
    def jobs() -> list[str]:
        with closing(sqlite3.connect(Home(desk.home).schedule_database)) as db:
            if not db.execute("select 1 from sqlite_master where name = 'apscheduler_jobs'").fetchone():
                return []
            return [name for (name,) in db.execute("select id from apscheduler_jobs order by id")]

    crawls = desk.crawls("")
    daily = [parse_schedule(name, "30 6 * * *", "Asia/Shanghai") for name in ("a5qu", "newsroom")]
    asyncio.run(scheduled(daily, crawls, lambda: jobs() == ["a5qu", "newsroom"]))
    quick = [parse_schedule("newsroom", "every 1s", "Asia/Shanghai")]
    asyncio.run(scheduled(quick, crawls, lambda: bool(desk.crawled())))
    assert jobs() == ["newsroom"]


def test_a_second_scheduler_on_one_home_is_refused(desk: Desk) -> None:
    with locked(Home(desk.home), "scheduler"), pytest.raises(Locked, match="scheduler is in use by process"):
        asyncio.run(run_forever(desk.home, Settings(), {}, desk.record_missed))


FOREVER = """
import asyncio, sys
from pathlib import Path
from types import SimpleNamespace
from archive.settings import Settings
from schedules.scheduler import run_forever

home = Path(sys.argv[1])
script = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
newsroom = SimpleNamespace(name="newsroom", timezone="UTC", schedule="every 1s")
command = [sys.executable, "-c", script, str(home / "pid")]
work = run_forever(home, Settings(), {"newsroom": newsroom}, lambda *slot: None, lambda home, source: command)
asyncio.run(work)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_children_end_with_their_scheduler(desk: Desk, number: signal.Signals) -> None:
    pid = desk.home / "pid"
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", FOREVER, str(desk.home)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.DEVNULL,
    ) as scheduler:
        try:
            asyncio.run(until(lambda: pid.exists() and pid.read_text() != ""))
            child = int(pid.read_text())
            assert alive(child)
            scheduler.send_signal(number)
            assert scheduler.wait(60) == 0
        finally:
            scheduler.kill()
    asyncio.run(until(lambda: not alive(child)))
