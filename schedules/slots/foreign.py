"""A schedule in the syntax of other programs: a line of crontab(5), and a calendar event of systemd.time(7)."""

import re
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol

from schedules.slots.schedule import EVERY, SECONDS, Schedule, parse_schedule

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FIELD = re.compile(r"(?:\*(?:/\d+)?|\d+(?:-\d+(?:/\d+)?)?)(?:,(?:\*(?:/\d+)?|\d+(?:-\d+(?:/\d+)?)?))*")
SLOTS_COMPARED = 1500  # four years of days, with the changes of clocks
WORDS_OF_DAYS = re.compile("|".join(DAYS))
FIRST_OF = (0, 0, 1, 1)  # of minutes, hours, days, months


class ScheduleForm(Protocol):
    """A function from a schedule to its text in another syntax.

    It returns None for a schedule that the other syntax cannot express.
    """

    def __call__(self, schedule: Schedule) -> str | None: ...


def cron_fields(schedule: Schedule) -> str | None:
    """The five fields of crontab(5), on the wall clock of the source's zone; names become numbers: `sun` is 7.

    `30 6 * * mon-fri` gives `30 6 * * 1-5`. None for a schedule that cron cannot express: seconds, intervals that
    divide neither an hour nor a day, or whose hours move in summer time, `last`, and a day of the month together with a
    weekday (cron crawls on either, we on both).
    """
    text = _as_crontab(schedule)
    if text is None:
        return None
    minute, hour, day, month, weekday = text.lower().split()
    month, weekday = _numbered(month, MONTHS), _numbered(weekday, DAYS)
    fields = [minute, hour, day, month, weekday]
    if not all(map(FIELD.fullmatch, fields)) or (not day.startswith("*") and not weekday.startswith("*")):
        return None
    return " ".join(fields)


def calendar(schedule: Schedule) -> str | None:
    """The calendar event of systemd.time(7), in the source's zone; None if that cannot express the schedule.

    `30 6 * * mon-fri` gives `Mon..Fri *-*-* 6:30:00 Asia/Shanghai`.
    """
    if (every := _seconds(schedule)) and every < 60 and 60 % every == 0:
        return f"*-*-* *:*:0/{every}"
    text = _as_crontab(schedule)
    if text is None:
        return None
    minute, hour, day, month, weekday = text.lower().split()
    fields = [minute, hour, day, _numbered(month, MONTHS)]
    if not all(map(FIELD.fullmatch, fields)) or not re.fullmatch(r"\*|[a-z,-]+", weekday):
        return None
    minute, hour, day, month = (_stepped(field, first) for field, first in zip(fields, FIRST_OF, strict=True))
    on = "" if weekday == "*" else WORDS_OF_DAYS.sub(lambda found: found[0].title(), weekday).replace("-", "..") + " "
    return f"{on}*-{month}-{day} {hour}:{minute}:00 {schedule.timezone}"


def _as_crontab(schedule: Schedule) -> str | None:
    """The schedule as a crontab line in our syntax; None for an interval that no crontab line can express.

    A crontab line is returned as written; `every 20m` gives `*/20 * * * *`.
    """
    every = _seconds(schedule)
    if every is None:
        return schedule.text
    if every < 3600:  # cron's */n begins anew with each hour, so that only its divisors are regular
        return f"*/{every // 60} * * * *" if every % 60 == 0 and 3600 % every == 0 else None
    if every % 3600 or 86400 % every:
        return None
    line = f"0 {'0' if every == 86400 else f'*/{every // 3600}' if every > 3600 else '*'} * * *"
    return line if _slots(schedule) == _slots(parse_schedule(schedule.source, line, schedule.timezone)) else None


def _seconds(schedule: Schedule) -> int | None:
    """The length in seconds of a schedule `every …`; None for a crontab line."""
    every = EVERY.fullmatch(schedule.text.strip().lower())
    return int(every[1]) * SECONDS[every[2]] if every else None


def _slots(schedule: Schedule) -> list[datetime]:
    """The first SLOTS_COMPARED slots after 2026-01-01T00:00Z; an interval counts elapsed time, not the wall clock."""
    return list(islice(schedule.after(datetime(2026, 1, 1, tzinfo=UTC)), SLOTS_COMPARED))


def _numbered(field: str, names: tuple[str, ...]) -> str:
    return re.sub("[a-z]+", lambda name: str(names.index(name[0]) + 1) if name[0] in names else name[0], field)


def _stepped(field: str, first: int) -> str:
    """A field in systemd's syntax: `*/20` is 0/20 or 1/20, `1-5` is 1..5."""
    return re.sub(r"\*(?=/)", str(first), field).replace("-", "..")
