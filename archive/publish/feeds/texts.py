"""Cleans texts and times for feeds: only characters that XML allows, only times that RFC 3339 can write."""

import re
from datetime import UTC, datetime, timedelta

from archive.publish.formatting.filters import visible

# All that is not a Char (XML 1.0 §2.2), such as lone surrogates, U+FFFE and U+FFFF.
_NO_CHARS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MINUTE = timedelta(minutes=1)  # an offset in RFC 3339 (§5.6) has whole minutes


def of_xml(text: str) -> str:
    """The text with U+FFFD for each character that XML does not allow."""
    return _NO_CHARS.sub("\ufffd", text)


def in_a_line(text: str | None) -> str:
    """The text on one line, with bidirectional controls made visible, for titles; "" for None."""
    return " ".join(visible(of_xml(text or "")).split())


def moment(text: str | None) -> datetime | None:
    """Parse an ISO 8601 time; None if it is not one, has no offset, or cannot be written in RFC 3339.

    Offsets with seconds (before 1901 in Shanghai) become UTC.
    """
    try:
        at = datetime.fromisoformat(text or "")
        offset = at.utcoffset()
        if offset is None:
            return None
        return at if offset % _MINUTE == timedelta() else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
