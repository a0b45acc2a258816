"""From a seed to links: which pages a seed is read in, and which rows of them are this source's articles."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime
from urllib.parse import urlencode

from crawler.frontier import Waiting
from crawler.sources import Feed, JsonList, JsonPaging, ListPage, Seed, Source
from parsers import Document, ParseError
from parsers.links import Link, absolute, article_links, feed_links, json_list_links, json_rows, sitemap_links
from parsers.urls import urlkey

# (url, form, optional): a GET, or a POST of the form; None when the page could not be had. optional: it may be absent.
Read = Callable[[str, str | None, bool], Awaitable[Document | None]]

SITEMAP_DEPTH = 5
SITEMAPS = 5_000
COLUMN_FIELDS = ("sectionname", "subsectionname", "columns")
SEPARATORS = "|｜丨︱:：·"


async def links_from(
    seed: Seed, source: Source, read: Read, since: datetime | None = None
) -> AsyncIterator[list[Link]]:
    """The article links of a seed, a list for each page that was read. Raises ParseError for a page of another kind."""
    if isinstance(seed, ListPage):
        pages = _list_pages(seed, source, read)
    elif isinstance(seed, JsonPaging):
        pages = _json_pages(seed, source, read, since)
    elif isinstance(seed, JsonList | Feed):
        pages = _one_page(seed, source, read)
    else:
        pages = _sitemaps(seed.url, read, since)
    async for links in pages:
        yield [link for link in links if source.covers(link.url) and not _older(link, since)]


def waiting(links: Iterable[Link]) -> list[Waiting]:
    """Links as the frontier takes them; what has no urlkey is left out."""
    found = []
    for link in links:
        try:
            found.append(Waiting(link.url, urlkey(link.url), link.published_at))
        except ValueError:
            continue
    return found


async def _one_page(seed: JsonList | Feed, source: Source, read: Read) -> AsyncIterator[list[Link]]:
    document = await read(seed.url, None, False)
    if document is not None:
        yield feed_links(document) if isinstance(seed, Feed) else _row_links(document, source)


async def _sitemaps(url: str, read: Read, since: datetime | None) -> AsyncIterator[list[Link]]:
    """A sitemap and what it leads to; each file once, so that a cycle ends."""
    waiting_files, seen, fault = [(url, 0)], {url}, None
    while waiting_files and len(seen) <= SITEMAPS:
        file, depth = waiting_files.pop(0)
        document = await read(file, None, False)
        try:
            links = sitemap_links(document) if document is not None else []
        except ParseError as error:  # the other files are still worth reading
            links, fault = [], fault or error
        children = [link for link in links if link.kind == "sitemap" and not _older(link, since)]
        if depth < SITEMAP_DEPTH:
            waiting_files += [(link.url, depth + 1) for link in children if link.url not in seen]
            seen |= {link.url for link in children}
        yield [link for link in links if link.kind == "article"]
    if fault is not None:
        raise fault


async def _list_pages(seed: ListPage, source: Source, read: Read) -> AsyncIterator[list[Link]]:
    seen: set[str] = set()
    for page in range(1, seed.pages + 1):
        document = await read(seed.url.replace("{page}", str(page)), None, page > 1)
        links = article_links(document, source.scope) if document is not None else []
        fresh = [link for link in links if link.url not in seen]
        if not fresh:
            return
        seen |= {link.url for link in fresh}
        yield fresh


async def _json_pages(
    seed: JsonPaging, source: Source, read: Read, since: datetime | None
) -> AsyncIterator[list[Link]]:
    last: int | None = None
    for page in range(1, seed.pages + 1):
        form = {"page": str(page)} | ({"lastpublishtime": str(last)} if last is not None else {})
        document = await read(seed.url, urlencode(form), False)
        if document is None:
            return
        yield _row_links(document, source)
        times = [int(row["publishtime"]) for row in json_rows(document.json) if _is_whole(row.get("publishtime"))]
        if not times or (last is not None and min(times) >= last):
            return
        last = min(times)
        if since is not None and last < since.timestamp() * 1000:
            return


def _row_links(document: Document, source: Source) -> list[Link]:
    template = source.article or "{id}"
    links = json_list_links(document, template)
    if not source.columns:
        return links
    rows = (row for row in json_rows(document.json) if _in_columns(row, source.columns))
    chosen = {absolute(document.url, template.format(id=row["id"])) for row in rows}
    return [link for link in links if link.url in chosen]


def _in_columns(row: object, columns: tuple[str, ...]) -> bool:
    """By the row's own words: its section or column, or a title that starts with the column and a separator."""
    if not isinstance(row, dict):
        return False
    title = str(row.get("title") or "").strip()
    head = next((column for column in columns if title.startswith(column)), None)
    if head is not None and title[len(head) :].lstrip()[:1] in tuple(SEPARATORS):
        return True
    return any(str(row.get(name) or "").strip() in columns for name in COLUMN_FIELDS)


def _older(link: Link, since: datetime | None) -> bool:
    return since is not None and link.published_at is not None and link.published_at < since


def _is_whole(value: object) -> bool:
    return str(value).isascii() and str(value).isdigit()
