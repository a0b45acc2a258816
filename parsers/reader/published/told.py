"""Days that a page tells from the day of its capture, or without their year, under its headline: 昨天 23:01."""

from __future__ import annotations

import re
from datetime import datetime

from parsers.dates import find_dates
from parsers.reader.published.dateline import Surroundings
from parsers.reader.published.labels import PUBLISHED, meaning
from parsers.reader.published.thresholds import MAX_HEAD_LINES, MAX_TOLD_CHARACTERS

CLOCK = re.compile(r"\d\d?[:：]\d\d")
WORD = re.compile(r"\w")


def told_under_headline(where: Surroundings, now: datetime, zone: str) -> tuple[str, ...]:
    """The first moment between headline and body that names its minute and no year, as printed."""
    start = max((place for place in where.titles if place <= where.body), default=None)
    if start is None:
        return ()
    lines = where.text[start : where.body].split("\n", MAX_HEAD_LINES)[:MAX_HEAD_LINES]
    found = (_told(line, now, zone) for line in lines if len(line) <= MAX_TOLD_CHARACTERS and CLOCK.search(line))
    return tuple(filter(None, found))[:1]


def _told(line: str, now: datetime, zone: str) -> str | None:
    """The moment that opens a line, or stands behind a label of publication."""
    date = next(iter(find_dates(line, now, zone)), None)
    if date is None or date.precision not in ("minute", "second"):
        return None
    place = line.find(date.raw)
    label = line[: max(0, place)].lower()
    if WORD.search(label) and not PUBLISHED.search(label):
        return None
    return date.raw if meaning(label, line[place + len(date.raw) :]) == "published" else None
