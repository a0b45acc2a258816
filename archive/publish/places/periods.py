"""Days, months and years of publication, and the months that the archive covers."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from archive.files import stamp

KINDS = {"day": 10, "month": 7, "year": 4}  # with the length of the name in ISO 8601
WIDEST = timedelta(hours=14)  # between UTC and any zone (tz database)


@dataclass(frozen=True, slots=True)
class Period:
    """A year, month or day, named `2024`, `2024-04` or `2024-04-13`, with its first and last day."""

    name: str
    first: date
    last: date

    @property
    def window(self) -> tuple[str, str]:
        """Two UTC stamps, the first before and the second after the period in every time zone.

        They are WIDEST (14 hours) before the first and after the last day; nearer in the years 1 and 9999, the ends of
        the calendar.
        """
        start = datetime.combine(max(self.first, _EARLIEST), time(), _UTC) - WIDEST
        end = datetime.combine(min(self.last, _LATEST), time(), _UTC) + timedelta(days=1) + WIDEST
        return stamp(start), stamp(end)


_UTC = timezone.utc  # noqa: UP017 - a name beside timezone
_EARLIEST, _LATEST = date(1, 1, 2), date(9999, 12, 29)


def period(name: str) -> Period | None:
    """Parse the name of a period; None if it is not one, like `2024-02-30` or `24-4`."""
    try:
        if len(name) not in KINDS.values() or not name.replace("-", "").isascii():
            return None
        first = date.fromisoformat((name + "-01-01")[:10])
    except ValueError:
        return None
    return Period(name, first, _last(first, len(name))) if name == first.isoformat()[: len(name)] else None


def _last(first: date, length: int) -> date:
    if length == KINDS["day"]:
        return first
    following = first.year * 12 + first.month + (0 if length == KINDS["month"] else 11)
    year, month = divmod(following, 12)
    return date(year, month + 1, 1) - timedelta(days=1) if year <= date.max.year else date.max


def covered_months(conn: sqlite3.Connection) -> tuple[str, ...]:
    """Every month (`2024-04`) of publication with an article that is not withdrawn, in order.

    Takes one index look-up per month.
    """
    return tuple(month for (month,) in conn.execute(_MONTHS))


_MONTHS = """
    with recursive months(month) as (
        select min(published_month) from articles where state <> 'withdrawn'
        union all
        select (select min(published_month) from articles where published_month > month and state <> 'withdrawn')
          from months
         where month is not null)
    select month from months where month is not null
"""


def neighbours(conn: sqlite3.Connection, name: str) -> tuple[str | None, str | None]:
    """The nearest earlier and later period of the same kind that has an article that is not withdrawn, as names.

    None stands for one that does not exist.
    """
    return _neighbour(conn, name, _BEFORE), _neighbour(conn, name, _AFTER)


def _neighbour(conn: sqlite3.Connection, name: str, sql: str) -> str | None:
    month = name[:7] if len(name) >= KINDS["month"] else name + ("-00" if sql is _BEFORE else "-99")
    low, high = (name, name + "~")  # names that begin with it sort between these
    row = conn.execute(sql, {"month": month, "edge": low if sql is _BEFORE else high}).fetchone()
    return str(row[0])[: len(name)] if row else None


# Ordered by month first, as the index is.
_BEFORE = """
    select published_date from articles
     where published_month <= :month and published_date < :edge and state <> 'withdrawn'
     order by published_month desc, published_date desc limit 1
"""
_AFTER = """
    select published_date from articles
     where published_month >= :month and published_date > :edge and state <> 'withdrawn'
     order by published_month, published_date limit 1
"""
