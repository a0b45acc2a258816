"""The days of a list that has one for each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.sources import Source

MAX_DAYS_BACK = 3_660  # that one crawl reads back


def days_back(newest: date, days: int, source: Source, since: datetime | None) -> list[date]:
    """The newest day and those before it: so many, or as far as a crawl of what is new asks, in the source's zone."""
    if since is not None:
        days = (newest - since.astimezone(ZoneInfo(source.timezone)).date()).days + 1
    return [newest - timedelta(days=back) for back in range(max(1, min(days, MAX_DAYS_BACK)))]
