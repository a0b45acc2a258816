"""Why each property of an article has its value: the rule, the text, and the places that lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from parsers.article import Article, to_json
from parsers.explain.dates import explain_dates
from parsers.explain.model import Considered, Property, Title
from parsers.explain.places import places, shortened, stands_in
from parsers.explain.rules import RULES
from parsers.pages import ArticlePage, DefaultPage
from parsers.reader import normalisers
from parsers.reader.candidates import Candidate
from parsers.reader.default import LINKED_HEADLINE
from parsers.reader.tags import LINKED_KEYWORDS

# How the strings of a place become the value of a property.
READ: dict[str, Callable[[ArticlePage, tuple[str, ...]], Any]] = {
    "headline": lambda _page, texts: normalisers.line(texts),
    "alternative_headline": lambda _page, texts: normalisers.line(texts),
    "kicker": lambda _page, texts: normalisers.line(texts),
    "article_section": lambda _page, texts: normalisers.line(texts),
    "speaker": lambda _page, texts: normalisers.line(texts),
    "standfirst": lambda _page, texts: normalisers.summary(texts),
    "authors": lambda page, texts: normalisers.names(texts, without=page.title.speaker),
    "editors": lambda _page, texts: normalisers.names(texts),
    "source_line": lambda _page, texts: normalisers.source(texts),
    "keywords": lambda _page, texts: normalisers.keywords(texts),
    "date_modified": lambda page, texts: normalisers.moment(texts, page.document.captured_at, page.zone),
    "canonical_url": lambda page, texts: normalisers.address(texts, page.document.url),
    "identity": lambda _page, texts: normalisers.line(texts),
}
TITLE_PARTS = {
    "alternative_headline": "second clause of the title line",
    "kicker": "line above the headline in the title line",
    "article_section": "column in the title line",
    "speaker": "speaker in the title line",
    "keywords": "tag line of the title line",
}
Looked = list[tuple[Candidate, tuple[str, ...]]]


def explain_properties(page: ArticlePage, article: Article | None) -> tuple[Property, ...]:
    """Every property in the order of Article."""
    values = to_json(article) if article is not None else {}
    return tuple(_property(page, article, field.name, values.get(field.name)) for field in fields(Article))


def explain_title(page: ArticlePage) -> Title:
    """The title line and what its parts became."""
    raw, parts = page.headline_text, page.title
    named = [(name, getattr(parts, name)) for name in ("article_section", "kicker", "speaker", "headline")]
    named += [("alternative_headline", parts.alternative_headline), *(("keywords", word) for word in parts.keywords)]
    shown = tuple((name, text) for name, text in named if text)
    return Title(raw, _how_read(page), shown if raw else (), parts.glued_keyword)


def _how_read(page: ArticlePage) -> str:
    if not page.tagged_titles:
        return "titles of this page class are headlines as a whole"
    if isinstance(page, DefaultPage) and page.title.headline == normalisers.line(LINKED_HEADLINE.of(page)):
        return "titles of this page class carry column, speaker and tag line; json-ld headline names the headline"
    return "titles of this page class carry column, speaker and tag line"


def _property(page: ArticlePage, article: Article | None, name: str, value: Any) -> Property:
    if name == "date_published":
        return explain_dates(page, article)
    if name in RULES:
        rule, raw, line = RULES[name](page) if value not in (None, []) else (None, None, None)
        return Property(name, value, rule, raw, shortened(line) if line else None)
    found = getattr(article, name) if article is not None else None
    wanted = page.headline_text if name == "headline" and found else found
    looked = [(place, place.of(page)) for place in _places(page, name)]
    taken = _taken(page, name, wanted, looked)
    others = [
        Considered(place.rule, texts, _fate(page, name, wanted, taken, (number, texts)))
        for number, (place, texts) in enumerate(looked)
    ]
    rule = " and ".join(looked[number][0].rule for number in taken) or None
    place, texts = looked[taken[0]] if taken else (None, ())
    line = stands_in(page, place, texts[0]) if place is not None and name not in ("identity", "canonical_url") else None
    return Property(name, value, rule, shortened("; ".join(texts)) if texts else None, line, tuple(others))


def _places(page: ArticlePage, name: str) -> list[Candidate]:
    """Where a property is looked for, in the order in which it is."""
    declared = [place for place in places(getattr(page, name)) if place.rule != "nowhere"]
    if name not in TITLE_PARTS:
        return declared
    title = Candidate(lambda _page: _title_part(page, name), TITLE_PARTS[name], selects=True)
    if name == "keywords" and page.tagged_titles and isinstance(page, DefaultPage):
        return [LINKED_KEYWORDS, title, *declared]
    return [title, *declared] if name in ("article_section", "keywords") else [*declared, title]


def _title_part(page: ArticlePage, name: str) -> tuple[str, ...]:
    part = getattr(page.title, name)
    return part if isinstance(part, tuple) else tuple(filter(None, [part]))


def _taken(page: ArticlePage, name: str, wanted: Any, looked: Looked) -> list[int]:
    """The place that gave the value; several when it was put together."""
    if not wanted:
        return []
    values = [READ[name](page, texts) for _, texts in looked]
    whole = next((number for number, value in enumerate(values) if value == wanted), None)
    if whole is not None or not isinstance(wanted, tuple):
        return [] if whole is None else [whole]
    return [number for number, value in enumerate(values) if set(value) & set(wanted)]


def _fate(page: ArticlePage, name: str, wanted: Any, taken: list[int], looked: tuple[int, tuple[str, ...]]) -> str:
    number, texts = looked
    if number in taken:
        return "taken"
    if not texts:
        return "gave nothing"
    value = READ[name](page, texts)
    if not value:
        return "is no date" if name == "date_modified" else f"holds no {name}"
    if not taken:
        return "found" if wanted is None else "passed over"
    if value == wanted:
        return "came later, says the same"
    return "came later" if number > taken[0] else "passed over"
