"""One spider for every source: seeds, then every article that is due, each response to the archive."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.ingest import CrawlSummary, Fetched, Listing, Outcome, Unfinished
from archive.judging.parsing import ParserUnavailable
from archive.settings import load_settings
from crawler.frontier import Lease
from crawler.middlewares.conditional import conditional_headers
from crawler.middlewares.robots import RobotsRefused
from crawler.pipelines import Recorder
from crawler.responses import article_target, fetched, page_target
from crawler.run import Run
from crawler.seeds import links_from, waiting
from crawler.sources import NewsSitemap, Seed, Sitemap, source_named
from crawler.spiders.seed_reader import SeedReader
from crawler.storage import StorageError
from parsers import ParseError

IN_HAND = 32  # requests under way, and so the responses in memory
BATCH = 64  # leases taken at a time
OUTAGE = 10  # failures in a row that mean the site and not the page
HOPS = 5
MISSING = frozenset({"gone", "redirected", "restricted"})
KNOWN = (StorageError, ParserUnavailable)  # a line says it all

logger = logging.getLogger(__name__)


class ArticleSpider(Spider):
    """`scrapy crawl articles -a source=NAME` (home: THINKER_HOME, else ./data), or `crawler.crawl`."""

    name = "articles"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.recorder = Recorder(run)
        self.summary: CrawlSummary | None = None
        self.problem: Exception | None = None
        self.finish_reason: str | None = None
        self.requests = 0
        self.errors = 0
        self._articles = 0
        self._refused = 0
        self._failures = 0
        self._hands = asyncio.Semaphore(IN_HAND)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        run = kwargs.pop("run", None) or _run_from_environment(kwargs.pop("source", None))
        spider = super().from_crawler(crawler, *args, run=run, **kwargs)
        for name, value in settings_of(run).items():
            crawler.settings.set(name, value, priority="spider")
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Read the seeds, then hand out what is due, until nothing is left or the crawl is ended."""
        try:
            await self.recorder.open()
            await self._read_seeds()
            async for lease in self._leases():
                yield self._request(lease)
        except Exception as error:  # Scrapy would log it and end the crawl as finished
            self._end_with(error)

    async def keep(self, response: Response, lease: Lease, hops: int = 0, unfinished: Unfinished | None = None) -> None:
        """Hand a response to the archive; follow a redirect that stays within the source, and an article's pages."""
        self.requests += 1
        target = self._target(response, lease, unfinished) if hops < HOPS else None
        page = _page(response, lease, hops, unfinished, bool(target))
        try:
            outcome = await self.recorder.record(page, None if target else lease, None if target else unfinished)
            witness = await self._witness(outcome, lease)
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

    async def miss(self, failure: Failure, lease: Lease, unfinished: Unfinished | None = None) -> None:
        """No response: the archive hears why, and the url waits for another try."""
        error = failure.value
        now = datetime.now(UTC)
        try:
            if isinstance(error, RobotsRefused):
                self._refused += unfinished is None
                await self.recorder.refused(lease, now, unfinished)
            else:
                logger.warning("%s: %s", unfinished.url if unfinished else lease.url, _told(error))
                await self.recorder.missed(lease, _told(error), now, unfinished)
                self._failed()
        except StorageError as storage_error:
            self._end_with(storage_error)
        finally:
            self._hands.release()

    def end(self, reason: str) -> None:
        """Stop the crawl; the first reason given is the one that is kept."""
        if self.finish_reason is None:
            self.finish_reason = reason
            asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))  # noqa: RUF006 the engine holds it

    def closed(self, reason: str) -> None:
        """Scrapy's last word: close the crawl in the archive."""
        self.conclude("stopped" if reason == "shutdown" else reason)

    def conclude(self, reason: str) -> CrawlSummary | None:
        """Write the end of the crawl, once; None when it never began."""
        if self.summary is None and (self.recorder.opened or self.recorder.summary is not None):
            self.summary = self.recorder.finish(self.finish_reason or self._reason(reason), self.requests, self.errors)
        return self.summary

    def conclusion(self) -> CrawlSummary:
        """The figures of the crawl, closed by force if it was cut off. Raises what kept it from beginning."""
        summary = self.conclude("stopped")
        if summary is None:
            raise self.problem or RuntimeError(f"the crawl of {self.run.source.name} was stopped before it began")
        return summary

    def _reason(self, reason: str) -> str:
        if reason == "finished" and self._refused and self._articles == self._refused:
            return "robots"
        if reason == "finished" and self.run.limit is not None and self._articles >= self.run.limit:
            return "limit"
        return reason

    # -- seeds ------------------------------------------------------------------------------------------------

    async def _read_seeds(self) -> None:
        source = self.run.source
        reader = SeedReader(self.crawler, source, self.recorder.record)
        for seed in source.seeds:
            try:
                await self._read_seed(seed, reader)
            except ParseError as error:
                reader.failed(f"{seed.url}: {error.reason}", seed.url)
            except StorageError:
                raise
            except Exception as error:  # a fault of our parser on one list must not cost the other seeds
                reader.failed(f"{seed.url}: the parser failed: {type(error).__name__}: {error}", seed.url)
        for url in reader.unread:
            await self.recorder.seed_failed(url)
        self.requests += reader.requests
        self.errors += reader.errors
        if source.seeds and not reader.requests:
            self.end("robots" if reader.refused else "outage")

    async def _read_seed(self, seed: Seed, reader: SeedReader) -> None:
        """Let what a seed names wait; the archive hears what every list shows that was read in full."""
        pages: list[tuple[str, tuple[str, ...]]] = []
        apart = isinstance(seed, Sitemap | NewsSitemap)  # each of its files is a list of its own
        unread = len(reader.unread)
        async for links in links_from(seed, self.run.source, reader.read, self.run.since):
            found = waiting(links)
            await self.recorder.add(found)
            page = (reader.record_id, tuple(link.urlkey for link in found))
            if apart:
                await self._note_list(reader.url, [page])
            else:
                pages.append(page)
        if len(reader.unread) == unread:
            await self._note_list(seed.url, pages)

    async def _note_list(self, url: str, pages: list[tuple[str, tuple[str, ...]]]) -> None:
        """A crawl of what is new sees only a part of each list; one that is empty or was not kept says nothing."""
        whole = self.run.since is None and all(record_id for record_id, _ in pages)
        if whole and any(urlkeys for _, urlkeys in pages):
            await self.recorder.note_list(Listing(url, tuple(pages)))

    # -- articles ---------------------------------------------------------------------------------------------

    async def _leases(self) -> AsyncIterator[Lease]:
        while self.finish_reason is None and (room := self._room()):
            leases = await self.recorder.lease(room)
            for lease in leases:
                await self._hands.acquire()
                if self.finish_reason is not None:
                    return
                self._articles += 1
                yield lease
            if not leases:
                return

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
            errback=partial(self.miss, lease=lease, unfinished=unfinished),
            cb_kwargs={"lease": lease, "hops": hops, "unfinished": unfinished},
            priority=int(urgent),
            meta={"urgent": urgent},
            dont_filter=True,
        )

    def _judge(self, outcome: Outcome) -> None:
        if outcome.kind == "unreachable":
            self._failed()
        else:
            self._failures = 0

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= OUTAGE:
            self.end("outage")

    def _end_with(self, error: Exception) -> None:
        if self.problem is None:
            self.problem = error
            if self.recorder.opened or isinstance(error, StorageError):
                logger.error("%s", _told(error), exc_info=None if isinstance(error, KNOWN) else error)
        self.end("disk_full" if isinstance(error, StorageError) and error.full else "failed")


def settings_of(run: Run) -> dict[str, Any]:
    """What Scrapy must know of the source that is crawled."""
    agent = "thinker-archive/0.1" + (f" (+{run.contact})" if run.contact else "")
    return {
        "USER_AGENT": agent,
        "HOST_DELAY": run.source.delay,
        "ADDRESS_GUARD_ALLOW": list(run.source.allow),
    }


def _run_from_environment(name: str | None) -> Run:
    """What `scrapy crawl articles -a source=NAME` asks for. Raises UnknownSource and SettingsError."""
    if not name:
        raise ValueError("name a source: scrapy crawl articles -a source=newsroom")
    home = Path(os.environ.get("THINKER_HOME") or "data")
    settings = load_settings(home)
    source = source_named(name, settings)
    return Run(source, home, contact=settings.contact, free_space_floor=settings.free_space_floor)


def _page(response: Response, lease: Lease, hops: int, unfinished: Unfinished | None, followed: bool) -> Fetched:
    """What the archive is given of a response: a redirect that is followed says nothing until its chain ends."""
    if unfinished:
        return fetched(response, "page")
    return fetched(response, "hop") if followed else fetched(response, "article", lease.url if hops else None)


def _told(error: BaseException | None) -> str:
    """One line about why no response came."""
    return " ".join((str(error) or type(error).__name__).split())[:300]
