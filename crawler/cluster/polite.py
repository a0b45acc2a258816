"""A worker's politeness: each order waits for the turn of its host in the book that all workers share."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.cluster.order import order_in
from crawler.hosts import Hosts, RequestClaim
from crawler.middlewares import Budget, Politeness
from crawler.runs import Pulse


class WorkerPoliteness(Politeness):
    """Waits for the turn of an order's host in the book that all workers share, with the order's delay and budgets."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        told = crawler.settings
        return cls(Hosts(0.0), told["HOST_BOOK"], Budget(), 0.0, Pulse(), RequestClaim(""))

    async def process_request(self, request: Request) -> None:
        order = order_in(request)
        pace = self._pace(order.leased.host)
        pace.delay = max(pace.delay, order.leased.delay)
        await super().process_request(request)

    def _name(self, request: Request) -> str:
        return order_in(request).leased.host

    def _claim_for(self, request: Request, _host: str, /) -> RequestClaim:
        return order_in(request).claim or RequestClaim(order_in(request).leased.source)
