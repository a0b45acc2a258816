"""What the frontier is told of a visit, and when to come again: a table of outcomes, without clock or database."""

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
"""Failed fetches after which an address is given up that never answered: a week and more, longer than sites are ill."""
RARELY = timedelta(days=30)  # how often an article that did answer is asked after so many failures
REFUSED_WAITS = (timedelta(days=1), timedelta(days=7), RARELY)  # after the 1st, 2nd, … refusal: rules may change
FRUITLESS_WAITS = (
    timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8), timedelta(days=1),
    timedelta(days=7), RARELY,
)  # fmt: skip
"""After the 1st, 2nd, … visit that gave no article, to an address that never gave one: a redirect out, a file, a page
for members or one that a script renders. It may be an article that is not there yet, so that it is asked soon again."""
OLD_PAGE = timedelta(days=1)  # what was old when it was first seen becomes no article within hours
MOVED_AFTER = 3  # failed fetches after which an address is asked no more whose article is seen at another one
SEEN = frozenset({"new", "edited", "seen", "revisit"})
FAILED = frozenset({"unreachable", "incomplete"})
MISSING = frozenset(JUDGED)
FRUITLESS = frozenset({*NONE_THERE, *MISSING, "revisit"})
"""What an answer without an article may be; other layouts are articles as far as we know, which we cannot read yet."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an address may not be fetched, in words that go on after its name; for_good: whatever its site says."""

    why: str
    for_good: bool = False


BY_ROBOTS = Refusal("refused by robots.txt")


@dataclass(frozen=True, slots=True)
class Disposition:
    """What becomes of an address that was asked; done: it was answered, so its attempts begin anew."""

    visit: Visit
    done: bool = False


@dataclass(frozen=True, slots=True)
class Visiting:
    """The policy of one crawl that began at `started`; recheck (seconds) overrules the cadence."""

    started: datetime
    cadence: Cadence
    recheck: float | None = None

    def answered(self, lease: Lease, outcome: Outcome, page: Fetched, moments: Moments | None) -> Disposition:
        """After a response: validators only of what a later 304 would confirm. moments: those of the address by now."""
        at = page.captured_at
        status = page.status if 0 <= page.status < 1000 else None  # a server may say any number
        if outcome.kind in FAILED:
            return self._failed(lease, at, status)
        due = self._later(self._next_due(lease, outcome, moments, at))
        if page.status not in GOOD and page.status != 304:
            return Disposition(Visit(at, due, status), done=True)
        headers = {name.lower(): value for name, value in page.headers}
        return Disposition(Visit(at, due, status, headers.get("etag"), headers.get("last-modified")), done=True)

    def missed(self, lease: Lease, at: datetime, elsewhere: bool = False) -> Disposition:
        """No response came. elsewhere: its article has been seen at another address since."""
        if elsewhere and lease.attempts + 1 >= MOVED_AFTER:
            return Disposition(Visit(at, NEVER, None, given_up="moved"))
        return self._failed(lease, at, None)

    def refused(self, lease: Lease, refusal: Refusal, at: datetime) -> Disposition:
        """The address may not be fetched."""
        if refusal.for_good:
            return Disposition(Visit(at, NEVER, None, given_up="refused"))
        wait = REFUSED_WAITS[min(lease.attempts, len(REFUSED_WAITS) - 1)]
        return Disposition(Visit(at, self._later(at + wait), None))

    def _failed(self, lease: Lease, at: datetime, status: int | None) -> Disposition:
        wait = failure_wait(lease.attempts)
        if lease.attempts + 1 >= GIVE_UP_AFTER:
            if lease.fetched_at is None:
                return Disposition(Visit(at, NEVER, status, given_up="failed"))
            wait = RARELY  # an article that we hold is never given up
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
        """Never again in this crawl: stamps have whole seconds, so the next one is the earliest."""
        return max(due, self.started + timedelta(seconds=1))


def failure_wait(attempts: int) -> timedelta:
    """How long an address waits that failed after so many failures before."""
    return timedelta(seconds=FAILURE_WAITS[min(attempts, len(FAILURE_WAITS) - 1)])


def fruitless_wait(visits: int, age: timedelta) -> timedelta:
    """How long an address waits that gave no article in so many visits; age: of its page at the first of them."""
    waits = [wait for wait in FRUITLESS_WAITS if wait >= min(age / 24, OLD_PAGE)]
    return waits[min(visits, len(waits)) - 1]
