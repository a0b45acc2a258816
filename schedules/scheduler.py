"""The scheduler: hands each slot of each source, once, to a crawl in a child process."""

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.executors.base import BaseExecutor
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from archive.home import Home
from archive.lock import locked
from archive.settings import Settings
from schedules.crawls import Crawls, RecordMissed, crawl_command
from schedules.slots import Schedule, Watched, next_runs, parse_schedule, schedules_of

__all__ = ["Schedule", "next_runs", "parse_schedule", "run", "run_forever", "schedules_of"]


async def run_forever(
    home: Path,
    settings: Settings,
    sources: Mapping[str, Watched],
    record_missed: RecordMissed,
    command: Callable[[Path, str], list[str]] = crawl_command,
) -> None:
    """Crawl every scheduled source at its slots until SIGTERM or SIGINT; children end with us.

    Runs in the main thread, for the signals. Raises ScheduleError for a schedule that cannot be read and
    archive.lock.Locked when another scheduler runs on this home.
    """
    schedules = schedules_of(settings, sources.values())
    stop = asyncio.Event()
    with locked(Home(home), "scheduler"):
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await run(schedules, Crawls(home, record_missed, command), stop)


async def run(schedules: Sequence[Schedule], crawls: Crawls, stop: asyncio.Event) -> None:
    """Work until `stop` is set, in the caller's event loop; the caller holds the lock named scheduler.

    Slots that passed while no scheduler ran are due at once: the newest is crawled, the others are missed.
    """
    scheduler = _scheduler(crawls)
    scheduler.start(paused=True)
    _reconcile(scheduler, schedules)
    scheduler.resume()
    try:
        await stop.wait()
    finally:
        scheduler.shutdown(wait=False)
        await crawls.stop()


def owed(source: str) -> str:
    """The job that schedule.db names: which source its slots owe a crawl."""
    return source


class SlotExecutor(BaseExecutor):  # type: ignore[misc] # apscheduler is untyped
    """Gives a job all the slots it is due for, which APScheduler's own executors keep from it.

    That is also why `coalesce` is off: the slots that are passed over have to be seen to be recorded. It runs
    before the job's next time is stored, so a crash in between repeats a slot and loses none.
    """

    def __init__(self, crawls: Crawls) -> None:
        super().__init__()
        self.crawls = crawls

    def _do_submit_job(self, job: Job, run_times: Sequence[datetime]) -> None:
        self.crawls.owe(job.func(*job.args), [slot.astimezone(UTC) for slot in run_times])
        asyncio.get_running_loop().call_soon(self._run_job_success, job.id, [])


def _scheduler(crawls: Crawls) -> AsyncIOScheduler:
    store = SQLAlchemyJobStore(f"sqlite:///{Home(crawls.home).schedule_database.resolve()}")
    return AsyncIOScheduler(
        jobstores={"default": store},
        executors={"default": SlotExecutor(crawls)},
        job_defaults={"coalesce": False, "misfire_grace_time": None, "max_instances": 1000},
        timezone=UTC,
    )


def _reconcile(scheduler: AsyncIOScheduler, schedules: Sequence[Schedule]) -> None:
    """Bring schedule.db to what thinker.toml says; an unchanged job keeps the time it was last due for."""
    stored = {job.id: job for job in scheduler.get_jobs()}
    declared = {each.source: each for each in schedules}
    for source in stored.keys() - declared.keys():
        scheduler.remove_job(source)
    for source, schedule in declared.items():
        if source not in stored or stored[source].name != _title(schedule):
            scheduler.add_job(owed, schedule.trigger, [source], id=source, name=_title(schedule), replace_existing=True)


def _title(schedule: Schedule) -> str:
    return f"{schedule.source}: {schedule.text} ({schedule.timezone})"
