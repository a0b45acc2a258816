"""Lists that lead to lists: an index of issues, and the lists of a day."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crawler.seeds.asking import on_day
from crawler.seeds.days import days_back
from crawler.seeds.pages import list_pages
from crawler.seeds.reading import ListPart, Page, Read, Unchanged
from crawler.seeds.rows import json_pages
from crawler.sources import JsonList, ListPage, Source
from parsers import ParseError
from parsers.links import Link

MAX_LISTS = 5_000  # of one seed
PRINTED = datetime(1970, 1, 1, tzinfo=UTC)
"""A constant lastmod for lists that other lists link, whose date of change is unknown."""


async def whole(pages: AsyncIterator[Page]) -> AsyncIterator[ListPart]:
    """Yield each page of a list that is a seed itself as a ListPart."""
    async for named, links in pages:
        yield ListPart(named, links)


async def dated_lists(
    seed: ListPage | JsonList, source: Source, read: Read, now: datetime, since: datetime | None, unchanged: Unchanged
) -> AsyncIterator[ListPart]:
    """Yield the parts of the lists of the last days, newest first.

    A day whose list cannot be parsed is a part with its fault, and the days before it are still read. If no day has a
    list, one part with a fault follows; not so if `since` left fewer days than `seed.days` to read.
    """
    days = days_back(now.astimezone(ZoneInfo(source.timezone)).date(), seed.days, source, since)
    asked: set[ListPage | JsonList] = set()
    answered = False
    for day in days:
        of_day = on_day(seed, day)
        if of_day in asked:  # the address names only a month or a year
            continue
        asked.add(of_day)
        if isinstance(of_day, JsonList):
            parts = whole(json_pages(of_day, source, read, now, since))
        elif of_day.lists is not None:
            parts = lists_of_lists(of_day, source, read, since, unchanged)
        else:
            parts = whole(list_pages(of_day, source, read))
        try:
            async for part in parts:
                answered = True
                yield part
        except ParseError as error:
            answered = True
            yield ListPart(0, [], ends=False, fault=error.reason)
    if not answered and len(days) >= seed.days:
        yield ListPart(0, [], url=seed.url, ends=False, fault=f"no day from {days[-1]} to {days[0]} has such a list")


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A list to be read. place: its number, from 0, in the list that links it. above: the lists that led to it."""

    url: str
    place: int = 0
    above: tuple[str, ...] = ()

    @property
    def level(self) -> int:
        """The number of levels below the seed."""
        return len(self.above)


async def lists_of_lists(
    seed: ListPage, source: Source, read: Read, since: datetime | None, unchanged: Unchanged
) -> AsyncIterator[ListPart]:
    """Yield the parts of a list and of those that it leads to, each with its url; an unparsable one with its fault.

    On the lowest level the first `seed.newest` lists are read, and the others unless they were read lately: a published
    issue changes rarely. A crawl with `since` reads only those first ones. An address that is in the scope and matches
    `seed.lists` too is a list on the levels above, but an article on the lowest level: an index may link an article,
    and the address does not show which it is.
    """
    leads = re.compile(seed.lists or "")
    waiting, known = deque([_Waiting(seed.url)]), {seed.url}
    while waiting:
        one = waiting.popleft()
        lowest = one.level == seed.depth
        if lowest and one.place >= seed.newest:
            if since is not None:
                continue
            if (named := await unchanged(one.url, PRINTED)) is not None:
                yield ListPart(named, [], ends=False, url=one.url)
                continue
        below: list[str] = []
        answered = False
        page = replace(seed, url=one.url, further=None, old=False) if one.level else seed
        try:
            async for _, links in list_pages(page, source, read, None if lowest else leads):
                answered = True
                below += [link.url for link in links if link.kind == "list" and link.url not in known]
                articles = [link for link in links if link.kind != "list" and link.url not in (*one.above, one.url)]
                yield ListPart(_inside(articles, source), articles, ends=False, url=one.url)
        except ParseError as error:
            yield ListPart(0, [], ends=False, url=one.url, fault=error.reason)
            continue
        if not answered:
            continue
        yield ListPart(0, [], ends=True, url=one.url, lastmod=PRINTED if lowest else None)
        if lowest:
            continue
        following, fault = _following(one, below, len(known), seed)
        if fault:
            yield ListPart(0, [], ends=False, url=one.url, fault=fault)
        known.update(following)
        above = (*one.above, one.url)
        waiting.extendleft(_Waiting(url, place, above) for place, url in reversed(list(enumerate(following))))


def _following(one: _Waiting, below: list[str], known: int, seed: ListPage) -> tuple[list[str], str | None]:
    """(the addresses of lists to read next, each once; the fault of the list that links them, or None).

    below: the addresses that it links. known: the number of lists so far. If MAX_LISTS is exceeded, the addresses up to
    it come with a fault; if the seed itself leads to no list, [] comes with a fault.
    """
    fresh, room = list(dict.fromkeys(below)), MAX_LISTS - known
    if len(fresh) > room:
        return fresh[:room], f"leads to more than {MAX_LISTS:,} lists: only the first are read"
    if not (fresh or one.level):
        return [], f"leads to no list whose address '{seed.lists}' matches"
    return fresh, None


def _inside(links: list[Link], source: Source) -> int:
    return sum(source.within(link.url) for link in links)
