"""Links of lists in the publisher's own JSON."""

from __future__ import annotations

from collections.abc import Callable

from parsers.document import Document
from parsers.errors import ParseError
from parsers.json_rows import (
    ARTICLE_ADDRESS,
    SHANGGUAN,
    Row,
    RowFields,
    is_article,
    json_rows,
    names_in,
    safe_id,
    text_at,
)
from parsers.links.link import Link, absolute, title_of, unique

Wanted = Callable[[Row], bool]


def every_row(_row: Row) -> bool:
    """Return True for any row: the filter of a list whose rows are all wanted."""
    return True


def json_list_links(
    document: Document,
    template: str | None = ARTICLE_ADDRESS,
    fields: RowFields = SHANGGUAN,
    wanted: Wanted = every_row,
) -> list[Link]:
    """The links of a list JSON's wanted rows, each address once; rows without a safe address are left out.

    Where `fields` name a newstype, a row must be an article (newstype 0, 5, 6 or none). Where `fields` name no url,
    `template` with the row's id is its address, and without `template` it has none. A row that has the value named
    `instead` leads to that address. Raises ParseError if the payload is not JSON.
    """
    if document.json is None:
        raise ParseError("expected a list in JSON, got something else")
    rows = (row for row in json_rows(document.json, fields) if wanted(row))
    return unique(link for row in rows if (link := _row_link(row, document, template, fields)))


def why_without_links(document: Document, template: str | None, fields: RowFields) -> str | None:
    """The reason, in words, for which a list in JSON gives no link.

    None if it holds no objects, or if one of its rows has an address: the rows are then no articles, or none
    that the caller wants.
    """
    rows = list(json_rows(document.json, fields))
    names = ", ".join(names_in(document.json))
    if not rows:
        where = f" within {fields.within!r}" if fields.within else ""
        missing = f"no object{where} has both {fields.key!r} and {fields.title!r}; it has: {names}"
        return missing if names else None
    if fields.url is None and template is None:
        return f"its rows have {fields.id!r} and no address: say `article`, or in `rows` which is the `url` of: {names}"
    if not any(_address(row, document, template, fields) for row in rows):
        return f"no {fields.key!r} of its rows makes an address; they have: {names}"
    return None


def _row_link(row: Row, document: Document, template: str | None, fields: RowFields) -> Link | None:
    if fields.newstype is not None and not is_article(row):
        return None
    url = _address(row, document, template, fields)
    return Link(url, title_of(text_at(row, fields.title)), fields.published(row, document.captured_at)) if url else None


def _address(row: Row, document: Document, template: str | None, fields: RowFields) -> str | None:
    """The absolute address of a row: its `instead`, else its `url`, else the template with its id; None if unsafe."""
    if fields.instead is not None and (other := text_at(row, fields.instead)):
        return absolute(document.url, other)
    if fields.url is not None:
        return absolute(document.url, text_at(row, fields.url))
    key = safe_id(row, fields) if template is not None else None
    return absolute(document.url, template.replace("{id}", key)) if template is not None and key else None
