"""The reason for the value of each property: the deciding rule, and the places that lost."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from parsers.article import Article, to_json
from parsers.explain.dates import explain_dates
from parsers.explain.model import Considered, ExplainedProperty, Title
from parsers.explain.places import places, shortened, stands_in
from parsers.reader import ArticlePage, Candidate, Decided

NO_LINE = ("identity", "canonical_url")  # an address says it all


def explain_properties(page: ArticlePage, article: Article | None) -> tuple[ExplainedProperty, ...]:
    """One explanation for each property, in the order of Article's fields; without an article each value is null."""
    values = to_json(article) if article is not None else {}
    return tuple(_property(page, field.name, values.get(field.name)) for field in fields(Article))


def explain_title(page: ArticlePage) -> Title:
    """The page's headline before it is split, and the property of each of its parts; None and () without a headline."""
    raw, parts = page.headline_text, page.title
    named = [(name, getattr(parts, name)) for name in ("article_section", "kicker", "speaker", "headline")]
    named += [("alternative_headline", parts.alternative_headline), *(("keywords", word) for word in parts.keywords)]
    shown = tuple((name, str(text)) for name, text in named if text)
    return Title(raw, _how_read(page), shown if raw else (), parts.glued_keyword)


def _how_read(page: ArticlePage) -> str:
    if not page.tagged_titles:
        return "titles of this page class are headlines as a whole"
    return "titles of this page class carry column, speaker and tag line"


def _property(page: ArticlePage, name: str, value: Any) -> ExplainedProperty:
    decided = page.decided.get(name)
    if name == "date_published":
        return explain_dates(page, decided, value)
    declared = getattr(page, name, None)
    looked = [place for place in places(declared) if place.rule != "nowhere"] if isinstance(declared, Candidate) else []
    others = tuple(_considered(page, place, decided) for place in looked)
    if decided is None:
        return ExplainedProperty(name, value, None, None, None, others)
    return ExplainedProperty(
        name, value, decided.rule, shortened("; ".join(decided.texts)) or None, _line(page, name, decided), others
    )


def _line(page: ArticlePage, name: str, decided: Decided) -> str | None:
    """The line or heading path that holds the deciding text, as in `stands_in`; None for identity and canonical_url."""
    place = decided.places[0] if decided.places and name not in NO_LINE else None
    return stands_in(page, place, decided.texts[0]) if isinstance(place, Candidate) else None


def _considered(page: ArticlePage, place: Candidate, decided: Decided | None) -> Considered:
    """The verdict on one place of a declaration, with the texts that it gave if it was asked.

    "taken", "passed over" (it gave texts, another place was taken), "gave nothing", or "not asked: …".
    """
    gave = tuple(map(str, page.found.get(place, ())))
    if decided is not None and place in decided.places:
        return Considered(place.rule, gave, "taken")
    if place not in page.found:
        return Considered(place.rule, (), "not asked: another place came first")
    return Considered(place.rule, gave, "passed over" if gave else "gave nothing")
