"""The leases of a crawl: which to take next, which are open, and how each is given back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from archive.judging import CrawlIngest, Fetched, Outcome
from archive.rows import has_article, latest_payload
from crawler.frontier import BOTH, NEVER, Frontier, Lease, Visit, Waiting, Which, same_key
from crawler.hosts import AT_LEAST_EVERY, longest_wait, too_few
from crawler.runs import Recheck, Run
from crawler.session.errand import Errand
from crawler.session.rechecks import Rechecks
from crawler.session.visits import SEEN, Disposition
from parsers.urls import urlkey

LEASE_SECONDS = 600.0  # from the start of the crawl, which is also the time of each query: none ends while it runs
WHICH: dict[Recheck, Which] = {"none": "unseen", "only": "seen"}
MAX_WITNESS_CANDIDATES = 100  # articles tried in search of a witness


class Leasing:
    """Takes leases from the frontier, and gives each back once; in the archive's thread, within a transaction."""

    def __init__(self, run: Run, ingest: CrawlIngest, frontier: Frontier, started: datetime) -> None:
        self._run, self._options = run, run.options
        self._ingest = ingest
        self._conn = ingest.conn
        self._frontier = frontier
        self._started = started
        self._rechecks = Rechecks(frontier, run.hosts, started, run.options.since)
        self._open: dict[str, Lease] = {}
        self._taken = 0
        self._known: dict[str, str] = {}  # by lease token: the payload digest of the newest capture
        self._asked = [run.source.plain(url) for url in run.options.addresses]
        self.articles = 0  # leases taken of known articles

    def start(self) -> None:
        """Make every url due that this crawl asks before its time, and end the leases that a dead process left open.

        With `Run.every_article` all known articles are made due; with recheck `all` the urls that were given up, too.
        The single addresses of the options are added to the frontier.
        """
        self._frontier.reclaim(self._started)  # we hold the source's lock, so their holders are dead
        if self._run.every_article and not self._asked:
            self._rechecks.look_ahead()
            self._frontier.recall(self._started)
        if self._options.recheck == "all":
            self._frontier.revive(self._started)
        self._frontier.add([Waiting(url, urlkey(url)) for url in self._asked], self._started)

    def plan(self, a_day: int) -> str | None:
        """Set the longest wait of known articles for `a_day` requests a day.

        Returns a warning if these are too few to ask each article in time, else None.
        """
        articles = self._frontier.due_count(NEVER - timedelta(seconds=1), None, "seen")
        self._rechecks.longest = longest_wait(articles, a_day)
        enough, name = too_few(articles, a_day), self._run.source.name
        if enough is None:
            return None
        return (
            f"{name}: {articles:,} known articles cannot all be re-checked within {AT_LEAST_EVERY.days} days: budgets "
            f"and delays allow {a_day:,} requests a day, {enough:,} are needed"
        )

    def lease(self, n: int, wanted: Collection[Which] = BOTH, spent: Collection[str] = ()) -> list[Lease]:
        """Lease up to n urls that were due when the crawl began, or that lists named since; never fetched ones first.

        The leases are all of one kind: fetched ones only if no never fetched one is left or wanted. [] if none is left.
        In a crawl of single addresses: the next of them. wanted: only these kinds. spent: the names of hosts of which
        no known article is asked.
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
        """Give back a lease that was not asked: it is as due as before."""
        if self._open.pop(lease.token, None) is not None:
            self._known.pop(lease.token, None)
            self._taken -= 1
            self.articles -= has_article(self._conn, self._run.source.name, lease.urlkey)
            self._frontier.release(lease)

    def witness(self, missing: Lease) -> Lease | None:
        """Lease another article of the host of a missing one, as a control.

        None if the host needs no control (no missing article of it waits for one, one is being asked already, or enough
        were asked without an answer), or if no article can be leased.
        """
        for key, each in islice(self._ingest.witnesses(missing.url), MAX_WITNESS_CANDIDATES):
            lease = self._frontier.take(each, self._started, LEASE_SECONDS)
            # An article that failed or was refused last time would probably be no witness again.
            if lease is not None and not lease.attempts and self._run.source.covers(lease.url):
                self._ingest.ask(missing.url, key)
                return self._noted(lease)
            if lease is not None:
                self._frontier.release(lease)
        return None

    def known_digest(self, lease: Lease) -> str | None:
        """The digest of the bytes that a 304 for this lease would confirm; None without any. Callable in any thread."""
        return self._known.get(lease.token)

    def ahead(self) -> int | None:
        """The number of articles that this crawl still has to ask, open leases included; None until the first is known.

        It grows as lists name more. Articles of a host that asked us to wait stay in it.
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
        """The number of due addresses that this crawl leaves to a later one: (all, never fetched ones)."""
        wanted = WHICH.get(self._options.recheck, "all")
        known, new = (
            self._frontier.due_count(self._started, self._options.since, each) if wanted in ("all", each) else 0
            for each in BOTH
        )
        return known + new, new

    def moved(self, errand: Errand, outcome: Outcome, first: Fetched, visit: Disposition) -> Disposition:
        """`visit`, changed if the lease's article moved for good, so that its new address is asked from now on.

        It moved if permanent redirects led to an article at an address of the source. If that has another urlkey, the
        old address is given up as `moved`, unless the archive knows it as that of another article than the one found:
        then `visit` is unchanged. first: the first page of the article, as fetched.
        """
        lease = errand.lease
        if outcome.kind not in SEEN or not errand.lasting or first.url == lease.url:
            return visit
        if not self._run.source.covers(first.url):  # an address out of scope would be dropped when it is due
            return visit
        there = self._run.source.plain(first.url)
        if same_key(there, lease.url):
            return replace(visit, visit=replace(visit.visit, url=there))
        if self._ingest.key_at(lease.url) is not None and not self._ingest.names_one(lease.url, outcome.key):
            return visit
        key = urlkey(there)
        self._frontier.add([Waiting(there, key, lease.published_at, section=first.section)], self._started)
        if (other := self._frontier.take(key, self._started, LEASE_SECONDS)) is not None:
            self._frontier.ack(other, visit.visit)
        return replace(visit, visit=replace(visit.visit, due_at=NEVER, given_up="moved"))

    def dispose(self, lease: Lease, disposition: Disposition) -> None:
        """Give a lease back, and record its visit in the frontier; the visit says when the url is due again."""
        self._open.pop(lease.token, None)
        self._known.pop(lease.token, None)
        give_back = self._frontier.ack if disposition.done else self._frontier.nack
        give_back(lease, disposition.visit)

    def release_all(self) -> None:
        """Give back all open leases at the end of the crawl."""
        for lease in self._open.values():
            self._frontier.release(lease)

    def _unseen(self, n: int) -> list[Lease]:
        return self._frontier.lease(n, self._started, LEASE_SECONDS, self._options.since, "unseen")

    def _covered(self, n: int, lease: Callable[[int], list[Lease]]) -> list[Lease]:
        """At most n leases of articles of the source, at least one unless none is left. lease: takes up to n leases.

        Addresses that are no longer the source's are deleted from the frontier; those with a parameter that the source
        drops are left for the address without it.
        """
        while leases := lease(n):
            covered = [each for each in leases if self._run.source.covers(each.url)]
            for left in leases:
                if left not in covered:
                    self._frontier.forget(left)  # the source has moved, or its scope was narrowed
            if asked := [each for each in covered if not self._is_left(each)]:
                return asked
        return []

    def _is_left(self, lease: Lease) -> bool:
        """Leave an address with a dropped parameter for that without it; True if it was left.

        False while the article is missing there: then its other addresses are asked as they are.
        """
        plain = self._run.source.plain(lease.url)
        if plain == lease.url or self._ingest.is_missed(plain):
            return False
        self._frontier.add([Waiting(plain, urlkey(plain), lease.published_at, section=lease.section)], self._started)
        self._frontier.nack(lease, Visit(self._started, NEVER, None, given_up="moved"))
        return True

    def _lease_asked(self, n: int) -> list[Lease]:
        asked, self._asked = self._asked[:n], self._asked[n:]
        taken = (self._frontier.take(urlkey(url), self._started, LEASE_SECONDS) for url in asked)
        return [self._noted(lease) for lease in taken if lease is not None]

    def _noted(self, lease: Lease) -> Lease:
        """Count a lease as open, and return it with the validators of the newest capture, which a 304 would confirm.

        Without validators if there is no good capture, or the newest gave no article.
        """
        known = latest_payload(self._conn, self._run.source.name, lease.urlkey)
        if known and known.unread:
            known = None  # a page without an article is read anew, for it may lead elsewhere now
        if known:
            self._known[lease.token] = known.payload_digest
        self._taken += 1
        self.articles += has_article(self._conn, self._run.source.name, lease.urlkey)
        noted = replace(lease, etag=known.etag if known else None, last_modified=known.last_modified if known else None)
        self._open[lease.token] = noted
        return noted
