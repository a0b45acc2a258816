"""The plan of a crawl: the seeds are read, and nothing is written but hosts.db."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, Self, cast

from scrapy import Request, Spider
from scrapy.crawler import Crawler

from archive import read_archive
from archive.decisions import RobotsReading
from archive.files import stamp
from archive.judging import Fetched, unchanged_list
from crawler.frontier import NEVER, KnownAddress, Waiting, lateness
from crawler.hosts import NeverFetched, Rooms, longest_wait
from crawler.middlewares import BudgetSpent, Politeness, Robots, refused_url
from crawler.process import open_journal
from crawler.runs import ListsRead, NotDue, Plan, Planned, Run, StorageError
from crawler.seeds import ListFault, links_from, waiting
from crawler.sources import Seed
from crawler.spiders import SeedReader, configure_scrapy

logger = logging.getLogger(__name__)


class PlanningSpider(Spider):
    """Reads the seeds into memory; `planned` compares them with the frontier."""

    name = "planning"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.finish_reason: str | None = None
        self._problem: Exception | None = None
        self._lists = ListsRead()
        self._found: dict[str, Waiting] = {}
        self._never = NeverFetched(run.never)
        self._rooms = Rooms()
        self._a_day: int | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        configure_scrapy(crawler, spider.run)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Read the seeds; no request is yielded."""
        open_journal(self.run)
        try:
            await self._read_lists()
            await self._look_at_rooms()
        except Exception as error:  # Scrapy would log it and end as if all were read
            self._problem = error
        return
        yield  # an async generator, as Scrapy asks

    async def _read_lists(self) -> None:
        source, lists = self.run.source, self._lists
        reader = SeedReader(self.crawler, source, None)
        self._hear_robots(reader)
        seeds = source.seeds if self.run.options.reads_lists else ()
        for place, seed in enumerate(seeds):
            before = _figures(reader)
            try:
                await self._read(seed, reader)
            except BudgetSpent:
                lists.left += len(seeds) - place
                break
            errors, refused, barred, waits, left = (
                now - then for now, then in zip(_figures(reader), before, strict=True)
            )
            lists.asked += not left
            lists.refused += refused > 0
            lists.barred += barred > 0
            lists.failed += errors > refused + barred
            lists.waiting += waits > 0
            lists.left += left > 0
            if self.finish_reason:
                break
        lists.answers, lists.readable = reader.answers, reader.readable
        if self.finish_reason is None and (why := reader.silence.line(source.name)):
            lists.silent = True
            logger.warning("%s", why)

    async def _look_at_rooms(self) -> None:
        """Note how many requests each host of the articles may still get today, now that the lists are read."""
        politeness = cast("Politeness", self.crawler.get_downloader_middleware(Politeness))
        places = self.run.source.places
        hosts = {politeness.host_of(url) for url in (*places, *(link.url for link in self._found.values()))}
        self._rooms = Rooms(
            {host: await politeness.left(host, recheck=False) for host in hosts},
            {host: await politeness.left(host, recheck=True) for host in hosts},
            self.run.source.requests_per_day is not None,
        )
        self._a_day = politeness.a_day_of(places)

    async def _read(self, seed: Seed, reader: SeedReader) -> None:
        source = self.run.source
        try:
            now = datetime.now(UTC)
            async for part in links_from(seed, source, reader.read, now, self.run.options.since, self._unchanged):
                found = waiting(part.links)
                self._lists.wanted += len(found)
                self._found.update((link.urlkey, link) for link in found)
                if part.fault:
                    reader.failed(part.url, part.fault)
        except ListFault as fault:
            reader.failed(fault.url, fault.reason)
        except (BudgetSpent, StorageError):
            raise
        except Exception as error:  # a fault of our parser on one list must not cost the other seeds
            reader.failed(seed.url, f"the parser failed: {type(error).__name__}: {error}")

    async def _unchanged(self, url: str, lastmod: datetime) -> int | None:
        """The number of articles on an unchanged list, which a crawl would not read again; None if it would.

        lastmod: the moment of its last change by its index.
        """
        if self.run.options.recheck == "all" or self.run.options.since is not None:
            return None
        try:
            archive = read_archive(self.run.home)
        except FileNotFoundError:
            return None
        try:
            found = unchanged_list(archive.conn, self.run.source.record(), url, stamp(lastmod), datetime.now(UTC))
        finally:
            archive.close()
        self._lists.wanted += found[1] if found else 0
        return found[1] if found else None

    def _hear_robots(self, reader: SeedReader) -> None:
        """Count every answer to a request for robots.txt as an answer of the site, which is then not silent."""

        async def heard(_fetched: Fetched, _reading: RobotsReading | None) -> None:
            reader.silence.answered()

        robots = self.crawler.get_downloader_middleware(Robots)
        if robots is not None:
            robots.listener = heard

    def planned(self) -> Plan:
        """The urls that a crawl would fetch now, in its order: never fetched ones, newest first, then known ones.

        Known ones are sorted by `lateness`. At most `limit` of the options; urls for which the day's budgets leave no
        room are only counted. Raises StorageError, and any other error that kept the lists from being read.
        """
        if self._problem is not None:
            raise self._problem
        unknown, not_due = dict(self._found), NotDue()
        new: list[tuple[datetime | None, Planned]] = []
        due: list[tuple[datetime, datetime, datetime | None, Planned]] = []
        articles, now = 0, datetime.now(UTC)
        for known in self._known():
            articles += known.fetched_at is not None
            link = unknown.pop(known.urlkey, None)
            if (why := self._why(link, known, not_due)) and self._may_be_asked(
                url := self._asked_at(link, known), not_due
            ):
                plan = Planned(url, why)
                if known.fetched_at:
                    due.append((known.fetched_at, known.due_at, _named_of(link, known), plan))
                else:
                    new.append((known.published_at, plan))
        new += [
            (link.published_at, Planned(link.url, "new"))
            for link in unknown.values()
            if self._may_be_asked(link.url, not_due)
        ]
        new.sort(key=lambda dated: -dated[0].timestamp() if dated[0] else 0)
        longest = longest_wait(articles, self._a_day)
        due.sort(key=lambda each: lateness(now, each[0], each[1], longest, each[2]))
        run, name = self.run, self.run.hosts.name
        room = self._rooms
        asked = [plan for _, plan in new if room.take(name(plan.url), recheck=False)]
        asked += [plan for *_, plan in due if room.take(name(plan.url), recheck=True)]
        not_due.spent = len(new) + len(due) - len(asked)
        stopped = self.finish_reason is not None
        return Plan(
            run.source.name,
            asked[: run.options.limit],
            self._lists,
            not_due,
            run.options.since,
            run.options.recheck,
            stopped,
        )

    def _known(self) -> Iterator[KnownAddress]:
        try:
            archive = read_archive(self.run.home)
        except FileNotFoundError:
            return
        try:
            yield from self.run.frontier(archive.conn, self.run.source.name).known()
        finally:
            archive.close()

    def _why(self, link: Waiting | None, known: KnownAddress, not_due: NotDue) -> str | None:
        """The reason to fetch an address of the frontier; None if it would not be fetched, which `not_due` then counts.

        The reasons: "new" for one never fetched, "due since TIME", "changed TIME, after the last visit" by a list, or
        "re-checked in every crawl".
        """
        due_at, fetched_at = known.due_at, known.fetched_at
        if due_at == NEVER and self.run.options.recheck != "all":
            not_due.given_up += 1
            return None
        if self.run.options.recheck == ("none" if fetched_at else "only"):
            not_due.left_out += 1
            return None
        if self._is_older(link, known):
            not_due.older += 1
            return None
        if link and link.published_at and fetched_at and link.published_at > fetched_at:
            return f"changed {stamp(link.published_at)}, after the last visit"
        if due_at <= datetime.now(UTC):
            return f"due since {stamp(due_at)}" if fetched_at else "new"
        if self.run.every_article:
            return "re-checked in every crawl"
        not_due.later += 1
        not_due.next_at = min(due_at, not_due.next_at or due_at)
        return None

    def _asked_at(self, link: Waiting | None, known: KnownAddress) -> str:
        """The address at which a known article is asked: its known one, unless a list now names it at a new one.

        The new one is then asked, except http in place of https and an address already known beside the first
        (`ArticleAddresses.named`). link: the article on a list; None if no list names it.
        """
        return known.addresses.named(link.url, datetime.now(UTC)).url if link else known.url

    def _may_be_asked(self, url: str, not_due: NotDue) -> bool:
        """True if our own rules and the robots.txt files read so far allow a url; else `not_due` counts it."""
        if refused_url(url, self.run.source.allow) or self._never.reason(url):
            not_due.barred += 1
            return False
        robots = self.crawler.get_downloader_middleware(Robots)
        if robots is not None and robots.refuses(url):
            not_due.refused += 1
            return False
        return True

    def _is_older(self, link: Waiting | None, known: KnownAddress) -> bool:
        """True if a crawl with --since leaves an article out, as the frontier does; False without --since.

        Its last date on lists decides; without any, it is left out if it was ever fetched.
        """
        if self.run.options.since is None:
            return False
        named_of = _named_of(link, known)
        return named_of < self.run.options.since if named_of else known.fetched_at is not None


def _named_of(link: Waiting | None, known: KnownAddress) -> datetime | None:
    """The latest date that lists gave for an article, now or in earlier crawls; None without any."""
    return max((at for at in (link and link.published_at, known.published_at) if at), default=None)


def _figures(reader: SeedReader) -> tuple[int, int, int, int, int]:
    return reader.errors, reader.refused, reader.barred, reader.waiting, reader.spent
