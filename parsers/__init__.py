"""Reading: a captured document in, an article out; no network, file, database, clock or log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.article import Article, Media, RelatedLink, TextLink, from_json, json_line, to_json
from parsers.document import Document
from parsers.errors import Blocked, Gone, LayoutChanged, NotAnArticle, ParseError, Restricted
from parsers.selectors import Selectors

if TYPE_CHECKING:
    from parsers.pages import ArticlePage

PARSER_VERSION = "6"  # raised whenever a stored capture may be read differently

__all__ = [
    "PARSER_VERSION",
    "Article",
    "Blocked",
    "Document",
    "Gone",
    "LayoutChanged",
    "Media",
    "NotAnArticle",
    "ParseError",
    "RelatedLink",
    "Restricted",
    "TextLink",
    "from_json",
    "json_line",
    "page_of",
    "parse",
    "to_json",
    "version_of",
]


def version_of(selectors: Selectors) -> str:
    """The parser's version as captures read by these selectors name it."""
    return selectors.version(PARSER_VERSION)


def page_of(document: Document) -> ArticlePage:
    """The document as a page of the class that reads it."""
    from parsers.pages import (
        page_for,  # the patterns of all classes take a third of a second, and most commands read no page
    )

    return page_for(document.url, document.captured_at, document.source, document.selectors)(document)


def parse(document: Document) -> Article:
    """The article that the document holds.

    Raises ParseError, or the subclass that says more: NotAnArticle, Gone, Restricted, Blocked, LayoutChanged.
    """
    try:
        return page_of(document).article()
    except RecursionError as error:  # values of JSON inside each other as deep as Python reads them
        raise ParseError("the page is nested too deeply") from error
