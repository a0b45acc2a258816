"""All the dates that a page offers, the one that was taken, and those that conflict with it."""

from __future__ import annotations

from parsers.article import Article
from parsers.dates import ParsedDate
from parsers.explain.model import Considered, Property
from parsers.explain.places import places, stands_in
from parsers.pages import ArticlePage
from parsers.reader import normalisers
from parsers.reader.candidates import Candidate

MOST = 300  # dates that are shown
Found = tuple[Candidate, str, ParsedDate | None]


def explain_dates(page: ArticlePage, article: Article | None) -> Property:
    """The date of publication with every other candidate."""
    found = [(place, raw, _parsed(page, raw)) for place in places(page.date_published) for raw in place.of(page)[:MOST]]
    taken = next((each for each in found if article is not None and _is_taken(each, article)), None)
    empty = [Considered(place.rule, (), "gave nothing") for place in places(page.date_published) if not place.of(page)]
    others = [Considered(place.rule, (raw,), _fate(date, taken)) for place, raw, date in found]
    if taken is not None:
        others[found.index(taken)] = Considered(taken[0].rule, (taken[1],), "taken")
    return Property(
        name="date_published",
        value=article.date_published.isoformat() if article and article.date_published else None,
        rule=taken[0].rule if taken else None,
        raw=taken[1] if taken else None,
        line=stands_in(page, taken[0], taken[1]) if taken else None,
        considered=(*others, *empty),
    )


def _parsed(page: ArticlePage, raw: str) -> ParsedDate | None:
    return normalisers.published((raw,), page.document.captured_at, page.zone)


def _is_taken(found: Found, article: Article) -> bool:
    _, _, date = found
    return date is not None and date.value == article.date_published and date.raw == article.date_published_raw


def _fate(date: ParsedDate | None, taken: Found | None) -> str:
    """What became of a date beside the one that was taken."""
    if date is None:
        return "is no date"
    chosen = taken[2] if taken else None
    said = _said(date)
    if chosen is None:
        return f"says {said}"
    if date.earliest <= chosen.value <= date.latest or chosen.earliest <= date.value <= chosen.latest:
        return "says the same" if date.precision == chosen.precision else f"says the same, to the {date.precision}"
    here = date.value.astimezone(chosen.value.tzinfo)
    return f"{'other time' if here.date() == chosen.value.date() else 'conflicts: other day'}: {said}"


def _said(date: ParsedDate) -> str:
    if date.precision == "day":
        return date.value.date().isoformat()
    spread = f", between {date.earliest:%H:%M:%S} and {date.latest:%H:%M:%S}" if date.kind == "relative" else ""
    return date.value.isoformat() + spread
