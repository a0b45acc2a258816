"""The days of a list that has one page for each day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.sources import Source

MAX_DAYS_BACK = 3_660  # that one crawl reads back: ten years


def days_back(newest: date, days: int, source: Source, since: datetime | None) -> list[date]:
    """The newest day and the days before it, newest first.

    `days` of them without `since`; with it those back to its day in the source's zone, whatever `days` is. At least one
    day, at most MAX_DAYS_BACK.
    """
    if since is not None:
        days = (newest - since.astimezone(ZoneInfo(source.timezone)).date()).days + 1
    return [newest - timedelta(days=back) for back in range(max(1, min(days, MAX_DAYS_BACK)))]
