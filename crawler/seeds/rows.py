"""Rows: lists in the publisher's own JSON, and which of their rows are wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import urlencode

from crawler.seeds.reading import NEEDED, PAST_THE_LAST, Page, Read
from crawler.sources import JsonList, JsonPaging, Source
from parsers import Document, ParseError
from parsers.json_rows import Row, RowFields, json_rows, sections_of, text_at
from parsers.links import json_list_links, why_without_links

SEPARATORS = "|｜丨︱:：·"


async def json_list(seed: JsonList, source: Source, read: Read) -> AsyncIterator[Page]:
    """The pages of a list in JSON, until one names nothing new. Raises ParseError."""
    seen: set[str] = set()
    known: set[str] = set()
    for page in range(1, seed.pages + 1):
        absent = PAST_THE_LAST if page > 1 else NEEDED
        document = await read(seed.url.replace("{page}", str(page)), None, absent)
        if document is None:
            return
        count, links = row_links(document, source, seed.rows, first=page == 1)
        yield count, [link for link in links if link.url not in seen]
        if page == 1:
            _require_own(document, source, seed.rows)
        keys = _keys(document, seed.rows)
        if not keys - known:  # whether a row is wanted or not
            return
        seen |= {link.url for link in links}
        known |= keys


async def json_pages(seed: JsonPaging, source: Source, read: Read, since: datetime | None) -> AsyncIterator[Page]:
    """The pages of a list that is asked by POST, until one goes no further back. Raises ParseError."""
    last: int | None = None
    seen: set[str] = set()
    for page in range(1, seed.pages + 1):
        absent = PAST_THE_LAST if page > 1 else NEEDED
        document = await read(seed.url, urlencode(_form(seed, page, last)), absent)
        if document is None:
            return
        count, links = row_links(document, source, seed.rows, first=page == 1)
        yield count, links
        if page == 1:
            _require_own(document, source, seed.rows)
        rows = list(json_rows(document.json, seed.rows))
        keys, oldest = _keys(document, seed.rows), _oldest(rows, seed.rows)
        goes_on = (oldest is not None and (last is None or oldest < last)) if _by_time(seed) else bool(keys - seen)
        if not goes_on or (since is not None and _goes_back_to(document, seed.rows, since)):
            return
        last, seen = oldest, seen | keys


def row_links(document: Document, source: Source, fields: RowFields, first: bool = True) -> Page:
    """How many articles a page names, and links to the wanted ones.

    Raises ParseError for what is no JSON, and for a first page that names no article.
    """
    links = json_list_links(document, source.article, fields)
    if first and not links and (why := why_without_links(document, source.article, fields)):
        raise ParseError(f"names no article: {why} (see [sources.{source.name}.rows] in docs/adding-a-source.md)")
    if not source.columns:
        return len(links), links
    return len(links), json_list_links(
        document, source.article, fields, lambda row: _in_columns(row, source.columns, fields)
    )


def _require_own(document: Document, source: Source, fields: RowFields) -> None:
    """Raise ParseError where a first page names articles, and none of this source's."""
    links = json_list_links(document, source.article, fields)
    if links and not any(source.covers(link.url) for link in links):
        raise ParseError(f"names {len(links)} addresses, none of them in `scope` and on its hosts: {links[0].url}")


def _keys(document: Document, fields: RowFields) -> set[str]:
    """Which articles the rows of a page are, as the page tells them apart."""
    return {text_at(row, fields.key) for row in json_rows(document.json, fields)}


def _form(seed: JsonPaging, page: int, last: int | None) -> dict[str, str]:
    """What is posted: without what needs the last time, as long as there is none."""
    return {
        name: value.replace("{page}", str(page)).replace("{last}", str(last))
        for name, value in seed.form
        if last is not None or "{last}" not in value
    }


def _by_time(seed: JsonPaging) -> bool:
    return any("{last}" in value for _, value in seed.form)


def _goes_back_to(document: Document, fields: RowFields, since: datetime) -> bool:
    """Whether a row is older than that."""
    times = (fields.published(row, document.captured_at) for row in json_rows(document.json, fields))
    return min(filter(None, times), default=since) < since


def _in_columns(row: Row, columns: tuple[str, ...], fields: RowFields) -> bool:
    """By the row's own words: its section or column, or a title that starts with the column and a separator."""
    title = text_at(row, fields.title)
    head = next((column for column in columns if title.startswith(column)), None)
    if head is not None and title[len(head) :].lstrip()[:1] in tuple(SEPARATORS):
        return True
    return any(word in columns for word in sections_of(row, fields))


def _oldest(rows: list[Row], fields: RowFields) -> int | None:
    """The least of the times as they stand there, as whole numbers."""
    times = (text_at(row, fields.time) for row in rows)
    return min((int(text) for text in times if text.isascii() and text.isdigit() and len(text) < 20), default=None)
