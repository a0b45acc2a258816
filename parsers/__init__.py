"""Reading: a captured document in, an article out; no network, file, database, clock or log."""

from parsers.article import Article, Media, RelatedLink, from_json, json_line, to_json
from parsers.document import Document
from parsers.errors import Blocked, Gone, LayoutChanged, NotAnArticle, ParseError, Restricted
from parsers.pages import page_for

PARSER_VERSION = "3"  # raised whenever a stored capture may be read differently

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
    "from_json",
    "json_line",
    "parse",
    "to_json",
]


def parse(document: Document) -> Article:
    """The article that the document holds.

    Raises ParseError, or the subclass that says more: NotAnArticle, Gone, Restricted, Blocked, LayoutChanged.
    """
    try:
        return page_for(document.url, document.captured_at, document.source)(document).article()
    except RecursionError as error:  # values of JSON inside each other as deep as Python reads them
        raise ParseError("the page is nested too deeply") from error
