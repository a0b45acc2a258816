"""The declaration of a page class: its publisher, and where each property stands in its layout."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

from parsers.reader.view.candidates import NOWHERE, Candidate, PageView, selectors
from parsers.reader.view.thresholds import MAX_NAMED_SELECTORS


class Declaration:
    """One layout of one publisher, in class attributes: the pages that have it, and a Candidate for each property.

    A page class sets only what differs from its base class. `valid_until` is the last day on which captures show this
    layout; None if pages of today show it.
    """

    unselected: ClassVar[type[Any] | None] = None  # the class without the selectors of a source's declaration
    sources: ClassVar[frozenset[str]] = frozenset()  # names of declared sources
    hosts: ClassVar[frozenset[str]] = frozenset()  # with their subdomains
    paths: ClassVar[re.Pattern[str] | None] = None  # searched in path?query; None: every path
    valid_until: ClassVar[date | None] = None
    timezone: ClassVar[str | None] = None  # of times without a zone; None: derived from language and host
    tagged_titles: ClassVar[bool] = False  # titles carry column, speaker and tag line
    body: ClassVar[tuple[str, ...]] = ()  # css selectors of the body's box; (): the densest element
    required: ClassVar[tuple[str, ...]] = ()  # properties, or "body", whose selectors must match; (): nothing must
    expected: ClassVar[tuple[str, ...]] = ()  # whose first selector finds text today; a page without it is read, too
    notes: ClassVar[re.Pattern[str] | None] = (
        None  # matches this layout's lines of machinery, apart from those that are so on any site
    )
    left_out: ClassVar[str] = ""  # css selector of elements in the body's box that are not part of the body

    headline: ClassVar[Candidate] = NOWHERE
    alternative_headline: ClassVar[Candidate] = NOWHERE
    kicker: ClassVar[Candidate] = NOWHERE
    article_section: ClassVar[Candidate] = NOWHERE
    speaker: ClassVar[Candidate] = NOWHERE
    standfirst: ClassVar[Candidate] = NOWHERE
    authors: ClassVar[Candidate] = NOWHERE
    editors: ClassVar[Candidate] = NOWHERE
    source_line: ClassVar[Candidate] = NOWHERE
    keywords: ClassVar[Candidate] = NOWHERE
    date_published: ClassVar[Candidate] = NOWHERE  # several: the first date, a finer one of its day preferred
    date_modified: ClassVar[Candidate] = NOWHERE
    canonical_url: ClassVar[Candidate] = NOWHERE
    identity: ClassVar[Candidate] = NOWHERE


def unmatched(page: PageView, name: str, declared: Candidate | tuple[str, ...]) -> str | None:
    """A message if none of the selectors of a property finds text on the page; else None.

    `declared` is the property's Candidate, or for "body" its css selectors. The selectors of a Candidate are its parts
    that select; without any, the whole Candidate is tried. A message reads "headline matches none of css h1, css h2",
    about one selector "headline does not match css h1". It names four selectors, and counts the others: "…, 2 more".
    """
    if isinstance(declared, tuple):
        if any(node.text(strip=True) for selector in declared for node in page.body_tree.css(selector)):
            return None
        return _none_of(name, [f"css {selector}" for selector in declared])
    places = list(selectors(declared)) or [declared]
    return None if any(place.of(page) for place in places) else _none_of(name, [place.rule for place in places])


def first_missing(page: PageView, name: str, declared: Candidate | tuple[str, ...]) -> str | None:
    """The message of `unmatched` about the first selector alone; None if that one finds text."""
    return unmatched(page, name, declared[:1] if isinstance(declared, tuple) else next(selectors(declared), declared))


def _none_of(name: str, rules: list[str]) -> str:
    more = len(rules) - MAX_NAMED_SELECTORS
    shown = [*rules[:MAX_NAMED_SELECTORS], *([f"{more} more"] if more > 0 else [])]
    return f"{name} matches none of {', '.join(shown)}" if len(rules) > 1 else f"{name} does not match {rules[0]}"
