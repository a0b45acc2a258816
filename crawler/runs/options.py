"""The options of a crawl."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from archive.files import Progress, unheard
from crawler.runs.pulse import STALL_SECONDS

Cadence = Callable[[str, datetime | None, datetime | None, datetime], datetime]
Ended = Callable[[Path], None]
Recheck = Literal["all", "due", "none", "only"]


def daily(_kind: str, _published_at: datetime | None, _changed_at: datetime | None, now: datetime) -> datetime:
    """The default cadence: an article is due again one day from now."""
    return now + timedelta(days=1)


def nobody(_home: Path) -> None:
    """The default of `ended`: does nothing."""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """The options of one crawl.

    since: ask only articles that changed since this aware moment, according to lists, and those never fetched to which
    lists give no date. limit: the most articles to ask; None: any number.
    """

    since: datetime | None = None
    limit: int | None = None
    recheck: Recheck = "due"
    """The known articles to ask: all, due ones, none; `only`: due ones, but no list or new article."""
    addresses: tuple[str, ...] = ()
    """Addresses to ask instead of everything due; then no seed is read."""
    due_at: str | None = None
    """The slot of a schedule as operational time, for the archive's coverage."""
    cadence: Cadence = daily
    """Gives the time at which an article is due again, by kind, published_at, last_changed_at and now, all aware."""
    ended: Ended = nobody
    """Called with the home after the crawl's end, once the archive can be opened again; not if it cannot be written."""
    log_json: bool = False
    """Write JSON Lines to stderr (crawler/process/journal.py)."""
    quiet: bool = False
    """Write only warnings and errors to stderr."""
    progress: Progress = unheard
    """Called with (pages stored, total or None), lists and robots.txt among them.

    The total is the number known so far (crawler/session/crawl_progress.py).
    """
    stall: float = STALL_SECONDS
    """Seconds that the crawl may go without request or work, beyond every pause that hosts asked for."""
    listener: int | None = None
    """The writing end of a pipe, which gets a line of JSON every second.

    See crawler/process/stall_watch.py. Its keys: left (seconds until the crawl counts as stalled), asked_at and url of
    the last request.
    """
    time_limit: float | None = None
    """Seconds after which the caller ends the process.

    The crawl sends no request that would take longer, and ends before as `budget`.
    """

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown recheck or a moment without a zone."""
        if self.recheck not in get_args(Recheck):
            raise ValueError(f"recheck={self.recheck!r}: it is one of {', '.join(get_args(Recheck))}")
        if self.since is not None and self.since.tzinfo is None:
            raise ValueError("since has no zone: give an aware datetime")

    @property
    def reads_lists(self) -> bool:
        """True if this crawl reads the source's lists: not with `addresses`, nor with recheck `only`."""
        return not self.addresses and self.recheck != "only"
