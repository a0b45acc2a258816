"""The reasons for the reading of a page: decisions that `parse` recorded, put into words."""

from __future__ import annotations

from parsers.article import Article
from parsers.document import Document
from parsers.errors import ParseError
from parsers.explain.body import explain_body
from parsers.explain.choice import explain_encoding, explain_page
from parsers.explain.measured import measured
from parsers.explain.model import Explanation
from parsers.explain.properties import explain_properties, explain_title
from parsers.pages import page_for
from parsers.reader import ArticlePage


def explain(document: Document) -> Explanation:
    """The reading of a document with the reason for every value. Never raises ParseError: it becomes the verdict."""
    page = page_for(document.url, document.captured_at, document.source, document.selectors)(document)
    chosen = explain_page(document, type(page))
    article, refusal = _read(page)
    verdict, words = (_verdict(refusal), refusal.words) if refusal is not None else (None, None)
    try:
        return Explanation(
            page=chosen,
            encoding=explain_encoding(document),
            article=article,
            verdict=verdict,
            words=words,
            measured=measured(page),
            title=explain_title(page),
            body=explain_body(page),
            properties=explain_properties(page, article),
        )
    except ParseError as error:  # a payload that cannot be decoded or parsed
        return Explanation(chosen, None, None, verdict or _verdict(error))


def _read(page: ArticlePage) -> tuple[Article | None, ParseError | None]:
    try:
        return page.article(), None
    except ParseError as error:
        return None, error


def _verdict(error: ParseError) -> str:
    return f"{type(error).__name__}: {error.reason}"
