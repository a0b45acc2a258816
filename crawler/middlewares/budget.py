"""The budget of one crawl: pages, bytes, seconds, and requests of its hosts' days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic

from scrapy.exceptions import IgnoreRequest

from archive.files import stamp
from archive.judging import CrawlSummary

MAX_END_SECONDS = 600.0
"""The last seconds of a crawl's time, in which it asks nothing more and ends; a tenth of the time if that is less."""


MAX_PATIENCE_SECONDS = 600.0
"""The seconds, in all, that a crawl with a time to fill waits for requests of a day to be free.

Yesterday's requests expire minute by minute: without waiting, a daily crawl would find its day spent every other day.
"""


class BudgetSpent(IgnoreRequest):
    """A budget of the crawl, or of a day of its source or host, is spent; the text names it.

    host: the one host that is not asked any more, None for all. more_at: when there is room again, aware; None: at the
    next crawl. recheck: only known articles are not asked any more.
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
    """A budget (None: no limit) and how much of it is spent.

    pages counts every request that is sent, lists and retries too, and is never exceeded. size counts the bytes of
    bodies as sent; seconds run from the first request. Requests for robots.txt count as no pages or bytes, and do not
    start the seconds. Requests under way when size or seconds are spent are completed. time is in seconds from the
    making of this object, for all of the crawl, including its end: a request that would go out too late is not sent.
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
        """Raise BudgetSpent if no request may go out `wait` seconds from now."""
        for spent, limit, what in self._spent():
            if limit is not None and spent >= limit:
                raise BudgetSpent(f"the budget of {limit:g} {what} is spent")
        now = self.clock() + wait
        if wait and self.seconds is not None and self._began is not None and now - self._began >= self.seconds:
            raise BudgetSpent(f"the budget of {self.seconds:g} seconds is spent")
        if self.time is not None and now - self._made >= self.time - min(MAX_END_SECONDS, self.time / 10):
            raise BudgetSpent(f"the {self.time:g} seconds of a crawl are over")

    def ask(self) -> None:
        """Count a request that goes out. Raises BudgetSpent."""
        self.check()
        self._began = self.clock() if self._began is None else self._began
        self._pages += 1

    def give_back(self) -> None:
        """Uncount a request that was not sent after all."""
        self._pages -= 1

    def may_wait(self, seconds: float) -> bool:
        """True, and the wait is counted, if the crawl may wait `seconds` until a budget of a day has room.

        Only a crawl with a `time` may, for MAX_PATIENCE_SECONDS in all; waits at the same time count once.
        """
        now = self.clock()
        until = max(self._waits_until, now + seconds)
        waited = self._waited + until - max(self._waits_until, now)
        if self.time is None or waited > MAX_PATIENCE_SECONDS:
            return False
        self._waited, self._waits_until = waited, until
        return True

    def got(self, size: int) -> None:
        """Count the bytes of a body."""
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
    """The budgets that are spent so far: of the whole crawl, of known articles, or of single hosts.

    hosts: the names of all the source's hosts. first: the first refusal noted. over: nothing may be asked any more;
    over_for_known: no known article. spent and spent_for_known: the names of hosts for which the same holds.
    """

    hosts: frozenset[str]
    first: BudgetSpent | None = None
    over: bool = False
    over_for_known: bool = False
    spent: set[str] = field(default_factory=set)
    spent_for_known: set[str] = field(default_factory=set)

    def note(self, refusal: BudgetSpent) -> None:
        """Note a request that was refused. The crawl is over if the refusal names no host, or once every host is spent.

        A refusal of known articles alone (recheck) counts in the same way, but only for these.
        """
        self.first = self.first or refusal
        if refusal.host is not None:
            self.spent_for_known.add(refusal.host)
            if not refusal.recheck:
                self.spent.add(refusal.host)
        self.over_for_known |= refusal.host is None or self.hosts <= self.spent_for_known
        self.over |= (refusal.host is None and not refusal.recheck) or self.hosts <= self.spent


def with_budget(summary: CrawlSummary, spent: BudgetSpent | None) -> CrawlSummary:
    """The summary with the text and `more_at` of `spent`; unchanged for None, or if it did not end as `budget`."""
    if spent is None or summary.finish_reason != "budget":
        return summary
    return replace(summary, spent=str(spent), more_at=stamp(spent.more_at) if spent.more_at else None)
