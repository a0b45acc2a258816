"""The links of a seed, from all its pages, restricted to this source's articles."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime

from crawler.frontier import Waiting
from crawler.seeds.nested import dated_lists, lists_of_lists, whole
from crawler.seeds.pages import list_pages
from crawler.seeds.print_edition import articles_in_print
from crawler.seeds.reading import (
    GET,
    NEEDED,
    Absent,
    ListFault,
    ListMessage,
    ListPart,
    Page,
    Read,
    Unchanged,
    all_of,
    is_older,
    never,
)
from crawler.seeds.rows import json_pages
from crawler.seeds.sitemaps import sitemap_files
from crawler.sources import Feed, JsonList, ListPage, PrintEdition, Seed, Source, is_dated
from parsers import Document, ParseError
from parsers.links import Link, feed_links
from parsers.urls import urlkey


async def links_from(
    seed: Seed, source: Source, read: Read, now: datetime, since: datetime | None = None, unchanged: Unchanged = never
) -> AsyncIterator[ListPart]:
    """Yield the wanted article links of a seed in parts: one for each page of a list, several for a sitemap's file.

    Wanted are links in the scope and on a host of the source, and not older than since. now is aware. Raises ListFault
    for a page of another kind, and for a seed that answers but names no article where the source expects some (not if
    it is old).
    """
    answers = named = faults = 0
    last = seed.url

    async def counted(url: str, message: ListMessage, absent: Absent) -> Document | None:
        nonlocal answers, last
        last = url
        document = await read(url, message, absent)
        answers += document is not None
        return document

    parts = _parts(seed, source, counted, now, since, unchanged)
    try:
        async for part in parts:
            named += part.named
            faults += part.fault is not None
            faulty = part.fault is not None and not part.url
            yield _sorted(replace(part, url=last) if faulty else part, source, since)
    except ParseError as error:
        raise ListFault(error.reason, last) from error
    if answers and not (named or faults) and source.expect and not getattr(seed, "old", False):
        raise ListFault(f"names no article, and {source.expect} are expected of {source.name}", seed.url)


def _parts(
    seed: Seed, source: Source, read: Read, now: datetime, since: datetime | None, unchanged: Unchanged
) -> AsyncIterator[ListPart]:
    """Yield the parts of a seed with all their links, read as its kind demands."""
    if is_dated(seed):
        return dated_lists(seed, source, read, now, since, unchanged)
    match seed:
        case ListPage(lists=str()):
            return lists_of_lists(seed, source, read, since, unchanged)
        case ListPage():
            return whole(list_pages(seed, source, read))
        case PrintEdition():
            return whole(articles_in_print(seed, source, read, since))
        case JsonList():
            return whole(json_pages(seed, source, read, now, since))
        case Feed():
            return whole(_feed(seed, read))
        case _:
            return sitemap_files(seed.url, source, read, since, unchanged)


def _sorted(part: ListPart, source: Source, since: datetime | None) -> ListPart:
    """The part with only the wanted links, without dropped parameters; `elsewhere` has those on undeclared hosts."""
    wanted, elsewhere = list[Link](), list[str]()
    for link in (replace(each, url=source.plain(each.url)) for each in part.links):
        if not source.within(link.url):
            elsewhere.append(link.url)
        elif source.in_scope(link.url) and not is_older(link, since):
            wanted.append(link)
    return replace(part, links=wanted, elsewhere=tuple(elsewhere))


def waiting(links: Iterable[Link]) -> list[Waiting]:
    """A Waiting for each link, as the frontier takes them; links without a urlkey are dropped."""
    found = []
    for link in links:
        try:
            found.append(Waiting(link.url, urlkey(link.url), link.published_at, section=link.section))
        except ValueError:
            continue
    return found


async def _feed(seed: Feed, read: Read) -> AsyncIterator[Page]:
    document = await read(seed.url, GET, NEEDED)
    if document is not None:
        yield all_of(feed_links(document))
