"""A page class that tries the selectors of a source's declaration first, then its own places."""

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
from parsers.json_text import value_in_script
from parsers.reader.byline.unlabelled import bare_names
from parsers.reader.fragment import FragmentPage
from parsers.reader.page import ArticlePage
from parsers.reader.view import normalisers
from parsers.reader.view.candidates import Candidate, all_of, first
from parsers.reader.view.structured import strings, values_at
from parsers.reader.view.thresholds import MAX_ELEMENTS
from parsers.selectors import Selectors

BY_DECLARATION = "selector of the declaration"
TOLD_IN = {"meta": "content", "time": "datetime"}  # the attribute with an element's value (HTML 4.2.5, 4.5.14)


def page_with_selectors(page: type[ArticlePage], selectors: Selectors) -> type[ArticlePage]:
    """A subclass of the page class: it tries the declaration's selectors first, then the class's own places.

    It has the same name; a second call with equal arguments returns the same class.
    """
    return _kept(page, selectors)


def _selected(page: type[ArticlePage], selectors: Selectors) -> type[ArticlePage]:
    places: dict[str, Any] = {"unselected": page}
    bases: tuple[type[ArticlePage], ...] = (page,)
    if selectors.headline:
        places["headline"] = first(_place(selectors, selectors.headline), page.headline)
    if selectors.body and selectors.script:
        bases, places["fragment"] = (FragmentPage, page), _place(selectors, selectors.body)
    elif selectors.body:
        places["body"] = (selectors.body, *page.body)
    if selectors.date:  # texts that are not dates are passed over
        places["date_published"] = all_of(_dates(_place(selectors, selectors.date)), page.date_published)
    if selectors.authors:
        places["authors"] = first(_names(_place(selectors, selectors.authors)), page.authors)
    return type(page.__name__, bases, places)


_kept = cast("Callable[[type[ArticlePage], Selectors], type[ArticlePage]]", lru_cache(maxsize=64)(_selected))


def unmatched(document: Document) -> tuple[str, ...]:
    """The names (headline, body, date, authors) of those `document.selectors` that find no text on the document.

    "date" is also among them if no text found is a date that means the same tomorrow.
    """
    places = document.selectors.places.items()
    return tuple(name for name, place in places if not _finds(document, name, place))


def _finds(document: Document, name: str, place: str) -> bool:
    texts = _texts(document, document.selectors, place)
    return any(_is_fixed_date(text, document) for text in texts) if name == "date" else bool(texts)


def _place(selectors: Selectors, place: str) -> Candidate:
    where = f"{place} in {selectors.script}" if selectors.script else place
    return Candidate(lambda page: _texts(page.document, selectors, place), f"{BY_DECLARATION}: {where}", selects=True)


def _texts(document: Document, selectors: Selectors, place: str) -> tuple[str, ...]:
    """The texts of the elements that a css selector finds; with a selected script, those at a path in its JSON."""
    if selectors.script is None:
        return _told(document.tree.css(place))
    return strings(values_at(_in_script(document, selectors.script), place.split(".")), None)


def _in_script(document: Document, script: str) -> Any:
    """The JSON object or list in the first <script> with one, among those that this css selector finds; else None."""
    kept = document.__dict__.setdefault("in_script", {})
    if script not in kept:
        kept[script] = value_in_script(document.text, script)
    return kept[script]


def _dates(place: Candidate) -> Candidate:
    """A candidate that gives only those texts of `place` that are dates and mean the same tomorrow.

    "three hours ago" changes at each visit, and would look like an edit.
    """
    return replace(place, read=lambda page: tuple(t for t in place.of(page) if _is_fixed_date(t, page.document)))


def _is_fixed_date(text: str, document: Document) -> bool:
    now, later = (
        normalisers.normalise_published((text,), document.captured_at + timedelta(days=days), "UTC") for days in (0, 1)
    )
    return now is not None and later is not None and now.value == later.value


def _told(nodes: Iterable[LexborNode]) -> tuple[str, ...]:
    """The value of each element: content of a <meta>, datetime of a <time>, else its text; empty ones are left out.

    A <time> without datetime gives its text too.
    """
    found = ((node.attributes.get(TOLD_IN.get(node.tag or "", "")), node) for node in islice(nodes, MAX_ELEMENTS))
    return strings([value or node.text(separator=" ") for value, node in found])


def _names(place: Candidate) -> Candidate:
    """A candidate that gives the names in each text of `place`: labelled ones, else bare ones, else the whole text."""
    return Candidate(
        lambda page: tuple(name for line in place.of(page) for name in _names_in(line)), place.rule, (place,), "inside"
    )


def _names_in(line: str) -> tuple[str, ...]:
    return tuple(people.authors(line)) or bare_names(line) or (line,)
