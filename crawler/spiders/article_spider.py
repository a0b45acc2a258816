"""One spider for every source: reads the seeds, asks every article that is due, and stores each response."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self, cast

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.decisions import RobotsReading
from archive.judging import ERRORS, CrawlSummary, Fetched, Outcome, ParserUnavailable, UnfinishedArticle
from archive.rules import host_of
from archive.settings import SettingsError
from crawler.cluster import Desk, use_workers
from crawler.download import KEEP_PARTS
from crawler.frontier import BOTH, Lease
from crawler.middlewares import (
    AddressRefused,
    BudgetSpent,
    HostClosed,
    Politeness,
    Robots,
    RobotsRefused,
    Spending,
    conditional_headers,
    with_budget,
    with_remedy,
)
from crawler.pipelines import CrawlSession
from crawler.process import NeverBegan, log_end, log_start, open_journal
from crawler.runs import Run, StorageError
from crawler.seeds import GET, NEEDED
from crawler.session import (
    BY_ROBOTS,
    FAILED,
    MISSING,
    SEEN,
    Errand,
    Redirects,
    RedirectTarget,
    Refusal,
    article_page,
)
from crawler.sources import UnknownSeed, UnknownSource
from crawler.spiders.environment import configure_scrapy, run_asked_for, unused_proxy
from crawler.spiders.failures import Failures, VisitWindow
from crawler.spiders.reasons import why_not
from crawler.spiders.seed_reader import SeedReader
from crawler.spiders.seeding import Seeding
from parsers.errors import RENDERED
from parsers.urls import urlkey

MAX_ADDRESSES_ASIDE = 5_000  # new addresses on spent hosts; after so many only known ones are asked
MAX_REQUESTS_UNDER_WAY = 32  # bounds the responses in memory
LEASES_AT_A_TIME = 64
UNWRITABLE = ("disk_full", "failed")  # finish reasons after which the archive cannot be written
KNOWN = (StorageError, ParserUnavailable)  # logged without a traceback

logger = logging.getLogger(__name__)


class ArticleSpider(Spider):
    """Crawls one source, for `crawler.crawl` or `scrapy crawl articles -a source=NAME [-a limit=N]`.

    The home of the latter is THINKER_HOME, else ./data.
    """

    name = "articles"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.session = CrawlSession(run)
        self.summary: CrawlSummary | None = None
        self.problem: Exception | None = None
        self.finish_reason: str | None = None
        self._why: str | None = None
        self.key: str | None = None  # of the article that the run's single address gave
        self.led_out: str | None = None  # the address to which it redirects, if that is no article of the source
        self.requests = 0
        self._answers = 0  # to these requests
        self.errors = 0
        self._articles = 0
        self._refused = 0  # by robots.txt
        self._barred = 0  # by us, whatever robots.txt says
        self._waiting = 0
        self._aside = 0  # on hosts that may not be asked any more today
        self._planned = False
        self._spending: Spending
        self._politeness: Politeness
        self._visits = VisitWindow()
        self._leads = Redirects(run.source)
        self._asked = {urlkey(run.source.plain(url)) for url in run.options.addresses}
        self._failures = Failures(partial(logger.warning, "%s"))
        self._hands = asyncio.Semaphore(MAX_REQUESTS_UNDER_WAY)
        self._lists: SeedReader
        self._seeding: Seeding
        self._reading: asyncio.Future[None] | None = None
        self._desk: Desk | None = None  # if workers send the requests

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        said = kwargs.pop("source", None), kwargs.pop("limit", None)
        run = kwargs.pop("run", None) or run_asked_for(*said, crawler.settings)
        spider = super().from_crawler(crawler, *args, run=run, **kwargs)
        configure_scrapy(crawler, run)
        if run.by_workers:
            spider._desk = use_workers(crawler, run)
        spider._lists = SeedReader(crawler, run.source, spider.session)
        spider._spending = spider._lists.spending
        spider._seeding = Seeding(run, spider._lists, spider.session, going=run.options.reads_lists)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Read the seeds, and yield requests for due articles beside them, until none is left."""
        open_journal(self.run)
        if proxy := unused_proxy(self.run.source.homepage):
            logger.warning("%s", proxy)
        try:
            await self.session.open()
            self.run.pulse.phase = "crawling"
            self._hear_robots()
            self._politeness = cast("Politeness", self.crawler.get_downloader_middleware(Politeness))
            log_start(self.run, self.session.started)
            self._reading = asyncio.ensure_future(self._read_lists())
            async for lease in self._leases():
                yield self._request(Errand.of(lease))
            self._seeding.stop()
            await self._reading
        except Exception as error:  # Scrapy would log it and end the crawl as finished
            self._end_with(error)

    async def take(self, response: Response, errand: Errand) -> None:
        """Store a response, and send the request that follows from it, if any, to Scrapy.

        It is for a redirect's target, the article's next page or another address of it. Or, if the article is missing,
        for another article or the front page, to see if the host is well.
        """
        self.requests += 1
        self._answers += 1
        self._lists.silence.answered()
        try:
            page, lead, outcome = await self._recorded(response, errand)
            self._note_why(errand.lease, None if lead.target else why_not(outcome, page))
            self._note_end(errand.lease, outcome, lead)
            is_rendered = RENDERED in (outcome.error or "")  # logged once, at the end
            if outcome.kind in ERRORS and not self.run.options.addresses and not is_rendered:
                self._failures.say(
                    _placed((errand.unfinished or errand.lease).url, why_not(outcome, page) or outcome.kind)
                )
            is_amiss = outcome.kind in MISSING or outcome.kind in FAILED
            instead = await self.session.write(self.session.instead, errand, outcome) if is_amiss else None
            witness = None if instead else await self._witness(outcome, errand.lease)
            if instead is None and witness is None:
                await self._ask_front_page(outcome, errand.lease)
        except Exception as error:  # after any error the page is not stored: the crawl ends and logs why
            self._hands.release()
            self._end_with(error)
            return
        if lead.target:
            self._ask(errand.led_to(lead.target, lead.lasting))
        elif outcome.unfinished:
            self._ask(errand.going_on(outcome.unfinished))
        elif instead:
            self._ask(errand.at(instead))
        elif witness:
            self._ask(Errand.of(witness), urgent=True)  # in the place of the missing one's request
            self._judge(outcome)
        else:
            self._hands.release()
            self._judge(outcome)

    async def _recorded(self, response: Response, errand: Errand) -> tuple[Fetched, RedirectTarget, Outcome]:
        """Store a response; return the page as stored, the judgement on its redirect, and its outcome."""
        lead = await self._leads.of_response(response, errand)
        page = article_page(response, errand, lead, self.run.source.twins(response.url))
        prepared = await self.session.prepare(page, None if errand.unfinished else errand.lease)
        if prepared and prepared.leads_to and not errand.unfinished:
            lead = await self._leads.of(prepared.leads_to, errand)
            page = article_page(response, errand, lead)
            prepared = None if lead.target else prepared
        return page, lead, await self.session.record(page, errand, prepared, lead.out)

    async def miss(self, failure: Failure, errand: Errand) -> None:
        """Ask another of the article's addresses after a failure, or record the failure."""
        instead = None
        self._note_why(errand.lease, self._refusal(failure.value, errand))
        try:
            instead = await self._unanswered(failure.value, errand)
        except StorageError as storage_error:
            self._end_with(storage_error)
        finally:
            if instead is None:
                self._hands.release()
        if instead is not None:
            self._ask(errand.at(instead))

    async def _unanswered(self, error: BaseException | None, errand: Errand) -> str | None:
        """Record that an address gave no response, by the kind of error, or return another to ask in its place.

        None if nothing is to be asked in its place. Raises StorageError.
        """
        if isinstance(error, StorageError):
            raise error
        if isinstance(error, BudgetSpent):
            await self._leave(error, errand)
        elif isinstance(error, HostClosed):
            await self._wait(error, errand.unfinished)
        elif isinstance(error, RobotsRefused | AddressRefused):
            await self._barred_from(error, errand)
        else:
            self.requests += 1
            if instead := await self.session.write(self.session.instead, errand):
                return instead
            await self._missed(errand, _told(error))
        return None

    async def _barred_from(self, error: RobotsRefused | AddressRefused, errand: Errand) -> None:
        now, own = datetime.now(UTC), errand.unfinished is None
        if isinstance(error, RobotsRefused):
            self._refused += own
            await self.session.write(self.session.refused, errand, BY_ROBOTS, now)
            return
        self._barred += own
        if not self.run.options.addresses:
            logger.warning("%s", self._refusal(error, errand))
        for_good = error.for_good and own and not errand.via  # else its redirect's target is refused
        await self.session.write(self.session.refused, errand, Refusal("refused by policy", for_good), now)

    def _refusal(self, error: BaseException | None, errand: Errand) -> str:
        """The reason of a failure in a line; with advice if our rules refused it, unless it was a redirect's target."""
        return with_remedy(_told(error), None if errand.via else error, self.run.source)

    async def _missed(self, errand: Errand, why: str) -> None:
        url = errand.unfinished.url if errand.unfinished else errand.lease.url
        self._lists.silence.failed(_placed(url, why), self._failures.say)
        await self.session.write(self.session.missed, errand, why, datetime.now(UTC))
        self._note(answered=False)

    async def _wait(self, closed: HostClosed, unfinished: UnfinishedArticle | None) -> None:
        """Count an address whose host asked us to wait; it stays leased until the crawl ends, and as due as before.

        unfinished: the article of which a further page was wanted, which is then not read in this crawl; None without
        one.
        """
        if not self._waiting and not self.run.options.addresses:  # of a single address the command itself prints it
            logger.warning("%s", _told(closed))
        self._waiting += 1
        if unfinished is not None:
            await self.session.write(self.session.ingest.give_up, unfinished, "waits: its host asked us to wait")

    async def _leave(self, spent: BudgetSpent, errand: Errand) -> None:
        """Leave an address to a later crawl, because a budget is spent; requests under way are still completed.

        A known article is given back at once. A new one stays leased until the crawl ends, and so does one that
        redirects to a spent host: its own host has room, so it would be leased again and again. An article of which a
        further page was wanted is not read in this crawl.
        """
        self._spending.note(spent)
        own = spent.host in (None, self._politeness.host_of(errand.lease.url))
        if errand.unfinished is not None:
            await self.session.write(self.session.ingest.give_up, errand.unfinished, "waits: the budget is spent")
        elif errand.lease.fetched_at is not None and own:
            await self.session.write(self.session.leasing.put_back, errand.lease)

    def end(self, reason: str) -> None:
        """Stop the crawl; the first reason given is kept."""
        if self.finish_reason is None:
            self.finish_reason = reason
            self._seeding.stop()
            asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))  # noqa: RUF006 the engine holds it

    def closed(self, reason: str) -> None:
        """Close the crawl in the archive; Scrapy calls this last."""
        if self._reading is not None:
            self._reading.cancel()
        self.conclude("stopped" if reason == "shutdown" else reason)

    def conclude(self, reason: str) -> CrawlSummary | None:
        """Write the end of the crawl, once, and return its figures; None if it never began."""
        self.run.pulse.phase = "closing"
        if self.summary is None and (self.session.opened or self.session.summary is not None):
            told = self._reason(reason), self.requests + self._lists.requests, self.errors + self._lists.errors
            ended = self.session.finish(*told, lists_read=self._seeding.whole)
            if self._desk is not None:
                self._desk.close()
            waiting = replace(ended, waiting=self._waiting + self._lists.waiting)
            self.summary = with_budget(waiting, self._spending.first)
            self._failures.end()
            log_end(self.run, self.summary, self._lists.silence.line(self.run.source.name))
            self._note_health(self.summary)
        return self.summary

    def _note_health(self, summary: CrawlSummary) -> None:
        if summary.finish_reason in UNWRITABLE:
            return
        try:
            self.run.options.ended(self.run.home)
        except (
            OSError,
            sqlite3.Error,
            SettingsError,
            UnknownSource,
            UnknownSeed,
        ) as error:  # the crawl itself is complete
            logger.warning("the health rules could not be stored: %s", _told(error))

    @property
    def why(self) -> str | None:
        """The reason that the run's single address gave no article; None if it gave one, or none such was asked."""
        silent = self._lists.silence.line(self.run.source.name) is not None
        return f"{self._why}: check the address, and that this machine is online" if self._why and silent else self._why

    def _note_why(self, lease: Lease, why: str | None) -> None:
        if lease.urlkey in self._asked:
            self._why = _placed(lease.url, why) if why else None

    def _note_end(self, lease: Lease, outcome: Outcome, lead: RedirectTarget) -> None:
        if lease.urlkey in self._asked:
            self.key = outcome.key if outcome.kind in SEEN else self.key
            self.led_out = lead.out

    def conclusion(self) -> CrawlSummary:
        """The figures of the crawl, closed now if it was cut off.

        Raises the error that kept it from beginning, or NeverBegan if a signal did.
        """
        summary = self.conclude("stopped")
        if summary is None:
            raise self.problem or NeverBegan(f"the crawl of {self.run.source.name} was stopped before it began")
        return summary

    def _reason(self, reason: str) -> str:
        if self.finish_reason is not None:
            return self.finish_reason
        if reason == "finished" and self._spending.first:
            return "budget"
        if reason == "finished" and self._articles and self._articles == self._refused + self._barred:
            return "policy" if self._barred else "robots"
        if reason == "finished" and self._visits.all_failed:
            return "outage"
        closed = self._waiting or (self._lists.waiting and not self._lists.answers)
        if reason == "finished" and closed and not self._answers:
            return "waiting"
        if reason == "finished" and self.run.options.limit is not None and self._articles >= self.run.options.limit:
            return "limit"
        return reason

    def _hear_robots(self) -> None:
        robots = self.crawler.get_downloader_middleware(Robots)
        if robots is not None:
            robots.listener = self._record_robots

    async def _record_robots(self, fetched: Fetched, reading: RobotsReading | None) -> None:
        self._lists.silence.answered()
        await self.session.record_robots(fetched, reading)

    async def _read_lists(self) -> None:
        """Read the seeds beside the articles, and end the crawl if `Seeding.read` gives a reason or fails."""
        try:
            ended = await self._seeding.read()
        except Exception as error:  # nothing awaits this task's result
            self._end_with(error)
            return
        if ended:
            self.end(ended)

    async def _leases(self) -> AsyncIterator[Lease]:
        while self.finish_reason is None and not self._spending.over and (room := self._room()):
            leases = await self._next(room)
            for lease in leases:
                if self._spending.spent and self._politeness.host_of(lease.url) in self._spending.spent:
                    self._aside += 1  # it stays leased, so that it is not leased again
                    continue
                await self._hands.acquire()
                if self.finish_reason is not None or self._spending.over:
                    self._hands.release()
                    return
                self._articles += 1
                yield lease
            if not leases:
                return

    async def _next(self, room: int) -> list[Lease]:
        """The next leases, at most `room`; [] at the crawl's end. While lists are read, only articles never fetched.

        If no url is due yet, it waits for the lists.
        """
        while self.finish_reason is None:
            going = self._seeding.going
            leases = await self._lease(room, going) if self._seeding.ready else []
            if leases or not going:
                return leases
            await self._seeding.news()
        return []

    async def _lease(self, room: int, going: bool) -> list[Lease]:
        """Lease up to `room` urls; known articles only if budgets allow them, and not while lists are read (going).

        New ones too are left out once more than MAX_ADDRESSES_ASIDE of them are on hosts whose budget is spent.
        """
        if not (going or self._planned or self.run.options.addresses):
            self._planned = True
            a_day = self._politeness.a_day_of(self.run.source.places)
            if a_day is not None and (too_few := await self.session.write(self.session.leasing.plan, a_day)):
                logger.warning("%s", too_few)
        wanted = set(BOTH)
        if going or self._spending.over_for_known:
            wanted.discard("seen")
        if self._aside > MAX_ADDRESSES_ASIDE:
            wanted.discard("unseen")
        return await self.session.write(
            self.session.leasing.lease, room, wanted, frozenset(self._spending.spent_for_known)
        )

    def _room(self) -> int:
        return (
            LEASES_AT_A_TIME
            if self.run.options.limit is None
            else max(0, min(LEASES_AT_A_TIME, self.run.options.limit - self._articles))
        )

    async def _witness(self, outcome: Outcome, lease: Lease) -> Lease | None:
        """The lease of a control article to ask now, if one is missing and its host is not proved well; else None."""
        if outcome.kind not in MISSING or self.finish_reason is not None:
            return None
        witness = await self.session.write(self.session.leasing.witness, lease)
        self._articles += witness is not None
        return witness

    async def _ask_front_page(self, outcome: Outcome, lease: Lease) -> None:
        """Ask for the front page of the host of an article that is gone, if no other article can prove the host well.

        It is stored like a list.
        """
        if outcome.kind != "gone" or self.finish_reason is not None:
            return
        url = await self.session.write(self.session.ingest.front_of, lease.url)
        if url is None:
            return
        reader = SeedReader(self.crawler, self.run.source, self.session, self._lists.silence)
        try:
            page = await reader.read(url, GET, NEEDED)
        except BudgetSpent as error:
            self._spending.note(error)
            return
        finally:
            self.requests += reader.requests
        if page is not None and host_of(page.url) == host_of(url):
            await self.session.write(self.session.ingest.note_front, lease.url, reader.record_id)

    def _ask(self, errand: Errand, urgent: bool = False) -> None:
        self.crawler.engine.crawl(self._request(errand, urgent))

    def _request(self, errand: Errand, urgent: bool = False) -> Request:
        wanted = errand.unfinished or errand.lease
        known = errand.lease.fetched_at is not None and not (errand.unfinished or errand.via or urgent)
        return Request(
            errand.url,
            headers=None if errand.via else conditional_headers(wanted.etag, wanted.last_modified),
            callback=self.take,
            errback=partial(self.miss, errand=errand),
            cb_kwargs={"errand": errand},
            priority=int(urgent),
            meta={"urgent": urgent, "recheck": known and not self.run.options.addresses, **KEEP_PARTS},
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
            if self.session.opened or isinstance(error, StorageError):
                logger.error("%s", _told(error), exc_info=None if isinstance(error, KNOWN) else error)
        self.end("disk_full" if isinstance(error, StorageError) and error.full else "failed")


def _placed(url: str, told: str) -> str:
    """A message with the address before it: `ADDRESS: MESSAGE`; unchanged if it begins with the address already."""
    return told if told.startswith(url) else f"{url}: {told}"


def _told(error: BaseException | None) -> str:
    """The text of an error in one line, at most 300 characters; its class's name if it has no text. "None" for None."""
    return " ".join((str(error) or type(error).__name__).split())[:300]
