"""What one crawl may ask of its source: pages, bytes, seconds, and requests of its hosts' days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic

from scrapy.exceptions import IgnoreRequest

from archive.files import stamp
from archive.judging import CrawlSummary

MAX_END_SECONDS = 600.0
"""Seconds, of those that a crawl has in all, in which it asks nothing more and ends; a tenth where that is less."""


MAX_PATIENCE_SECONDS = 600.0
"""Seconds, in all, that a crawl which has a time to fill waits for requests of a day to come free. What was asked at
this time yesterday does so minute by minute: without patience a daily crawl finds the day spent every other day."""


class BudgetSpent(IgnoreRequest):
    """The crawl has asked for all that it may; the text says of what.

    host: the one host that is not asked any more, None where none is. more_at: when there is room again, aware; None:
    at the next crawl. recheck: only known articles are not asked any more.
    """

    def __init__(
        self, told: str, more_at: datetime | None = None, host: str | None = None, recheck: bool = False
    ) -> None:
        super().__init__(told)
        self.more_at = more_at
        self.host = host
        self.recheck = recheck


@dataclass(slots=True)
class Budget:
    """A budget (None: no end to it) and what is spent of it.

    pages counts every request that is sent, lists and second tries too, and is never passed. size counts the bytes of
    bodies as sent; seconds run from the first request. What is under way when these two are spent still comes.
    time is in seconds from now on for all of the crawl, its end among them: what would go out too late is not asked.
    """

    pages: int | None = None
    size: int | None = None
    seconds: float | None = None
    clock: Callable[[], float] = monotonic
    time: float | None = None
    _pages: int = 0
    _size: int = 0
    _began: float | None = None
    _made: float = field(init=False)
    _waited: float = 0.0
    _waits_until: float = 0.0

    def __post_init__(self) -> None:
        self._made = self.clock()

    def check(self, wait: float = 0.0) -> None:
        """Raise BudgetSpent when nothing may be asked any more after so many seconds."""
        for spent, limit, what in self._spent():
            if limit is not None and spent >= limit:
                raise BudgetSpent(f"the budget of {limit:g} {what} is spent")
        now = self.clock() + wait
        if wait and self.seconds is not None and self._began is not None and now - self._began >= self.seconds:
            raise BudgetSpent(f"the budget of {self.seconds:g} seconds is spent")
        if self.time is not None and now - self._made >= self.time - min(MAX_END_SECONDS, self.time / 10):
            raise BudgetSpent(f"the {self.time:g} seconds that a crawl has are over")

    def ask(self) -> None:
        """A request goes out. Raises BudgetSpent."""
        self.check()
        self._began = self.clock() if self._began is None else self._began
        self._pages += 1

    def give_back(self) -> None:
        """The request that was to go out was not asked."""
        self._pages -= 1

    def may_wait(self, seconds: float) -> bool:
        """Whether a crawl waits so long for requests of a day; if so, it counts as waited."""
        now = self.clock()
        until = max(self._waits_until, now + seconds)
        waited = self._waited + until - max(self._waits_until, now)
        if self.time is None or waited > MAX_PATIENCE_SECONDS:
            return False
        self._waited, self._waits_until = waited, until
        return True

    def got(self, size: int) -> None:
        """A body of so many bytes came."""
        self._size += size

    def _spent(self) -> tuple[tuple[float, float | None, str], ...]:
        elapsed = 0.0 if self._began is None else self.clock() - self._began
        return (
            (self._pages, self.pages, "pages"),
            (self._size, self.size, "bytes"),
            (elapsed, self.seconds, "seconds"),
        )


@dataclass(slots=True)
class Spending:
    """What is not asked any more: nothing at all, no known article, or nothing of some of the source's hosts.

    hosts: the names of all of them. first: the refusal that says why the crawl leaves something for later.
    """

    hosts: frozenset[str]
    first: BudgetSpent | None = None
    over: bool = False
    over_for_known: bool = False
    spent: set[str] = field(default_factory=set)
    spent_for_known: set[str] = field(default_factory=set)

    def note(self, refusal: BudgetSpent) -> None:
        """A request was refused."""
        self.first = self.first or refusal
        if refusal.host is not None:
            self.spent_for_known.add(refusal.host)
            if not refusal.recheck:
                self.spent.add(refusal.host)
        self.over_for_known |= refusal.host is None or self.hosts <= self.spent_for_known
        self.over |= (refusal.host is None and not refusal.recheck) or self.hosts <= self.spent


def with_budget(summary: CrawlSummary, spent: BudgetSpent | None) -> CrawlSummary:
    """The summary of a crawl with what it says of the budget that ended it; None: none did."""
    if spent is None or summary.finish_reason != "budget":
        return summary
    return replace(summary, spent=str(spent), more_at=stamp(spent.more_at) if spent.more_at else None)
