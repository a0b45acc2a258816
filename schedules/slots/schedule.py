"""The slots of a source: the moments at which `schedule = "…"` of thinker.toml owes a crawl."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import timezone as fixed_zone
from itertools import islice
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from archive.settings import Settings, SettingsError

EVERY = re.compile(r"every\s+(\d{1,6})\s*([a-z]+)")
SECONDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86400),
}
FIRST = datetime(2001, 1, 1)  # noqa: DTZ001 a Monday's midnight, read in the source's zone
HELP = 'write "every 10s" (minutes, hours, days) or a crontab line such as "30 6 * * mon-fri"'


class ScheduleError(SettingsError):
    """A schedule that cannot be read; the text is one line with the source, the cause and the remedy."""


class Watched(Protocol):
    """The properties of a source that a schedule needs."""

    @property
    def name(self) -> str: ...
    @property
    def timezone(self) -> str: ...
    @property
    def schedule(self) -> str | None: ...


class CrontabTrigger(BaseTrigger):  # type: ignore[misc] # apscheduler is untyped
    """A crontab line on a zone's wall clock, each slot once, also on the two nights a year when clocks change.

    APScheduler's CronTrigger repeats an ambiguous 02:30 (3.11.3), so it is only used in UTC, to find wall-clock times.
    A 02:30 that the clock skips is crawled at 03:30; a line for every hour follows elapsed time, as in cron.
    """

    __module__ = "schedules.slots"  # pickled under this name in every home's schedule.db

    def __init__(self, line: str, zone: ZoneInfo) -> None:
        self.line, self.zone = line, zone
        self.hourly = line.split()[1].startswith("*")
        self.count = CronTrigger.from_crontab(line, timezone=UTC)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """The first slot after `previous`; without `previous`, the first from `now` on. None if no slot is left."""
        # in UTC: within one zone Python adds and compares wall clocks
        start = previous.astimezone(UTC) + timedelta(microseconds=1) if previous else now.astimezone(UTC)
        local = start.astimezone(self.zone)
        clock = fixed_zone(local.utcoffset() or timedelta()) if self.hourly else self.zone
        wall = self.count.get_next_fire_time(None, local.replace(tzinfo=UTC, fold=0))
        while wall is not None:
            due: datetime = wall.replace(tzinfo=clock).astimezone(UTC)
            if due >= start:
                return due.astimezone(self.zone)
            wall = self.count.get_next_fire_time(None, wall + timedelta(seconds=1))
        return None

    def __str__(self) -> str:
        return f"crontab[{self.line} in {self.zone}]"


@dataclass(frozen=True, slots=True)
class Schedule:
    """One source's schedule: its text as written, its zone, and the trigger that computes its slots."""

    source: str
    text: str
    timezone: str
    trigger: BaseTrigger

    def after(self, moment: datetime) -> Iterator[datetime]:
        """Yield the slots later than a moment, in UTC, in order."""
        due = self.trigger.get_next_fire_time(None, moment + timedelta(microseconds=1))
        while due is not None:
            yield due.astimezone(UTC)
            due = self.trigger.get_next_fire_time(due, due + timedelta(microseconds=1))


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which a crawl is due, in the past or the future: the source and the time (UTC)."""

    source: str
    due_at: datetime


def schedules_of(settings: Settings, sources: Iterable[Watched]) -> list[Schedule]:
    """The schedules of these sources, ordered by name; sources without one are left out.

    thinker.toml overrules the declaration of a source. Raises ScheduleError for a schedule that cannot be read.
    """
    found = sorted((each.name, _said(settings, each), each.timezone) for each in sources)
    try:
        return [parse_schedule(name, text, zone) for name, text, zone in found if text is not None]
    except ScheduleError as error:
        raise ScheduleError(f"{settings.file}: {error}" if settings.file else str(error)) from error


def _said(settings: Settings, source: Watched) -> str | None:
    said = settings.source(source.name).schedule
    return source.schedule if said is None else said


def parse_schedule(source: str, text: str, zone_name: str) -> Schedule:
    """Read `every 10s` or a crontab line in a source's zone; raises ScheduleError, also for weekdays as numbers."""
    zone = ZoneInfo(zone_name)
    every = EVERY.fullmatch(text.strip().lower())
    trigger = _interval(source, text, every, zone) if every else _crontab(source, text, zone)
    return Schedule(source, text, zone_name, trigger)


def next_runs(schedules: Iterable[Schedule], now: datetime, count: int = 1) -> list[Slot]:
    """The next `count` slots of each schedule after `now`, soonest first."""
    slots = [Slot(each.source, due) for each in schedules for due in islice(each.after(now), count)]
    return sorted(slots, key=lambda slot: (slot.due_at, slot.source))


def _interval(source: str, text: str, every: re.Match[str], zone: ZoneInfo) -> BaseTrigger:
    unit = SECONDS.get(every[2])
    if unit is None or int(every[1]) == 0:
        raise _error(source, text, HELP)
    # counted from a fixed midnight, so that a restart changes no slot
    return IntervalTrigger(seconds=int(every[1]) * unit, start_date=FIRST, timezone=zone)


def _crontab(source: str, text: str, zone: ZoneInfo) -> BaseTrigger:
    fields = text.split()
    if len(fields) != 5:
        raise _error(source, text, HELP)
    if re.search(r"\d", re.sub(r"/\d+", "", fields[4])):
        raise _error(
            source, text, "write weekdays as names (mon-sun), because cron and APScheduler number them differently"
        )
    try:
        trigger = CrontabTrigger(text, zone)
    except ValueError as error:
        raise _error(source, text, f"{error}; {HELP}") from error
    if trigger.get_next_fire_time(None, datetime(2001, 1, 1, tzinfo=zone)) is None:
        raise _error(source, text, "this date does not exist in any year")
    return trigger


def _error(source: str, text: str, cause: str) -> ScheduleError:
    return ScheduleError(f"sources.{source}.schedule: {text[:100]!r} is not a schedule: {cause}")
