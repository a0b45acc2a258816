"""A worker's address guard: a request may ask the addresses that its own source allows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.cluster.order import order_in
from crawler.middlewares import AddressGuard


class WorkerGuard(AddressGuard):
    """Refuses an address that is not public unless `allow` of the order's source names it."""

    _by_source: Mapping[str, Collection[str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        guard = super().from_crawler(crawler)
        guard._by_source = crawler.settings["ALLOWED_BY_SOURCE"]
        return guard

    def _allowed(self, request: Request) -> Collection[str]:
        return self._by_source[order_in(request).leased.source]
