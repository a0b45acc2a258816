"""The known articles that are due, in the order in which they are asked again; read in batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.frontier import Frontier, Lease, Overdue
from crawler.hosts import LATEST, Hosts

ADDRESSES_AT_ONCE = 10_000
"""The size of a batch: each query sorts all that is due. It grows while batches hold spent hosts only."""
MAX_ADDRESSES_AT_ONCE = 160_000  # the batch grows twice, by four: larger ones would take too long to sort


@dataclass(slots=True)
class Rechecks:
    """A queue of known articles that are due. longest: the wait after which an article comes before all others."""

    frontier: Frontier
    hosts: Hosts
    now: datetime
    since: datetime | None = None
    longest: timedelta = LATEST
    _plan: deque[Overdue] = field(default_factory=deque)
    _at_once: int = ADDRESSES_AT_ONCE
    _read: int | None = None  # size of the last batch
    _passed: int = 0  # of the last batch, on spent hosts

    def lease(self, n: int, seconds: float, spent: Collection[str] = ()) -> list[Lease]:
        """Lease up to n of the articles for `seconds`, in their order, without those on hosts named in `spent`."""
        leases = list[Lease]()
        while len(leases) < n and (self._plan or self._more()):
            each = self._plan.popleft()
            if spent and self.hosts.name(each.url) in spent:
                self._passed += 1
            elif lease := self.frontier.take(each.urlkey, self.now, seconds, due=True):
                leases.append(lease)
        return leases

    def look_ahead(self) -> None:
        """Queue known articles in their order, due or not, before the crawl makes all of them due at once."""
        self._plan.extend(self.frontier.overdue(self._at_once, self.now, self.longest, self.since, every=True))
        self._read = len(self._plan)

    def _more(self) -> bool:
        """Read the next batch, a larger one if the last held spent hosts only; False without a next one."""
        if self._read is not None and self._passed == self._read:
            if self._read < self._at_once or self._at_once >= MAX_ADDRESSES_AT_ONCE:
                return False
            self._at_once *= 4
        self._plan.extend(self.frontier.overdue(self._at_once, self.now, self.longest, self.since))
        self._read, self._passed = len(self._plan), 0
        return bool(self._plan)
