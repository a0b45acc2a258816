"""A page class with the places that a source's declaration selects, before those of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, cast

from selectolax.lexbor import LexborNode

from parsers import people
from parsers.document import Document
from parsers.reader import normalisers
from parsers.reader.byline.unlabelled import bare_names
from parsers.reader.candidates import Candidate, all_of, first
from parsers.reader.page import ArticlePage
from parsers.reader.structured import strings
from parsers.reader.thresholds import MAX_ELEMENTS
from parsers.selectors import Selectors

BY_DECLARATION = "selector of the declaration"
TOLD_IN = {"meta": "content", "time": "datetime"}  # which attribute is the value of an element (HTML 4.2.5, 4.5.14)


def selected(page: type[ArticlePage], selectors: Selectors) -> type[ArticlePage]:
    """The page class as the declaration changes it; what a selector does not find, the class finds as ever."""
    return _kept(page, selectors)


def _selected(page: type[ArticlePage], selectors: Selectors) -> type[ArticlePage]:
    places: dict[str, Any] = {"unselected": page}
    if selectors.headline:
        places["headline"] = first(_place(selectors.headline), page.headline)
    if selectors.body:
        places["body"] = (selectors.body, *page.body)
    if selectors.date:  # what is no date is passed over
        places["date_published"] = all_of(_dates(selectors.date), page.date_published)
    if selectors.authors:
        places["authors"] = first(_names(_place(selectors.authors)), page.authors)
    return type(page.__name__, (page,), places)


_kept = cast("Callable[[type[ArticlePage], Selectors], type[ArticlePage]]", lru_cache(maxsize=64)(_selected))


def unmatched(document: Document) -> tuple[str, ...]:
    """The selectors of a document's declaration that find no text on it, or no date, by the names of their keys."""
    return tuple(name for name, selector in document.selectors.said().items() if not _finds(document, name, selector))


def _finds(document: Document, name: str, selector: str) -> bool:
    texts = _told(document.tree.css(selector))
    return any(_is_fixed_date(text, document) for text in texts) if name == "date" else bool(texts)


def _place(selector: str) -> Candidate:
    rule = f"{BY_DECLARATION}: {selector}"
    return Candidate(lambda page: _told(page.document.tree.css(selector)), rule, selects=True)


def _dates(selector: str) -> Candidate:
    """The dates that will say the same tomorrow: "three hours ago" would be another at each visit, and so an edit."""
    place = _place(selector)
    return replace(place, read=lambda page: tuple(t for t in place.of(page) if _is_fixed_date(t, page.document)))


def _is_fixed_date(text: str, document: Document) -> bool:
    now, later = (normalisers.published((text,), document.captured_at + timedelta(days=days), "UTC") for days in (0, 1))
    return now is not None and later is not None and now.value == later.value


def _told(nodes: Iterable[LexborNode]) -> tuple[str, ...]:
    """What each element says: in the attribute that is its value, where it has that, else in its text."""
    found = ((node.attributes.get(TOLD_IN.get(node.tag or "", "")), node) for node in islice(nodes, MAX_ELEMENTS))
    return strings([value or node.text(separator=" ") for value, node in found])


def _names(place: Candidate) -> Candidate:
    """The names in a line that is marked as a byline: with a label, without one, or whatever stands there."""
    return Candidate(
        lambda page: tuple(name for line in place.of(page) for name in _names_in(line)), place.rule, (place,), "inside"
    )


def _names_in(line: str) -> tuple[str, ...]:
    return tuple(people.authors(line)) or bare_names(line) or (line,)
