"""What feeds may hold of a page's words: characters of XML alone, and moments as RFC 3339 writes them."""

import re
from datetime import UTC, datetime, timedelta

from archive.publish.formatting.filters import visible

# All that is no Char (XML 1.0 §2.2), lone surrogates among it; and the two that stand for nothing.
_NO_CHARS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MINUTE = timedelta(minutes=1)


def of_xml(text: str) -> str:
    """The text with U+FFFD for each character that XML does not have."""
    return _NO_CHARS.sub("\ufffd", text)


def in_a_line(text: str | None) -> str:
    """The text without line breaks and with its turns of direction told, as a title stands in a list."""
    return " ".join(visible(of_xml(text or "")).split())


def moment(text: str | None) -> datetime | None:
    """An aware time; None where the text is none, or one that RFC 3339 cannot write.

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
