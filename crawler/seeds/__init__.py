"""From a seed to links: which pages a seed is read in, and which rows of them are this source's articles."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime

from crawler.frontier import Waiting
from crawler.seeds.pages import list_pages
from crawler.seeds.print_edition import articles_in_print
from crawler.seeds.reading import NEEDED, Absent, ListFault, Page, Part, Read, Unchanged, all_of, is_older, never
from crawler.seeds.rows import json_list, json_pages
from crawler.seeds.sitemaps import SITEMAPS, sitemap_files
from crawler.sources import Feed, JsonList, JsonPaging, ListPage, PrintEdition, Seed, Source
from parsers import Document, ParseError
from parsers.links import Link, feed_links
from parsers.urls import urlkey

__all__ = ["SITEMAPS", "ListFault", "Part", "Read", "links_from", "waiting"]


async def links_from(
    seed: Seed, source: Source, read: Read, since: datetime | None = None, unchanged: Unchanged = never
) -> AsyncIterator[Part]:
    """The article links of a seed, in parts: one for each page of a list, several for each file of a sitemap.

    Raises ListFault for a page of another kind, and for a seed that names none where the source expects some.
    """
    answers = named = faults = 0
    last = seed.url

    async def counted(url: str, form: str | None, absent: Absent) -> Document | None:
        nonlocal answers, last
        last = url
        document = await read(url, form, absent)
        answers += document is not None
        return document

    if isinstance(seed, ListPage):
        parts = _whole(list_pages(seed, source, counted))
    elif isinstance(seed, PrintEdition):
        parts = _whole(articles_in_print(seed, source, counted, since))
    elif isinstance(seed, JsonPaging):
        parts = _whole(json_pages(seed, source, counted, since))
    elif isinstance(seed, JsonList):
        parts = _whole(json_list(seed, source, counted))
    elif isinstance(seed, Feed):
        parts = _whole(_feed(seed, counted))
    else:
        parts = sitemap_files(seed.url, source, counted, since, unchanged)
    try:
        async for part in parts:
            named += part.named
            faults += part.fault is not None
            yield _sorted(part, source, since)
    except ParseError as error:
        raise ListFault(error.reason, last) from error
    if answers and not (named or faults) and source.expect and not (isinstance(seed, ListPage) and seed.old):
        raise ListFault(f"names no article, and {source.expect} are expected of {source.name}", seed.url)


def _sorted(part: Part, source: Source, since: datetime | None) -> Part:
    """The part with the links that are wanted, and beside them what stands on other hosts."""
    wanted, elsewhere = list[Link](), list[str]()
    for link in part.links:
        if not source.within(link.url):
            elsewhere.append(link.url)
        elif source.in_scope(link.url) and not is_older(link, since):
            wanted.append(link)
    return replace(part, links=wanted, elsewhere=tuple(elsewhere))


async def _whole(pages: AsyncIterator[Page]) -> AsyncIterator[Part]:
    async for named, links in pages:
        yield Part(named, links)


def waiting(links: Iterable[Link]) -> list[Waiting]:
    """Links as the frontier takes them; what has no urlkey is left out."""
    found = []
    for link in links:
        try:
            found.append(Waiting(link.url, urlkey(link.url), link.published_at, section=link.section))
        except ValueError:
            continue
    return found


async def _feed(seed: Feed, read: Read) -> AsyncIterator[Page]:
    document = await read(seed.url, None, NEEDED)
    if document is not None:
        yield all_of(feed_links(document))
