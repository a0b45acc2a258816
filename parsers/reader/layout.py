"""Whether a page still has the layout that its class declares."""

from __future__ import annotations

from parsers.reader.view.candidates import Candidate, PageView, selectors
from parsers.reader.view.thresholds import MAX_NAMED_SELECTORS


def unmatched(page: PageView, name: str, declared: Candidate | tuple[str, ...]) -> str | None:
    """Which places of a property, or selectors of the body, find no text on the page; None when one of them does."""
    if isinstance(declared, tuple):
        if any(node.text(strip=True) for selector in declared for node in page.body_tree.css(selector)):
            return None
        return _none_of(name, [f"css {selector}" for selector in declared])
    places = list(selectors(declared)) or [declared]
    return None if any(place.of(page) for place in places) else _none_of(name, [place.rule for place in places])


def first_missing(page: PageView, name: str, declared: Candidate | tuple[str, ...]) -> str | None:
    """The first place of a property, or the first selector of the body, where it finds no text; else None."""
    return unmatched(page, name, declared[:1] if isinstance(declared, tuple) else next(selectors(declared), declared))


def _none_of(name: str, rules: list[str]) -> str:
    more = len(rules) - MAX_NAMED_SELECTORS
    shown = [*rules[:MAX_NAMED_SELECTORS], *([f"{more} more"] if more > 0 else [])]
    return f"{name} matches none of {', '.join(shown)}" if len(rules) > 1 else f"{name} does not match {rules[0]}"
