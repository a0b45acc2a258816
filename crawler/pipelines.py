"""Stores what a crawl fetched and leases what it asks next, on the archive's one thread."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from archive import Archive, open_archive
from archive.decisions import RobotsReading
from archive.files import digest, instant, stamp
from archive.judging import (
    Counts,
    CrawlIngest,
    CrawlReach,
    CrawlSummary,
    Fetched,
    Listing,
    Outcome,
    Prepared,
    merge_doubles,
    require_uncrawled,
)
from archive.rows import (
    Behind,
    StoredPayload,
    answered_by_https,
    moments_of,
)
from crawler.frontier import Frontier, Lease, Waiting
from crawler.runs import Run, StorageError, is_full, require_free_space
from crawler.session import (
    FAILED,
    MISSING,
    CrawlProgress,
    Errand,
    Leasing,
    OtherAddresses,
    Refusal,
    UndeclaredHosts,
    Visiting,
    Writer,
    held_list,
    stored_list,
)
from parsers import Document

MAX_MERGES = 2_000  # at the end of one crawl, some 10 ms each; later ones go on

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)


class CrawlSession:
    """One crawl's connection to the archive and the frontier.

    A lease is acknowledged in the same transaction as its capture. Calls that write raise StorageError when the archive
    cannot be written; only `finish` never does: it returns figures with the finish reason `disk_full` or `failed`.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.writer = Writer()
        self.summary: CrawlSummary | None = None
        self.started = datetime.now(UTC)
        self.opened = False  # True once the source's lock is held
        self._preparing = ThreadPoolExecutor(2, thread_name_prefix="prepare")
        self._progress = CrawlProgress(run.options.progress)
        self._visiting = Visiting(self.started, run.options.cadence, run.source.recheck)
        self._places = OtherAddresses()
        self._elsewhere = UndeclaredHosts(run.source)
        # Set by `open`. They are used in the archive's thread only.
        self.archive: Archive
        self.ingest: CrawlIngest
        self.leasing: Leasing
        self._frontier: Frontier

    async def open(self) -> None:
        """Lock the source, catch up with the WARC files, and begin the crawl.

        Raises Locked; Behind if files of the archive are shorter than what its database has of them, or differ;
        SlotCrawled if the slot of the schedule (`due_at`) has its crawl already; StorageError when the disk is full or
        the beginning cannot be written; and the errors of opening an archive.
        """
        try:
            await self.writer.run(self._open)
        except (OSError, sqlite3.Error) as error:
            if not is_full(error):
                raise
            self.writer.failure = StorageError(error)
            self.summary = self._cut_short("disk_full", 0, 0)
            raise self.writer.failure from error

    async def write(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a call that writes, in the archive's thread, and return its result.

        The call is a plain (not async) method of this session, of its `ingest` or of its `leasing`. It shares a
        transaction with its neighbours, which is durable within 100 ms.
        """
        with self.run.pulse.working():
            return await self.writer.write(self, call, *args, **kwargs)

    async def prepare(self, fetched: Fetched, lease: Lease | None = None) -> Prepared | None:
        """Read a response in another thread, for `record` to store; the costly part of the work.

        None for a 304, and for the same bytes as the newest capture of the lease's url: they need no second look.
        """
        if fetched.status == 304:
            return None
        loop = asyncio.get_running_loop()
        with self.run.pulse.working():
            return await loop.run_in_executor(self._preparing, self._prepared, fetched, lease)

    async def record(
        self,
        fetched: Fetched,
        errand: Errand | None = None,
        prepared: Prepared | None = None,
        leads_out: str | None = None,
    ) -> Outcome:
        """Store a response and return its outcome; if nothing more is to be asked for the errand, end its lease.

        Something more is to be asked after a redirect that is followed, for the next page of an article, and if another
        address of the article is to be tried. Else the lease ends, and it is set when its url is due again.

        errand: None for a response that is not an article's (a list, robots.txt). leads_out: the target of a redirect
        that is not followed.

        A page of an unfinished article is recorded with that article. If the outcome has a next page, it is to be
        fetched and recorded by the same errand.
        """
        if errand is None:
            prepared = await self.prepare(fetched)
        outcome = await self.write(self._record, fetched, errand, prepared, leads_out)
        self._progress.count_page()
        return outcome

    async def record_robots(self, fetched: Fetched, reading: RobotsReading | None) -> None:
        """Store a robots.txt with how it was read; reading None: the response redirects or broke off in the file."""
        outcome = await self.record(fetched)
        if reading is not None and outcome.record_id is not None:
            await self.write(self.ingest.note_robots, outcome.record_id, reading)

    def instead(self, errand: Errand, outcome: Outcome | None = None) -> str | None:
        """An address of the article that the errand has not tried yet, to ask at once; None if none is left or needed.

        One is needed if this address failed or answered that the article is missing, and the errand is not for a
        further page of an article. outcome: of the answer of this address; None if nothing answered.
        """
        if errand.unfinished is not None or (outcome is not None and outcome.kind not in MISSING | FAILED):
            return None
        had = answered_by_https(self.archive.conn, self.run.source.name, errand.lease.urlkey)
        return self._places.instead(errand, outcome is not None, instant(stamp(self.started)), had)

    def missed(self, errand: Errand, reason: str, at: datetime) -> None:
        """Record that no address of the errand's url answered, and set when it is tried again, if at all.

        If a further page of an article was wanted, the article is not read in this crawl. Else the article's other
        addresses become due again, of those only the ones that were given up as `moved` (left for another address of
        the article).
        """
        lease = errand.lease
        if errand.unfinished is None:
            self.ingest.missed(lease.url, reason, at)
        else:
            self.ingest.give_up(errand.unfinished, f"could not be fetched: {reason}")
        elsewhere = errand.unfinished is None and self.ingest.is_seen_elsewhere(lease.url)
        self.leasing.dispose(lease, self._visiting.missed(lease, at, elsewhere))
        if errand.unfinished is None:
            self._frontier.hasten(self.ingest.other_addresses(lease.url), self.started, only_moved=True)

    def refused(self, errand: Errand, refusal: Refusal, at: datetime) -> None:
        """Record that the url may not be fetched: it is tried ever more rarely, or never."""
        if errand.unfinished is not None:
            self.ingest.give_up(errand.unfinished, f"may not be fetched: {refusal.why}")
        self.leasing.dispose(errand.lease, self._visiting.refused(errand.lease, refusal, at))

    def add(self, links: Sequence[Waiting], elsewhere: Sequence[str] = ()) -> int:
        """Add urls to the frontier; returns the number that were unknown.

        elsewhere: links of the same list to hosts that are not declared; they are only noted for UndeclaredHosts.
        """
        self._elsewhere.named(link.urlkey for link in links)
        self._elsewhere.linked(elsewhere, self.ingest.knows)
        return self._frontier.add(links, self.started)

    async def held_list(self, url: str) -> StoredPayload | None:
        """The newest good capture of a list, which a 304 would confirm; None without one.

        None also if that capture is at another spelling of the address, such as http for https.
        """
        return await self.write(held_list, self.archive, self.run.source.name, url)

    async def stored_list(self, held: StoredPayload) -> Document | None:
        """A list as it was captured; None, with a warning, when it cannot be read any more."""
        return await self.write(stored_list, self.archive, self.run.source.name, held)

    def unchanged_list(self, url: str, lastmod: datetime) -> int | None:
        """The number of articles on a list that has not changed since it was read; None if it must be read again.

        lastmod: the moment of its last change by its index. None always in a crawl that asks everything again, or with
        `since`.
        """
        if self.run.options.recheck == "all" or self.run.options.since is not None:
            return None
        shown = self.ingest.unchanged_list(url, lastmod)
        self._elsewhere.unread |= shown is not None
        return shown

    def note_list(self, listing: Listing) -> None:
        """Record what a list shows, and make articles due that its earlier reading showed and this one does not.

        Only live and soft_gone ones, and only until enough crawls missed them there to judge them as delisted. A list
        that this crawl has read already, or that is empty now but was not, makes no article due.
        """
        self._frontier.hasten(self.ingest.lists.note(listing), self.started)

    def finish(self, reason: str, requests: int, errors: int, lists_read: bool) -> CrawlSummary:
        """Release all leases, close the crawl and the archive, and return the crawl's figures.

        May be called from any thread; a second call only returns the same figures.

        lists_read: every list was read, so that articles missing from them can be judged.
        """
        if self.summary is None:
            self.summary = self.writer.finish(self._finish, reason, requests, errors, lists_read)
            self._preparing.shutdown(wait=False, cancel_futures=True)
        return self.summary

    # -- in the archive's thread ------------------------------------------------------------------------------

    def begin(self) -> bool:
        """Begin a transaction unless one is open; True if one was begun."""
        if self.archive.conn.in_transaction:
            return False
        self.archive.conn.execute("begin immediate")
        return True

    def commit(self) -> None:
        """Make the transaction durable, if one is open. Raises FloorReached if too little disk space is then free."""
        self.ingest.commit()
        require_free_space(self.run.home, self.run.free_space_floor)

    def _open(self) -> None:
        archive, name = open_archive(self.run.home), self.run.source.name
        try:
            with ExitStack() as held:
                ingest = held.enter_context(CrawlIngest(archive, self.run.source.record()))
                if self.run.options.due_at is not None:
                    require_uncrawled(archive.conn, name, self.run.options.due_at)
                held.pop_all()  # all went well: the ingest stays open
        except BaseException:
            archive.close()
            raise
        self.archive, self.ingest = archive, ingest
        self._frontier = self.run.frontier(archive.conn, name)
        self.leasing = Leasing(self.run, ingest, self._frontier, self.started)
        self.opened = True
        self.writer.guarded(self._start)

    def _start(self) -> None:
        reads_lists = self.run.options.reads_lists and self.run.options.since is None
        single = bool(self.run.options.addresses)
        self.ingest.begin_crawl(self.started, self.run.options.due_at, reads_lists, single)
        self.begin()
        self.leasing.start()
        self.commit()

    def _prepared(self, fetched: Fetched, lease: Lease | None) -> Prepared | None:
        """Read a response; None for the bytes of the newest capture. May run in any thread."""
        known = self.leasing.known_digest(lease) if lease is not None else None
        if known is not None and digest(fetched.payload) == known:
            return None
        return self.ingest.prepare(fetched)

    def _record(
        self, fetched: Fetched, errand: Errand | None, prepared: Prepared | None, leads_out: str | None
    ) -> Outcome:
        outcome = self._recorded(fetched, errand, prepared, leads_out)
        self._progress.look(self.leasing.ahead)
        return outcome

    def _recorded(
        self, fetched: Fetched, errand: Errand | None, prepared: Prepared | None, leads_out: str | None
    ) -> Outcome:
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
        moments = moments_of(self.archive.conn, self.run.source.name, lease.urlkey, lease.published_at)
        if leads_out is not None and outcome.kind == "redirected":
            self._elsewhere.led(lease.urlkey, leads_out)
        disposition = self._visiting.answered(lease, outcome, first, moments)
        self.leasing.dispose(lease, self.leasing.moved(errand, outcome, first, disposition))
        if outcome.kind in MISSING | FAILED:
            others = self.ingest.other_addresses(lease.url)
            self._frontier.hasten(others, self.started, only_moved=outcome.kind in FAILED)
        return outcome

    def _finish(self, reason: str, requests: int, errors: int, lists_read: bool) -> CrawlSummary:
        try:
            return self.writer.guarded(self._closed, reason, requests, errors, lists_read)
        except StorageError as error:
            return self._cut_short("disk_full" if error.full else "failed", requests, errors)
        finally:
            self._close(self.writer.failure)

    def _closed(self, reason: str, requests: int, errors: int, lists_read: bool) -> CrawlSummary:
        self.begin()
        self.leasing.release_all()
        lists_read = lists_read and self.run.options.reads_lists
        whole = lists_read and self.run.options.since is None
        reach = CrawlReach(whole, lists_read, self.leasing.articles)
        summary = self.ingest.finish(reason, requests, errors, datetime.now(UTC), reach)
        self.begin()
        for key, at in self.ingest.doubted():
            self._frontier.hasten([key], at)
        self._frontier.leave(self.ingest.left_addresses(), self.started)
        self._elsewhere.write(self.archive.conn, self.started, whole)
        self.ingest.commit()
        if reason == "budget" and not self.run.options.addresses:
            left, new = self.leasing.left()
            summary = replace(summary, left=left, left_new=new)
        return summary

    def _close(self, failure: BaseException | None) -> None:
        """Commit the open transaction and close the archive; after a failure the transaction is rolled back instead.

        In between, articles that another source has at the same addresses become one with those of this one.
        """
        try:
            self.ingest.__exit__(type(failure) if failure else None, failure, None)
            if failure is None:
                self._merge_doubles()
        finally:
            self.archive.close()

    def _merge_doubles(self) -> None:
        try:
            merged = merge_doubles(self.archive, lambda: datetime.now(UTC), MAX_MERGES)
        except (OSError, sqlite3.Error, Behind) as error:  # the crawl itself is complete
            logger.warning("articles at one address are still two; `thinker doubles --merge` says why: %s", error)
            return
        if merged.count:
            logger.info("%d articles of other sources at the same addresses became one with those here", merged.count)

    def _cut_short(self, reason: str, requests: int, errors: int) -> CrawlSummary:
        """The figures so far of a crawl whose start or end could not be written; that counts as one more error.

        The source's next crawl closes it.
        """
        counts = self.ingest.counts if self.opened else Counts()
        return CrawlSummary(
            source=self.run.source.name,
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
