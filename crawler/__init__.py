"""The only part that touches the network: one call crawls one source."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal, overload

from archive.ingest import CrawlSummary
from archive.settings import Settings, load_settings
from crawler.run import Cadence, Planned, Recheck, Run, daily
from crawler.sources import Source

__all__ = ["CrawlSummary", "Planned", "Run", "Source", "crawl"]


@overload
def crawl(
    source: Source,
    home: Path | str,
    *,
    since: datetime | None = ...,
    limit: int | None = ...,
    recheck: Recheck = ...,
    dry_run: Literal[False] = ...,
    due_at: str | None = ...,
    cadence: Cadence | None = ...,
    settings: Settings | None = ...,
) -> CrawlSummary: ...


@overload
def crawl(
    source: Source,
    home: Path | str,
    *,
    since: datetime | None = ...,
    limit: int | None = ...,
    recheck: Recheck = ...,
    dry_run: Literal[True],
    due_at: str | None = ...,
    cadence: Cadence | None = ...,
    settings: Settings | None = ...,
) -> list[Planned]: ...


def crawl(
    source: Source,
    home: Path | str,
    *,
    since: datetime | None = None,
    limit: int | None = None,
    recheck: Recheck = "due",
    dry_run: bool = False,
    due_at: str | None = None,
    cadence: Cadence | None = None,
    settings: Settings | None = None,
) -> CrawlSummary | list[Planned]:
    """Crawl a source to its end, once in a process (Twisted's reactor cannot start again).

    With dry_run only the seeds are read, nothing is written, and what would be fetched is returned with the reason.
    finish_reason is finished, limit, robots, outage, stopped (SIGTERM or SIGINT: within ten seconds, and everything
    fetched is committed), disk_full, memusage_exceeded or failed.
    Raises Locked when another process crawls this source, and SettingsError.
    """
    said = settings if settings is not None else load_settings(home)
    run = Run(
        source=source,
        home=Path(home),
        since=since,
        limit=limit,
        recheck=recheck,
        due_at=due_at,
        cadence=cadence or daily,
        contact=said.contact,
        free_space_floor=said.free_space_floor,
    )
    # Scrapy takes a second to import, which commands that do not crawl should not wait for.
    from crawler.process import run_to_the_end

    if dry_run:
        from crawler.planning import PlanningSpider

        return run_to_the_end(PlanningSpider, run).planned()
    from crawler.spiders.article_spider import ArticleSpider

    return run_to_the_end(ArticleSpider, run).conclusion()
