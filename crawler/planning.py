"""What a crawl would do: the seeds are read, nothing is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler

from archive import read_archive
from archive.clock import stamp
from crawler.frontier import Waiting
from crawler.run import Planned, Run
from crawler.seeds import links_from, waiting
from crawler.spiders.article_spider import settings_of
from crawler.spiders.seed_reader import SeedReader
from parsers import ParseError


class PlanningSpider(Spider):
    """Reads the seeds into memory; `planned` compares them with the frontier."""

    name = "planning"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.finish_reason: str | None = None
        self._found: dict[str, Waiting] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        for name, value in settings_of(spider.run).items():
            crawler.settings.set(name, value, priority="spider")
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Read the seeds; there is nothing to hand out."""
        source = self.run.source
        reader = SeedReader(self.crawler, source, None)
        for seed in source.seeds:
            try:
                async for links in links_from(seed, source, reader.read, self.run.since):
                    self._found.update((link.urlkey, link) for link in waiting(links))
            except ParseError as error:
                reader.failed(f"{seed.url}: {error.reason}")
        return
        yield  # an async generator, as Scrapy asks

    def planned(self) -> list[Planned]:
        """Every url a crawl would fetch now: the new ones, then the known ones that are due."""
        known = self._known()
        new = [Planned(link.url, "new") for key, link in self._found.items() if key not in known]
        due = [
            Planned(url, why)
            for key, (url, due_at, fetched_at) in known.items()
            if (why := self._why(self._found.get(key), due_at, fetched_at))
        ]
        return (new + due)[: self.run.limit]

    def _known(self) -> dict[str, tuple[str, str, str | None]]:
        try:
            archive = read_archive(self.run.home)
        except FileNotFoundError:
            return {}
        try:
            rows = archive.conn.execute(
                "select urlkey, url, due_at, last_fetched_at from frontier where source = ? and kind = 'article'",
                (self.run.source.name,),
            )
            return {key: (url, due_at, fetched_at) for key, url, due_at, fetched_at in rows}
        finally:
            archive.close()

    def _why(self, link: Waiting | None, due_at: str, fetched_at: str | None) -> str | None:
        if self.run.recheck == "none" and fetched_at:
            return None
        if self.run.since is not None and (link is None or link.published_at is None):
            return None
        if link and link.published_at and fetched_at and stamp(link.published_at) > fetched_at:
            return f"changed {stamp(link.published_at)}, after the last visit"
        if due_at <= stamp(datetime.now(UTC)):
            return f"due since {due_at}" if fetched_at else "new"
        always = self.run.recheck == "all" or (self.run.recheck == "due" and self.run.source.recheck == 0)
        return "rechecked at every crawl" if always else None
