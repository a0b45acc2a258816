"""The scheduler: hands each slot of each source, once, to a crawl in a child process."""

import asyncio
import signal
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.executors.base import BaseExecutor
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from archive.files import SCHEDULER, Home, locked, stamp
from archive.settings import Settings
from schedules.children import say
from schedules.crawls import Crawls, RecordMissed, crawl_command
from schedules.heartbeat import BEAT_EVERY_SECONDS, beat_on
from schedules.slots import BookError, Schedule, Watched, next_runs, parse_schedule, schedules_of

__all__ = ["Schedule", "next_runs", "parse_schedule", "run", "run_forever", "schedules_of"]

LOOK_EVERY_SECONDS = 15.0
"""Seconds between two looks at the time, whatever the next slot.

A timer does not notice that the clock was set, and a suspended machine stops it.
"""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds between two looks at the time, and between two heartbeats."""

    look: float = LOOK_EVERY_SECONDS
    beat: float = BEAT_EVERY_SECONDS


INTERVALS = Intervals()


async def run_forever(
    home: Path,
    settings: Settings,
    sources: Mapping[str, Watched],
    record_missed: RecordMissed,
    command: Callable[[Path, str], list[str]] = crawl_command,
    intervals: Intervals = INTERVALS,
) -> int:
    """Crawl every scheduled source at its slots until SIGTERM or SIGINT, and return that signal's number.

    Ends its children. Runs in the main thread, because of the signals. Raises ScheduleError for a malformed schedule,
    archive.files.lock.Locked when another scheduler runs on this home, and the errors of `run`.
    """
    schedules = schedules_of(settings, sources.values())
    stop, heard = asyncio.Event(), list[int]()
    with locked(Home(home), SCHEDULER):
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, _hear, number, heard, stop)
        crawls = Crawls(home, record_missed, command, children=settings.schedule.children)
        beating = asyncio.create_task(beat_on(crawls, intervals.beat))
        try:
            await run(schedules, crawls, stop, intervals.look)
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
    return heard[0]


def _hear(number: int, heard: list[int], stop: asyncio.Event) -> None:
    heard.append(number)
    stop.set()


async def run(
    schedules: Sequence[Schedule], crawls: Crawls, stop: asyncio.Event, look: float = LOOK_EVERY_SECONDS
) -> None:
    """Crawl at the slots of these schedules until `stop` is set, then end the crawls; the caller holds the lock.

    Slots that passed while no scheduler ran, or that a clock jumped over, are due at once: the newest is crawled, the
    others are missed. If the clock goes back, slots that were served are not served again. look: seconds between two
    looks at the time. Raises BookError when schedule.db cannot be used at the start.
    """
    scheduler = _scheduler(crawls, look)
    try:
        scheduler.start(paused=True)  # else a job that thinker.toml no longer has could run before it is removed
        _reconcile(scheduler, schedules)
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise BookError(crawls.book.path, error.orig) from error
        raise
    scheduler.resume()
    try:
        await stop.wait()
    finally:
        scheduler.shutdown(wait=False)
        await crawls.stop()


def owed(source: str) -> str:
    """Return the source: the function that each job in schedule.db stores, called for the source of its slots."""
    return source


class SlotExecutor(BaseExecutor):  # type: ignore[misc] # apscheduler is untyped
    """Gives a job all the slots that it is due for, which APScheduler's own executors do not pass on.

    The scheduler's `coalesce` is off, so that skipped slots arrive here and can be recorded. All are written before the
    job's next time is stored, so that a crash in between loses none.
    """

    def __init__(self, crawls: Crawls) -> None:
        super().__init__()
        self.crawls = crawls

    def _do_submit_job(self, job: Job, run_times: Sequence[datetime]) -> None:
        slots = [slot.astimezone(UTC) for slot in run_times]
        try:
            self.crawls.owe(job.func(*job.args), slots, job.name)
            self.crawls.note_trouble(job.id, None)
        except sqlite3.Error as error:  # slots that could not be written are due again at the next look
            self.crawls.note_trouble(job.id, f"{job.id}: schedule.db cannot be written: {error}")
        # Later, because APScheduler counts the job as running only after this call.
        asyncio.get_running_loop().call_soon(self._run_job_success, job.id, [])


class SlotScheduler(AsyncIOScheduler):  # type: ignore[misc] # apscheduler is untyped
    """APScheduler's scheduler, which also looks at the time between two slots."""

    def __init__(self, crawls: Crawls, look: float, **options: Any) -> None:
        super().__init__(**options)
        self.crawls, self.look = crawls, look

    def _process_jobs(self) -> float:
        """Hand over due slots; returns the seconds until the next look.

        An error of schedule.db is printed, not raised, and the next look tries again.
        """
        if self.state != STATE_RUNNING:
            return self.look
        try:
            self.crawls.look()
            self._bring_back()
            wait = super()._process_jobs()
            self.crawls.note_trouble("schedule.db", None)
        except (sqlite3.Error, SQLAlchemyError) as error:
            self.crawls.note_trouble("schedule.db", f"schedule.db cannot be used: {' '.join(str(error).split())[:200]}")
            return self.look
        return self.look if wait is None else min(wait, self.look)

    def _bring_back(self) -> None:
        """Move each job's next time to the first slot after the last owed slot or after now, the earlier of both.

        A next time that lies later than that is moved back: the clock went back, or a slot was not recorded. A next
        time that is not later than the last owed slot is moved forward, unless that slot is still to come: it was
        handled. Any other stays.
        """
        now = datetime.now(UTC)
        for job in self.get_jobs():
            last = self.crawls.book.last(job.id, job.name)
            after = min(now, last or now) + timedelta(microseconds=1)  # a trigger gives a time that is equal, too
            first = job.trigger.get_next_fire_time(None, after)
            if first is not None and first < job.next_run_time:
                say(f"{job.id}: the clock went back, or a slot was not recorded: checking again from {stamp(first)}")
                job.modify(next_run_time=first)
            elif first is not None and last is not None and job.next_run_time <= last <= now:
                job.modify(next_run_time=first)


def _scheduler(crawls: Crawls, look: float) -> SlotScheduler:
    store = SQLAlchemyJobStore(f"sqlite:///{Home(crawls.home).schedule_database.resolve()}")
    return SlotScheduler(
        crawls,
        look,
        jobstores={"default": store},
        executors={"default": SlotExecutor(crawls)},
        # By its defaults APScheduler skips a slot that is a second late, and one whose job still runs.
        job_defaults={"coalesce": False, "misfire_grace_time": None, "max_instances": 1000},
        timezone=UTC,
    )


def _reconcile(scheduler: SlotScheduler, schedules: Sequence[Schedule]) -> None:
    """Make schedule.db's jobs those of thinker.toml; an unchanged job keeps its next time, which may have passed."""
    stored = {job.id: job for job in scheduler.get_jobs()}
    declared = {each.source: each for each in schedules}
    for source in stored.keys() - declared.keys():
        scheduler.remove_job(source)
    for source, schedule in declared.items():
        if source not in stored or stored[source].name != _title(schedule):
            scheduler.add_job(owed, schedule.trigger, [source], id=source, name=_title(schedule), replace_existing=True)


def _title(schedule: Schedule) -> str:
    return f"{schedule.source}: {schedule.text} ({schedule.timezone})"
