"""How long a server asks us to stay away (RFC 9110 §10.2.3); pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MOST = 1e9  # seconds; thirty years, and no number that a server writes is more than a float can be


def retry_after(value: str | None, date: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, as seconds or as a date; None when it is unreadable.

    date: the Date header beside it. A date is meant by the server's own clock, which may be an hour off; now, aware,
    stands in for it where it says none.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), MOST)
    at = _instant(text)
    if at is None:
        return None
    return max(0.0, (at - (_instant(date or "") or now)).total_seconds())


def _instant(text: str) -> datetime | None:
    """An HTTP date (RFC 9110 §5.6.7), or one as mail has it."""
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
