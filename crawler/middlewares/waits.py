"""The time for which a host is left alone: as it asks (RFC 9110 §10.2.3), or longer with each failure."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_RETRY_AFTER_SECONDS = 1e9  # thirty years; a server may write a number of any length


def retry_after(value: str | None, date: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, as seconds or as a date; None if missing or unreadable.

    0 for a date in the past. date: the Date header of the same response. A date in Retry-After is by the server's own
    clock, which may be an hour off; without a Date header, now (aware) is used instead.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), MAX_RETRY_AFTER_SECONDS)
    at = _instant(text)
    if at is None:
        return None
    return max(0.0, (at - (_instant(date or "") or now)).total_seconds())


def _instant(text: str) -> datetime | None:
    """The aware moment of an HTTP date (RFC 9110 §5.6.7) or a date as in mail; None if it is unreadable."""
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):  # OverflowError: a year or a zone of too many digits
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


MIN_WAIT_SECONDS, MAX_WAIT_SECONDS = 0.25, 120.0  # a host that asks for more is left for a later crawl
JITTER = 1.5  # at most so many times longer, so that crawls do not all come back at once


def backing_off(delay: float, setbacks: int) -> float:
    """The seconds to wait: the delay, at least 0.25, doubled for each setback, times a random 1 to 1.5; at most 120."""
    wait = max(delay, MIN_WAIT_SECONDS) * 2.0**setbacks
    return min(MAX_WAIT_SECONDS, wait * random.uniform(1, JITTER))  # noqa: S311 no secret
