"""Lists in a publisher's own JSON, and which of their rows are wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

from crawler.seeds.asking import MAX_CURSOR_CHARACTERS, ListTurn, request_of
from crawler.seeds.reading import NEEDED, NO_SUCH_PAGE, PAST_THE_LAST, ListMessage, Page, Read
from crawler.sources import JsonList, Source, holds, is_turned, number_of
from parsers import Document, ParseError
from parsers.json_rows import MAX_TIME_CHARACTERS, MISSING, Row, RowFields, json_rows, sections_of, text_at, value_at
from parsers.links import absolute, json_document, json_list_links, why_without_links

SEPARATORS = "|｜丨︱:：·"


async def json_pages(
    seed: JsonList, source: Source, read: Read, now: datetime, since: datetime | None = None
) -> AsyncIterator[Page]:
    """Yield (number of articles, links) of each page of a list in JSON, until one has no new row or no next page.

    The number is of all articles on the page; the links are those in the source's columns that no earlier page had. At
    most `seed.pages` are read. A list asked by time ends also where its last row is older than since. Raises
    ParseError, as `row_links` does, and for a first page that names articles of other sites only.
    """
    turn = ListTurn(0, number_of(seed, 0), int(now.timestamp() * 1000))
    seen: set[str] = set()  # addresses
    known: set[str] = set()  # keys of all rows, wanted or not
    address, message = request_of(seed, turn)
    while True:
        absent = PAST_THE_LAST if turn.place else NO_SUCH_PAGE if seed.old else NEEDED
        answer = await read(address, message, absent)
        if answer is None:
            return
        document = json_document(answer, seed.script)
        count, links = row_links(document, source, seed.rows, first=not turn.place)
        yield count, [link for link in links if link.url not in seen]
        if not turn.place:
            _require_own(document, source, seed.rows)
        keys = _keys(document, seed.rows)
        following = _following(seed, turn, document, fresh=bool(keys - known))
        if following is None or (since is not None and _by_time(seed) and _is_behind(document, seed.rows, since)):
            return
        seen |= {link.url for link in links}
        known |= keys
        turn = following
        address, message = request_of(seed, turn)
        if (named := _next_address(seed, turn, document.url)) is not None:
            address, message = named, ListMessage(headers=seed.headers)


def _following(seed: JsonList, turn: ListTurn, document: Document, fresh: bool) -> ListTurn | None:
    """The turn of the next page; None at the end. fresh: this page had a new row."""
    place = turn.place + 1
    if place >= seed.pages or not is_turned(seed):
        return None
    last = _last_time(list(json_rows(document.json, seed.rows)), seed.rows)
    cursor = _cursor(seed, document)
    if seed.cursor is not None:
        goes_on = fresh and cursor is not None and cursor != turn.cursor
    elif _by_time(seed):
        goes_on = fresh and last is not None and last != turn.last
    else:
        goes_on = fresh
    return replace(turn, place=place, page=number_of(seed, place), last=last, cursor=cursor) if goes_on else None


def _cursor(seed: JsonList, document: Document) -> str | int | float | None:
    """The value at the list's cursor in an answer: a number (also 0) or a text; None if empty, too long or neither."""
    value = value_at(document.json, seed.cursor) if seed.cursor and isinstance(document.json, dict) else MISSING
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        return None
    return value if len(str(value)) <= MAX_CURSOR_CHARACTERS else None


def _next_address(seed: JsonList, turn: ListTurn, base: str) -> str | None:
    """The absolute address of the next page, if the last answer's cursor is an address; else None.

    It is one in lists that have a cursor and no `{cursor}` in their requests. base: the address to which it is
    relative.
    """
    if seed.cursor is None or holds(seed, "{cursor}"):
        return None
    return absolute(base, str(turn.cursor))


def row_links(document: Document, source: Source, fields: RowFields, first: bool = True) -> Page:
    """The number of articles on a page, and links to those in the source's columns (without columns, to all).

    Raises ParseError for a page that is not JSON, and for a first page that holds objects, but no row or only rows
    without an address. An empty list, and a later page without an article, are no fault: (0, []).
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
    """Raise ParseError if a page names articles, but none of this source's."""
    links = json_list_links(document, source.article, fields)
    if links and not any(source.covers(link.url) for link in links):
        raise ParseError(f"names {len(links)} addresses, none of them in `scope` and on its hosts: {links[0].url}")


def _keys(document: Document, fields: RowFields) -> set[str]:
    """The keys of the rows of a page: the address of each or, where `fields` names no url, its id."""
    return {text_at(row, fields.key) for row in json_rows(document.json, fields)}


def _by_time(seed: JsonList) -> bool:
    return holds(seed, "{last}") or holds(seed, "{until}")


def _is_behind(document: Document, fields: RowFields, since: datetime) -> bool:
    """True if the last row that has a time is older than since (pinned rows stand at the top); False without a time."""
    rows = reversed(list(json_rows(document.json, fields)))
    times = (fields.published(row, document.captured_at) for row in rows)
    return next(filter(None, times), since) < since


def _in_columns(row: Row, columns: tuple[str, ...], fields: RowFields) -> bool:
    """True if a section or column of the row is one of `columns`, or its title starts with one and a separator.

    False for empty `columns`.
    """
    title = text_at(row, fields.title)
    head = next((column for column in columns if title.startswith(column)), None)
    if head is not None and title[len(head) :].lstrip()[:1] in tuple(SEPARATORS):
        return True
    return any(word in columns for word in sections_of(row, fields))


def _last_time(rows: list[Row], fields: RowFields) -> str | int | None:
    """The time of the last row that has one, as it stands there; digits become a number. None if no row has a time."""
    texts = (text for row in reversed(rows) if (text := text_at(row, fields.time)))
    last = next((text for text in texts if len(text) <= MAX_TIME_CHARACTERS), None)
    return int(last) if last is not None and last.isascii() and last.isdigit() else last
