"""The days of a list that has one page for each day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.sources import Source

MAX_DAYS_BACK = 3_660  # that one crawl reads back: ten years


def days_back(newest: date, days: int, source: Source, since: datetime | None) -> list[date]:
    """The newest day and days before it, in the source's zone: `days` of them, or back to `since`."""
    if since is not None:
        days = (newest - since.astimezone(ZoneInfo(source.timezone)).date()).days + 1
    return [newest - timedelta(days=back) for back in range(max(1, min(days, MAX_DAYS_BACK)))]
