"""Runs each crawl in a child process, so that its crash does not end the scheduler."""

import asyncio
import json
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.answers import Running
from archive.files import Home, counted, stamp
from archive.judging import is_crawled
from crawler.runs import STALL_SECONDS
from schedules.children import Child, run_child, say
from schedules.slots import MARGIN_SECONDS, STALLED, Book, ChildEnd, HeardPulse, Slot, State

RecordMissed = Callable[[str, Sequence[datetime]], None]
"""Records slots (aware, UTC) of a source as missed, except those that already have an outcome."""

CRAWL_LIMIT_SECONDS = 6 * 3600.0  # for a crawl that hangs; others stop asking ten minutes earlier (MAX_END_SECONDS)
GRACE_SECONDS = 10.0
"""Seconds between SIGTERM, on which a crawl commits its work, and SIGKILL."""
MAX_CHILDREN = 4
SECONDS_BETWEEN_STARTS = 2.0
"""Seconds between two starts, so that sources of one crontab line do not start at once."""
CRAWLED = {0, 3, 7}
"""Exit codes that show that a child began its crawl and so recorded the slot's outcome itself."""
LINES, CHARACTERS = 20, 4000  # the end of a child's stderr that is stored


def crawl_command(home: Path, source: str) -> list[str]:
    """The words of the command `thinker --home HOME crawl SOURCE --json`, run by this interpreter."""
    return [sys.executable, "-P", "-m", "thinker", "--home", str(home), "crawl", source, "--json"]


@dataclass(slots=True)
class Crawls:
    """The crawls under way: at most one per source and `children` in all, two starts at least `apart` seconds apart.

    A slot that comes due meanwhile waits; if several slots of a source wait, the newest is crawled and the others are
    missed. Each change of a slot's state is written to schedule.db before the scheduler acts on it, so that a crash or
    a full disk loses none. limit, grace, apart, stall, margin: in seconds.
    """

    home: Path
    record_missed: RecordMissed
    command: Callable[[Path, str], list[str]] = crawl_command
    limit: float = CRAWL_LIMIT_SECONDS
    grace: float = GRACE_SECONDS
    children: int = MAX_CHILDREN
    apart: float = SECONDS_BETWEEN_STARTS
    stall: float = STALL_SECONDS
    margin: float = MARGIN_SECONDS
    pulses: dict[str, HeardPulse] = field(default_factory=dict)  # of the crawls under way, by source
    book: Book = field(init=False)
    _waiting: dict[str, datetime] = field(default_factory=dict)
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _at: dict[str, datetime] = field(default_factory=dict)
    _unwritten: dict[Slot, tuple[State, ChildEnd]] = field(default_factory=dict)
    _places: asyncio.Semaphore = field(init=False)
    _next_start: float = 0.0
    _troubles: dict[str, str] = field(default_factory=dict)  # the message, by its subject

    def __post_init__(self) -> None:
        self.book = Book(Home(self.home).schedule_database)
        self._places = asyncio.Semaphore(self.children)

    def owe(self, source: str, slots: Sequence[datetime], schedule: str = "") -> None:
        """Start or queue a crawl of a source for the newest of these due slots; the older ones are missed.

        A slot of the source that already waits is one of them. While the source is paused, all are missed. A slot that
        was owed before is skipped: the clock went back. schedule: the name of the job, under which schedule.db keeps
        the slots. Raises sqlite3.Error.
        """
        self._take_up(source, self.book.owed(source, schedule, slots))

    def look(self) -> None:
        """Take up open slots of schedule.db that nothing handles, and record outcomes that could not be recorded.

        Both exist after a crash, and after a full disk. A slot with a crawl in the archive has ended; of a source's
        other open slots the newest is crawled, and the older ones are missed. Raises sqlite3.Error.
        """
        for source, slots in self.book.of_state("waiting", "running").items():
            left = [slot for slot in slots if not self._is_at(Slot(source, slot))]
            crawled = [slot for slot in left if is_crawled(Home(self.home), source, stamp(slot))]
            self._unwritten.update({Slot(source, slot): ("ended", ChildEnd()) for slot in crawled})
            self._take_up(source, [slot for slot in left if slot not in crawled])
        self._write_ends()
        self._enter_missed()

    def under_way(self) -> list[Running]:
        """The crawls under way, each with its slot, its process, and the moment and address of its last request."""
        return [
            Running(source, stamp(self._at[source]), pulse.started_at, pulse.pid, pulse.asked_at, pulse.url)
            for source, pulse in self.pulses.items()
            if source in self._at and pulse.pid
        ]

    async def stop(self) -> None:
        """End every child (SIGTERM, then SIGKILL) and record as missed the slots that wait.

        The slots of the children that this ends are missed too, unless the crawl recorded an outcome before its end.
        """
        waiting, self._waiting = self._waiting, {}
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for source, due_at in waiting.items():
            self._pass_over(source, [due_at])

    def note_trouble(self, what: str, trouble: str | None) -> None:
        """Print a trouble on stderr unless it was the last one printed about `what`.

        None: that trouble is over. This prints nothing, but the same trouble is printed again if it comes back.
        """
        if trouble is None:
            self._troubles.pop(what, None)
        elif trouble != self._troubles.get(what):
            self._troubles[what] = trouble
            say(trouble)

    def _is_at(self, slot: Slot) -> bool:
        return slot.due_at in (self._waiting.get(slot.source), self._at.get(slot.source)) or slot in self._unwritten

    def _take_up(self, source: str, slots: Sequence[datetime]) -> None:
        due = sorted({*slots, *filter(None, [self._waiting.pop(source, None)])})
        if due and source not in self.book.paused():
            self._waiting[source] = due.pop()
            if source not in self._running:
                self._running[source] = asyncio.create_task(self._work_off(source), name=f"crawl {source}")
        if due:
            self._pass_over(source, due)

    def _pass_over(self, source: str, slots: Sequence[datetime]) -> None:
        self.book.settle(source, slots, "passed")
        self._enter_missed()

    def _enter_missed(self) -> None:
        for source, slots in self.book.of_state("passed").items():
            try:
                self.record_missed(source, slots)
            except Exception as error:  # the archive cannot be written now: the next look tries again
                self.note_trouble(
                    "missed", f"{source}: missed slots cannot be recorded yet: {type(error).__name__}: {error}"
                )
                return
            self.book.settle(source, slots, "missed")
        self.note_trouble("missed", None)

    async def _work_off(self, source: str) -> None:
        try:
            while source in self._waiting:
                async with self._place(source):
                    if source in self._waiting:  # it may have been paused
                        await self._crawl(Slot(source, self._waiting.pop(source)))
        except sqlite3.Error as error:  # the slot waits in schedule.db: the next look takes it up
            self._waiting.pop(source, None)
            self.note_trouble(
                f"start of {source}", f"{source} is not crawled yet: schedule.db cannot be written: {error}"
            )
        finally:
            self._at.pop(source, None)
            del self._running[source]

    @asynccontextmanager
    async def _place(self, source: str) -> AsyncIterator[None]:
        """Wait until one more child may run, and until `apart` seconds have passed since the last start.

        The block that follows is counted as a running child.
        """
        if self._places.locked():
            say(f"{_told(source, self._waiting[source])}  waits: {self.children} crawls are running")
        async with self._places:
            now = asyncio.get_running_loop().time()
            begin = max(now, self._next_start)
            self._next_start = begin + self.apart
            await asyncio.sleep(begin - now)
            yield

    async def _crawl(self, slot: Slot) -> None:
        self._at[slot.source] = slot.due_at
        starts = self.book.started(slot, datetime.now(UTC))
        self.note_trouble(f"start of {slot.source}", None)
        if starts > 1:
            say(f"{_told(slot.source, slot.due_at)}  is started again: the scheduler that started it ended")
        end, line = ChildEnd(finish_reason="stopped"), "stopped with its scheduler"
        try:
            end, line = await self._child(slot)
        finally:
            say(f"{_told(slot.source, slot.due_at)}  {line}")
            self._unwritten[slot] = ("ended" if end.exit_code in CRAWLED else "passed", end)
            self._write_ends()
            self._enter_missed()

    async def _child(self, slot: Slot) -> tuple[ChildEnd, str]:
        """Run the crawl of a slot in a child process; returns its end for schedule.db, and a line about it to print.

        If the command cannot be started, the end has the finish reason `not started` and no exit code.
        """
        command = self.command(self.home, slot.source)
        environment = {"THINKER_DUE_AT": stamp(slot.due_at), "THINKER_TIME_LIMIT": f"{self.limit:g}"}
        pulse = self.pulses[slot.source] = self._pulse(slot.source)
        try:
            child = await run_child(command, environment, self.limit, self.grace, pulse)
        except OSError as error:
            return ChildEnd(finish_reason="not started", last_lines=str(error)), f"cannot be started: {error}"
        finally:
            del self.pulses[slot.source]
        summary = _summary(child.out)
        if pulse.hung:
            summary["finish_reason"] = STALLED
        said = [*child.err.splitlines(), *([pulse.line] if pulse.hung else [])]
        lines = "\n".join(said[-LINES:])[-CHARACTERS:]
        return ChildEnd(child.code, summary.get("finish_reason"), summary.get("articles_seen"), lines), _line(
            child, summary
        )

    def _pulse(self, source: str) -> HeardPulse:
        now = asyncio.get_running_loop().time()
        return HeardPulse(f"thinker crawl {source}", stamp(datetime.now(UTC)), now, self.stall, self.margin)

    def _write_ends(self) -> None:
        for slot, (state, end) in list(self._unwritten.items()):
            self.book.ended(slot, state, end, datetime.now(UTC))
            del self._unwritten[slot]


def _told(source: str, due_at: datetime) -> str:
    return f"{source}  due {stamp(due_at)}"


def _summary(out: str) -> dict[str, Any]:
    """The summary in the stdout of `crawl --json`; {} unless the whole stdout is one JSON object."""
    try:
        told = json.loads(out)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _line(child: Child, summary: dict[str, Any]) -> str:
    if "new_articles" not in summary:
        return "  ".join(filter(None, (summary.get("finish_reason"), _ending(child.code))))
    seen = summary.get("articles_seen")
    told = "some articles" if seen is None else counted(seen, "article")
    revisions, errors = counted(summary["new_revisions"], "revision"), counted(summary["errors"], "error")
    return (
        f"{summary.get('finish_reason')}  {_ending(child.code)}  {told} seen, {summary['new_articles']:,} new, "
        f"{revisions}, {errors}"
    )


def _ending(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return "exit 5: another crawl of it is running" if code == 5 else f"exit {code}"
