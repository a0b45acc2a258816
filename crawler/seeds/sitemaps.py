"""Sitemaps, and the sitemaps that those lead to: the newest first, each file once and a part at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime

from crawler.seeds.reading import GET, NEEDED, ListPart, Read, Unchanged, is_older
from crawler.sources import Source
from parsers import ParseError
from parsers.links import Link, sitemap_links

SITEMAP_DEPTH = 5  # sitemaps.org allows one level; indexes that lead to new addresses each time would have no end
MAX_SITEMAPS = 50_000  # as many as an index may name (sitemaps.org)
LINKS_AT_A_TIME = 1_000  # links in a part: a file may have 50,000


class _Files:
    """The sitemaps that are still to be read; iterating takes one after the other, `add` puts more before the rest."""

    def __init__(self, url: str, source: Source, since: datetime | None) -> None:
        self._source, self._since = source, since
        self._waiting = deque([(Link(url, kind="sitemap"), 0)])
        self._seen = {url}
        self._depth = 0

    def __iter__(self) -> Iterator[Link]:
        while self._waiting:
            file, self._depth = self._waiting.popleft()
            yield file

    def add(self, children: list[Link]) -> Iterator[str]:
        """Put the sitemaps of an index next, the latest changed first, then those without a date.

        Only those on the source's hosts that are new and, with since, not older. Yields a text for each fault of the
        index, and must be iterated to its end to take effect. An index of indexes then leads to articles before all of
        the indexes are read.
        """
        near = [link for link in children if self._source.within(link.url)]
        if children and not near:  # links elsewhere are ignored if there are others
            told = f"its host is not among the hosts of {self._source.name}: name it in `hosts`"
            yield f"leads to {children[0].url} only: {told}"
        fresh = [link for link in near if link.url not in self._seen and not is_older(link, self._since)]
        if fresh and self._depth >= SITEMAP_DEPTH:
            yield f"its sitemaps are nested deeper than {SITEMAP_DEPTH}: those below are not read"
            return
        fresh.sort(key=lambda link: -link.published_at.timestamp() if link.published_at else 0)
        fresh = list({link.url: link for link in fresh}.values())
        room = MAX_SITEMAPS + 1 - len(self._seen)  # beside the seed itself
        if len(fresh) > room:
            yield f"leads to more than {MAX_SITEMAPS:,} sitemaps: only the first are read"
            del fresh[room:]
        self._seen |= {link.url for link in fresh}
        self._waiting.extendleft((link, self._depth + 1) for link in reversed(fresh))


async def sitemap_files(
    url: str, source: Source, read: Read, since: datetime | None, unchanged: Unchanged
) -> AsyncIterator[ListPart]:
    """Yield the parts of a sitemap and of those that it leads to on the source's hosts; each file is read once.

    An unchanged file is one part without links. A file that is no sitemap and a limit that was reached are parts with a
    fault.
    """
    files = _Files(url, source, since)
    for file in files:
        if file.published_at and (named := await unchanged(file.url, file.published_at)) is not None:
            yield ListPart(named, [], ends=False)
            continue
        document = await read(file.url, GET, NEEDED)
        if document is None:
            continue
        children: list[Link] = []
        try:
            for part in _parts(sitemap_links(document)):
                children += [link for link in part if link.kind == "sitemap"]
                articles = [link for link in part if link.kind == "article"]
                yield ListPart(len(articles), articles, ends=False, url=file.url)
        except ParseError as error:
            yield ListPart(0, [], ends=False, url=file.url, fault=error.reason)
        else:
            del document  # it may be large, and handling all its links takes memory too
            yield ListPart(0, [], ends=not children, url=file.url, lastmod=file.published_at)
        for fault in files.add(children):
            yield ListPart(0, [], ends=False, url=file.url, fault=fault)


def _parts(links: Iterable[Link]) -> Iterator[list[Link]]:
    """Yield the links in lists of LINKS_AT_A_TIME, the last one shorter; nothing without links.

    A ParseError is raised after the links before it were yielded.
    """
    part: list[Link] = []
    try:
        for link in links:
            part.append(link)
            if len(part) == LINKS_AT_A_TIME:
                yield part
                part = []
    except ParseError:
        yield part
        raise
    if part:
        yield part
