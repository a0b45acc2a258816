"""The rules of those properties that stand in no declared place: read from the body, or computed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from parsers.languages import in_language
from parsers.pages import ArticlePage

Rule = tuple[str, str | None, str | None]  # rule, raw text, line


def _language(page: ArticlePage) -> Rule:
    declared = page.document.declared_language
    text = "".join([page.headline_text or "", *page.lines.paragraphs[:4]])[:800]
    if declared and page.in_language == declared.strip().replace("_", "-") != in_language(text):
        return "lang attribute of the page", declared, None
    return "characters of headline and first paragraphs", f"lang attribute: {declared}" if declared else None, None


def _zone(page: ArticlePage) -> Rule:
    by = "the page class" if page.timezone else "host or language"
    return f"whether the text names a zone; where none is named, {page.zone} by {by}", None, None


def _biography(page: ArticlePage) -> Rule:
    return _stands(page, page.lines.biography or "", "biography")


def _notice(page: ArticlePage) -> Rule:
    return _stands(page, page.lines.reprint_notice or "", "line that says who may reprint")


def _stands(page: ArticlePage, text: str, what: str) -> Rule:
    """In or under the body's box, and the line before, which may be its heading."""
    inside = [block.text for block in page.blocks]
    first = text[:30]
    for lines, where in ((inside, "in the body's box"), (page.tail, "under the body")):
        found = next(((before, line) for before, line in pairwise(["", *lines]) if first and first in line), None)
        if found:
            before, line = found
            heading = f"{before} / " if what == "biography" and line == text and len(before) < 40 else ""
            return f"{what} {where}", text, f"{heading}{line}"
    return f"{what} near the body", text, None


RULES: dict[str, Callable[[ArticlePage], Rule]] = {
    "date_published_raw": lambda _page: ("the text that date_published was read from", None, None),
    "date_precision": lambda _page: ("how much of a moment that text names", None, None),
    "zone_assumed": _zone,
    "in_language": _language,
    "paragraphs": lambda _page: ("lines of prose in the body's box", None, None),
    "headings": lambda _page: ("headings, bold or numbered lines in the body's box", None, None),
    "heading_positions": lambda _page: ("where the headings stand between the paragraphs", None, None),
    "biography": _biography,
    "reprint_notice": _notice,
    "related": lambda _page: ("links of the box that is named or headed as related items", None, None),
    "media": lambda _page: ("pictures in the body's box, figures round it, or the publisher's list", None, None),
    "metadata": lambda _page: ("table of 索引号, 发文机关, 成文日期 and the like", None, None),
}
