"""The only part that touches the network: one call crawls one source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.judging import CrawlSummary
    from archive.settings import Settings
    from crawler.runs import CrawlOptions, Plan, Run
    from crawler.sources import Source

__all__ = ["crawl", "plan_crawl"]


def crawl(
    source: Source, home: Path | str, options: CrawlOptions | None = None, settings: Settings | None = None
) -> CrawlSummary:
    """Crawl a source to its end and return the figures; once in a process, for Twisted's reactor cannot start again.

    The summary's finish_reason is one of:

    - finished: everything due was asked; limit: as many articles as options.limit were asked
    - budget: the pages, bytes, seconds or time of the crawl are spent, or the requests that the source or its hosts
      may get in a day. `left` is the number of articles that wait, `more_at` the time at which more may be asked.
    - waiting: a host asked for patience before any article answered
    - robots, policy: robots.txt, or our own rules, refused everything
    - outage: none of the lists, or too few of the last articles, answered; stalled: no request for too long
    - disk_full, memusage_exceeded, failed
    - stopped: SIGTERM or SIGINT; within ten seconds, and everything fetched is committed

    settings: the home's settings, if the caller has read them already. Raises Locked when another process crawls this
    source, SlotCrawled when the slot has its crawl, NeverBegan when a signal came first, NoSeeds, NoContact,
    SettingsError and the errors of opening an archive.
    """
    # Scrapy takes half a second to import, which commands that do not crawl should not wait for.
    from crawler.process import run_to_the_end
    from crawler.spiders import ArticleSpider

    return run_to_the_end(ArticleSpider, _run(source, home, options, settings)).conclusion()


def plan_crawl(
    source: Source, home: Path | str, options: CrawlOptions | None = None, settings: Settings | None = None
) -> Plan:
    """The urls that a crawl would fetch, each with the reason, and counts of those that it would not.

    Fetches only the lists (and robots.txt). Writes nothing but, in an existing home, when each host may be asked next.
    Raises NoSeeds, NoContact, SettingsError and StorageError.
    """
    from crawler.planning import PlanningSpider
    from crawler.process import run_to_the_end

    return run_to_the_end(PlanningSpider, _run(source, home, options, settings)).planned()


def _run(source: Source, home: Path | str, options: CrawlOptions | None, settings: Settings | None) -> Run:
    from archive.settings import load_settings
    from crawler.runs import CrawlOptions, Run

    asked = options or CrawlOptions()
    if asked.reads_lists:
        source.require_seeds()
    said = settings if settings is not None else load_settings(home)
    source.require_contact(said.contact)
    return Run.by(said, source, Path(home), asked)
