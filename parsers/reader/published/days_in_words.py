"""Days in words under a page's headline: 昨天 23:01, 04-13 09:05, 二〇二四年四月十三日."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import accumulate

from parsers.dates import find_dates
from parsers.reader.published.labels import PUBLISHED, label_before, meaning
from parsers.reader.published.thresholds import MAX_BEHIND_CHARACTERS, MAX_HEAD_LINES, MAX_TOLD_CHARACTERS
from parsers.reader.view.datelines import Dateline, Surroundings

CLOCK = re.compile(r"\d\d?[:：]\d\d")
WORD = re.compile(r"\w")


def told_under_headline(where: Surroundings, now: datetime, zone: str) -> tuple[Dateline, ...]:
    """The date of publication in each short line between headline and body that has one, at most one of each line.

    昨天 23:01 and 二〇二四年四月十三日 count too. They have rank 0; () without a headline. A day relative to the
    capture (`now`), or without a year, must name its minute.
    """
    start = max((place for place in where.titles if place <= where.body), default=None)
    if start is None:
        return ()
    lines = where.text[start : where.body].split("\n", MAX_HEAD_LINES)[:MAX_HEAD_LINES]
    begins = accumulate([len(line) + 1 for line in lines], initial=start)
    short = [(line, begin) for line, begin in zip(lines, begins, strict=False) if len(line) <= MAX_TOLD_CHARACTERS]
    return tuple(filter(None, (_told(where, line, begin, now, zone) for line, begin in short)))


def _told(where: Surroundings, line: str, begin: int, now: datetime, zone: str) -> Dateline | None:
    """The date of publication at the beginning of a line, or after a label of publication; None without one."""
    whole = find_dates(line, None, zone)
    dates = whole or (find_dates(line, now, zone) if CLOCK.search(line) else [])
    if not dates or not (whole or dates[0].precision in ("minute", "second")):
        return None
    place = max(0, line.find(dates[0].raw))
    if WORD.search(line, 0, place) and not PUBLISHED.search(line[:place].lower()):
        return None
    label = label_before(where.text, where.titles, begin, begin + place)
    end = begin + place + len(dates[0].raw)
    told = meaning(label, where.text[end : end + MAX_BEHIND_CHARACTERS])
    return Dateline(dates[0].raw, 0.0, told, begin + place) if told == "published" else None
