"""One page, asked for as politely as a crawl would, and not kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request

from crawler.examining.asked import Asked
from crawler.examining.spider import ExaminingSpider
from crawler.process.journal import open_journal
from crawler.runs.run import Run
from crawler.session.redirects import article_target


class OnePageSpider(ExaminingSpider):
    """`asked` is what came of the address that the run names; None where a signal came first."""

    name = "one_page"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(run, **kwargs)
        self.asked: Asked | None = None

    async def start(self) -> AsyncIterator[Request]:
        """Ask for it; there is nothing to hand out."""
        open_journal(self.run)
        (url,), source = self.run.addresses, self.run.source
        self.asked = await self.ask(url, "article", lambda answer: article_target(answer, source, url))
        return
        yield  # an async generator, as Scrapy asks
