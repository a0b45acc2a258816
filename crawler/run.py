"""What one crawl is asked to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from crawler.sources import Source

Cadence = Callable[[str, datetime | None, datetime | None, datetime], datetime]
Recheck = Literal["all", "due", "none"]


def daily(_kind: str, _published_at: datetime | None, _changed_at: datetime | None, now: datetime) -> datetime:
    """The cadence of whoever brings none: every day."""
    return now + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl over one source: since which last change, how many articles, which known ones again.

    cadence says when an article is due again: (kind, published_at, last_changed_at, now), all aware. due_at is the
    slot of a schedule as operational time, for the archive's coverage.
    """

    source: Source
    home: Path
    since: datetime | None = None
    limit: int | None = None
    recheck: Recheck = "due"
    due_at: str | None = None
    cadence: Cadence = daily
    contact: str | None = None
    free_space_floor: int = 0  # megabytes


@dataclass(frozen=True, slots=True)
class Planned:
    """A url that a crawl would fetch, and why."""

    url: str
    why: str
