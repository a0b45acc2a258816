"""Operational times: UTC text of fixed width, so that text order is time order."""

import re
from datetime import UTC, datetime, timedelta

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


def later(text: str, seconds: float) -> str:
    """The stamp this many seconds after another."""
    return stamp(instant(text) + timedelta(seconds=seconds))
