"""What a crawl would do: the seeds are read, nothing is written."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler

from archive import read_archive
from archive.clock import stamp
from crawler.budget import BudgetSpent
from crawler.frontier import NEVER, Known, Waiting
from crawler.journal import open_journal
from crawler.run import Planned, Run
from crawler.seeds import ListFault, links_from, waiting
from crawler.spiders.environment import tell_scrapy
from crawler.spiders.seed_reader import SeedReader

logger = logging.getLogger(__name__)


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
        tell_scrapy(crawler, spider.run)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Read the seeds; there is nothing to hand out."""
        open_journal(self.run)
        source = self.run.source
        reader = SeedReader(self.crawler, source, None)
        for seed in source.seeds if self.run.reads_lists else ():
            try:
                async for part in links_from(seed, source, reader.read, self.run.since):
                    self._found.update((link.urlkey, link) for link in waiting(part.links))
                    if part.fault:
                        reader.failed(part.url, part.fault)
            except BudgetSpent:
                break
            except ListFault as fault:
                reader.failed(fault.url, fault.reason)
        if why := reader.silence.line(source.name):
            logger.warning("%s", why)
        return
        yield  # an async generator, as Scrapy asks

    def planned(self) -> list[Planned]:
        """Every url a crawl would fetch now, in its order: the newest that was never fetched, then the longest due."""
        known = self._known()
        new = [(link.published_at, Planned(link.url, "new")) for key, link in self._found.items() if key not in known]
        due: list[tuple[datetime, Planned]] = []
        for key, each in known.items():
            if why := self._why(self._found.get(key), each):
                plan = Planned(each.url, why)
                due += [(each.due_at, plan)] if each.fetched_at else []
                new += [] if each.fetched_at else [(each.published_at, plan)]
        new.sort(key=lambda dated: -dated[0].timestamp() if dated[0] else 0)
        due.sort(key=lambda dated: dated[0])
        return [plan for _, plan in (*new, *due)][: self.run.limit]

    def _known(self) -> dict[str, Known]:
        try:
            archive = read_archive(self.run.home)
        except FileNotFoundError:
            return {}
        try:
            return {each.urlkey: each for each in self.run.frontier(archive.conn, self.run.source.name).known()}
        finally:
            archive.close()

    def _why(self, link: Waiting | None, known: Known) -> str | None:
        due_at, fetched_at = known.due_at, known.fetched_at
        if due_at == NEVER and self.run.recheck != "all":
            return None
        if self.run.recheck == ("none" if fetched_at else "only"):
            return None
        if self._is_older(link, known):
            return None
        if link and link.published_at and fetched_at and link.published_at > fetched_at:
            return f"changed {stamp(link.published_at)}, after the last visit"
        if due_at <= datetime.now(UTC):
            return f"due since {stamp(due_at)}" if fetched_at else "new"
        return "rechecked at every crawl" if self.run.every_article else None

    def _is_older(self, link: Waiting | None, known: Known) -> bool:
        """Whether a crawl since a moment leaves it out, as the frontier will by the last date that lists gave."""
        if self.run.since is None:
            return False
        dates = [at for at in (link and link.published_at, known.published_at) if at]
        return max(dates) < self.run.since if dates else known.fetched_at is not None
