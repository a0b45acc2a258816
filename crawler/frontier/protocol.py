"""The contract of the frontier: the urls that wait, when each is due, and its lease."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from archive.rows import GivenUp
from crawler.frontier.addresses import ArticleAddresses, OtherAddress

NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # due_at of an address that is given up
Which = Literal["all", "unseen", "seen"]  # unseen: never fetched; seen: fetched before
BOTH: tuple[Which, Which] = ("seen", "unseen")
SILENCE = timedelta(days=7)  # after so long without a mention, a mention in a list starts a given-up address anew


@dataclass(frozen=True, slots=True)
class Waiting:
    """A url that a list named; published_at is the list's date of its last change, aware.

    section: the category under which a feed lists it.
    """

    url: str
    urlkey: str
    published_at: datetime | None = None
    kind: str = "article"
    section: str | None = None


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """A url in the frontier; fetched_at None: never. published_at: the date of its last change by the lists."""

    url: str
    urlkey: str
    due_at: datetime
    fetched_at: datetime | None
    published_at: datetime | None = None
    others: tuple[OtherAddress, ...] = ()

    @property
    def addresses(self) -> ArticleAddresses:
        """The url and the other addresses of its urlkey."""
        return ArticleAddresses(self.url, self.others)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A url that failed so often that it is no longer asked; status None: nothing answered the last time."""

    url: str
    attempts: int
    status: int | None


@dataclass(frozen=True, slots=True)
class Lease:
    """A url in hand until the lease ends; token is the fencing token that an acknowledgement must show.

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
        """The url and the other addresses of its urlkey."""
        return ArticleAddresses(self.url, self.others)


@dataclass(frozen=True, slots=True)
class Visit:
    """The end of a fetch: the status (None: no response), its validators, and when the url is due again.

    given_up: the reason if due_at is NEVER. url: another address of the same urlkey at which the article was found.
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
    """A sort key for due urls: those not fetched for `longest` first, the longest unfetched before the others.

    Next are urls that changed after their last visit according to lists (named_of: the latest date in them). The others
    are sorted by the time since their last visit divided by the interval until the next: urls that change often come
    first, and urls that wait move up from day to day.
    """
    waited = int((now - fetched_at).total_seconds())
    if waited >= longest.total_seconds():
        return (0, -waited)
    changed = named_of is not None and fetched_at < named_of <= now
    return (1 if changed else 2, -waited / max(1, int((due_at - fetched_at).total_seconds())))


class Frontier(Protocol):
    """The waiting urls of one source. Times are aware; delivery is at least once."""

    def add(self, links: Iterable[Waiting], now: datetime) -> int:
        """Add urls, due at once; a known one only if its list says that it changed since the last fetch.

        A url that failed until it was given up, or that another stands for, starts anew when a list names it with a
        later date or after SILENCE. `ArticleAddresses` decides at which of its addresses a known one is asked; one that
        failed the last time starts anew with a new address. A url keeps the first section that a list names for it.
        Returns the number of urls that were unknown.
        """
        ...

    def lease(
        self, n: int, now: datetime, seconds: float, since: datetime | None = None, which: Which = "all"
    ) -> list[Lease]:
        """Lease up to n due urls: expired leases first, then urls never fetched, then those due the longest.

        Urls never fetched are sorted: never tried before tried; by published_at, newest first; by the last mention in a
        list, in the list's order; then those due the longest. since excludes urls that last changed before it, and
        fetched ones without a date. which selects urls that were never fetched, or only those that were.
        """
        ...

    def take(self, urlkey: str, now: datetime, seconds: float, *, due: bool = False) -> Lease | None:
        """Lease one url; None if it is unknown or leased or, with due, not due."""
        ...

    def overdue(
        self, n: int, now: datetime, longest: timedelta, since: datetime | None = None, *, every: bool = False
    ) -> list[Overdue]:
        """Up to n urls that were fetched before and are due, sorted by `lateness`.

        since as in `lease`. every: also those that are not due. Reads all rows of the source; call it once for many
        urls.
        """
        ...

    def hasten(self, urlkeys: Iterable[str], now: datetime, *, only_moved: bool = False) -> None:
        """Make these urls due at the latest now, except those given up as failed or refused.

        only_moved: only those that another stands for.
        """
        ...

    def ack(self, lease: Lease, visit: Visit) -> bool:
        """Record a visit. False, and nothing recorded, if the lease was taken over meanwhile.

        visit.url becomes the address that is asked from then on.
        """
        ...

    def nack(self, lease: Lease, visit: Visit) -> bool:
        """Record a fetch that failed: as ack, but the validators stay and the attempts count up."""
        ...

    def forget(self, lease: Lease) -> bool:
        """Delete an address that no longer belongs to the source; False if the lease was taken over."""
        ...

    def release(self, lease: Lease) -> bool:
        """Give a lease back without a visit."""
        ...

    def reclaim(self, now: datetime) -> int:
        """End every open lease; only for a caller that knows that their holders are dead."""
        ...

    def recall(self, now: datetime) -> int:
        """Make every known article due at the latest now, except given-up ones; the number that were due later."""
        ...

    def revive(self, now: datetime) -> int:
        """Make every given-up url due, as if never tried; the number of them."""
        ...

    def dead_letters(self) -> Iterator[DeadLetter]:
        """Every url that failed until it was given up, in order of address."""
        ...

    def known(self) -> Iterator[KnownAddress]:
        """Every article, in no order."""
        ...

    def due_count(self, now: datetime, since: datetime | None = None, which: Which = "all") -> int:
        """The number of urls that could be leased now; since and which as in `lease`."""
        ...
