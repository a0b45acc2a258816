"""Whether a page still has the layout that its class declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.pages.candidates import selectors

if TYPE_CHECKING:
    from parsers.pages.base import ArticlePage

MOST = 4  # selectors that are named in one line


def unmatched(page: ArticlePage, name: str) -> str | None:
    """Which selectors of a property, or of the "body", find no text on the page; None when one of them does."""
    if name == "body":
        if any(node.text(strip=True) for selector in page.body for node in page.body_tree.css(selector)):
            return None
        return _none_of(name, [f"css {selector}" for selector in page.body])
    declared = getattr(page, name)
    places = list(selectors(declared)) or [declared]
    return None if any(place.of(page) for place in places) else _none_of(name, [place.rule for place in places])


def _none_of(name: str, rules: list[str]) -> str:
    shown = [*rules[:MOST], *([f"{len(rules) - MOST} more"] if len(rules) > MOST else [])]
    return f"{name} matches none of {', '.join(shown)}" if len(rules) > 1 else f"{name} does not match {rules[0]}"
