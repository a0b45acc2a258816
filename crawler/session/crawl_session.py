"""A crawl as the archive and the frontier see it: one call for each thing that happens, all in one thread."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from archive import Archive, open_archive
from archive.files import TooLarge, digest, instant, read_http, stamp
from archive.judging import CrawlSummary, Fetched, Ingest, Listing, Outcome, Prepared, require_uncrawled
from archive.rows import (
    StoredPayload,
    answered_by_https,
    document_of,
    has_article,
    latest_payload,
    moments_of,
    stored_record,
)
from crawler.frontier import BOTH, NEVER, Frontier, Lease, Waiting, Which, same_key
from crawler.hosts import AT_LEAST_EVERY, longest_wait, too_few
from crawler.runs import Recheck, Run, keep_floor
from crawler.session.errand import Errand
from crawler.session.other_addresses import OtherAddresses
from crawler.session.rechecks import Rechecks
from crawler.session.undeclared_hosts import UndeclaredHosts
from crawler.session.visits import FAILED, MISSING, SEEN, Disposition, Refusal, Visiting
from parsers import Document
from parsers.urls import urlkey

LEASE_SECONDS = 600.0
WHICH: dict[Recheck, Which] = {"none": "unseen", "only": "seen"}
MAX_WITNESS_CANDIDATES = 100  # articles that are looked at when one is wanted as a witness


class CrawlSession:
    """Keeps what a crawl fetched and tells the frontier; a lease is acknowledged in the group of its capture."""

    def __init__(self, run: Run, archive: Archive, ingest: Ingest, frontier: Frontier, started: datetime) -> None:
        self._run = run
        self._archive = archive
        self._frontier = frontier
        self._started = started
        self._visiting = Visiting(started, run.cadence, run.source.recheck)
        self._open: dict[str, Lease] = {}
        self._taken = 0
        self._articles = 0  # of these, those that are known as articles
        self._known: dict[str, str] = {}  # by lease: the payload digest of the newest capture
        self._asked = list(run.addresses)
        self._places = OtherAddresses()
        self._elsewhere = UndeclaredHosts(run.source)
        self._rechecks = Rechecks(frontier, run.hosts, started, run.since)
        self.ingest = ingest

    @classmethod
    def of(cls, run: Run, started: datetime) -> CrawlSession:
        """Lock the source and catch up.

        Raises Locked, Behind, SlotCrawled for a slot that has its crawl, and what keeps an archive from being opened.
        """
        archive = open_archive(run.home)
        try:
            with ExitStack() as held:
                ingest = held.enter_context(Ingest(archive, run.source.record()))
                if run.due_at is not None:
                    require_uncrawled(archive.conn, run.source.name, run.due_at)
                held.pop_all()
        except BaseException:
            archive.close()
            raise
        return cls(run, archive, ingest, run.frontier(archive.conn, run.source.name), started)

    def start(self) -> None:
        """Begin the crawl."""
        reads_lists = self._run.reads_lists and self._run.since is None
        self.ingest.begin_crawl(self._started, self._run.due_at, reads_lists)
        self.begin()
        self._frontier.reclaim(self._started)  # the lock says that whoever held them is dead
        if self._run.every_article:
            self._rechecks.look_ahead()
            self._frontier.recall(self._started)
        if self._run.recheck == "all":
            self._frontier.revive(self._started)
        self._frontier.add([Waiting(url, urlkey(url)) for url in self._asked], self._started)
        self.commit()

    def begin(self) -> bool:
        """Begin a group unless one is open; whether one was begun."""
        if self._archive.conn.in_transaction:
            return False
        self._archive.conn.execute("begin immediate")
        return True

    def commit(self) -> None:
        """Make the open group durable. Raises FloorReached."""
        self.ingest.commit()
        keep_floor(self._run.home, self._run.free_space_floor)

    def finish(self, reason: str, requests: int, errors: int, lists_read: bool) -> CrawlSummary:
        """Give back what is in hand and end the crawl; lists_read: none of its lists was left out."""
        self.begin()
        for lease in self._open.values():
            self._frontier.release(lease)
        lists_read = lists_read and self._run.reads_lists
        whole = lists_read and self._run.since is None
        now = datetime.now(UTC)
        summary = self.ingest.finish(reason, requests, errors, now, whole, lists_read, asked=self._articles)
        self.begin()
        for key, at in self.ingest.doubted():
            self._frontier.hasten([key], at)
        self._elsewhere.keep(self._archive.conn, self._started, whole)
        self.ingest.commit()
        if reason == "budget" and not self._run.addresses:
            wanted = WHICH.get(self._run.recheck, "all")
            known, new = (self._left(each) if wanted in ("all", each) else 0 for each in BOTH)
            summary = replace(summary, left=known + new, left_new=new)
        return summary

    def close(self, failure: BaseException | None) -> None:
        """Close the archive; after a failure nothing of the open group counts."""
        try:
            self.ingest.__exit__(type(failure) if failure else None, failure, None)
        finally:
            self._archive.close()

    def prepare(self, fetched: Fetched, lease: Lease | None) -> Prepared | None:
        """In any thread: what is costly about a response; None for bytes that are known and need no second look."""
        known = self._known.get(lease.token) if lease is not None else None
        if fetched.status == 304 or (known is not None and digest(fetched.payload) == known):
            return None
        return self.ingest.prepare(fetched)

    def record(
        self, fetched: Fetched, errand: Errand | None, prepared: Prepared | None, leads_out: str | None = None
    ) -> Outcome:
        """Keep a response; at the end of its errand, the url is done until it is due again.

        leads_out: where it leads and is not followed.
        """
        unfinished = errand.unfinished if errand is not None and fetched.kind != "hop" else None
        if unfinished is None:
            outcome = self.ingest.add(fetched, prepared)
        else:
            outcome = self.ingest.add_page(unfinished, fetched, prepared)
        self._places.note(fetched, outcome)
        if errand is None or outcome.kind in ("hop", "page") or self.instead(errand, outcome):
            return outcome
        # The frontier knows the address of the first page.
        first, lease = (unfinished and unfinished.first) or fetched, errand.lease
        moments = moments_of(self._archive.conn, self._run.source.name, lease.urlkey, lease.published_at)
        if leads_out is not None and outcome.kind == "redirected":
            self._elsewhere.led(lease.urlkey, leads_out)
        disposition = self._visiting.answered(lease, outcome, first, moments)
        self._dispose(lease, self._settled(errand, outcome, first, disposition))
        if outcome.kind in MISSING | FAILED:
            others = self.ingest.other_addresses(lease.url)
            self._frontier.hasten(others, self._started, only_moved=outcome.kind in FAILED)
        return outcome

    def instead(self, errand: Errand, outcome: Outcome | None = None) -> str | None:
        """Another address of the article to ask at once, where this one gave none; outcome: what it answered, if so."""
        if errand.unfinished is not None or (outcome is not None and outcome.kind not in MISSING | FAILED):
            return None
        had = answered_by_https(self._archive.conn, self._run.source.name, errand.lease.urlkey)
        return self._places.instead(errand, outcome is not None, instant(stamp(self._started)), had)

    def missed(self, errand: Errand, reason: str, at: datetime) -> None:
        """No response came, from any of its addresses."""
        lease = errand.lease
        if errand.unfinished is None:
            self.ingest.missed(lease.url, reason, at)
        else:
            self.ingest.give_up(errand.unfinished, f"could not be fetched: {reason}")
        elsewhere = errand.unfinished is None and self.ingest.is_seen_elsewhere(lease.url)
        self._dispose(lease, self._visiting.missed(lease, at, elsewhere))
        if errand.unfinished is None:
            self._frontier.hasten(self.ingest.other_addresses(lease.url), self._started, only_moved=True)

    def refused(self, errand: Errand, refusal: Refusal, at: datetime) -> None:
        """The url may not be fetched."""
        if errand.unfinished is not None:
            self.ingest.give_up(errand.unfinished, f"may not be fetched: {refusal.why}")
        self._dispose(errand.lease, self._visiting.refused(errand.lease, refusal, at))

    def add(self, links: Sequence[Waiting], elsewhere: Sequence[str] = ()) -> int:
        """Let urls wait; how many were unknown. elsewhere: what the list names beside them, on other hosts."""
        self._elsewhere.named(link.urlkey for link in links)
        self._elsewhere.linked(elsewhere, self.ingest.knows)
        return self._frontier.add(links, self._started)

    def plan(self, a_day: int | None) -> str | None:
        """Known articles are looked at next, of which so many requests a day may go out (None: any number).

        A line that says so where these are too few to ask each of them in time.
        """
        if a_day is None:
            return None
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
        if self._run.addresses:
            return self._lease_asked(n)
        asked_for = WHICH.get(self._run.recheck, "all")
        wanted = [each for each in wanted if asked_for in ("all", each)]
        leases = self._covered(n, self._unseen) if "unseen" in wanted else []
        if not leases and "seen" in wanted:
            leases = self._covered(n, lambda n: self._rechecks.lease(n, LEASE_SECONDS, spent))
        return [self._noted(lease) for lease in leases]

    def put_back(self, lease: Lease) -> None:
        """Its turn did not come after all: it is as due as before."""
        if self._open.pop(lease.token, None) is not None:
            self._known.pop(lease.token, None)
            self._taken -= 1
            self._articles -= has_article(self._archive.conn, self._run.source.name, lease.urlkey)
            self._frontier.release(lease)

    def _unseen(self, n: int) -> list[Lease]:
        return self._frontier.lease(n, self._started, LEASE_SECONDS, self._run.since, "unseen")

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

    def ahead(self) -> int | None:
        """How many articles this crawl knows that it will ask still, those in hand among them; None before any.

        It grows as lists name more, and what waits for a host that asked for patience stays in it.
        """
        if self._run.addresses:
            due = len(self._asked)
        else:
            due = self._frontier.due_count(self._started, self._run.since, WHICH.get(self._run.recheck, "all"))
        if self._run.limit is not None:
            due = min(due, max(0, self._run.limit - self._taken))
        return due + len(self._open) if due or self._taken else None

    def witness(self, missing: Lease) -> Lease | None:
        """An article to ask right now, where the one just asked is missing and no other of its host has answered."""
        for key, each in islice(self.ingest.witnesses(missing.url), MAX_WITNESS_CANDIDATES):
            lease = self._frontier.take(each, self._started, LEASE_SECONDS)
            # One that failed or was refused last time would leave the missing one without a witness again.
            if lease is not None and not lease.attempts and self._run.source.covers(lease.url):
                self.ingest.ask(missing.url, key)
                return self._noted(lease)
            if lease is not None:
                self._frontier.release(lease)
        return None

    def held_list(self, url: str) -> StoredPayload | None:
        """The last good capture of exactly this list: what a 304 would confirm."""
        held = latest_payload(self._archive.conn, self._run.source.name, urlkey(url))
        return held if held is not None and held.url == url else None

    def stored_list(self, held: StoredPayload) -> Document:
        """A list as it was captured. Raises Unproved, WarcError and ContentError when it cannot be read any more."""
        record = stored_record(self._archive.conn, self._archive.home.captures, held.record_id)
        try:
            return document_of(record, self._run.source.name)
        except TooLarge:  # it is read a piece at a time, as it was when it came
            message = read_http(record.block)
            at = instant(held.captured_at)
            return Document(message.payload, message.header("content-type"), held.url, at, self._run.source.name)

    def unchanged_list(self, url: str, lastmod: datetime) -> int | None:
        """How many articles a list showed that need not be read again, None when it must be.

        Every list is read where everything is asked again.
        """
        if self._run.recheck == "all" or self._run.since is not None:
            return None
        shown = self.ingest.unchanged_list(url, lastmod)
        self._elsewhere.unread |= shown is not None
        return shown

    def note_list(self, listing: Listing) -> None:
        """Tell the archive what a list shows; the pages of what it leaves out are asked in this crawl."""
        self._frontier.hasten(self.ingest.note_list(listing), self._started)

    def _left(self, which: Which) -> int:
        return self._frontier.due_count(self._started, self._run.since, which)

    def _lease_asked(self, n: int) -> list[Lease]:
        asked, self._asked = self._asked[:n], self._asked[n:]
        taken = (self._frontier.take(urlkey(url), self._started, LEASE_SECONDS) for url in asked)
        return [self._noted(lease) for lease in taken if lease is not None]

    def _noted(self, lease: Lease) -> Lease:
        """The lease with the validators of the bytes that a 304 would confirm: captures say which, not the queue."""
        known = latest_payload(self._archive.conn, self._run.source.name, lease.urlkey)
        if known and known.unread:
            known = None  # what gave no article is read anew: it may say where it leads
        if known:
            self._known[lease.token] = known.payload_digest
        self._taken += 1
        self._articles += has_article(self._archive.conn, self._run.source.name, lease.urlkey)
        noted = replace(lease, etag=known.etag if known else None, last_modified=known.last_modified if known else None)
        self._open[lease.token] = noted
        return noted

    def _settled(self, errand: Errand, outcome: Outcome, first: Fetched, disposition: Disposition) -> Disposition:
        """Where an article was found for good at another address than it was asked, that one is asked from then on."""
        lease, visit = errand.lease, disposition.visit
        if outcome.kind not in SEEN or not errand.lasting or first.url == lease.url:
            return disposition
        if not self._run.source.covers(first.url):  # what is out of scope would be dropped when it is due
            return disposition
        if same_key(first.url, lease.url):
            return replace(disposition, visit=replace(visit, url=first.url))
        if self.ingest.key_at(lease.url) not in (None, outcome.key):
            return disposition
        key = urlkey(first.url)
        self._frontier.add([Waiting(first.url, key, lease.published_at, section=first.section)], self._started)
        if (other := self._frontier.take(key, self._started, LEASE_SECONDS)) is not None:
            self._frontier.ack(other, visit)
        return replace(disposition, visit=replace(visit, due_at=NEVER, given_up="moved"))

    def _dispose(self, lease: Lease, disposition: Disposition) -> None:
        self._open.pop(lease.token, None)
        self._known.pop(lease.token, None)
        tell = self._frontier.ack if disposition.done else self._frontier.nack
        tell(lease, disposition.visit)
