"""One child process per crawl: what a crawl does to itself, its scheduler survives."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archive.clock import stamp

RecordMissed = Callable[[str, Sequence[datetime]], None]
"""Enters slots (aware, UTC) of a source that got no crawl; one that has an outcome already is left as it is."""

LIMIT = 6 * 3600.0
GRACE = 10.0
"""Seconds between SIGTERM, on which a crawl commits what it has, and SIGKILL."""
CRAWLED = {0, 3, 7}
"""Exit codes of a child that began its crawl and so wrote the slot's outcome itself."""


def crawl_command(home: Path, source: str) -> list[str]:
    """The command that crawls one source, with this interpreter."""
    return [sys.executable, "-m", "thinker", "--home", str(home), "crawl", source]


@dataclass(slots=True)
class Crawls:
    """The crawls under way, at most one per source; a slot that comes due meanwhile waits, the newest one only."""

    home: Path
    record_missed: RecordMissed
    command: Callable[[Path, str], list[str]] = crawl_command
    limit: float = LIMIT
    grace: float = GRACE
    _waiting: dict[str, datetime] = field(default_factory=dict)
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def owe(self, source: str, slots: Sequence[datetime]) -> None:
        """Crawl a source for the newest of its due slots; the others are recorded as missed."""
        due = sorted({*slots, *filter(None, [self._waiting.get(source)])})
        self._waiting[source] = due[-1]
        if source not in self._running:
            self._running[source] = asyncio.create_task(self._work_off(source), name=f"crawl {source}")
        if passed_over := due[:-1]:
            self.record_missed(source, passed_over)

    async def stop(self) -> None:
        """End every child (SIGTERM, then SIGKILL) and record the slots that still wait as missed."""
        for source, due_at in self._waiting.items():
            self.record_missed(source, [due_at])
        self._waiting.clear()
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work_off(self, source: str) -> None:
        try:
            while source in self._waiting:
                await self._crawl(source, self._waiting.pop(source))
        finally:
            del self._running[source]

    async def _crawl(self, source: str, due_at: datetime) -> None:
        command, environment = self.command(self.home, source), {"THINKER_DUE_AT": stamp(due_at)}
        try:
            code = await run_child(command, environment, self.limit, self.grace)
        except asyncio.CancelledError:
            self.record_missed(source, [due_at])
            raise
        except OSError as error:
            _say(f"crawl {source} (due {stamp(due_at)}) cannot be started: {error}")
            self.record_missed(source, [due_at])
            return
        if code not in CRAWLED:
            _say(f"crawl {source} (due {stamp(due_at)}) ended with {_ending(code)}")
            self.record_missed(source, [due_at])


async def run_child(command: Sequence[str], environment: Mapping[str, str], limit: float, grace: float) -> int:
    """Run a command in a process group of its own and return its exit code, negative for a signal.

    Past `limit` seconds, or when this task is cancelled, the whole group gets SIGTERM and after `grace` seconds
    SIGKILL. What it prints goes to our stderr: stdout is for what we were asked for.
    """
    child = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=2,
        env={**os.environ, **environment},
        start_new_session=True,
    )
    try:
        return await asyncio.wait_for(child.wait(), limit)
    except TimeoutError:
        _say(f"{' '.join(command[-2:])} is stopped after {limit:g} s")
        return await _ended(child, grace)
    except asyncio.CancelledError:
        await _ended(child, grace)
        raise


async def _ended(child: asyncio.subprocess.Process, grace: float) -> int:
    _signal_group(child.pid, signal.SIGTERM)
    try:
        return await asyncio.wait_for(child.wait(), grace)
    except TimeoutError:
        return -signal.SIGKILL
    finally:
        _signal_group(child.pid, signal.SIGKILL)  # also what the child itself has started
        await child.wait()


def _signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return  # all of it has ended


def _ending(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return "exit code 5: another crawl of it is running" if code == 5 else f"exit code {code}"


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
