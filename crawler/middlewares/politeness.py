"""One request at a time to a host, and so many a day: delay, Crawl-delay, Retry-After, backing off, budgets."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from time import monotonic, time
from typing import ParamSpec, Self, TypeVar

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response

from crawler.frontier import ServerError
from crawler.hosts import PEEK_SECONDS, HostBook, Hosts, RequestClaim, a_day, of_delay
from crawler.middlewares.budget import Budget
from crawler.middlewares.turns import Turns, pause
from crawler.middlewares.waits import MAX_WAIT_SECONDS, backing_off, retry_after
from crawler.runs import Pulse, StorageError

BUSY = (429, 503)  # the host asks us to come back later, not only this url
FAILING = (408, 500, 502, 504, *range(520, 525))
MAX_RETRIES = 2  # as Scrapy's RETRY_TIMES
LOOK_AGAIN_SECONDS = 0.25  # for a host without a delay, which another crawl may have closed
FAULTS = (CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, ResponseDataLossError)

STORE = "hosts.db, which may be deleted while no crawl runs,"

P = ParamSpec("P")
T = TypeVar("T")


class HostClosed(IgnoreRequest):
    """The host asked to be left alone for longer than a crawl waits (`seconds`); its urls wait for a later crawl."""

    def __init__(self, told: str, seconds: float) -> None:
        super().__init__(told)
        self.seconds = seconds


@dataclass(slots=True)
class Pace:
    """This crawl's record of a host. delay: seconds between two requests. ailing: it failed and has not answered since.

    looked_at: the last time that hosts.db gave a turn at it, by the monotonic clock; 0 if it must be asked again.
    """

    delay: float
    looked_at: float = 0.0
    ailing: bool = False
    turns: Turns = field(default_factory=Turns)


class Politeness:
    """The last middleware before the network: a request that passes it is sent at once."""

    def __init__(
        self,
        hosts: Hosts,
        book: HostBook,
        budget: Budget,
        longest_crawl_delay: float,
        pulse: Pulse,
        claim: RequestClaim,
    ) -> None:
        self._hosts = hosts
        self._claim = claim
        self._pulse = pulse
        self._book = book
        self._budget = budget
        self._longest = longest_crawl_delay
        self._paces: dict[str, Pace] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hosts")  # the loop must not wait for a disk

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        told = crawler.settings
        book, longest = told["HOST_BOOK"], told.getfloat("LONGEST_CRAWL_DELAY")
        politeness = cls(told["HOSTS"], book, told["BUDGET"], longest, told["PULSE"], told["CLAIM"])
        crawler.signals.connect(politeness.close, signal=signals.spider_closed)
        return politeness

    def close(self) -> None:
        """Close hosts.db, without waiting for it; the crawl is over, and later requests fail."""
        self._thread.submit(self._book.shut)
        self._thread.shutdown(wait=False)

    def slow_down(self, request: Request, crawl_delay: float | None) -> None:
        """Raise the delay of the request's host to its Crawl-delay, at most to the longest that the settings allow.

        A delay that is longer already stays; without a Crawl-delay (None) nothing changes.
        """
        pace = self._pace(self._hosts.name(request.url))
        if crawl_delay is not None and crawl_delay > pace.delay:
            pace.delay = max(pace.delay, min(crawl_delay, self._longest))

    def a_day_of(self, urls: Iterable[str]) -> int | None:
        """The most requests a day that this source may send to the hosts of these addresses in all; None: any number.

        The sum over the hosts, each by its budget and its delay, or the source's own budget if that is smaller.
        """
        hosts = {self._hosts.name(url) for url in urls}
        each = [a_day(self._hosts.a_day(host), of_delay(self._pace(host).delay)) for host in hosts]
        of_hosts = None if not each or None in each else sum(filter(None, each))
        return a_day(self._claim.of_source, of_hosts)

    def host_of(self, url: str) -> str:
        """The name of an address's host, one for all aliases of a server."""
        return self._hosts.name(url)

    async def left(self, host: str, recheck: bool) -> int | None:
        """The number of requests that a host may still get by the budgets of a day; None: any number.

        recheck: the requests are for known articles, which leave a part of the budget to others.
        """
        claim = self._claim_of(host, recheck, 0)
        return await self._asked(self._book.left, host, claim) if claim.is_bounded else None

    async def process_request(self, request: Request) -> None:
        host = request.meta["host"] = self._name(request)
        pace = self._pace(host)
        delay = request.meta["delay"] = pace.delay
        counted = not request.meta.get("robots_txt")
        if counted:
            self._budget.check()
        not_before = request.meta.pop("not_before", 0.0)
        if (wait := not_before - monotonic()) > 0:
            self._budget.check(wait)
            self._pulse.pause(wait)
            await asyncio.sleep(wait)
        if delay:
            await pace.turns.acquire(request.meta.get("urgent", False))
            request.meta["turn"] = True
        try:
            if counted:
                self._budget.ask()
            try:
                await self._opening(host, pace, request, delay)
            except BaseException:
                if counted:
                    self._budget.give_back()
                raise
        except BaseException:
            await self._done(request, host, pace)
            raise
        self._pulse.ask(request.url)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        host = request.meta["host"]
        pace = self._pace(host)
        if not request.meta.get("robots_txt"):
            self._budget.got(len(response.body))
        await self._done(request, host, pace)
        if response.status in BUSY:
            await self._close(request, host, pace, response)
        elif response.status not in FAILING:
            if pace.ailing:
                pace.ailing = False
                await self._asked(self._book.well, host)
            return response
        return self._again(request) or response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        host = request.meta.get("host")
        if host is None:
            return None  # an earlier middleware refused it
        await self._done(request, host, self._pace(host))
        if isinstance(exception, FAULTS):
            return self._again(request)
        # One more try after a timeout: each takes the whole DOWNLOAD_TIMEOUT.
        return self._again(request, cost=MAX_RETRIES) if isinstance(exception, DownloadTimeoutError) else None

    async def _opening(self, host: str, pace: Pace, request: Request, delay: float) -> None:
        """Wait until hosts.db grants the request a turn at its host.

        For a host without delay and budget hosts.db is asked only every LOOK_AGAIN_SECONDS; in between, requests pass.
        Raises HostClosed if the host asked for a longer wait than MAX_WAIT_SECONDS, BudgetSpent, and StorageError.
        """
        claim = self._claim_for(request, host)
        counted = claim if delay or claim.is_bounded else None
        if counted is None and monotonic() - pace.looked_at < LOOK_AGAIN_SECONDS:
            return
        ahead = 2 * delay if request.meta.get("recheck") else 0.0  # time to ask a control page
        while True:
            turn = await self._asked(self._book.take, host, delay, counted)
            if turn.closed and turn.wait > MAX_WAIT_SECONDS:
                raise _closed(request, turn.wait)
            wait = pause(turn, self._budget, time(), ahead)
            if not (wait or turn.spent):
                break
            if wait > PEEK_SECONDS:  # a shorter one is no pause: the process with the turn may have stalled
                self._pulse.pause(wait)
            await asyncio.sleep(wait)
        pace.looked_at = monotonic()
        pace.ailing = pace.ailing or turn.setbacks > 0
        request.meta["held"] = delay

    async def _close(self, request: Request, host: str, pace: Pace, response: Response) -> None:
        """Leave a busy host alone for the seconds that its Retry-After asks for.

        Without one, for a time that grows with its setbacks. Raises HostClosed, after noting the wait in hosts.db, if
        it asks for more than MAX_WAIT_SECONDS.
        """
        pace.looked_at = 0.0
        asked = patience_asked(response, datetime.now(UTC))
        if asked is None:
            pace.ailing = True
            await self._asked(self._book.back_off, host, partial(backing_off, pace.delay))
        else:
            await self._asked(self._book.close, host, asked)
            if asked > MAX_WAIT_SECONDS:
                raise _closed(request, asked)

    def _again(self, request: Request, cost: int = 1) -> Request | None:
        tries = request.meta.get("tries", 0)
        if tries >= MAX_RETRIES:
            return None
        wait = monotonic() + backing_off(self._pace(request.meta["host"]).delay, tries)
        return request.replace(meta={**request.meta, "tries": tries + cost, "not_before": wait}, dont_filter=True)

    def _name(self, request: Request) -> str:
        """The name of the host that a request is for."""
        return self._hosts.name(request.url)

    def _claim_for(self, request: Request, host: str, /) -> RequestClaim:
        """The claim of a request on the budgets of a day."""
        return self._claim_of(host, request.meta.get("recheck", False), request.meta.get("with_it", 0))

    def _claim_of(self, host: str, recheck: bool, with_it: int) -> RequestClaim:
        return replace(self._claim, of_host=self._hosts.a_day(host), recheck=recheck, with_it=with_it)

    def _pace(self, host: str) -> Pace:
        pace = self._paces.get(host)
        if pace is None:
            pace = self._paces[host] = Pace(self._hosts.pace(host))
        return pace

    async def _done(self, request: Request, host: str, pace: Pace) -> None:
        """End the request's turn, here and in hosts.db."""
        try:
            if held := request.meta.pop("held", 0.0):
                await self._asked(self._book.done, host, max(held, pace.delay))
        finally:
            if request.meta.pop("turn", False):
                pace.turns.release()

    async def _asked(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a method of the book in its thread, and return the result. Raises StorageError."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, partial(call, *args, **kwargs))
        except ServerError as error:
            raise StorageError(error, "the host book of all workers") from error
        except (sqlite3.Error, OSError) as error:
            raise StorageError(error, STORE) from error


def patience_asked(response: Response, now: datetime) -> float | None:
    """The seconds for which the answer's Retry-After asks us to stay away; None if it has none that can be read.

    A date in it is compared with the answer's Date, else with now; a past one gives 0.
    """
    value, date = (
        None if (found := response.headers.get(name)) is None else found.decode("latin-1")
        for name in ("Retry-After", "Date")
    )
    return retry_after(value, date, now)


def _closed(request: Request, seconds: float) -> HostClosed:
    told = f"{request.url}: the host asked us to wait {seconds:.0f} s; left for a later crawl"
    return HostClosed(told, seconds)
