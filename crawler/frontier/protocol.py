"""The contract of the frontier: the urls that wait, when each is due, and its lease."""

from __future__ import annotations

import secrets
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
MAX_LOSSES = 12
"""Failed fetches and lost leases in a row after which a url whose lease was lost is given up or asked rarely."""
RARELY = timedelta(days=30)  # for one that was fetched before: a stored article is never given up
BY_CLOCK = "c"  # begins the token of a lease whose end the store's own clock decides


@dataclass(frozen=True, slots=True)
class Waiting:
    """A url to add to the frontier, mostly one that a list named. published_at: its date in the list, aware, or None.

    section: the category under which a feed lists it.
    """

    url: str
    urlkey: str
    published_at: datetime | None = None
    kind: str = "article"
    section: str | None = None


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """A url in the frontier. fetched_at: the last fetch, None if it never was.

    published_at: the latest date that a list gave it. others: the further addresses of its urlkey.
    """

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
    """A url that one holder may fetch until the lease ends; `ack`, `nack` and the like check its token.

    Only urlkey and token are needed to give it back, in any process.

    attempts: the failed or refused fetches in a row. published_at, fetched_at, others: as in KnownAddress. section: the
    first category under which a feed listed it.
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
    """The outcome of a fetch: its moment, status (None: no response), validators, and when the url is due again.

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
    """(urlkey, url) of a url that was fetched before: due or, with `every` in `Frontier.overdue`, due later."""

    urlkey: str
    url: str


def lateness(
    now: datetime, fetched_at: datetime, due_at: datetime, longest: timedelta, named_of: datetime | None = None
) -> tuple[int, float]:
    """A sort key for due urls: those not fetched for `longest` first, the longest unfetched before the others.

    Next are urls that changed after their last visit according to lists (named_of: the latest date in them; one in the
    future does not count), then the others. Both are sorted by the time since their last visit divided by the interval
    until the next: urls that change often come first, and urls that wait move up from day to day.
    """
    waited = int((now - fetched_at).total_seconds())
    if waited >= longest.total_seconds():
        return (0, -waited)
    changed = named_of is not None and fetched_at < named_of <= now
    return (1 if changed else 2, -waited / max(1, int((due_at - fetched_at).total_seconds())))


class Tokens:
    """The tokens of one holder's leases, none of which is ever used again.

    holder: its name, by which `reclaim` finds its leases; None: a name that nobody else has.
    """

    def __init__(self, holder: str | None = None) -> None:
        self._this = secrets.token_hex(8)
        self._holder = holder or self._this
        self._number = 0

    def next(self, by_clock: bool) -> str:
        """A new token. by_clock: of a lease whose end the store's own clock decides."""
        self._number += 1
        return f"{BY_CLOCK if by_clock else ''}{self._number}.{self._this}@{self._holder}"


def ends_by_clock(token: str) -> bool:
    """True if the store's own clock decides when the lease with this token ends."""
    return token.startswith(BY_CLOCK)


class Frontier(Protocol):
    """The waiting urls of one source. Times are aware; delivery is at least once.

    Without a moment (`now` None) the store's own clock gives the time: for Redis the server's, so that the clocks of
    the machines do not matter. A lease that was taken with None ends by that clock: after its end nothing can be done
    with it, even if nobody else has the url yet. If its holder was lost with it, that counts as a failed fetch; after
    MAX_LOSSES of them in a row the url is given up as failed or, if it was fetched before, due in thirty days.

    A crawl that is alone with its source passes one moment to all calls instead. Its leases cannot end while it runs.
    """

    def add(self, links: Iterable[Waiting], now: datetime | None) -> int:
        """Add urls, and return the number that were unknown; these are due at once.

        A known url becomes due only if its list gives it a date that is later than any before and than its last fetch.
        One that was given up as failed or moved starts anew when a list names it with a later date, or if no list has
        named it for SILENCE. `ArticleAddresses` decides at which of its addresses a known one is asked; one that failed
        the last time starts anew with a new address. A url keeps the first section that a list names for it.
        """
        ...

    def lease(
        self, n: int, now: datetime | None, seconds: float, since: datetime | None = None, which: Which = "all"
    ) -> list[Lease]:
        """Lease up to n due urls for so many seconds: expired leases first, then the never fetched, then the fetched.

        Of the never fetched, those never tried come first, by published_at, newest first, then by the last mention in a
        list, in the list's order; those tried follow. They and the fetched are sorted by the time for which they have
        been due, longest first. since: only urls whose latest date in lists (published_at) is not before it, and never
        fetched ones without a date. which: only urls never fetched (unseen), or only fetched ones (seen).
        """
        ...

    def take(self, urlkey: str, now: datetime | None, seconds: float, *, due: bool = False) -> Lease | None:
        """Lease the url of a urlkey, also a given-up one or one not yet due; None if it is unknown or leased.

        due: None also for one that is not due, given-up ones among them.
        """
        ...

    def overdue(
        self, n: int, now: datetime | None, longest: timedelta, since: datetime | None = None, *, every: bool = False
    ) -> list[Overdue]:
        """Up to n urls that were fetched before, are due and not leased, sorted by `lateness`; leases none of them.

        since as in `lease`. every: also those that are not due yet, but not given-up ones. Reads all rows of the
        source; call it once for many urls.
        """
        ...

    def hasten(self, urlkeys: Iterable[str], now: datetime | None, *, only_moved: bool = False) -> None:
        """Make the urls of these urlkeys due now, unless they are due already or given up as failed or refused.

        One given up as moved is no longer given up. only_moved: change only urls given up as moved. A lease goes on.
        """
        ...

    def leave(self, urlkeys: Iterable[str], now: datetime | None) -> None:
        """Give up the urls of these urlkeys as moved: their articles are asked at other addresses. A lease goes on."""
        ...

    def ack(self, lease: Lease, visit: Visit) -> bool:
        """Record a fetch that was answered, and end the lease. False, and nothing done, if it is no longer held.

        It is not if another holder has the url by now, or if it ended by the store's clock. Then what was fetched is
        dropped: the url is fetched again.

        The attempts are 0 again. visit.url, if it has one, becomes the address that is asked from then on.
        """
        ...

    def nack(self, lease: Lease, visit: Visit) -> bool:
        """Record a fetch that failed, as `ack`; but validators, address and last fetch stay, and attempts count up."""
        ...

    def forget(self, lease: Lease) -> bool:
        """Delete an address that no longer belongs to the source; False if the lease is no longer held."""
        ...

    def release(self, lease: Lease) -> bool:
        """End a lease without a visit; the url stays as due as it was. False if the lease is no longer held."""
        ...

    def renew(self, leases: Iterable[Lease], seconds: float, now: datetime | None = None) -> set[str]:
        """Let leases end so many seconds from now, and return the tokens of those that are still held.

        One that has ended stays ended. A holder that has fetched a url renews it for as long as the way to the archive
        may take; the archive then gives it back.
        """
        ...

    def reclaim(self, now: datetime | None, holder: str | None = None) -> int:
        """Let every lease that has not expired expire now, and return the number of these.

        holder: only the leases of the holder with this name; None: of all. Only if they are known to be dead: who holds
        the lock of a source knows it of all its holders on one machine, and a worker that starts of its own name.
        """
        ...

    def recall(self, now: datetime | None) -> int:
        """Make every article that is due later due now, except given-up ones, and return their number."""
        ...

    def revive(self, now: datetime | None) -> int:
        """Make every given-up url due now, whatever the reason, with 0 attempts, and return their number."""
        ...

    def dead_letters(self) -> Iterator[DeadLetter]:
        """Yield every url that failed until it was given up, in order of urlkey; none that was refused or moved."""
        ...

    def known(self) -> Iterator[KnownAddress]:
        """Yield every article in the frontier, given-up ones too, in no order."""
        ...

    def due_count(self, now: datetime | None, since: datetime | None = None, which: Which = "all") -> int:
        """The number of urls that could be leased now; since and which as in `lease`."""
        ...
