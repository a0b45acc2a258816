"""One address: fetched and stored, or only asked for; once in a process, as a crawl."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.settings import Settings, SourceRecord
from crawler.runs import CrawlOptions, Run
from crawler.sources import Source
from parsers import Document

if TYPE_CHECKING:
    from archive.judging import CrawlSummary


@dataclass(frozen=True, slots=True)
class Fetching:
    """The result of a crawl of one address.

    why: the reason that it gave no article; None if it gave one, or if the crawl ended before it was asked. key: that
    of the article that it gave. led_out: the address to which it redirects, if that is no article of the source.
    """

    summary: CrawlSummary
    why: str | None
    key: str | None = None
    led_out: str | None = None


@dataclass(frozen=True, slots=True)
class SinglePage:
    """A page that was fetched but not stored, or the reason for having none.

    document: the page; without one (None), `why` is the reason. refused: robots.txt or our own rules forbid the
    address. stopped: a signal ended the run.
    """

    document: Document | None
    why: str | None
    refused: bool
    stopped: bool


def source_of(url: str, owner: Source | None, known: SourceRecord | None = None) -> Source:
    """The source under which a single address is stored that no declared source claims; only `url` is in its scope.

    It is `fetched`, unless an article of another undeclared source is `known` there. owner: the source on whose host
    the address is, whose delay and `allow` hold; None: 1 second and no `allow`.
    """
    record = known or SourceRecord("fetched", "single addresses", url)
    return Source(
        name=record.name, publisher=record.publisher or "", homepage=record.homepage or "",
        timezone=record.timezone or "Asia/Shanghai", in_language=record.in_language or "zh-Hans", seeds=(),
        scope=re.escape(url), delay=owner.delay if owner else 1.0,
        hosts=(urlsplit(url).netloc.rpartition("@")[2],) if known else (), allow=owner.allow if owner else (),
    )  # fmt: skip


def fetch(url: str, source: Source, home: Path, settings: Settings, options: CrawlOptions) -> Fetching:
    """Fetch an address and store the answer. Raises NoContact, and Locked when another process crawls the source.

    Raises also NeverBegan when a signal came first, and the errors of opening an archive.
    """
    from crawler.process import run_to_the_end
    from crawler.spiders import ArticleSpider

    spider = run_to_the_end(ArticleSpider, _run(url, source, home, settings, options))
    return Fetching(spider.conclusion(), spider.why, spider.key, spider.led_out)


def ask(url: str, source: Source, home: Path, settings: Settings) -> SinglePage:
    """Fetch an address under the same rules as a crawl. Raises NoContact.

    Stores nothing but, in an existing home, when its host may be asked next.
    """
    from crawler.examining import OnePageSpider
    from crawler.process import run_to_the_end

    spider = run_to_the_end(OnePageSpider, _run(url, source, home, settings, CrawlOptions()))
    asked = spider.asked
    if asked is None:
        return SinglePage(None, f"{url}: not fetched", False, spider.finish_reason == "stopped")
    why = asked.problem and (asked.problem if asked.problem.startswith(url) else f"{url}: {asked.problem}")
    why = f"{why}: {asked.ours}" if why and asked.ours else why
    return SinglePage(asked.document, why, asked.refused, spider.finish_reason == "stopped")


def _run(url: str, source: Source, home: Path, settings: Settings, options: CrawlOptions) -> Run:
    """The run of a crawl of one address. Raises NoContact."""
    source.require_contact(settings.contact)
    return Run.by(settings, source, home, replace(options, addresses=(url,)))
