"""The next due time of an address by the outcome of its visit; no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.judging import GOOD, Fetched, Outcome
from archive.rows import Moments
from archive.rules import JUDGED, NONE_THERE
from crawler.frontier import NEVER, Lease, Visit
from crawler.runs import Cadence

FAILURE_WAITS = (300, 1800, 7200, 43200, 86400)  # seconds after the 1st, 2nd, … failed fetch
GIVE_UP_AFTER = 12
"""Failed fetches after which an address that never answered is given up: more than a week, as outages last."""
RARELY = timedelta(days=30)  # for an article that did answer, after so many failures
REFUSED_WAITS = (timedelta(days=1), timedelta(days=7), RARELY)  # after the 1st, 2nd, … refusal: rules may change
FRUITLESS_WAITS = (
    timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8), timedelta(days=1),
    timedelta(days=7), RARELY,
)  # fmt: skip
"""After the 1st, 2nd, … visit without an article to an address that never had one.

A redirect out, a file, a page for members or one rendered by a script. The article may not be published yet, so it is
asked again soon.
"""
OLD_PAGE = timedelta(days=1)  # least wait of a page that was old when first seen: no article appears there in hours
MOVED_AFTER = 3  # failed fetches, if the article is seen at another address
SEEN = frozenset({"new", "edited", "seen", "revisit"})
FAILED = frozenset({"unreachable", "incomplete"})
MISSING = frozenset(JUDGED)
FRUITLESS = frozenset({*NONE_THERE, *MISSING, "revisit"})
"""Outcomes without an article; pages of an unknown layout are not among them, for they may be articles."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason that an address may not be fetched, as the end of a sentence; for_good: it is given up."""

    why: str
    for_good: bool = False


BY_ROBOTS = Refusal("refused by robots.txt")


@dataclass(frozen=True, slots=True)
class Disposition:
    """The end of a lease: its visit. done: the url was answered, so its attempts start anew; else they count up."""

    visit: Visit
    done: bool = False


@dataclass(frozen=True, slots=True)
class Visiting:
    """The policy of one crawl that began at `started`; recheck (seconds) overrules the cadence."""

    started: datetime
    cadence: Cadence
    recheck: float | None = None

    def answered(self, lease: Lease, outcome: Outcome, page: Fetched, moments: Moments | None) -> Disposition:
        """The disposition after a response. It has validators only with status 200, 203 or 304.

        moments: the history of the address, with this response; None if the archive has none, so that the cadence goes
        by the date on lists. A response that is a failure is treated as if none had come, but for its status.
        """
        at = page.captured_at
        status = page.status if 0 <= page.status < 1000 else None  # a server may send any number
        if outcome.kind in FAILED:
            return self._failed(lease, at, status)
        due = self._later(self._next_due(lease, outcome, moments, at))
        if page.status not in GOOD and page.status != 304:
            return Disposition(Visit(at, due, status), done=True)
        headers = {name.lower(): value for name, value in page.headers}
        return Disposition(Visit(at, due, status, headers.get("etag"), headers.get("last-modified")), done=True)

    def missed(self, lease: Lease, at: datetime, elsewhere: bool = False) -> Disposition:
        """The disposition without a response: tried again after `failure_wait`, or given up.

        elsewhere: the article was seen at another address since; then it is given up as moved at the third failure.
        Else it is given up as failed at the twelfth, unless it was ever fetched: then it is tried again every 30 days.
        """
        if elsewhere and lease.attempts + 1 >= MOVED_AFTER:
            return Disposition(Visit(at, NEVER, None, given_up="moved"))
        return self._failed(lease, at, None)

    def refused(self, lease: Lease, refusal: Refusal, at: datetime) -> Disposition:
        """The disposition of an address that may not be fetched: given up for good, or tried again ever more rarely."""
        if refusal.for_good:
            return Disposition(Visit(at, NEVER, None, given_up="refused"))
        wait = REFUSED_WAITS[min(lease.attempts, len(REFUSED_WAITS) - 1)]
        return Disposition(Visit(at, self._later(at + wait), None))

    def _failed(self, lease: Lease, at: datetime, status: int | None) -> Disposition:
        wait = failure_wait(lease.attempts)
        if lease.attempts + 1 >= GIVE_UP_AFTER:
            if lease.fetched_at is None:
                return Disposition(Visit(at, NEVER, status, given_up="failed"))
            wait = RARELY  # a stored article is never given up
        return Disposition(Visit(at, self._later(at + wait), status))

    def _next_due(self, lease: Lease, outcome: Outcome, moments: Moments | None, at: datetime) -> datetime:
        if self.recheck is not None:
            return at + timedelta(seconds=self.recheck)
        if moments and moments.fruitless and outcome.key is None and outcome.kind in FRUITLESS:
            age = moments.first_seen_at - moments.appeared(lease.published_at)
            return at + fruitless_wait(moments.fruitless, age)
        changed = at if outcome.kind == "edited" else None
        if moments is None:
            return self.cadence(lease.kind, lease.published_at, changed, at)
        return self.cadence(lease.kind, moments.appeared(lease.published_at), changed or moments.changed_at, at)

    def _later(self, due: datetime) -> datetime:
        """`due`, but at least one second after the start (stamps have whole seconds), so not again in this crawl."""
        return max(due, self.started + timedelta(seconds=1))


def failure_wait(attempts: int) -> timedelta:
    """The wait after one more failure: 5 minutes, 30 minutes, 2 hours, 12 hours, and a day from the fifth on.

    attempts: the number of failures before, so failure_wait(0) -> 300 s, failure_wait(1) -> 1800 s.
    """
    return timedelta(seconds=FAILURE_WAITS[min(attempts, len(FAILURE_WAITS) - 1)])


def fruitless_wait(visits: int, age: timedelta) -> timedelta:
    """The wait after so many visits (1 or more) to an address that never gave an article: longer each time.

    10 minutes, 30 minutes, 2 hours, 8 hours, 1, 7 and 30 days. age: the age of its page at the first visit; waits
    shorter than a 24th of it are skipped, but never the wait of a day: fruitless_wait(1, 2 days) -> 2 hours.
    """
    waits = [wait for wait in FRUITLESS_WAITS if wait >= min(age / 24, OLD_PAGE)]  # the 24th of schedules/cadence.py
    return waits[min(visits, len(waits)) - 1]
