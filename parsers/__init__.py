"""Reading: a captured document in, an article out; no network, file, database, clock or log."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parsers.article import Article, Media, RelatedLink, TextLink, from_json, json_line, to_json
    from parsers.document import Document
    from parsers.errors import Blocked, Gone, LayoutChanged, NotAnArticle, ParseError, Restricted
    from parsers.reader import ArticlePage
    from parsers.selectors import Selectors

PARSER_VERSION = "9"  # raised whenever a stored capture may be read differently

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

# Imported on demand: a process that needs one module, such as that of visitors' SQL, does not wait for the others.
_MODULES = {
    "Article": "article", "Media": "article", "RelatedLink": "article", "TextLink": "article", "from_json": "article",
    "json_line": "article", "to_json": "article", "Document": "document", "Blocked": "errors", "Gone": "errors",
    "LayoutChanged": "errors", "NotAnArticle": "errors", "ParseError": "errors", "Restricted": "errors",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """The exported class or function of this name, whose module is imported on first use (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"parsers.{_MODULES[name]}"), name)


def version_of(selectors: Selectors) -> str:
    """The parser version recorded on captures read with these selectors.

    "8" if their edition is 0 (none were ever declared), else "8+sel1.0a1b2c": edition 1, and a hash of the selectors.
    """
    return selectors.version(PARSER_VERSION)


def page_of(document: Document) -> ArticlePage:
    """An ArticlePage for the document, of the class that `page_for` chooses; its article is not read yet."""
    from parsers.pages import (
        page_for,  # the patterns of all classes take a third of a second, and most commands read no page
    )

    return page_for(document.url, document.captured_at, document.source, document.selectors)(document)


def parse(document: Document) -> Article:
    """The article of a document.

    Raises ParseError, or a more exact subclass: NotAnArticle, Gone, Restricted, Blocked, LayoutChanged. The reason of a
    NotAnArticle begins with RENDERED if the page is a shell that a script would fill.
    """
    from parsers.errors import RENDERED, NotAnArticle, ParseError

    try:
        return page_of(document).article()
    except RecursionError as error:  # JSON nested as deeply as Python reads it
        raise ParseError("the page is nested too deeply") from error
    except NotAnArticle as error:
        from parsers.scaffold import is_rendered_by_script

        if is_rendered_by_script(document):
            raise NotAnArticle(f"{RENDERED}: {error.reason}", error.words) from error
        raise
