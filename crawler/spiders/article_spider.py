"""One spider for every source: seeds, then every article that is due, each response to the archive."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.decisions import RobotsReading
from archive.hosts import host_of
from archive.ingest import CrawlSummary, Fetched, Outcome, Unfinished
from archive.judging.parsing import ParserUnavailable
from archive.settings import SettingsError
from crawler.answers import why_not
from crawler.budget import BudgetSpent
from crawler.downloads import KEEP_PARTS
from crawler.frontier import Lease
from crawler.journal import open_journal, tell_end, tell_start
from crawler.middlewares.address_guard import AddressRefused
from crawler.middlewares.conditional import conditional_headers
from crawler.middlewares.politeness import HostClosed
from crawler.middlewares.robots import Robots, RobotsRefused
from crawler.outages import Visits
from crawler.pipelines import Recorder
from crawler.proxies import unused_proxy
from crawler.responses import article_page, article_target, page_target
from crawler.run import Run
from crawler.seeds.reading import NEEDED
from crawler.sources import UnknownSeed, UnknownSource
from crawler.spiders.environment import run_asked_for, tell_scrapy
from crawler.spiders.seed_reader import SeedReader
from crawler.spiders.seeding import Seeding
from crawler.stopped import NeverBegan
from crawler.storage import StorageError
from crawler.visits import BY_ROBOTS, FAILED, MISSING, Refusal

IN_HAND = 32  # requests under way, and so the responses in memory
BATCH = 64  # leases taken at a time
HOPS = 5
UNWRITABLE = ("disk_full", "failed")  # ends after which the archive takes no notes
KNOWN = (StorageError, ParserUnavailable)  # a line says it all

logger = logging.getLogger(__name__)
_warn = partial(logger.warning, "%s")


class ArticleSpider(Spider):
    """`scrapy crawl articles -a source=NAME [-a limit=N]` (home: THINKER_HOME, else ./data), or `crawler.crawl`."""

    name = "articles"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.recorder = Recorder(run)
        self.summary: CrawlSummary | None = None
        self.problem: Exception | None = None
        self.finish_reason: str | None = None
        self._why: str | None = None
        self.requests = 0
        self.errors = 0
        self._articles = 0
        self._refused = 0  # by robots.txt
        self._barred = 0  # by us, whatever robots.txt says
        self._waiting = 0
        self._visits = Visits()
        self._hands = asyncio.Semaphore(IN_HAND)
        self._lists: SeedReader
        self._seeding: Seeding
        self._reading: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        said = kwargs.pop("source", None), kwargs.pop("limit", None)
        run = kwargs.pop("run", None) or run_asked_for(*said, crawler.settings)
        spider = super().from_crawler(crawler, *args, run=run, **kwargs)
        tell_scrapy(crawler, run)
        spider._lists = SeedReader(crawler, run.source, spider.recorder)
        spider._seeding = Seeding(run, spider._lists, spider.recorder, going=run.reads_lists)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Read the seeds, and beside them hand out what is due, until nothing is left or the crawl is ended."""
        open_journal(self.run)
        if proxy := unused_proxy(self.run.source.homepage):
            logger.warning("%s", proxy)
        try:
            await self.recorder.open()
            self.run.pulse.phase = "crawling"
            self._keep_robots()
            tell_start(self.run, self.recorder.started)
            self._reading = asyncio.ensure_future(self._read_lists())
            async for lease in self._leases():
                yield self._request(lease)
            self._seeding.stop()
            await self._reading
        except Exception as error:  # Scrapy would log it and end the crawl as finished
            self._end_with(error)

    async def keep(self, response: Response, lease: Lease, hops: int = 0, unfinished: Unfinished | None = None) -> None:
        """Hand a response to the archive; follow a redirect that stays within the source, and an article's pages."""
        self.requests += 1
        self._lists.silence.answered()
        target = self._target(response, lease, unfinished) if hops < HOPS else None
        page = article_page(response, lease.url if hops else None, bool(unfinished), bool(target))
        try:
            outcome = await self.recorder.record(page, None if target else lease, None if target else unfinished)
            self._note_why(lease, None if target else why_not(outcome, page))
            witness = await self._witness(outcome, lease)
            if witness is None:
                await self._ask_front_page(outcome, lease)
        except Exception as error:  # whatever it was, the page is not kept: the crawl ends and says why
            self._hands.release()
            self._end_with(error)
            return
        if target:
            self.crawler.engine.crawl(self._request(lease, target, hops + 1, unfinished))
        elif outcome.unfinished:
            self.crawler.engine.crawl(self._request(lease, unfinished=outcome.unfinished))
        elif witness:
            self.crawler.engine.crawl(self._request(witness, urgent=True))  # in the hand of the one that is missing
            self._judge(outcome)
        else:
            self._hands.release()
            self._judge(outcome)

    async def miss(self, failure: Failure, lease: Lease, hops: int = 0, unfinished: Unfinished | None = None) -> None:
        """No response: the archive hears why, and the url waits for another try."""
        error = failure.value
        now = datetime.now(UTC)
        self._note_why(lease, _told(error))
        try:
            if isinstance(error, StorageError):
                self._end_with(error)
            elif isinstance(error, BudgetSpent):
                self.end("budget")
            elif isinstance(error, HostClosed):
                await self._wait(error, unfinished)
            elif isinstance(error, RobotsRefused):
                self._refused += unfinished is None
                await self.recorder.refused(lease, BY_ROBOTS, now, unfinished)
            elif isinstance(error, AddressRefused):
                self._barred += unfinished is None
                if not self.run.addresses:
                    logger.warning("%s", _told(error))
                for_good = error.for_good and unfinished is None and not hops  # else it is what the address leads to
                await self.recorder.refused(lease, Refusal("refused by policy", for_good), now, unfinished)
            else:
                self._lists.silence.failed(_placed(unfinished.url if unfinished else lease.url, _told(error)), _warn)
                await self.recorder.missed(lease, _told(error), now, unfinished)
                self._note(answered=False)
        except StorageError as storage_error:
            self._end_with(storage_error)
        finally:
            self._hands.release()

    async def _wait(self, closed: HostClosed, unfinished: Unfinished | None) -> None:
        """The url stays in hand until the crawl ends, and is then as due as it was."""
        if not self._waiting and not self.run.addresses:  # whoever asked for it by name is told so
            logger.warning("%s", _told(closed))
        self._waiting += 1
        if unfinished is not None:
            await self.recorder.give_up(unfinished, "waits: its host asked for patience")

    def end(self, reason: str) -> None:
        """Stop the crawl; the first reason given is the one that is kept."""
        if self.finish_reason is None:
            self.finish_reason = reason
            self._seeding.stop()
            asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))  # noqa: RUF006 the engine holds it

    def closed(self, reason: str) -> None:
        """Scrapy's last word: close the crawl in the archive."""
        if self._reading is not None:
            self._reading.cancel()
        self.conclude("stopped" if reason == "shutdown" else reason)

    def conclude(self, reason: str) -> CrawlSummary | None:
        """Write the end of the crawl, once; None when it never began."""
        self.run.pulse.phase = "closing"
        if self.summary is None and (self.recorder.opened or self.recorder.summary is not None):
            told = self._reason(reason), self.requests + self._lists.requests, self.errors + self._lists.errors
            ended = self.recorder.finish(*told, lists_read=self._seeding.whole)
            self.summary = replace(ended, waiting=self._waiting + self._lists.waiting)
            tell_end(self.run, self.summary, self._lists.silence.line(self.run.source.name))
            self._tell_of_the_end(self.summary)
        return self.summary

    def _tell_of_the_end(self, summary: CrawlSummary) -> None:
        if summary.finish_reason in UNWRITABLE:
            return
        try:
            self.run.ended(self.run.home)
        except (
            OSError,
            sqlite3.Error,
            SettingsError,
            UnknownSource,
            UnknownSeed,
        ) as error:  # the crawl itself is whole
            logger.warning("the health rules could not be noted: %s", _told(error))

    @property
    def why(self) -> str | None:
        """Why the address that was asked for by name gave no article; None where it gave one."""
        silent = self._lists.silence.line(self.run.source.name) is not None
        return f"{self._why}: is the address right, and this machine online?" if self._why and silent else self._why

    def _note_why(self, lease: Lease, why: str | None) -> None:
        if lease.url in self.run.addresses:
            self._why = _placed(lease.url, why) if why else None

    def conclusion(self) -> CrawlSummary:
        """The figures of the crawl, closed by force if it was cut off. Raises what kept it from beginning."""
        summary = self.conclude("stopped")
        if summary is None:
            raise self.problem or NeverBegan(f"the crawl of {self.run.source.name} was stopped before it began")
        return summary

    def _reason(self, reason: str) -> str:
        if self.finish_reason is not None:
            return self.finish_reason
        if reason == "finished" and self._articles and self._articles == self._refused + self._barred:
            return "policy" if self._barred else "robots"
        if reason == "finished" and self._visits.all_failed:
            return "outage"
        if reason == "finished" and self._waiting + self._lists.waiting and not self.requests + self._lists.requests:
            return "waiting"
        if reason == "finished" and self.run.limit is not None and self._articles >= self.run.limit:
            return "limit"
        return reason

    def _keep_robots(self) -> None:
        robots = self.crawler.get_downloader_middleware(Robots)
        if robots is not None:
            robots.keep = self._record_robots

    async def _record_robots(self, fetched: Fetched, reading: RobotsReading | None) -> None:
        self._lists.silence.answered()
        await self.recorder.record_robots(fetched, reading)

    async def _read_lists(self) -> None:
        """Read the seeds; addresses that are asked for need none."""
        try:
            ended = await self._seeding.read()
        except Exception as error:  # nobody else would hear of it
            self._end_with(error)
            return
        if ended:
            self.end(ended)

    async def _leases(self) -> AsyncIterator[Lease]:
        while self.finish_reason is None and (room := self._room()):
            leases = await self._next(room)
            for lease in leases:
                await self._hands.acquire()
                if self.finish_reason is not None:
                    return
                self._articles += 1
                yield lease
            if not leases:
                return

    async def _next(self, room: int) -> list[Lease]:
        """What is due: while lists are still read, what was never fetched; at first their answers are waited for."""
        while self.finish_reason is None:
            going = self._seeding.going
            leases = await self.recorder.lease(room, unseen=going) if self._seeding.ready else []
            if leases or not going:
                return leases
            await self._seeding.news()
        return []

    def _room(self) -> int:
        return BATCH if self.run.limit is None else max(0, min(BATCH, self.run.limit - self._articles))

    def _target(self, response: Response, lease: Lease, unfinished: Unfinished | None) -> str | None:
        source = self.run.source
        return page_target(response, source) if unfinished else article_target(response, source, lease.urlkey)

    async def _witness(self, outcome: Outcome, lease: Lease) -> Lease | None:
        """Another article to ask right now, where one is missing and nothing says whether its host is well."""
        if outcome.kind not in MISSING or self.finish_reason is not None:
            return None
        witness = await self.recorder.witness(lease)
        self._articles += witness is not None
        return witness

    async def _ask_front_page(self, outcome: Outcome, lease: Lease) -> None:
        """Ask the front page of a host of which no article can say whether it is well; it is kept like a list."""
        if outcome.kind != "gone" or self.finish_reason is not None:
            return
        url = await self.recorder.front_of(lease)
        if url is None:
            return
        reader = SeedReader(self.crawler, self.run.source, self.recorder, self._lists.silence)
        try:
            page = await reader.read(url, None, NEEDED)
        except BudgetSpent:
            self.end("budget")
            return
        finally:
            self.requests += reader.requests
        if page is not None and host_of(page.url) == host_of(url):
            await self.recorder.note_front(lease, reader.record_id)

    def _request(
        self,
        lease: Lease,
        url: str | None = None,
        hops: int = 0,
        unfinished: Unfinished | None = None,
        urgent: bool = False,
    ) -> Request:
        wanted = unfinished or lease
        return Request(
            url or wanted.url,
            headers=conditional_headers(wanted.etag, wanted.last_modified) if url is None else None,
            callback=self.keep,
            errback=partial(self.miss, lease=lease, hops=hops, unfinished=unfinished),
            cb_kwargs={"lease": lease, "hops": hops, "unfinished": unfinished},
            priority=int(urgent),
            meta={"urgent": urgent, **KEEP_PARTS},
            dont_filter=True,
        )

    def _judge(self, outcome: Outcome) -> None:
        self._note(answered=outcome.kind not in FAILED)

    def _note(self, answered: bool) -> None:
        self._visits.note(answered)
        if self._visits.outage:
            self.end("outage")

    def _end_with(self, error: Exception) -> None:
        if self.problem is None:
            self.problem = error
            if self.recorder.opened or isinstance(error, StorageError):
                logger.error("%s", _told(error), exc_info=None if isinstance(error, KNOWN) else error)
        self.end("disk_full" if isinstance(error, StorageError) and error.full else "failed")


def _placed(url: str, told: str) -> str:
    """The address before what is told of it, once."""
    return told if told.startswith(url) else f"{url}: {told}"


def _told(error: BaseException | None) -> str:
    """One line about why no response came."""
    return " ".join((str(error) or type(error).__name__).split())[:300]
