"""Reads the seeds of a source into its frontier, and records in the archive what each list shows."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime

from archive.files import stamp
from archive.judging import FailedList, Listing
from crawler.middlewares import BudgetSpent
from crawler.pipelines import CrawlSession
from crawler.runs import Run, StorageError, nothing_let_in
from crawler.seeds import ListFault, ListPart, links_from, waiting
from crawler.sources import Seed, leads_to_lists, name_of
from crawler.spiders.seed_reader import SeedReader, Stopped

HEAD_START = 6  # lists read before the first article, so that the newest articles are known by then

logger = logging.getLogger(__name__)

Shown = tuple[str, tuple[str, ...]]  # the record of a page of a list, and the urlkeys in it


@dataclass(slots=True)
class Seeding:
    """The lists of a source, read while its articles are asked.

    Articles may begin once HEAD_START lists have answered, or all are read; until all are read only articles that were
    never fetched, for new articles go before known ones. going: the lists are still being read. whole: all lists were
    tried, and none was left out because a budget was spent.
    """

    run: Run
    reader: SeedReader
    session: CrawlSession
    going: bool = False
    whole: bool = False
    _wanted: int = 0  # articles named, including those of unchanged lists
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ready(self) -> bool:
        """True if articles may be asked: HEAD_START lists have answered, or no list is being read any more."""
        return not self.going or self.reader.answers >= HEAD_START

    async def news(self) -> None:
        """Wait until a list gave links or the lists ended; return at once if that happened since the last wait."""
        await self._news.wait()
        self._news.clear()

    async def read(self) -> str | None:
        """Add the articles of every seed to the frontier. Raises StorageError.

        Returns a finish reason if the crawl ends here: `budget`, or why no list answered; else None.
        """
        seeds = self.run.source.seeds if self.run.options.reads_lists else ()
        try:
            for seed in seeds:
                await self._read_or_fail(seed)
        except BudgetSpent:
            return "budget"
        except Stopped:
            return None
        finally:
            self.going = False
            self._news.set()
        self.whole = not self.reader.spent
        self._warn_if_nothing()
        return _without_answer(self.reader) if seeds and not self.reader.answers else None

    def _warn_if_nothing(self) -> None:
        """Log advice if lists answered, but none names an article within the source's rules.

        Nothing is logged if a list could not be read, or in a crawl with `since`.
        """
        reader, source = self.reader, self.run.source
        if reader.readable and not (self._wanted or reader.errors or self.run.options.since):
            logger.warning("%s", nothing_let_in(source.name))

    async def _unchanged(self, url: str, lastmod: datetime) -> int | None:
        """The number of articles on a list that has not changed since it was read; None if it must be read again."""
        named = await self.session.write(self.session.unchanged_list, url, lastmod)
        self._wanted += named or 0
        return named

    def stop(self) -> None:
        """Read no further list."""
        self.reader.stopped = True
        self._news.set()

    async def _read_or_fail(self, seed: Seed) -> None:
        unread, ended = len(self.reader.unread), None
        try:
            await self._read_seed(seed)
        except ListFault as fault:
            self.reader.failed(fault.url, fault.reason)
        except (BudgetSpent, Stopped) as error:
            ended = error
        except StorageError:
            raise
        except Exception as error:  # a fault of our parser on one list must not cost the other seeds
            self.reader.failed(seed.url, f"the parser failed: {type(error).__name__}: {error}")
        apart = leads_to_lists(seed)
        for each in self.reader.unread[unread:]:
            failed = FailedList(each.url if apart else name_of(seed), each.url, each.cause, each.ill, each.asked)
            await self.session.write(self.session.ingest.list_failed, failed)
        if ended is not None:
            raise ended

    async def _read_seed(self, seed: Seed) -> None:
        """Read a seed, and record in the archive what each list shows that was read in full."""
        reader, apart = self.reader, leads_to_lists(seed)
        shown: dict[str, dict[str, list[str]]] = {}  # urlkeys by list and record
        unread: dict[str, int] = {}  # number of unread pages when a list began
        before = len(reader.unread)
        async for part in links_from(
            seed, self.run.source, reader.read, datetime.now(UTC), self.run.options.since, self._unchanged
        ):
            url = part.url if apart else name_of(seed)
            begun = unread.setdefault(url, len(reader.unread))
            found = waiting(part.links)
            self._wanted += len(found)
            await self.session.write(self.session.add, found, part.elsewhere)
            self._news.set()
            if part.fault:
                reader.failed(part.url, part.fault)
            shown.setdefault(url, {}).setdefault(reader.record_id, []).extend(link.urlkey for link in found)
            if apart and part.ends and len(reader.unread) == begun:
                await self._note_list(url, shown.pop(url), part)
        if not apart and len(reader.unread) == before:
            await self._note_list(name_of(seed), shown.get(name_of(seed), {}))

    async def _note_list(self, url: str, shown: dict[str, list[str]], part: ListPart | None = None) -> None:
        """Record what a list shows, unless the crawl has `since` (only a part was read) or a page was not stored.

        shown: the urlkeys on it by the record of the page. part: the last part of a list below a seed.
        """
        pages: tuple[Shown, ...] = tuple((record_id, tuple(urlkeys)) for record_id, urlkeys in shown.items())
        lastmod = stamp(part.lastmod) if part and part.lastmod else None
        if self.run.options.since is None and shown and all(shown):
            await self.session.write(self.session.note_list, Listing(url, pages, lastmod))


def _without_answer(reader: SeedReader) -> str:
    """The finish reason of a crawl in which no list answered.

    The first of these that holds for a list: "budget" (spent), "waiting" (its host asked us to wait), "robots"
    (robots.txt refuses it), "policy" (our own rules do); "outage" if none holds.
    """
    if reader.spent:
        return "budget"
    if reader.waiting:
        return "waiting"
    return "robots" if reader.refused else "policy" if reader.barred else "outage"
