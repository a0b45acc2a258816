"""The spider of `thinker doctor`: asks for a page of each list and two articles, and stores nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.decisions import RobotsReading
from archive.judging import Fetched, PageParser, opened
from archive.rows import CaptureKind
from crawler.download import KEEP_PARTS, fetched
from crawler.examining.asked import ArticleSeen, AskedPage, ListSeen, RobotsSeen, SeenSite
from crawler.examining.finding import LARGER, LATER
from crawler.middlewares import (
    AddressRefused,
    BudgetSpent,
    HostClosed,
    Robots,
    RobotsRefused,
    RobotsUnreachable,
    remedy_of,
)
from crawler.process import open_journal
from crawler.runs import Run
from crawler.seeds import GET, Absent, ListMessage, links_from
from crawler.session import article_target, list_target
from crawler.sources import ListPage, NewsSitemap, PrintEdition, Seed, Sitemap, Source, is_dated, lines_declaring
from crawler.spiders import MAX_REDIRECTS, configure_scrapy, list_request, redirected
from parsers import Document, ParseError
from parsers.pages import page_for
from parsers.urls import urlkey

ARTICLES_ASKED = 2
MAX_PAGES: dict[type[Seed], int] = {Sitemap: 2, NewsSitemap: 2, PrintEdition: 6}
DAYS_ASKED = 7  # of a list with a page for each day
Follow = Callable[[Response], str | None]


class ExaminingSpider(Spider):
    """Asks for pages of a source under the rules of a crawl, and stores none; the answers are in `seen`."""

    name = "examining"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.finish_reason: str | None = None
        self.seen = SeenSite()
        self._way: list[Fetched] = []  # the redirects before a robots.txt

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        configure_scrapy(crawler, spider.run)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Read the lists, then the articles; no request is yielded."""
        open_journal(self.run)
        robots = self.crawler.get_downloader_middleware(Robots)
        if robots is not None:
            robots.listener = self._note_robots
        for seed in self.run.source.seeds:
            await self._read_list(seed)
        for url in self._chosen():
            await self._read_article(url)
        return
        yield  # an async generator, as Scrapy asks

    async def _note_robots(self, answer: Fetched, reading: RobotsReading | None) -> None:
        self._way.append(answer)
        if reading is not None:
            self.seen.robots.append(RobotsSeen(self._way[0].url, self._robots_way(), reading))

    def _robots_way(self) -> tuple[Fetched, ...]:
        way, self._way = tuple(self._way), []
        return way

    def _note_no_robots(self, url: str, told: str) -> None:
        """Note that the robots.txt of an address's scheme and host could not be had, and why, unless one is noted."""
        parts = urlsplit(url)
        robots = f"{parts.scheme}://{parts.netloc}/robots.txt"
        way = self._robots_way()
        if all(each.url != robots for each in self.seen.robots):
            self.seen.robots.append(RobotsSeen(robots, way, None, told))

    async def _read_list(self, seed: Seed) -> None:
        """Ask for pages of a list until one has a link that the source wants, and note them in `seen`.

        At most `_most_pages`.
        """
        seen = ListSeen(seed)
        self.seen.lists.append(seen)
        most = _most_pages(seed)

        async def read(url: str, message: ListMessage, _absent: Absent) -> Document | None:
            if len(seen.asked) == most or seen.links:
                return None
            seen.asked.append(await self.ask(url, "list", lambda answer: list_target(answer, self.run.source), message))
            return seen.asked[-1].document

        with suppress(ParseError):  # the findings parse the page again and report it
            async for part in links_from(seed, self.run.source, read, datetime.now(UTC)):
                seen.links += part.links

    def _chosen(self) -> list[str]:
        """The addresses of at most two articles to ask: from different lists if possible, each urlkey once."""
        rows = zip_longest(*(each.links[:ARTICLES_ASKED] for each in self.seen.lists))
        links = (link for row in rows for link in row if link is not None)
        return list({urlkey(link.url): link.url for link in links}.values())[:ARTICLES_ASKED]

    async def _read_article(self, url: str) -> None:
        source = self.run.source
        asked = await self.ask(url, "article", lambda answer: article_target(answer, source, url))
        page_class = page_for(asked.moved_to or url, datetime.now(UTC), source.name).__name__
        if asked.document is None:
            self.seen.articles.append(ArticleSeen(asked, page_class))
            return
        parser = PageParser()
        try:
            reading = await asyncio.to_thread(parser.read, asked.document)
        finally:
            parser.close()
        self.seen.articles.append(ArticleSeen(asked, page_class, reading))

    async def ask(self, url: str, kind: CaptureKind, follow: Follow, message: ListMessage = GET) -> AskedPage:
        """Ask for an address, following redirects as a crawl does, and return the AskedPage; a failure is its problem.

        An address on a host that is not declared is not asked. follow: called with each response, gives the address to
        ask next, the target of its redirect, or None to end.
        """
        if not self.run.source.within(url):
            said = lines_declaring(self.run.source, url)
            lines = " and ".join(line for line in said if kind == "article" or not line.startswith("scope"))
            return AskedPage(url, problem="a host that is not declared, so it is not crawled", ours=f"set {lines}")
        answers: list[Fetched] = []
        target: str | None = url
        for _ in range(MAX_REDIRECTS + 1):
            if target is None:
                break
            try:
                request = list_request(target, message) if kind == "list" else article_request(target)
                response = await self.crawler.engine.download_async(request)
            except Exception as error:  # any failure is reported as a finding
                return self._unasked(url, target, tuple(answers), error)
            answers.append(fetched(response, kind))
            asked, target = target, follow(response)
            if target is not None:
                message = redirected(message, response.status, asked, target)
        return _ended(url, tuple(answers), self.run.source)

    def _unasked(self, url: str, target: str, answers: tuple[Fetched, ...], error: Exception) -> AskedPage:
        """The AskedPage of a request that failed. url: the first address; target: the one asked last."""
        told = " ".join((str(error) or type(error).__name__).split())[:300].removeprefix(f"{target}: ")
        by_robots, no_robots = isinstance(error, RobotsRefused), isinstance(error, RobotsUnreachable)
        silent = not (answers or self.seen.robots or isinstance(error, IgnoreRequest))
        patience = error.seconds if isinstance(error, HostClosed) else 0.0
        if no_robots:
            self._note_no_robots(target, told)
        return AskedPage(
            url, answers, None, told, by_robots=by_robots, no_robots=no_robots, patience=patience,
            refused=by_robots or isinstance(error, AddressRefused), silent=silent, spent=_remedy(error),
            ours=remedy_of(error, self.run.source) if isinstance(error, AddressRefused) else None,
        )  # fmt: skip


def _remedy(error: Exception) -> str | None:
    """Advice if the error is a spent budget: to ask later if it has room again, else to set a larger one; else None."""
    if not isinstance(error, BudgetSpent):
        return None
    return LATER if error.more_at else LARGER


def _most_pages(seed: Seed) -> int:
    """The most pages of a seed to ask in search of one that names articles.

    7 of a list of days; `depth` + 1 of lists that lead to lists; 2 of a sitemap, 6 of a printed edition, else 1.
    """
    if is_dated(seed):
        return DAYS_ASKED
    return seed.depth + 1 if isinstance(seed, ListPage) and seed.lists is not None else MAX_PAGES.get(type(seed), 1)


def article_request(url: str) -> Request:
    """A GET of an article, without validators."""
    return Request(url, callback=NO_CALLBACK, meta=dict(KEEP_PARTS), dont_filter=True)


def _ended(url: str, answers: tuple[Fetched, ...], source: Source) -> AskedPage:
    """The AskedPage for one or more answers: with the document in the last one, or with its problem.

    There is a document if the status is 200 or 203 and the body can be read and is not empty.
    """
    last = answers[-1]
    if last.leads_elsewhere and 300 <= last.status < 400:
        return AskedPage(url, answers, None, f"HTTP {last.status} to {last.header('location')}, which is not followed")
    if last.status not in (200, 203):
        return AskedPage(url, answers, None, f"HTTP {last.status}")
    content = opened(last)
    if fault := content.cut.said if content.cut else content.fault:
        return AskedPage(url, answers, None, fault)
    if not content.content.strip():
        return AskedPage(url, answers, None, "an empty answer")
    kind, selectors = last.header("content-type"), source.selectors
    page = Document(content.content, kind, last.url, last.captured_at, source.name, selectors=selectors)
    return AskedPage(url, answers, page)


class OnePageSpider(ExaminingSpider):
    """Asks one address, that of the run; `asked` is the result, None if a signal came first."""

    name = "one_page"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(run, **kwargs)
        self.asked: AskedPage | None = None

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the address; no request is yielded."""
        open_journal(self.run)
        (url,), source = self.run.options.addresses, self.run.source
        self.asked = await self.ask(url, "article", lambda answer: article_target(answer, source, url))
        return
        yield  # an async generator, as Scrapy asks
