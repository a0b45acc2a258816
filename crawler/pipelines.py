"""From the network to the archive: what happens in the event loop is written by the one thread that may."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

from archive.decisions import RobotsReading
from archive.files import ContentError, WarcError, stamp
from archive.judging import Counts, CrawlSummary, FailedList, Fetched, Listing, Outcome, Prepared, UnfinishedArticle
from archive.rows import StoredPayload, Unproved
from crawler.frontier import BOTH, Lease, Waiting, Which
from crawler.runs import Run, StorageError, is_full
from crawler.session import CrawlProgress, CrawlSession, Errand, Refusal, Writer
from parsers import Document

T = TypeVar("T")

logger = logging.getLogger(__name__)


class Recorder:
    """Keeps what a crawl fetched. Every call but `open` and `finish` raises StorageError when it cannot be kept."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._writer = Writer()
        self._preparing = ThreadPoolExecutor(2, thread_name_prefix="prepare")
        self._desk: CrawlSession | None = None
        self._ahead = CrawlProgress(run.progress)
        self.summary: CrawlSummary | None = None
        self.started = datetime.now(UTC)

    @property
    def opened(self) -> bool:
        """Whether the source is ours."""
        return self._desk is not None

    async def open(self) -> None:
        """Lock the source, catch up, and begin the crawl. Raises Locked, and StorageError when the disk is full."""
        try:
            await self._writer.run(self._begin)
        except (OSError, sqlite3.Error) as error:
            if not is_full(error):
                raise
            self._writer.failure = StorageError(error)
            self.summary = self._cut_short("disk_full", 0, 0)
            raise self._writer.failure from error

    async def prepare(self, fetched: Fetched, lease: Lease | None = None) -> Prepared | None:
        """What is costly about a response; None for bytes that are known and need no second look."""
        loop = asyncio.get_running_loop()
        with self._run.pulse.working():
            return await loop.run_in_executor(self._preparing, self._open_desk().prepare, fetched, lease)

    async def record(
        self,
        fetched: Fetched,
        errand: Errand | None = None,
        prepared: Prepared | None = None,
        leads_out: str | None = None,
    ) -> Outcome:
        """Keep a response; at the end of its errand, the url is done until it is due again.

        leads_out: where it leads and is not followed.

        A page of an unfinished article is recorded with it. Where the outcome has one, its next page is to be
        fetched and recorded by the same errand.
        """
        if errand is None:
            prepared = await self.prepare(fetched)
        outcome = await self._write(lambda: self._recorded(self._open_desk(), fetched, errand, prepared, leads_out))
        self._ahead.tell()
        return outcome

    async def instead(self, errand: Errand, outcome: Outcome | None = None) -> str | None:
        """Another address of the article to ask at once, where this one gave none; outcome: what it answered, if so."""
        return await self._write(lambda: self._open_desk().instead(errand, outcome))

    async def record_robots(self, fetched: Fetched, reading: RobotsReading | None) -> None:
        """Keep a robots.txt, or a redirect to it or a part of it (reading None), and what it came to."""
        outcome = await self.record(fetched)
        record_id = outcome.record_id
        if reading is not None and record_id is not None:
            await self._write(lambda: self._open_desk().ingest.note_robots(record_id, reading))

    async def missed(self, errand: Errand, reason: str, at: datetime) -> None:
        """No response came: the url is tried again later."""
        await self._write(lambda: self._open_desk().missed(errand, reason, at))

    async def refused(self, errand: Errand, refusal: Refusal, at: datetime) -> None:
        """The url may not be fetched: looked at again ever more rarely, or never."""
        await self._write(lambda: self._open_desk().refused(errand, refusal, at))

    async def give_up(self, unfinished: UnfinishedArticle, reason: str) -> None:
        """The further pages of an article cannot be had now; `reason` goes on after the number of the next."""
        await self._write(lambda: self._open_desk().ingest.give_up(unfinished, reason))

    async def add(self, links: Sequence[Waiting], elsewhere: Sequence[str] = ()) -> int:
        """Let urls wait; returns how many were unknown. elsewhere: what the list names beside them, on other hosts."""
        return await self._write(lambda: self._open_desk().add(links, elsewhere))

    async def lease(self, n: int, wanted: Collection[Which] = BOTH, spent: Collection[str] = ()) -> list[Lease]:
        """Up to n urls that are due and wanted, never fetched ones first. spent: hosts asked no more."""
        return await self._write(lambda: self._open_desk().lease(n, wanted, spent))

    async def plan(self, a_day: int | None) -> str | None:
        """Known articles are looked at next; a line where so many requests a day are too few for them."""
        return await self._write(lambda: self._open_desk().plan(a_day))

    async def put_back(self, lease: Lease) -> None:
        """Its turn did not come after all."""
        await self._write(lambda: self._open_desk().put_back(lease))

    async def witness(self, lease: Lease) -> Lease | None:
        """An article to ask right now, where the one just asked is missing and no other of its host has answered."""
        return await self._write(lambda: self._open_desk().witness(lease))

    async def held_list(self, url: str) -> StoredPayload | None:
        """The last good capture of exactly this list: what a 304 would confirm."""
        return await self._write(lambda: self._open_desk().held_list(url))

    async def stored_list(self, held: StoredPayload) -> Document | None:
        """A list as it was captured; None when it cannot be read any more."""
        return await self._write(lambda: self._stored_list(held))

    async def unchanged_list(self, url: str, lastmod: datetime) -> int | None:
        """How many articles a list showed that need not be read again, None when it must be."""
        return await self._write(lambda: self._open_desk().unchanged_list(url, lastmod))

    async def note_list(self, listing: Listing) -> None:
        """Tell the archive what a list shows; the pages of what it leaves out are asked in this crawl."""
        await self._write(lambda: self._open_desk().note_list(listing))

    async def list_failed(self, failed: FailedList) -> None:
        """A list could not be read: what that means for its host is the archive's to say."""
        await self._write(lambda: self._open_desk().ingest.list_failed(failed))

    async def front_of(self, lease: Lease) -> str | None:
        """The front page to ask about the host of what is missing, where nothing else can vouch for it."""
        return await self._write(lambda: self._open_desk().ingest.front_of(lease.url))

    async def note_front(self, lease: Lease, record_id: str) -> None:
        """The front page that `front_of` gave answered with what this record keeps."""
        await self._write(lambda: self._open_desk().ingest.note_front(lease.url, record_id))

    def finish(self, reason: str, requests: int, errors: int, lists_read: bool) -> CrawlSummary:
        """Give back what is in hand, close the crawl and the archive; callable from any thread, once or again.

        lists_read: none of the lists was left out, so that it can be judged what they do not show.
        """
        if self.summary is None:
            self.summary = self._writer.finish(lambda: self._end(reason, requests, errors, lists_read))
            self._preparing.shutdown(wait=False, cancel_futures=True)
        return self.summary

    def _open_desk(self) -> CrawlSession:
        if self._desk is None:
            raise RuntimeError("the recorder is not open")
        return self._desk

    async def _write(self, call: Callable[[], T]) -> T:
        with self._run.pulse.working():
            return await self._writer.write(self._open_desk(), call)

    # -- in the archive's thread ------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._desk = CrawlSession.of(self._run, self.started)
        self._writer.guarded(self._desk.start)

    def _recorded(
        self,
        desk: CrawlSession,
        fetched: Fetched,
        errand: Errand | None,
        prepared: Prepared | None,
        leads_out: str | None,
    ) -> Outcome:
        outcome = desk.record(fetched, errand, prepared, leads_out)
        self._ahead.look(desk.ahead)
        return outcome

    def _stored_list(self, held: StoredPayload) -> Document | None:
        try:
            return self._open_desk().stored_list(held)
        except (Unproved, WarcError, ContentError) as error:
            logger.warning("%s: what is stored of it cannot be read: %s", held.url, error)
            return None

    def _end(self, reason: str, requests: int, errors: int, lists_read: bool) -> CrawlSummary:
        desk = self._open_desk()
        try:
            return self._writer.guarded(lambda: desk.finish(reason, requests, errors, lists_read))
        except StorageError as error:
            return self._cut_short("disk_full" if error.full else "failed", requests, errors)
        finally:
            desk.close(self._writer.failure)

    def _cut_short(self, reason: str, requests: int, errors: int) -> CrawlSummary:
        """The figures of a crawl whose end could not be written; the next crawl of the source closes it."""
        counts = self._desk.ingest.counts if self._desk else Counts()
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
