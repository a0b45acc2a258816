"""Health rule on the disk: its free space, the growth of the archive, and when crawls will have to stop."""

import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive.answers import bytes_a_day, full_at, in_words
from schedules.health.verdicts import RuleText, joined, said

WARNED_BEFORE_FULL = timedelta(days=28)  # a fault if the disk is full sooner
EXACT_DAY_BEFORE_FULL = timedelta(days=90)  # within which the day is given, not only the month


@dataclass(frozen=True, slots=True)
class Outlook:
    """Free bytes, bytes that must stay free, and the bytes that the archive takes a day (None: too early to know).

    full_at: the moment from which on less than the floor will be free; None: unknown, or not within ten years.
    """

    free: int
    floor: int
    bytes_a_day: float | None
    full_at: datetime | None


def outlook(conn: sqlite3.Connection, home: Path, floor: int, now: datetime) -> Outlook:
    """The outlook of the disk that a home is on; floor: the free space to keep, in megabytes of 10^6 bytes."""
    free, kept = shutil.disk_usage(home).free, floor * 10**6
    daily = bytes_a_day(conn, now)
    return Outlook(free, kept, daily, None if daily is None else full_at(free - kept, daily, now))


def disk(found: Outlook, now: datetime) -> tuple[bool, RuleText]:
    """(ok, text) of the rule `disk`; not ok if less than the floor is free, or the disk will be full in four weeks."""
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
