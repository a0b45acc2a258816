"""Reading the pages that lead to articles: politely, archived as lists, and counted when they fail."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.captures import ContentError, decoded
from archive.ingest import Fetched, Outcome
from crawler.middlewares.robots import RobotsRefused
from crawler.responses import fetched, list_target
from crawler.sources import Source
from parsers import Document

HOPS = 5
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

logger = logging.getLogger(__name__)


class SeedReader:
    """`read` gives a list page as a document; figures say how that went.

    url and record_id: where the last page was read, and the record that keeps it. unread: what could not be read.
    """

    def __init__(self, crawler: Crawler, source: Source, keep: Callable[[Fetched], Awaitable[Outcome]] | None) -> None:
        self._crawler = crawler
        self._source = source
        self._keep = keep
        self.requests = 0
        self.readable = 0
        self.refused = 0
        self.errors = 0
        self.url = self.record_id = ""
        self.unread: list[str] = []

    async def read(self, url: str, form: str | None, optional: bool) -> Document | None:
        """The page, kept in the archive first; None, with a warning, when it could not be had or decoded.

        An optional page, such as the one after the last of a list, may be absent without a warning.
        """
        for _ in range(HOPS + 1):
            response = await self._download(url, form)
            if response is None:
                return None
            page = fetched(response, "list")
            if self._keep is not None:
                self.url, self.record_id = page.url, (await self._keep(page)).record_id or ""
            target = list_target(response, self._source)
            if target is None:
                return None if optional and page.status in (404, 410) else self._document(page)
            url, form = target, None if response.status in (301, 302, 303) else form
        self.failed(f"{url}: more than {HOPS} redirects", url)
        return None

    def failed(self, text: str, url: str | None = None) -> None:
        """Count a seed that gave nothing; url: where its site may be ill."""
        logger.warning("%s", text)
        self.errors += 1
        self.unread += [url] if url else []

    async def _download(self, url: str, form: str | None) -> Response | None:
        request = Request(
            url,
            method="GET" if form is None else "POST",
            body=form or b"",
            headers=None if form is None else FORM,
            callback=NO_CALLBACK,
            dont_filter=True,
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except RobotsRefused as error:
            self.refused += 1
            self.failed(str(error))
            return None
        except Exception as error:  # a seed that fails, however it does, must not end the others
            told = str(error) if isinstance(error, IgnoreRequest) else f"{url}: {str(error) or type(error).__name__}"
            self.failed(told, url)
            return None
        self.requests += 1
        return response

    def _document(self, page: Fetched) -> Document | None:
        if page.status not in (200, 203):
            self.failed(f"{page.url}: HTTP {page.status}", page.url)
            return None
        headers = dict(page.headers)
        try:
            payload = decoded(page.payload, headers)
        except ContentError as error:
            self.failed(f"{page.url}: {error}", page.url)
            return None
        self.readable += 1
        content_type = next((value for name, value in page.headers if name.lower() == "content-type"), None)
        return Document(payload, content_type, page.url, page.captured_at, self._source.name)
