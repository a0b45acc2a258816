"""The only part that touches the network: one call crawls one source."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

if TYPE_CHECKING:
    from archive.files import Progress
    from archive.judging import CrawlSummary
    from archive.settings import Settings
    from crawler.runs import Cadence, Ended, Plan, Recheck
    from crawler.sources import Source

__all__ = ["crawl"]


@overload
def crawl(
    source: Source,
    home: Path | str,
    *,
    since: datetime | None = ...,
    limit: int | None = ...,
    recheck: Recheck = ...,
    addresses: tuple[str, ...] = ...,
    dry_run: Literal[False] = ...,
    due_at: str | None = ...,
    cadence: Cadence | None = ...,
    ended: Ended | None = ...,
    settings: Settings | None = ...,
    log_json: bool = ...,
    quiet: bool = ...,
    progress: Progress | None = ...,
    stall: float | None = ...,
    listener: int | None = ...,
    time_limit: float | None = ...,
) -> CrawlSummary: ...


@overload
def crawl(
    source: Source,
    home: Path | str,
    *,
    since: datetime | None = ...,
    limit: int | None = ...,
    recheck: Recheck = ...,
    addresses: tuple[str, ...] = ...,
    dry_run: Literal[True],
    due_at: str | None = ...,
    cadence: Cadence | None = ...,
    ended: Ended | None = ...,
    settings: Settings | None = ...,
    log_json: bool = ...,
    quiet: bool = ...,
    progress: Progress | None = ...,
    stall: float | None = ...,
    listener: int | None = ...,
    time_limit: float | None = ...,
) -> Plan: ...


def crawl(
    source: Source,
    home: Path | str,
    *,
    since: datetime | None = None,
    limit: int | None = None,
    recheck: Recheck = "due",
    addresses: tuple[str, ...] = (),
    dry_run: bool = False,
    due_at: str | None = None,
    cadence: Cadence | None = None,
    ended: Ended | None = None,
    settings: Settings | None = None,
    log_json: bool = False,
    quiet: bool = False,
    progress: Progress | None = None,
    stall: float | None = None,
    listener: int | None = None,
    time_limit: float | None = None,
) -> CrawlSummary | Plan:
    """Crawl a source to its end, once in a process (Twisted's reactor cannot start again).

    With dry_run only the seeds are read and nothing is written: what would be fetched is returned, each with the
    reason, and why the others would not be.
    finish_reason is finished, limit, budget (pages, bytes or seconds of the source are spent, its requests a day or
    those of its hosts, or the time that the crawl has; `left` says how many articles wait, `more_at` from when on more
    may be asked), waiting (its host asked
    for patience before any article answered), robots or policy (robots.txt, or our own rules, refused all), outage,
    stalled (no request for `stall` seconds, 120, beyond every pause that hosts asked for), disk_full,
    memusage_exceeded, failed, or stopped (SIGTERM or SIGINT: within ten seconds, and everything fetched is committed).
    log_json: what is told on stderr is JSON Lines (crawler/process/journal.py). quiet: only warnings and errors are
    told. progress hears of the pages that are kept, and of how many there will be as far as is known
    (crawler/session/crawl_progress.py). listener: the writing end of a pipe, to which a line of JSON goes every second
    (crawler/process/stall_watch.py): left (seconds until the crawl counts as stalled), asked_at and url of its last
    request. time_limit: seconds after which the caller ends the process; the crawl asks nothing that would take longer,
    and ends as budget before.
    Raises Locked when another process crawls this source, NoSeeds, NoContact and SettingsError.
    """
    # Scrapy takes half a second to import, which commands that do not crawl should not wait for.
    from archive.files import unheard
    from archive.settings import load_settings
    from crawler.process import run_to_the_end
    from crawler.runs import STALL_SECONDS, Run, daily, nobody
    from crawler.sources import all_sources

    if not addresses and recheck != "only":
        source.require_seeds()
    said = settings if settings is not None else load_settings(home)
    source.require_contact(said.contact)
    run = Run.by(
        said,
        tuple(all_sources(said).values()),
        source=source,
        home=Path(home),
        since=since,
        limit=limit,
        recheck=recheck,
        addresses=addresses,
        due_at=due_at,
        cadence=cadence or daily,
        ended=ended or nobody,
        log_json=log_json,
        quiet=quiet,
        progress=progress or unheard,
        stall=STALL_SECONDS if stall is None else stall,
        listener=listener,
        time_limit=time_limit,
    )
    if dry_run:
        from crawler.planning import PlanningSpider

        return run_to_the_end(PlanningSpider, run).planned()
    from crawler.spiders import ArticleSpider

    return run_to_the_end(ArticleSpider, run).conclusion()
