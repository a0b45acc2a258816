"""From the network to the archive: one thread owns the archive and the frontier, and commits in groups."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Concatenate, ParamSpec, TypeVar

from archive import Archive, open_archive
from archive.captures import latest_payload
from archive.clock import stamp
from archive.ingest import Counts, CrawlSummary, Fetched, Ingest, Listing, Outcome, SourceRecord, Unfinished
from archive.judging.prepare import GOOD, Prepared
from archive.warc import digest
from crawler.frontier import Lease, Visit, Waiting
from crawler.frontier.sqlite import SqliteFrontier
from crawler.run import Run
from crawler.storage import StorageError, is_full, keep_floor

GROUP_SIZE = 32  # captures
GROUP_SECONDS = 0.1
LEASE_SECONDS = 600.0
FAILURE_WAITS = (300, 1800, 7200, 43200, 86400)  # seconds after the 1st, 2nd, … failed fetch
REFUSED_WAIT = timedelta(days=1)
FAILED = frozenset({"unreachable", "incomplete"})
MISSING = frozenset({"gone", "redirected", "restricted"})
MOST_CANDIDATES = 100  # articles that are looked at when one is wanted as a witness

P = ParamSpec("P")
T = TypeVar("T")


class Recorder:
    """Keeps what a crawl fetched. Every call runs, in order, in the one thread that writes.

    What a call did is durable within 100 ms or 32 captures; a lease is acknowledged in the same transaction as its
    capture. After a StorageError nothing of the open group counts and every further call raises it again.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._preparing = ThreadPoolExecutor(2, thread_name_prefix="prepare")
        self._failure: StorageError | None = None
        self._waiting = 0
        self._opened = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._open: dict[str, Lease] = {}
        self._known: dict[str, str] = {}  # by lease: the payload digest of the newest capture
        self.summary: CrawlSummary | None = None
        self.started = datetime.now(UTC)
        self.opened = False

    async def open(self) -> None:
        """Lock the source, catch up, and begin the crawl. Raises Locked, and StorageError when the disk is full."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._begin)
        except (OSError, sqlite3.Error) as error:
            if not is_full(error):
                raise
            self._failure = StorageError(error)
            self.summary = self._cut_short("disk_full", 0, 0)
            raise self._failure from error

    async def record(
        self, fetched: Fetched, lease: Lease | None = None, unfinished: Unfinished | None = None
    ) -> Outcome:
        """Keep a response; with its lease, the url is then done until it is due again.

        A page of an unfinished article is recorded with it. Where the outcome has one, its next page is to be
        fetched and recorded under the same lease.
        """
        loop = asyncio.get_running_loop()
        prepared = await loop.run_in_executor(self._preparing, self._prepared, fetched, lease)
        return await self._do(Recorder._record, fetched, lease, prepared, unfinished)

    async def missed(self, lease: Lease, reason: str, at: datetime, unfinished: Unfinished | None = None) -> None:
        """No response came: the url is tried again later."""
        await self._do(Recorder._missed, lease, reason, at, unfinished)

    async def refused(self, lease: Lease, at: datetime, unfinished: Unfinished | None = None) -> None:
        """The url may not be fetched: looked at again in a day."""
        await self._do(Recorder._refused, lease, at, unfinished)

    async def add(self, links: Sequence[Waiting]) -> int:
        """Let urls wait; returns how many were unknown."""
        return await self._do(Recorder._add, links)

    async def lease(self, n: int) -> list[Lease]:
        """Up to n urls that were due when the crawl began or became known since."""
        return await self._do(Recorder._lease, n)

    async def witness(self, lease: Lease) -> Lease | None:
        """An article to ask right now, where the one just asked is missing and no other of its host has answered."""
        return await self._do(Recorder._witness, lease)

    async def note_list(self, listing: Listing) -> None:
        """Tell the archive what a list shows; the pages of what it leaves out are asked in this crawl."""
        await self._do(Recorder._note_list, listing)

    async def seed_failed(self, url: str) -> None:
        """A list could not be read: of its host nothing is judged missing in this crawl."""
        await self._do(Recorder._seed_failed, url)

    def finish(self, reason: str, requests: int, errors: int) -> CrawlSummary:
        """Give back what is in hand, close the crawl and the archive; callable from any thread, once or again."""
        if self.summary is None:
            if self._timer is not None:
                self._timer.cancel()
            self.summary = self._pool.submit(self._end, reason, requests, errors).result()
            self._pool.shutdown()
            self._preparing.shutdown(wait=False, cancel_futures=True)
        return self.summary

    def _prepared(self, fetched: Fetched, lease: Lease | None) -> Prepared | None:
        """In a thread that runs beside the archive's; None for bytes that are known and need no second look."""
        known = self._known.pop(lease.token, None) if lease is not None else None
        if fetched.status == 304 or (known is not None and digest(fetched.payload) == known):
            return None
        return self._ingest.prepare(fetched)

    # -- in the archive's thread ------------------------------------------------------------------------------

    def _begin(self) -> None:
        source = self._run.source
        self._archive: Archive = open_archive(self._run.home)
        try:
            self._ingest = Ingest(self._archive, _record_of(self._run))
            self._ingest.__enter__()
        except BaseException:
            self._archive.close()
            raise
        self._conn = self._archive.conn
        self._frontier = SqliteFrontier(self._conn, source.name)
        self.opened = True
        self._guarded(self._start)

    def _start(self) -> None:
        self._ingest.begin_crawl(self.started, self._run.due_at)
        self._begin_group()
        self._frontier.reclaim(self.started)  # the lock says that whoever held them is dead
        if self._run.recheck == "all" or (self._run.recheck == "due" and self._run.source.recheck == 0):
            self._frontier.recall(self.started)
        self._commit()

    async def _do(self, call: Callable[Concatenate[Recorder, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        result: T = await loop.run_in_executor(self._pool, lambda: self._grouped(call, *args, **kwargs))
        if self._timer is None and self._waiting:
            self._timer = loop.call_later(GROUP_SECONDS, self._flush)
        return result

    def _flush(self) -> None:
        self._timer = None
        if self.summary is None:
            self._pool.submit(self._guarded, self._commit_old)

    def _grouped(self, call: Callable[Concatenate[Recorder, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def call_and_commit() -> T:
            self._begin_group()
            result = call(self, *args, **kwargs)
            self._waiting += 1
            self._commit_old()
            return result

        return self._guarded(call_and_commit)

    def _guarded(self, call: Callable[[], T]) -> T:
        if self._failure is not None:
            raise self._failure
        try:
            return call()
        except Exception as error:  # whatever it was, the open group is no longer whole
            self._failure = StorageError(error)
            raise self._failure from error

    def _begin_group(self) -> None:
        if not self._conn.in_transaction:
            self._conn.execute("begin immediate")
            self._opened = monotonic()

    def _commit_old(self) -> None:
        if self._waiting >= GROUP_SIZE or monotonic() - self._opened >= GROUP_SECONDS:
            self._commit()

    def _commit(self) -> None:
        self._ingest.commit()
        self._waiting = 0
        keep_floor(self._run.home, self._run.free_space_floor)

    def _record(
        self, fetched: Fetched, lease: Lease | None, prepared: Prepared | None, unfinished: Unfinished | None
    ) -> Outcome:
        if unfinished is None:
            outcome = self._ingest.add(fetched, prepared)
        else:
            outcome = self._ingest.add_page(unfinished, fetched, prepared)
        if lease is None or outcome.unfinished is not None:
            return outcome
        self._open.pop(lease.token, None)
        # The frontier knows the address of the first page.
        visit = self._visit((unfinished and unfinished.first) or fetched, lease, outcome)
        if outcome.kind in MISSING:
            self._frontier.hasten(self._ingest.other_addresses(lease.url), self.started)
        if outcome.kind in FAILED:
            self._frontier.nack(lease, visit)
        else:
            self._frontier.ack(lease, visit)
        return outcome

    def _visit(self, fetched: Fetched, lease: Lease, outcome: Outcome) -> Visit:
        at = fetched.captured_at
        status = fetched.status if 0 <= fetched.status < 1000 else None  # a server may say any number
        if outcome.kind in FAILED:
            return Visit(at, self._after(at + _failure_wait(lease)), status)
        headers = {name.lower(): value for name, value in fetched.headers}
        good = fetched.status in GOOD or fetched.status == 304
        changed = at if outcome.kind == "edited" else None
        return Visit(
            at,
            self._after(self._next_due(lease, changed, at)),
            status,
            headers.get("etag") if good else None,
            headers.get("last-modified") if good else None,
        )

    def _next_due(self, lease: Lease, changed: datetime | None, at: datetime) -> datetime:
        fixed = self._run.source.recheck
        if fixed is not None:
            return at + timedelta(seconds=fixed)
        return self._run.cadence(lease.kind, lease.published_at, changed, at)

    def _after(self, due: datetime) -> datetime:
        """Never again in this crawl: stamps have whole seconds, so the next one is the earliest."""
        return max(due, self.started + timedelta(seconds=1))

    def _missed(self, lease: Lease, reason: str, at: datetime, unfinished: Unfinished | None) -> None:
        self._open.pop(lease.token, None)
        if unfinished is None:
            self._ingest.missed(lease.url, reason, at)
        else:
            self._ingest.give_up(unfinished, f"could not be fetched: {reason}")
        self._frontier.nack(lease, Visit(at, self._after(at + _failure_wait(lease)), None))

    def _refused(self, lease: Lease, at: datetime, unfinished: Unfinished | None) -> None:
        self._open.pop(lease.token, None)
        if unfinished is not None:
            self._ingest.give_up(unfinished, "may not be fetched: refused by robots.txt")
        self._frontier.nack(lease, Visit(at, self._after(at + REFUSED_WAIT), None))

    def _add(self, links: Sequence[Waiting]) -> int:
        return self._frontier.add(links, self.started)

    def _lease(self, n: int) -> list[Lease]:
        unseen = self._run.recheck == "none"
        while leases := self._frontier.lease(n, self.started, LEASE_SECONDS, self._run.since, unseen):
            covered = [lease for lease in leases if self._run.source.covers(lease.url)]
            for left in leases:
                if left not in covered:
                    self._frontier.forget(left)  # the source has moved, or its scope has become narrower
            if covered:
                return [self._noted(lease) for lease in covered]
        return []

    def _witness(self, missing: Lease) -> Lease | None:
        for key, urlkey in islice(self._ingest.witnesses(missing.url), MOST_CANDIDATES):
            lease = self._frontier.take(urlkey, self.started, LEASE_SECONDS)
            if lease is not None and self._run.source.covers(lease.url):
                self._ingest.ask(missing.url, key)
                return self._noted(lease)
            if lease is not None:
                self._frontier.release(lease)
        return None

    def _note_list(self, listing: Listing) -> None:
        self._frontier.hasten(self._ingest.note_list(listing), self.started)

    def _seed_failed(self, url: str) -> None:
        self._ingest.seed_failed(url)

    def _noted(self, lease: Lease) -> Lease:
        """The lease with the validators of the bytes that a 304 would confirm: captures say which, not the queue."""
        known = latest_payload(self._conn, self._run.source.name, lease.urlkey)
        if known:
            self._known[lease.token] = known.payload_digest
        noted = replace(lease, etag=known.etag if known else None, last_modified=known.last_modified if known else None)
        self._open[lease.token] = noted
        return noted

    def _end(self, reason: str, requests: int, errors: int) -> CrawlSummary:
        try:
            if self._failure is None:
                return self._guarded(lambda: self._close_crawl(reason, requests, errors))
            reason = "disk_full" if self._failure.full else "failed"
        except StorageError as error:
            reason = "disk_full" if error.full else "failed"
        finally:
            self._ingest.__exit__(StorageError if self._failure else None, self._failure, None)
            self._archive.close()
        return self._cut_short(reason, requests, errors)

    def _close_crawl(self, reason: str, requests: int, errors: int) -> CrawlSummary:
        self._begin_group()
        for lease in self._open.values():
            self._frontier.release(lease)
        return self._ingest.finish(reason, requests, errors, datetime.now(UTC))

    def _cut_short(self, reason: str, requests: int, errors: int) -> CrawlSummary:
        """The figures of a crawl whose end could not be written; the next crawl of the source closes it."""
        counts = self._ingest.counts if self.opened else Counts()
        return CrawlSummary(
            source=self._run.source.name,
            finish_reason=reason,
            requests=requests,
            captures=counts.captures,
            revisits=counts.revisits,
            new_articles=counts.new_articles,
            new_revisions=counts.new_revisions,
            errors=counts.errors + errors + 1,
            started_at=stamp(self.started),
            finished_at=stamp(datetime.now(UTC)),
        )


def _record_of(run: Run) -> SourceRecord:
    source = run.source
    return SourceRecord(
        name=source.name,
        publisher=source.publisher,
        homepage=source.homepage,
        timezone=source.timezone,
        in_language=source.in_language,
        removal_probes=source.removal_probes,
        removal_spacing=source.removal_spacing,
        delay=source.delay,
        declaration=json.dumps(source.as_json(), ensure_ascii=False, sort_keys=True),
    )


def _failure_wait(lease: Lease) -> timedelta:
    return timedelta(seconds=FAILURE_WAITS[min(lease.attempts, len(FAILURE_WAITS) - 1)])
