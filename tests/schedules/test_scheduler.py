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
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.checkout import ROOT

from archive.files.home import Home
from archive.files.lock import Locked, locked
from archive.settings.settings import Settings
from schedules.children import run_child
from schedules.crawls import Crawls
from schedules.scheduler import Schedule, parse_schedule, run, run_forever
from schedules.slots.book import MAX_SETTLED_SLOTS, Book

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
        return Crawls(self.home, self.record_missed, lambda _home, _source: command, limit, grace, apart=0)

    def crawled(self) -> list[datetime]:
        lines = self.notes.read_text().split() if self.notes.exists() else []
        return [datetime.fromisoformat(line) for line in lines]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    Home(tmp_path).create()
    return Desk(tmp_path)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds; raise TimeoutError after a minute."""
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


@pytest.mark.slow
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
    (run,) = Book(Home(desk.home).schedule_database).runs()
    assert (run["finish_reason"], "No such file" in run["last_lines"]) == ("not started", True)
    assert "newsroom  due 2026-11-25T12:00:00Z  cannot be started" in capfd.readouterr().err


def test_a_crawl_past_its_limit_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    ended = asyncio.run(run_child([sys.executable, "-c", STUBBORN, str(note)], {}, limit=2, grace=0.2))
    assert ended.code == -signal.SIGKILL
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
from archive.settings.settings import Settings
from schedules.scheduler import run_forever

home = Path(sys.argv[1])
script = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
newsroom = SimpleNamespace(name="newsroom", timezone="UTC", schedule="every 1s")
command = [sys.executable, "-c", script, str(home / "pid")]
work = run_forever(home, Settings(), {"newsroom": newsroom}, lambda *slot: None, lambda home, source: command)
asyncio.run(work)
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_children_end_with_their_scheduler(desk: Desk, number: signal.Signals) -> None:
    pid = desk.home / "pid"
    with subprocess.Popen(
        [sys.executable, "-c", FOREVER, str(desk.home)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
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


def test_sources_of_one_slot_start_one_after_the_other(desk: Desk) -> None:
    async def story() -> None:
        crawls = replace(desk.crawls("import time; print(time.time(), file=open(sys.argv[1] + '-at', 'a'))"), apart=1.0)
        for source in ("cssn", "a5qu", "newsroom"):
            crawls.owe(source, [SLOT])
        await until(lambda: not crawls._running)

    asyncio.run(story())
    seconds = [float(line) for line in Path(f"{desk.notes}-at").read_text().split()]
    assert len({int(at) for at in seconds}) == len(seconds) == 3


CROWD = """
from pathlib import Path; import time
here = Path(f"{sys.argv[1]}-{os.getpid()}"); here.touch(); time.sleep(0.5)
print(len(list(here.parent.glob("notes-*"))), file=open(sys.argv[1] + ".crowd", "a")); here.unlink()
"""


def test_crawls_at_once_are_limited_and_waiting_crawls_are_logged(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    async def story() -> None:
        crawls = replace(desk.crawls(CROWD), children=2)
        for source in ("a5qu", "cssn", "newsroom", "rmlt"):
            crawls.owe(source, [SLOT])
        await until(lambda: not crawls._running)

    asyncio.run(story())
    assert max(map(int, Path(f"{desk.notes}.crowd").read_text().split())) == 2
    waits = [line for line in capfd.readouterr().err.splitlines() if "waits" in line]
    assert waits == [f"{name}  due 2026-11-25T12:00:00Z  waits: 2 crawls are running" for name in ("newsroom", "rmlt")]


SAYS = """
sys.stderr.write("".join(f"line {number}\\n" for number in range(40)))
print('{"finish_reason": "finished", "articles_seen": 9, "new_articles": 2, "new_revisions": 1, "errors": 0}')
sys.exit(3)
"""


@pytest.mark.parametrize(
    ("script", "line", "kept"),
    [
        (SAYS, "finished  exit 3  9 articles seen, 2 new, 1 revision, 0 errors", (3, "finished", 9, "line 39")),
        ("sys.exit(5)", "exit 5: another crawl of it is running", (5, None, None, "")),
        ("raise ValueError('思想者')", "exit 1", (1, None, None, "ValueError: 思想者")),
        ("os.write(2, b'half'); os.kill(os.getpid(), 9)", "SIGKILL", (-9, None, None, "half")),
    ],
)
def test_the_end_of_a_crawl_is_printed_in_one_line_and_stored(
    desk: Desk, capfd: pytest.CaptureFixture[str], script: str, line: str, kept: tuple[object, ...]
) -> None:
    async def story() -> None:
        crawls = desk.crawls(script)
        crawls.owe("newsroom", [SLOT])
        await until(lambda: not crawls._running)

    asyncio.run(story())
    (run,) = Book(Home(desk.home).schedule_database).runs()
    lines = run["last_lines"].splitlines() or [""]
    assert (run["exit_code"], run["finish_reason"], run["articles_seen"], lines[-1]) == kept
    assert len(lines) <= 20
    heard = capfd.readouterr().err.splitlines()
    assert heard[-1] == f"newsroom  due 2026-11-25T12:00:00Z  {line}"
    assert kept[-1] in ("", *heard)


def test_a_slot_whose_scheduler_died_before_its_crawl_began_is_started_again_and_that_is_kept(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    """One for which a crawl was begun is not: tests/test_night.py."""

    async def story() -> None:
        died, lives = desk.crawls("import time; time.sleep(600)"), desk.crawls("")
        died.owe("newsroom", [SLOT])
        await until(lambda: desk.crawled() == [SLOT])
        lives.look()
        await until(lambda: not lives._running)
        await died.stop()

    asyncio.run(story())
    assert desk.crawled() == [SLOT, SLOT]
    assert "is started again: the scheduler that started it ended" in capfd.readouterr().err
    assert [run["starts"] for run in Book(Home(desk.home).schedule_database).runs()] == [2]


def test_slots_that_wait_when_a_scheduler_dies_are_taken_up_by_the_next(desk: Desk) -> None:
    async def story() -> None:
        book = Book(Home(desk.home).schedule_database)
        book.owed("newsroom", "", [SLOT, SLOT + timedelta(minutes=1)])
        crawls = desk.crawls("")
        crawls.look()
        await until(lambda: not crawls._running)

    asyncio.run(story())
    assert (desk.crawled(), desk.missed) == ([SLOT + timedelta(minutes=1)], [("newsroom", SLOT)])


def test_missed_slots_that_cannot_be_recorded_are_recorded_at_a_later_look(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    full = [OSError(28, "No space left on device"), OSError(28, "No space left on device")]

    def record(source: str, slots: Sequence[datetime]) -> None:
        if full:
            raise full.pop()
        desk.record_missed(source, slots)

    async def story() -> None:
        crawls = Crawls(desk.home, record, lambda _home, _source: ["false"])
        crawls.owe("newsroom", [SLOT])
        await until(lambda: not crawls._running)
        for _ in range(3):
            crawls.look()

    asyncio.run(story())
    assert desk.missed == [("newsroom", SLOT)]
    assert capfd.readouterr().err.count("missed slots cannot be recorded yet: OSError: [Errno 28]") == 1


def test_the_book_keeps_the_newest_slots_of_each_source(desk: Desk) -> None:
    book = Book(Home(desk.home).schedule_database)
    slots = [SLOT + timedelta(minutes=number) for number in range(MAX_SETTLED_SLOTS + 5)]
    for source in ("a5qu", "newsroom"):
        book.owed(source, "", slots[:-1])
        book.settle(source, slots[:-1], "missed")
    book.owed("newsroom", "", slots[-1:])
    assert {source: (len(kept), kept[0]) for source, kept in book.of_state("missed").items()} == {
        "a5qu": (MAX_SETTLED_SLOTS + 4, slots[0]),
        "newsroom": (MAX_SETTLED_SLOTS - 1, slots[5]),
    }


def test_a_paused_source_is_not_crawled_by_a_scheduler_that_runs(desk: Desk) -> None:
    book, schedules = Book(Home(desk.home).schedule_database), [parse_schedule("newsroom", "every 1s", "UTC")]
    crawled: list[datetime] = []

    async def story() -> None:
        stop = asyncio.Event()
        work = asyncio.create_task(run(schedules, desk.crawls(""), stop))
        await until(lambda: len(desk.crawled()) > 0)
        book.pause(["newsroom"], SLOT)
        await until(lambda: not book.of_state("waiting", "running"))
        passed = len(desk.missed)
        crawled.extend(desk.crawled())
        await until(lambda: len(desk.missed) >= passed + 2)
        assert desk.crawled() == crawled
        book.resume(["newsroom"])
        await until(lambda: len(desk.crawled()) > len(crawled))
        stop.set()
        await work

    asyncio.run(story())


def test_a_slot_that_waits_when_its_source_is_paused_is_missed(desk: Desk) -> None:
    async def story() -> None:
        crawls = replace(desk.crawls("import time; time.sleep(600)"), children=1)
        crawls.owe("a5qu", [SLOT])
        crawls.owe("newsroom", [SLOT])
        await until(lambda: len(desk.crawled()) == 1)
        crawls.book.pause(["newsroom"], SLOT)
        crawls.look()
        assert desk.missed == [("newsroom", SLOT)]
        await crawls.stop()
        assert [(run["source"], run["finish_reason"]) for run in crawls.book.runs()] == [("a5qu", "stopped")]

    asyncio.run(story())
