"""Lists in HTML, page after page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

from crawler.seeds.reading import GET, NEEDED, NO_SUCH_PAGE, PAST_THE_LAST, Page, Read
from crawler.sources import ListPage, Source, page_address
from parsers import Document, ParseError
from parsers.errors import RENDERED
from parsers.links import Link, article_links, following_page
from parsers.scaffold import is_rendered_by_script


async def list_pages(
    seed: ListPage, source: Source, read: Read, leads: re.Pattern[str] | None = None
) -> AsyncIterator[Page]:
    """Yield (number of new articles, links) of each page of a list, until one has no new link or no next page.

    A first page without a link is yielded too. At most `seed.pages` are read. The links are the new articles, links to
    further lists, whose addresses match `leads` (kind "list"), and links to other hosts, which show if the site has
    moved. Raises ParseError for an empty page that a script should fill.
    """
    seen: set[str] = set()
    url: str | None = page_address(seed, 0)
    numbered = "{page}" in seed.url or seed.further is not None
    for place in range(seed.pages):
        absent = PAST_THE_LAST if place else NO_SUCH_PAGE if seed.old else NEEDED
        document = await read(url, GET, absent) if url is not None else None
        links, others = _linked(document, seed, source, leads) if document is not None else ([], [])
        fresh = [link for link in links if link.url not in seen]
        if not fresh and (seen or document is None):
            return
        if document is not None and not fresh and is_rendered_by_script(document):
            raise ParseError(f"{RENDERED}: no article is linked in it (see docs/adding-a-source.md)")
        seen |= {link.url for link in fresh}
        yield sum(link.kind == "article" for link in fresh), [*fresh, *others]
        if not fresh:  # an empty list counts as read
            return
        turned = following_page(document) if document is not None and place + 1 < seed.pages else None
        url = page_address(seed, place + 1) if numbered else turned


def _linked(
    document: Document, seed: ListPage, source: Source, leads: re.Pattern[str] | None
) -> tuple[list[Link], list[Link]]:
    """(the articles that a page links, each at its address in this source; its links to other hosts).

    With `leads`, the links to further lists (kind "list") come before the articles.
    """
    links = article_links(document)
    if leads is not None:
        lists = [replace(link, kind="list") for link in links if leads.search(link.url) and source.within(link.url)]
        articles, others = _linked(document, seed, source, None)
        known = {link.url for link in lists}
        return [*lists, *(link for link in articles if link.url not in known)], others
    others = [link for link in links if not source.within(link.url)]
    if seed.ids is None or source.article is None:
        return [link for link in links if re.search(source.scope, link.url) or source.in_scope(link.url)], others
    named = ((link, re.search(seed.ids, link.url)) for link in links)
    found = (replace(link, url=source.article.format(id=id_[1])) for link, id_ in named if id_)
    return list({link.url: link for link in found}.values()), others
