"""Operational times: UTC text of fixed width, so that text order is time order."""

import re
from datetime import UTC, datetime, timedelta

FIRST_YEAR = 1000  # stamps are compared as text, which needs years of four digits
STAMP = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\dZ", re.ASCII)


def stamp(at: datetime) -> str:
    """A time as UTC text without fractions: `2024-04-13T15:01:00Z`. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def instant(text: str) -> datetime:
    """The aware time of a stamp, in UTC. Raises ValueError for text of another form."""
    if not STAMP.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no moment such as 2024-04-13T15:01:00Z")
    return datetime.fromisoformat(text)


def moment_of(text: str) -> datetime:
    """The aware time of a date or time in ISO 8601, read as UTC if it has no zone: `2026-11-25`.

    Raises ValueError for a text that is no date, "" too, or one before the year 1000.
    """
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        compared = moment.astimezone(UTC).year >= FIRST_YEAR
    except (ValueError, OverflowError):
        compared = False
    if not compared:
        raise ValueError(f"{text!r} is not a date such as 2026-11-01")
    return moment


def later(text: str, seconds: float) -> str:
    """The stamp this many seconds after another."""
    return stamp(instant(text) + timedelta(seconds=seconds))
