"""The frontier: which urls wait, when each is due, and who has it in hand; the same contract for every backend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from archive.rows import GivenUp
from crawler.frontier.addresses import ArticleAddresses, OtherAddress

NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # when an address is due that is given up
Which = Literal["all", "unseen", "seen"]  # of what is due: what was never fetched, or what was fetched before
BOTH: tuple[Which, Which] = ("seen", "unseen")
SILENCE = timedelta(days=7)  # in which no list names an address, so that the next one that does names it anew


@dataclass(frozen=True, slots=True)
class Waiting:
    """A url that a list named; published_at is what the list says of its last change, aware.

    section: the category under which a feed has it.
    """

    url: str
    urlkey: str
    published_at: datetime | None = None
    kind: str = "article"
    section: str | None = None


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """A url in the frontier: when it is due, when it was fetched (None: never), and what lists say of its change."""

    url: str
    urlkey: str
    due_at: datetime
    fetched_at: datetime | None
    published_at: datetime | None = None
    others: tuple[OtherAddress, ...] = ()

    @property
    def addresses(self) -> ArticleAddresses:
        """The url, and what else its urlkey stands for."""
        return ArticleAddresses(self.url, self.others)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A url that failed so often that it is asked no more; status None: the last time nothing answered."""

    url: str
    attempts: int
    status: int | None


@dataclass(frozen=True, slots=True)
class Lease:
    """A url in hand until the lease ends; token is the fence that an acknowledgement must show.

    section: the first that a feed named for it.
    """

    url: str
    urlkey: str
    kind: str
    token: str
    attempts: int
    etag: str | None
    last_modified: str | None
    published_at: datetime | None
    fetched_at: datetime | None
    others: tuple[OtherAddress, ...] = ()
    section: str | None = None

    @property
    def addresses(self) -> ArticleAddresses:
        """The url, and what else its urlkey stands for."""
        return ArticleAddresses(self.url, self.others)


@dataclass(frozen=True, slots=True)
class Visit:
    """How a fetch ended: the status (None: no response), its validators, and when to come again.

    given_up says why that is NEVER. url: another address of the same urlkey at which it was found.
    """

    at: datetime
    due_at: datetime
    status: int | None
    etag: str | None = None
    last_modified: str | None = None
    given_up: GivenUp | None = None
    url: str | None = None


class Overdue(NamedTuple):
    """A url that was fetched before and is due."""

    urlkey: str
    url: str


def lateness(
    now: datetime, fetched_at: datetime, due_at: datetime, longest: timedelta, named_of: datetime | None = None
) -> tuple[int, float]:
    """A key for sorting what is due: what was not fetched for `longest` is first, the longest ago before all.

    Then comes what lists say has changed since its last visit (named_of: the last date that they gave). Then each is as
    late as the time since its last visit is of the time that it was given until the next: so what changes most comes
    first, and what waits comes nearer from day to day.
    """
    waited = int((now - fetched_at).total_seconds())
    if waited >= longest.total_seconds():
        return (0, -waited)
    changed = named_of is not None and fetched_at < named_of <= now
    return (1 if changed else 2, -waited / max(1, int((due_at - fetched_at).total_seconds())))


class Frontier(Protocol):
    """What waits for one source. Times are aware; delivery is at least once."""

    def add(self, links: Iterable[Waiting], now: datetime) -> int:
        """Let urls wait, due at once; a known one only when its list says it changed since the last fetch.

        One that failed until it was given up, or that another stands for, begins anew when it is named anew: with a
        later date, or after SILENCE. `ArticleAddresses` says under which of its addresses a known one is asked; one
        that failed the last time begins anew with another address. The first section that a list names for one stays.
        Returns how many were unknown.
        """
        ...

    def lease(
        self, n: int, now: datetime, seconds: float, since: datetime | None = None, which: Which = "all"
    ) -> list[Lease]:
        """Take up to n due urls: expired leases first, then what was never fetched, then the longest due.

        Of what was never fetched first what was never tried: by published_at, the newest first, then what was named
        last, as its lists have it; then the longest due.
        since leaves out what last changed before it, and what was fetched before and has no date; which says whether
        only what was never fetched is wanted, or only what was.
        """
        ...

    def take(self, urlkey: str, now: datetime, seconds: float, *, due: bool = False) -> Lease | None:
        """Take one url; None when it is unknown or in somebody's hand, or, with due, when it is not due."""
        ...

    def overdue(
        self, n: int, now: datetime, longest: timedelta, since: datetime | None = None, *, every: bool = False
    ) -> list[Overdue]:
        """Up to n urls that were fetched before and are due, in the order in which `lateness` puts them.

        since as in `lease`. every: also those that are not due. It reads all of them, so it is called once for many.
        """
        ...

    def hasten(self, urlkeys: Iterable[str], now: datetime, *, only_moved: bool = False) -> None:
        """Make these urls due at the latest now, but what was given up because it failed or was refused.

        only_moved: and only those that another stands for.
        """
        ...

    def ack(self, lease: Lease, visit: Visit) -> bool:
        """Record a visit. False, and nothing recorded, when the lease was taken over meanwhile.

        Found at another address, it is asked there from then on.
        """
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
        """Make every known article due at the latest now, but what is given up. Returns how many were due later."""
        ...

    def revive(self, now: datetime) -> int:
        """Make due what is given up, as if it had never been tried. Returns how many."""
        ...

    def dead_letters(self) -> Iterator[DeadLetter]:
        """Every url that failed until it was given up, in order of address."""
        ...

    def known(self) -> Iterator[KnownAddress]:
        """Every article, in no order."""
        ...

    def due_count(self, now: datetime, since: datetime | None = None, which: Which = "all") -> int:
        """How many could be leased now; since and which as in `lease`."""
        ...
