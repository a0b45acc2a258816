"""The leases of a crawl: what is asked next, what is in hand, and what its outcome means for the frontier."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from archive.judging import CrawlIngest, Fetched, Outcome
from archive.rows import has_article, latest_payload
from crawler.frontier import BOTH, NEVER, Frontier, Lease, Waiting, Which, same_key
from crawler.hosts import AT_LEAST_EVERY, longest_wait, too_few
from crawler.runs import Recheck, Run
from crawler.session.errand import Errand
from crawler.session.rechecks import Rechecks
from crawler.session.visits import SEEN, Disposition
from parsers.urls import urlkey

LEASE_SECONDS = 600.0
WHICH: dict[Recheck, Which] = {"none": "unseen", "only": "seen"}
MAX_WITNESS_CANDIDATES = 100  # articles that are looked at when one is wanted as a witness


class Leasing:
    """Takes leases from the frontier, and gives each back once. All in the archive's thread, within a group."""

    def __init__(self, run: Run, ingest: CrawlIngest, frontier: Frontier, started: datetime) -> None:
        self._run, self._options = run, run.options
        self._ingest = ingest
        self._conn = ingest.conn
        self._frontier = frontier
        self._started = started
        self._rechecks = Rechecks(frontier, run.hosts, started, run.options.since)
        self._open: dict[str, Lease] = {}
        self._taken = 0
        self._known: dict[str, str] = {}  # by lease: the payload digest of the newest capture
        self._asked = list(run.options.addresses)
        self.articles = 0  # of the leases taken, those of known articles

    def start(self) -> None:
        """Make everything due that this crawl asks."""
        self._frontier.reclaim(self._started)  # the lock says that whoever held them is dead
        if self._run.every_article:
            self._rechecks.look_ahead()
            self._frontier.recall(self._started)
        if self._options.recheck == "all":
            self._frontier.revive(self._started)
        self._frontier.add([Waiting(url, urlkey(url)) for url in self._asked], self._started)

    def plan(self, a_day: int) -> str | None:
        """Look at known articles next, of which so many requests a day may go out.

        A line that says so where these are too few to ask each of them in time.
        """
        articles = self._frontier.due_count(NEVER - timedelta(seconds=1), None, "seen")
        self._rechecks.longest = longest_wait(articles, a_day)
        enough, name = too_few(articles, a_day), self._run.source.name
        if enough is None:
            return None
        return (
            f"{name}: {articles:,} known articles wait longer than {AT_LEAST_EVERY.days} days for their next visit: "
            f"budgets and delays leave {a_day:,} requests a day, {enough:,} would be enough"
        )

    def lease(self, n: int, wanted: Collection[Which] = BOTH, spent: Collection[str] = ()) -> list[Lease]:
        """Up to n urls that were due when the crawl began or became known since, never fetched ones before all others.

        wanted: these or those alone. spent: the names of hosts of which no known article is asked.
        """
        if self._options.addresses:
            return self._lease_asked(n)
        asked_for = WHICH.get(self._options.recheck, "all")
        wanted = [each for each in wanted if asked_for in ("all", each)]
        leases = self._covered(n, self._unseen) if "unseen" in wanted else []
        if not leases and "seen" in wanted:
            leases = self._covered(n, lambda n: self._rechecks.lease(n, LEASE_SECONDS, spent))
        return [self._noted(lease) for lease in leases]

    def put_back(self, lease: Lease) -> None:
        """Give a lease back whose turn did not come: it is as due as before."""
        if self._open.pop(lease.token, None) is not None:
            self._known.pop(lease.token, None)
            self._taken -= 1
            self.articles -= has_article(self._conn, self._run.source.name, lease.urlkey)
            self._frontier.release(lease)

    def witness(self, missing: Lease) -> Lease | None:
        """An article to ask right now, where the one just asked is missing and no other of its host has answered."""
        for key, each in islice(self._ingest.witnesses(missing.url), MAX_WITNESS_CANDIDATES):
            lease = self._frontier.take(each, self._started, LEASE_SECONDS)
            # One that failed or was refused last time would leave the missing one without a witness again.
            if lease is not None and not lease.attempts and self._run.source.covers(lease.url):
                self._ingest.ask(missing.url, key)
                return self._noted(lease)
            if lease is not None:
                self._frontier.release(lease)
        return None

    def known_digest(self, lease: Lease) -> str | None:
        """The digest of the bytes that a 304 for this lease would confirm; from any thread."""
        return self._known.get(lease.token)

    def ahead(self) -> int | None:
        """How many articles this crawl knows that it will ask still, those in hand among them; None before any.

        It grows as lists name more, and what waits for a host that asked for patience stays in it.
        """
        if self._options.addresses:
            due = len(self._asked)
        else:
            wanted = WHICH.get(self._options.recheck, "all")
            due = self._frontier.due_count(self._started, self._options.since, wanted)
        if self._options.limit is not None:
            due = min(due, max(0, self._options.limit - self._taken))
        return due + len(self._open) if due or self._taken else None

    def left(self) -> tuple[int, int]:
        """How many addresses this crawl leaves to a later one: of all that it asks for, and never fetched ones."""
        wanted = WHICH.get(self._options.recheck, "all")
        known, new = (
            self._frontier.due_count(self._started, self._options.since, each) if wanted in ("all", each) else 0
            for each in BOTH
        )
        return known + new, new

    def moved(self, errand: Errand, outcome: Outcome, first: Fetched, visit: Disposition) -> Disposition:
        """The disposition of a lease whose first page was fetched so.

        Where an article was found for good at another address than it was asked, that one is asked from then on.
        """
        lease = errand.lease
        if outcome.kind not in SEEN or not errand.lasting or first.url == lease.url:
            return visit
        if not self._run.source.covers(first.url):  # what is out of scope would be dropped when it is due
            return visit
        if same_key(first.url, lease.url):
            return replace(visit, visit=replace(visit.visit, url=first.url))
        if self._ingest.key_at(lease.url) not in (None, outcome.key):
            return visit
        key = urlkey(first.url)
        self._frontier.add([Waiting(first.url, key, lease.published_at, section=first.section)], self._started)
        if (other := self._frontier.take(key, self._started, LEASE_SECONDS)) is not None:
            self._frontier.ack(other, visit.visit)
        return replace(visit, visit=replace(visit.visit, due_at=NEVER, given_up="moved"))

    def dispose(self, lease: Lease, disposition: Disposition) -> None:
        """Give a lease back: it is due again when the disposition says."""
        self._open.pop(lease.token, None)
        self._known.pop(lease.token, None)
        give_back = self._frontier.ack if disposition.done else self._frontier.nack
        give_back(lease, disposition.visit)

    def release_all(self) -> None:
        """Give back what is in hand when the crawl ends."""
        for lease in self._open.values():
            self._frontier.release(lease)

    def _unseen(self, n: int) -> list[Lease]:
        return self._frontier.lease(n, self._started, LEASE_SECONDS, self._options.since, "unseen")

    def _covered(self, n: int, lease: Callable[[int], list[Lease]]) -> list[Lease]:
        """The first leases of which some belong to the source still; what does not is forgotten."""
        while leases := lease(n):
            covered = [each for each in leases if self._run.source.covers(each.url)]
            for left in leases:
                if left not in covered:
                    self._frontier.forget(left)  # the source has moved, or its scope has become narrower
            if covered:
                return covered
        return []

    def _lease_asked(self, n: int) -> list[Lease]:
        asked, self._asked = self._asked[:n], self._asked[n:]
        taken = (self._frontier.take(urlkey(url), self._started, LEASE_SECONDS) for url in asked)
        return [self._noted(lease) for lease in taken if lease is not None]

    def _noted(self, lease: Lease) -> Lease:
        """The lease with the validators of the bytes that a 304 would confirm: captures say which, not the queue."""
        known = latest_payload(self._conn, self._run.source.name, lease.urlkey)
        if known and known.unread:
            known = None  # what gave no article is read anew: it may say where it leads
        if known:
            self._known[lease.token] = known.payload_digest
        self._taken += 1
        self.articles += has_article(self._conn, self._run.source.name, lease.urlkey)
        noted = replace(lease, etag=known.etag if known else None, last_modified=known.last_modified if known else None)
        self._open[lease.token] = noted
        return noted
