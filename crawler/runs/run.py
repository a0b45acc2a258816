"""What one crawl is asked to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self

from archive.files import Progress, unheard
from archive.settings import Settings
from crawler.frontier import Frontier, SqliteFrontier
from crawler.hosts import Hosts, RequestClaim
from crawler.runs.pulse import STALL_SECONDS, Pulse
from crawler.sources import Source

Cadence = Callable[[str, datetime | None, datetime | None, datetime], datetime]
OpenFrontier = Callable[[sqlite3.Connection, str], Frontier]
"""Opens the frontier of a source; one in archive.db joins the transactions of the connection."""
Ended = Callable[[Path], None]
Recheck = Literal["all", "due", "none", "only"]


def daily(_kind: str, _published_at: datetime | None, _changed_at: datetime | None, now: datetime) -> datetime:
    """The cadence of whoever brings none: every day."""
    return now + timedelta(days=1)


def nobody(_home: Path) -> None:
    """Who wants to hear that a crawl has ended, where nobody does."""


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl over one source: since which last change, how many articles, which known ones again.

    recheck: all of them, those that are due, none, or only those that are due: then no list is read.
    addresses, where there are some, are asked instead of what is due, and no seed is read. cadence says when an article
    is due again: (kind, published_at, last_changed_at, now), all aware. due_at is the slot of a schedule as operational
    time, for the archive's coverage. never is what may not be fetched (crawler/hosts/never.py). ended hears of a
    crawl's end once the archive can be opened again. progress hears of the pages that are kept, lists and robots.txt
    among them, and of how many there will be (crawler/session/crawl_progress.py).
    others are the sources that may share a host with this one; a_day says how many requests hosts get in 24 hours.
    time_limit is how many seconds the crawl has, its end among them, before it is ended by force. stall is how many
    seconds a crawl may go without a request beyond what its hosts ask for; listener is the writing end of a pipe that
    hears of the crawl once a second.
    """

    source: Source
    home: Path
    since: datetime | None = None
    limit: int | None = None
    recheck: Recheck = "due"
    addresses: tuple[str, ...] = ()
    due_at: str | None = None
    cadence: Cadence = daily
    contact: str | None = None
    about: str | None = None
    free_space_floor: int = 0  # megabytes
    never: tuple[str, ...] = ()
    log_json: bool = False
    quiet: bool = False
    progress: Progress = unheard
    frontier: OpenFrontier = SqliteFrontier
    ended: Ended = nobody
    others: tuple[Source, ...] = ()
    a_day: Mapping[str, int] = field(default_factory=dict)
    longest_crawl_delay: float = 3600.0  # seconds
    time_limit: float | None = None
    stall: float = STALL_SECONDS
    listener: int | None = None
    pulse: Pulse = field(default_factory=Pulse, compare=False)

    @classmethod
    def by(cls, settings: Settings, others: tuple[Source, ...], **asked: Any) -> Self:
        """What is asked for, with what the settings say of every crawl; others: every declared source."""
        return cls(
            contact=settings.contact,
            about=settings.about,
            free_space_floor=settings.free_space_floor,
            never=settings.crawler.never,
            longest_crawl_delay=settings.crawler.longest_crawl_delay,
            a_day=settings.requests_per_day,
            others=others,
            **asked,
        )

    @property
    def hosts(self) -> Hosts:
        """Which hosts are one, the pace of each, and its requests a day."""
        return Hosts.of(self.source, self.others, self.a_day)

    @property
    def claim(self) -> RequestClaim:
        """For whom requests are counted: a single address for the declared source that it belongs to."""
        source = self.source
        if self.addresses and all(source.name != each.name for each in self.others):
            here = [each for each in self.others if each.within(source.homepage)]
            source = next((each for each in here if each.covers(source.homepage)), here[0] if here else source)
        return RequestClaim(source.name, source.requests_per_day)

    @property
    def reads_lists(self) -> bool:
        """Whether this crawl looks for what it does not know."""
        return not self.addresses and self.recheck != "only"

    @property
    def every_article(self) -> bool:
        """Whether every known article is asked again."""
        return self.recheck == "all" or (self.recheck in ("due", "only") and self.source.recheck == 0)


@dataclass(frozen=True, slots=True)
class Planned:
    """A url that a crawl would fetch, and why."""

    url: str
    why: str
