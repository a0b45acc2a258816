"""Lists in HTML, page after page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

from crawler.seeds.reading import NEEDED, NO_SUCH_PAGE, PAST_THE_LAST, Page, Read
from crawler.sources import ListPage, Source
from parsers import Document, ParseError
from parsers.errors import RENDERED
from parsers.links import Link, article_links
from parsers.paging import following_page
from parsers.scripted import is_rendered_by_script


async def list_pages(seed: ListPage, source: Source, read: Read) -> AsyncIterator[Page]:
    """The pages of a list, until one names nothing new or leads nowhere. Raises ParseError for an empty shell.

    Beside the articles stand the links to other hosts, which say whether the site has moved.
    """
    seen: set[str] = set()
    url: str | None = seed.url.replace("{page}", "1")
    for page in range(1, seed.pages + 1):
        absent = PAST_THE_LAST if page > 1 else NO_SUCH_PAGE if seed.old else NEEDED
        document = await read(url, None, absent) if url is not None else None
        links, others = _linked(document, seed, source) if document is not None else ([], [])
        fresh = [link for link in links if link.url not in seen]
        if not fresh and (seen or document is None):
            return
        if document is not None and not fresh and is_rendered_by_script(document):
            raise ParseError(f"{RENDERED}: no article is linked in it (see docs/adding-a-source.md)")
        seen |= {link.url for link in fresh}
        yield len(fresh), [*fresh, *others]
        if not fresh:  # an empty list was read too
            return
        turned = following_page(document) if document is not None and page < seed.pages else None
        url = seed.url.replace("{page}", str(page + 1)) if "{page}" in seed.url else turned


def _linked(document: Document, seed: ListPage, source: Source) -> tuple[list[Link], list[Link]]:
    """The articles that a list links, each at the address under which this source reads it, and what is elsewhere."""
    links = article_links(document)
    others = [link for link in links if not source.within(link.url)]
    if seed.ids is None or source.article is None:
        return [link for link in links if re.search(source.scope, link.url) or source.in_scope(link.url)], others
    named = ((link, re.search(seed.ids, link.url)) for link in links)
    found = (replace(link, url=source.article.format(id=id_[1])) for link, id_ in named if id_)
    return list({link.url: link for link in found}.values()), others
