"""A crawl's side of a download that a worker does: budgets before it, the order, and the answer from a segment."""

from __future__ import annotations

import asyncio
import ipaddress
from pathlib import Path
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response

from crawler.cluster.depots import depot_of
from crawler.cluster.desk import Desk
from crawler.cluster.failures import error_of
from crawler.cluster.order import wanted
from crawler.download import Answer, BodyMemory
from crawler.frontier import Server
from crawler.middlewares import BudgetSpent, HostClosed, Politeness
from crawler.runs import Run
from crawler.segments import Delivery, SegmentError, content_of

REMOTE, POLITE = f"{__name__}.RemoteHandler", f"{__name__}.RemotePoliteness"
LOCAL = "crawler.middlewares.politeness.Politeness"


def use_workers(crawler: Crawler, run: Run) -> Desk:
    """Change Scrapy's settings so that workers send the requests of a run; returns its desk, to be closed at its end.

    Raises SettingsError without the package redis, and DepotError.
    """
    cluster = run.cluster
    desk = Desk(Server.of(cluster), depot_of(cluster, run.home), run.home, run.source.name)
    handlers = dict(crawler.settings["DOWNLOAD_HANDLERS"])
    told = {
        "DESK": desk,
        "SOURCE": run.source.name,
        "DOWNLOAD_HANDLERS": {**handlers, "http": REMOTE, "https": REMOTE},
        # A dictionary that is set replaces the whole one before it.
        "DOWNLOADER_MIDDLEWARES": {
            POLITE if name == LOCAL else name: place
            for name, place in crawler.settings["DOWNLOADER_MIDDLEWARES"].items()
        },
    }
    for name, value in told.items():
        crawler.settings.set(name, value, priority="spider")
    return desk


class RemotePoliteness(Politeness):
    """The budgets of a crawl whose requests workers send: these wait for turns at hosts, and ask again after faults."""

    async def process_request(self, request: Request) -> None:
        host = request.meta["host"] = self._name(request)
        delay = request.meta["delay"] = self._pace(host).delay
        if not request.meta.get("robots_txt"):
            self._budget.check()
            self._budget.ask()
        claim = self._claim_for(request, host)
        request.meta["claim"] = claim if delay or claim.is_bounded else None
        self._pulse.ask(request.url)
        self._pulse.pause(delay)

    async def process_response(self, request: Request, response: Response) -> Response:
        if not request.meta.get("robots_txt"):
            self._budget.got(len(response.body))
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, HostClosed | BudgetSpent) and not request.meta.get("robots_txt"):
            self._budget.give_back()


class RemoteHandler:
    """Scrapy's handler of http and https for such a crawl; all of them share one desk and one memory for bodies."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        told = crawler.settings
        self._desk: Desk = told["DESK"]
        self._source: str = told["SOURCE"]
        self._most = told.getint("DOWNLOAD_MAXSIZE")
        self._room = BodyMemory()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """The answer that a worker fetched. Raises what a local download raises, and StorageError."""
        arrival = await self._desk.fetch(wanted(self._source, request, request.meta.pop("claim", None)))
        delivery = arrival.delivery
        if delivery.failure is not None or arrival.warc is None:
            assert delivery.failure is not None
            raise error_of(delivery.failure, request.url)
        if delivery.size > (most := request.meta.get("most", self._most)):
            raise DownloadFailedError(f"the body has more than {most} bytes")
        return await self._answer(request.url, delivery, arrival.warc)

    async def close(self) -> None:
        """Do nothing: the spider closes the desk when all is committed."""

    async def _answer(self, url: str, delivery: Delivery, warc: Path) -> Answer:
        free = asyncio.Event()
        place = self._room.place(free.set)
        try:
            if not place.grow(delivery.size):
                await free.wait()
            content = await asyncio.to_thread(content_of, warc, delivery)
            fields = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in content.fields)
            answer = Answer(url, delivery.status or 0, fields, content.payload, _ip(delivery.ip))
            answer.truncated, answer.open_ended = delivery.truncated, delivery.open_ended
            answer.at, answer.record_id = delivery.moment, delivery.record
        except BaseException as error:  # others wait for the room
            place.leave()
            if isinstance(error, SegmentError):
                raise DownloadFailedError(f"what a worker fetched cannot be read: {error}") from error
            raise
        place.end(answer)
        return answer


def _ip(said: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(said) if said else None
    except ValueError:
        return None
