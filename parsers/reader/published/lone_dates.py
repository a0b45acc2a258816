"""Dates on lines of their own that datelines miss: under a summary, or with a year of two digits."""

from __future__ import annotations

import re
from itertools import islice

from parsers.reader.published.dateline import first_date, line_end, printed, rank_of
from parsers.reader.published.labels import COLONS, PUBLISHED, label_before, meaning
from parsers.reader.published.thresholds import (
    MAX_DATE_LINE,
    MAX_DAYS,
    MAX_DISTANCE,
    MAX_LABEL_CHARACTERS,
    MAX_TITLES,
    UNDER_SUMMARY,
    UPDATED_RANK,
)
from parsers.reader.view.datelines import Dateline, Surroundings

# Texts round the date of a line with nothing else: a clock, a weekday or a mark; a zone.
BEFORE = re.compile(r"\W{0,3}(?:\d\d?:\d\d,\s|[^\W\d_]{3,10}[,|]\s)?\W{0,3}")
BEHIND = re.compile(r"\s*(?:Uhr|h|[A-Z]{2,4})?[\s.]*(?:$|[|•·])")
YEAR = re.compile(r"(?:19|20)\d\d")
SHORT_DAY = re.compile(r"(?:^|(?<=[,|–-]\s))[0-3]?\d\.[01]?\d\.[0-2]\d(?=\n)", re.MULTILINE)
FOREIGN = (*COLONS, ")")  # ends of a line above that labels a date otherwise, or credits an embedded post


def lone_dates(where: Surroundings, *, day_first: bool) -> list[Dateline]:
    """The dates on lines of their own under the summary; with `day_first` also short ones at the end of other lines.

    `day_first`: in the page's part of the world 2.11.22 is a day of November; only then such days near the headline
    are read.
    """
    return [*_under_summary(where), *(_short_days(where) if day_first else ())]


def _under_summary(where: Surroundings) -> list[Dateline]:
    """The date of publication on a line of its own soon after the body's first line, and the first update there.

    The first line may be a summary. A text with several different days of publication on such lines is a chronicle:
    then only the update is returned.
    """
    text, begun = where.text, line_end(where.text, where.body) + 1
    opening = text[begun : min(begun + 2 * MAX_DISTANCE, where.end if where.end > begun else begun + MAX_DISTANCE)]
    found, start = [], begun
    for line in opening.split("\n")[:-1]:
        if (
            len(line) <= MAX_DATE_LINE
            and ("20" in line or "19" in line)
            and (date := _alone(where, start, start + len(line)))
        ):
            found.append((date, start))
        start += len(line) + 1
    near = [date for date, place in found if place <= begun + MAX_DISTANCE]
    days = [date for date, _ in found if date.meaning == "published"]
    several = len({_day(date.raw) for date in days}) > 1
    updates = [date for date in near if date.meaning == "updated"][:1]
    return updates if several else [*[date for date in days[:1] if date in near], *updates]


def _alone(where: Surroundings, start: int, stop: int) -> Dateline | None:
    """The date of publication or update on a line that holds little else before it; None for any other line.

    Its label, a clock or a weekday may stand before it; a zone after it, or a bar with anything more.
    """
    text, match = where.text, first_date(where.text, start, stop)
    if match is None or not BEHIND.match(text, match.end(), stop):
        return None
    before = text[start : match.start()].lower()
    named = PUBLISHED.match(before) is not None and not before.startswith("vom")
    label = label_before(text, where.titles, start, match.start())
    told = meaning(label, text[match.end() : stop])
    if told == "updated" and len(before) <= MAX_LABEL_CHARACTERS:
        return Dateline(printed(match[0]), UNDER_SUMMARY + UPDATED_RANK, told, match.start())
    if not (named or BEFORE.fullmatch(before)) or told != "published":
        return None
    named = named or PUBLISHED.search(label) is not None
    if text.endswith(FOREIGN, 0, start - 1) and not named:
        return None
    return Dateline(printed(match[0]), UNDER_SUMMARY + named, place=match.start())


def _day(raw: str) -> str:
    """The day of a date as printed, without its clock."""
    year = YEAR.search(raw)
    return raw[: max(10, year.end() if year else 0)]


def _short_days(where: Surroundings) -> list[Dateline]:
    """The dates with a year of two digits at the end of lines near a headline: Kultur, 2.11.22.

    Those at the beginning of a line, under a line that ends in a colon, are left out.
    """
    text = where.text
    spans = (
        (max(0, title - MAX_DISTANCE // 2), min(title + MAX_DISTANCE, where.body))
        for title in where.titles[:MAX_TITLES]
    )
    return [
        Dateline(match[0], rank=rank_of(where, match, "", 0))
        for span in spans
        for match in islice(SHORT_DAY.finditer(text, *span), MAX_DAYS)
        if not text.endswith(COLONS, 0, max(0, match.start() - 1))
    ]
