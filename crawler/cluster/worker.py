"""The worker: leases orders, sends their requests politely, keeps the answers in its spool, and ships them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic, time
from typing import Any, ParamSpec, Self, TypeVar, cast

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.log import get_scrapy_root_handler
from twisted.python.failure import Failure as TwistedFailure

from crawler.cluster.failures import failure_of
from crawler.cluster.order import Order, OrderError, order_in, order_of
from crawler.cluster.patience import PAUSE_SECONDS, DepotPatience
from crawler.cluster.work import Done, Work, order_url, record_of, settings_of
from crawler.download import Answer
from crawler.frontier import Leased
from crawler.runs import StorageError
from crawler.segments import Delivery, DepotError, Failure
from crawler.sources import Source, all_sources

HANDS = 32  # orders under way at once, of a host with a delay one: a slow host leaves the others their hands
LEASE_SECONDS = 60.0
RENEW_EVERY_SECONDS = 10.0
BEAT_EVERY_SECONDS = 2.0
LOOK_EVERY_SECONDS = 0.1
SHIP_EVERY_SECONDS = 0.2  # the age at which a segment is closed
SEGMENT_BYTES = 8_000_000  # or this size
IDLE_SECONDS = 10.0  # with --once: the end after so long without an order and a crawl
SILENT_CRAWL_SECONDS = 30.0  # after so long without a word a crawl is dead

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)


class WorkerSpider(Spider):
    """One worker, until a signal or, with `once`, until nothing is left to do."""

    name = "worker"

    def __init__(self, run: Work, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.work = run
        self.done = Done()
        self._finish_reason: str | None = None
        self.problem: Exception | None = None
        self._sources: dict[str, Source] = all_sources(run.settings)
        self._held: dict[str, str] = {}  # tokens by id, until they are acknowledged
        self._hands = 0
        self._busy: set[str] = set()  # hosts with a delay that have an order under way
        self._patience = DepotPatience()
        self._ahead = timedelta()  # of the server's clock before ours
        self._spooling = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._talking = ThreadPoolExecutor(3, thread_name_prefix="orders")  # to lease, to ship and to renew
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def finish_reason(self) -> str | None:
        """The reason that the worker ends early; after it is set, calls to the server wait for a short time only."""
        return self._finish_reason

    @finish_reason.setter
    def finish_reason(self, reason: str) -> None:
        self._finish_reason = reason
        self.work.orders.hurry()
        self.work.book.hurry()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        for name, value in {**settings_of(spider.work, spider._sources), "CONCURRENT_REQUESTS": HANDS}.items():
            crawler.settings.set(name, value, priority="spider")
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ship what an earlier worker left in the spool, then yield the request of each order that is leased."""
        if (handler := get_scrapy_root_handler()) is not None:
            handler.setLevel(logging.WARNING if self.work.quiet else logging.INFO)
            handler.addFilter(lambda record: record.levelno >= logging.WARNING or record.name == logger.name)
        try:
            await self._take_up()
            for going_on in (self._go_on_shipping, self._go_on_renewing):
                self._tasks.append(asyncio.ensure_future(self._unless_it_fails(going_on)))
            async for leased in self._leased():
                try:
                    order = self._read(leased)
                except OrderError as error:
                    await self._deliver(leased, None, Failure("unknown", str(error)))
                    continue
                yield order.request.replace(
                    callback=self.take, errback=self.miss, meta={**order.request.meta, "order": order}
                )
        except Exception as error:  # Scrapy would log it and go on
            self._end_with(error)

    async def take(self, response: Response) -> None:
        """Keep an answer in the spool."""
        try:
            await self._deliver(order_in(_request(response)).leased, cast("Answer", response), None)
        except Exception as error:
            self._end_with(error)

    async def miss(self, failure: TwistedFailure) -> None:
        """Keep the failure of a request in the spool."""
        request = cast("Request", failure.request)  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, StorageError):  # the server is away: the order is another worker's
            self._end_with(error)
            return
        try:
            await self._deliver(order_in(request).leased, None, failure_of(error or Exception("no detail")))
        except Exception as fault:
            self._end_with(fault)

    def closed(self, _reason: str) -> None:
        """Ship the rest, and give back the orders that were not fetched; Scrapy calls this last."""
        for task in self._tasks:
            task.cancel()
        self._spooling.shutdown()
        self._talking.shutdown()
        try:
            self.work.spool.close()
            self._ship()
            self.work.orders.give_back(self._held.items())
        except Exception as error:  # the spool is shipped at the next start
            self.problem = self.problem or error
        finally:
            self.work.spool.shut()
            self.work.orders.close()
            self.work.book.shut()

    # -- orders -----------------------------------------------------------------------------------------------

    async def _leased(self) -> AsyncIterator[Leased]:
        idle = monotonic()
        while self.finish_reason is None:
            room = 0 if self._patience.tried else HANDS - self._hands
            leased = await self._talk(self._lease, room, tuple(self._busy)) if room > 0 else None
            self._busy.update(each.host for each in leased or () if each.delay)
            for each in leased or ():
                self._hands += 1
                yield each
            if leased or self._hands:
                idle = monotonic()
            if not leased:
                if self.work.once and monotonic() - idle >= IDLE_SECONDS:
                    if not await self._talk(self.work.orders.crawls, SILENT_CRAWL_SECONDS):
                        return
                    idle = monotonic()
                await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _lease(self, room: int, busy: tuple[str, ...]) -> list[Leased] | None:
        most = self.work.settings.cluster.most_segments
        leased = self.work.orders.lease(self.work.spool.worker, room, LEASE_SECONDS, most, busy)
        # Here: a worker that ends may drop the result of this call.
        self._held.update({each.id: each.token for each in leased or ()})
        return leased

    def _read(self, leased: Leased) -> Order:
        """The order as this worker may send it. Raises OrderError, also for a source that its thinker.toml lacks."""
        if leased.source not in self._sources:
            raise OrderError(f"a worker does not know the source {leased.source}: give it the archive's thinker.toml")
        return order_of(leased)

    async def _deliver(self, leased: Leased, answer: Answer | None, failure: Failure | None) -> None:
        """Keep what came of an order in the spool; on disk when this returns."""
        at = datetime.now(UTC) + self._ahead
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._spooling, self._spool, leased, answer, failure, at)
        self._hands -= 1
        self._busy.discard(leased.host)
        self.done.fetched += answer is not None
        self.done.failed += answer is None

    def _spool(self, leased: Leased, answer: Answer | None, failure: Failure | None, at: datetime) -> None:
        url = order_url(leased) if answer is None else answer.url
        told = Delivery(leased.id, leased.token, leased.source, url, at.isoformat(timespec="milliseconds"))
        if answer is None:
            self.work.spool.add(replace(told, failure=failure), None)
            return
        ip = str(answer.ip_address) if answer.ip_address is not None else None
        record = record_of(answer, at, self.work.spool.warcinfo(leased.source), ip)
        told = replace(told, status=answer.status, record=record.record_id, size=len(answer.body), ip=ip)
        self.work.spool.add(replace(told, truncated=answer.truncated, open_ended=answer.open_ended), record)

    # -- shipping ---------------------------------------------------------------------------------------------

    async def _go_on_shipping(self) -> None:
        """Close, ship and acknowledge segments."""
        loop = asyncio.get_running_loop()
        while True:
            await loop.run_in_executor(self._spooling, self.work.spool.close, SHIP_EVERY_SECONDS, SEGMENT_BYTES)
            await self._ship_patiently()
            await asyncio.sleep(PAUSE_SECONDS if self._patience.tried else LOOK_EVERY_SECONDS)

    async def _go_on_renewing(self) -> None:
        """Renew leases, also while a segment takes long to ship, and tell that this worker is at work."""
        renewed = 0.0
        while True:
            if monotonic() - renewed >= RENEW_EVERY_SECONDS:
                await self._talk(self.work.orders.renew, list(self._held.items()), LEASE_SECONDS)
                renewed = monotonic()
            await self._talk(self._beat)
            await asyncio.sleep(BEAT_EVERY_SECONDS)

    async def _unless_it_fails(self, going_on: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await going_on()
        except Exception as error:  # nothing awaits a task's result
            self._end_with(error)

    async def _ship_patiently(self) -> None:
        """Ship; while the depot fails, the answers stay in the spool and no further order is leased."""
        try:
            await self._talk(self._ship)
            self._patience.end()
        except DepotError as error:
            self._patience.bear(error)

    def _ship(self) -> None:
        for closed in self.work.spool.closed():
            self.work.depot.ship(closed)
            leases = [(each.order, each.token) for each in closed.deliveries]
            source = closed.name.partition("/")[0]
            self.done.late += len(self.work.orders.acknowledge(closed.name, source, leases))
            self.done.segments += 1
            self.work.spool.remove(closed)
            for order, token in leases:
                if self._held.get(order) == token:
                    self._held.pop(order, None)

    async def _take_up(self) -> None:
        """Ship the answers of a worker that died here, then end its leases, so that no worker fetches them again."""
        await self._talk(self.work.spool.recover)
        await self._ship_patiently()
        while self._patience.tried and self.finish_reason is None:
            await asyncio.sleep(PAUSE_SECONDS)
            await self._ship_patiently()
        await self._talk(self.work.orders.reclaim, self.work.spool.worker)
        await self._talk(self._beat)

    def _beat(self) -> None:
        """Say that this worker is at work, and note how far the server's clock is ahead of ours."""
        done = self.done
        said = {"hands": self._hands, "fetched": done.fetched, "failed": done.failed, "segments": done.segments}
        began = time()
        now = self.work.orders.beat(self.work.spool.worker, said)
        self._ahead = timedelta(seconds=now - (began + time()) / 2)

    async def _talk(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._talking, lambda: call(*args, **kwargs))

    def end(self, reason: str) -> None:
        """Stop the worker; the first reason given is kept."""
        if self.finish_reason is None:
            self.finish_reason = reason
            asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=reason))  # noqa: RUF006 the engine holds it

    def _end_with(self, error: Exception) -> None:
        if self.problem is None:
            self.problem = error
        self.end("failed")


def work_to_the_end(work: Work) -> Done:
    """Run a worker until it ends, and return what it did; once in a process. Raises the error that ended it."""
    from crawler.process import run_to_the_end

    spider = run_to_the_end(WorkerSpider, work)
    if spider.problem is not None:
        raise spider.problem
    spider.done.stopped = spider.finish_reason == "stopped"
    return spider.done


def _request(response: Response) -> Request:
    assert response.request is not None
    return response.request
