"""The frontier: which urls wait, when each is due, and who has it in hand; the same contract for every backend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Waiting:
    """A url that a list named; published_at is what the list says of its last change, aware."""

    url: str
    urlkey: str
    published_at: datetime | None = None
    kind: str = "article"


@dataclass(frozen=True, slots=True)
class Lease:
    """A url in hand until the lease ends; token is the fence that an acknowledgement must show."""

    url: str
    urlkey: str
    kind: str
    token: str
    attempts: int
    etag: str | None
    last_modified: str | None
    published_at: datetime | None
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class Visit:
    """How a fetch ended: the status (None: no response), its validators, and when to come again."""

    at: datetime
    due_at: datetime
    status: int | None
    etag: str | None = None
    last_modified: str | None = None


class Frontier(Protocol):
    """What waits for one source. Times are aware; delivery is at least once."""

    def add(self, links: Iterable[Waiting], now: datetime) -> int:
        """Let urls wait, due at once; a known one only when its list says it changed since the last fetch.

        Returns how many were unknown.
        """
        ...

    def lease(
        self, n: int, now: datetime, seconds: float, since: datetime | None = None, unseen: bool = False
    ) -> list[Lease]:
        """Take up to n due urls: expired leases first, then the longest due.

        since leaves out what last changed before it, and what was fetched before and has no date; unseen
        leaves out whatever was fetched before.
        """
        ...

    def take(self, urlkey: str, now: datetime, seconds: float) -> Lease | None:
        """Take one url, whether it is due or not; None when it is unknown or in somebody's hand."""
        ...

    def hasten(self, urlkeys: Iterable[str], now: datetime) -> None:
        """Make these urls due at the latest now."""
        ...

    def ack(self, lease: Lease, visit: Visit) -> bool:
        """Record a visit. False, and nothing recorded, when the lease was taken over meanwhile."""
        ...

    def nack(self, lease: Lease, visit: Visit) -> bool:
        """Record a fetch that failed: as ack, but the validators stay and the attempts count up."""
        ...

    def forget(self, lease: Lease) -> bool:
        """Drop an address that no longer belongs to the source; False when the lease is another's by now."""
        ...

    def release(self, lease: Lease) -> bool:
        """Give a url back untouched."""
        ...

    def reclaim(self, now: datetime) -> int:
        """End every open lease; for whoever knows that its holders are dead."""
        ...

    def recall(self, now: datetime) -> int:
        """Make every known article due at the latest now. Returns how many were due later."""
        ...

    def due_count(self, now: datetime) -> int:
        """How many could be leased now."""
        ...
