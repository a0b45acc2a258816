"""What whoever starts a crawl may say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from archive.files import Progress, unheard
from crawler.runs.pulse import STALL_SECONDS

Cadence = Callable[[str, datetime | None, datetime | None, datetime], datetime]
Ended = Callable[[Path], None]
Recheck = Literal["all", "due", "none", "only"]


def daily(_kind: str, _published_at: datetime | None, _changed_at: datetime | None, now: datetime) -> datetime:
    """The cadence of whoever brings none: every day."""
    return now + timedelta(days=1)


def nobody(_home: Path) -> None:
    """Who wants to hear that a crawl has ended, where nobody does."""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """Since which last change, how many articles, which known ones again, and who hears of it."""

    since: datetime | None = None
    limit: int | None = None
    recheck: Recheck = "due"
    """Which known articles are asked: all, those that are due, none, or only those that are due: no list is read."""
    addresses: tuple[str, ...] = ()
    """Where there are some, they are asked instead of what is due, and no seed is read."""
    due_at: str | None = None
    """The slot of a schedule as operational time, for the archive's coverage."""
    cadence: Cadence = daily
    """When an article is due again: of kind, published_at, last_changed_at and now, all aware."""
    ended: Ended = nobody
    """Hears of the crawl's end once the archive can be opened again."""
    log_json: bool = False
    """What is written to stderr is JSON Lines (crawler/process/journal.py)."""
    quiet: bool = False
    """Only warnings and errors are written there."""
    progress: Progress = unheard
    """Hears of the pages that are kept, lists and robots.txt among them, and of how many there will be as far as is
    known (crawler/session/crawl_progress.py)."""
    stall: float = STALL_SECONDS
    """Seconds that the crawl may go without a request, beyond every pause that hosts asked for."""
    listener: int | None = None
    """The writing end of a pipe, to which a line of JSON goes every second (crawler/process/stall_watch.py): left
    (seconds until the crawl counts as stalled), asked_at and url of its last request."""
    time_limit: float | None = None
    """Seconds after which the caller ends the process; the crawl asks nothing that would take longer, and ends as
    budget before."""

    @property
    def reads_lists(self) -> bool:
        """Whether this crawl looks for what it does not know."""
        return not self.addresses and self.recheck != "only"
