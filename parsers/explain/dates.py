"""All the dates of a page: the chosen one, and those that agree or conflict with it."""

from __future__ import annotations

from parsers.dates import ParsedDate
from parsers.explain.model import Considered, ExplainedProperty
from parsers.explain.places import places, stands_in
from parsers.reader import ArticlePage, Candidate, Decided, normalise_published

MAX_DATES = 300  # that are shown


def explain_dates(page: ArticlePage, decided: Decided | None, value: str | None) -> ExplainedProperty:
    """The chosen date of publication, and in `considered` every date of every place, also of those not asked.

    The chosen one is there too, "taken"; the others are compared with it. Places that gave nothing come last.
    """
    others: list[Considered] = []
    taken = _parsed(page, decided.texts[0]) if decided else None
    waiting = decided is not None
    for place in places(page.date_published):
        texts = [str(text) for text in place.of(page)[:MAX_DATES]]
        others += [] if texts else [Considered(place.rule, (), "gave nothing")]
        for text in texts:
            chosen = (
                waiting and decided is not None and place in decided.places and text.strip() == decided.texts[0].strip()
            )
            waiting = waiting and not chosen
            others.append(Considered(place.rule, (text,), "taken" if chosen else _fate(_parsed(page, text), taken)))
    place_taken = decided.places[0] if decided else None
    line = stands_in(page, place_taken, decided.texts[0]) if decided and isinstance(place_taken, Candidate) else None
    return ExplainedProperty(
        name="date_published",
        value=value,
        rule=decided.rule if decided else None,
        raw=decided.texts[0] if decided else None,
        line=line,
        considered=tuple(sorted(others, key=lambda each: each.verdict == "gave nothing")),
    )


def _parsed(page: ArticlePage, raw: str) -> ParsedDate | None:
    return normalise_published((raw,), page.document.captured_at, page.zone)


def _fate(date: ParsedDate | None, chosen: ParsedDate | None) -> str:
    """The relation of a date to the chosen one, in words: "says the same", "conflicts: other day: 2024-04-14".

    "says the same, to the day" if one is less exact. For another date "other time: …" on the same day, else "conflicts:
    other day: 2024-04-14". "is no date" for None; "says 2024-04-14" if no date was chosen.
    """
    if date is None:
        return "is no date"
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
