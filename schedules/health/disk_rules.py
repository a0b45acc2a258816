"""Room on the disk: what is free, how fast the archive takes it, and when crawls will stop for want of it."""

import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive.answers import bytes_a_day, full_at, in_words
from schedules.health.verdicts import RuleText, joined, said

WARNED_BEFORE_FULL = timedelta(days=28)  # before the end of which somebody should make room
EXACT_DAY_BEFORE_FULL = timedelta(days=90)  # for which a day is named, and not only its month


@dataclass(frozen=True, slots=True)
class Outlook:
    """Bytes that are free, those that must stay free, and how many the archive takes a day (None: too early to say).

    full_at: when it has taken all but the floor; None: not within ten years, or nobody can say.
    """

    free: int
    floor: int
    bytes_a_day: float | None
    full_at: datetime | None


def outlook(conn: sqlite3.Connection, home: Path, floor: int, now: datetime) -> Outlook:
    """How long the room at a home lasts; floor in megabytes, which are 10^6 bytes, as disks are sold."""
    free, kept = shutil.disk_usage(home).free, floor * 10**6
    daily = bytes_a_day(conn, now)
    return Outlook(free, kept, daily, None if daily is None else full_at(free - kept, daily, now))


def disk(found: Outlook, now: datetime) -> tuple[bool, RuleText]:
    """Whether there is room for weeks to come, and what is to be said of it."""
    room = {"free": _megabytes(found.free), "floor": _megabytes(found.floor)}
    if found.free < found.floor:
        return False, said("disk_low", **room)
    if found.bytes_a_day is None:
        return True, joined([said("disk", **room), said("pace_unknown")])
    daily = in_words(found.bytes_a_day)
    if found.full_at is None:
        return True, joined([said("disk", **room), said("pace_slow", daily=daily)])
    day = f"{found.full_at:%Y-%m-%d}" if found.full_at - now < EXACT_DAY_BEFORE_FULL else f"{found.full_at:%Y-%m}"
    if found.full_at - now < WARNED_BEFORE_FULL:
        return False, said("disk_soon", **room, daily=daily, day=day)
    return True, joined([said("disk", **room), said("pace", daily=daily, day=day)])


def _megabytes(size: int) -> str:
    return f"{size // 10**6:,}"
