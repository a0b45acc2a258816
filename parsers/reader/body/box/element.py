"""An element as the search for the article's box sees it: its names and the prose in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborNode

from parsers.reader.body.thresholds import (
    ARTICLE_WEIGHT,
    ASIDE_WEIGHT,
    MAX_CLASS_CHARACTERS,
    MIN_UNCLOSED,
    NEVER_WEIGHT,
)

GOOD = re.compile(r"article|content|body|text|txt|zoom|detail|post|entry|story|main|editor|news")  # lower case
# Names of elements that hold something else, even with much prose.
_OTHERS = "comment|pinglun|related|recommend|tuijian|cookie|consent|gdpr|newsletter"
BAD = re.compile(  # literals alone are found several times faster than words with an edge
    rf"{_OTHERS}|footer|nav|sidebar|share|copyright|rank|hot|widget|promo|modal|popup|banner|teaser|menu|header"
)
BAD_AT_EDGE = re.compile(r"\b(?:foot|list|ads?\b)")
OTHERS = re.compile(rf"{_OTHERS}|foot")
# Names of elements that never hold the text, even with much prose, unless the headline stands in them: dialogs of
# consent, sidebars, boxes about the author. Matched against names in lower case with - for _.
NEVER = re.compile(
    r"onetrust|didomi|usercentrics|qc-cmp|cybot|trustarc|truste-|sp-message|ccpa"
    r"|(?:cookie|consent|gdpr|privacy)(?:s?-?(?:banner|bar|box|notice|popup|modal|dialog|wall|layer|message|overlay))"
    r"|(?<![^\s=])(?:cookies?-|(?!tag-|category-)(?:[a-z0-9]{1,12}-){0,2}consents?(?:$|[\s-])|cookieconsent|cky-|iubenda|osano)"
    r"|role=(?:alertdialog|dialog|complementary)"
    r"|(?<![^\s=])(?:side-?bar|side-?(?:col|column|rail)|aside)(?!\S)"
    r"|author-?(?:box|bio|biography|card|profile|about|block|description)s?\b|about-?(?:the-?)?author"
)
DIGIT = re.compile(r"\d")
NUMBERED = re.compile(r"\s*\b\S*\d\S*")  # class names that are made for one element: wp-container-61fd27b
ASIDES = frozenset(("aside", "dialog", "footer", "nav", "form", "header"))
NOT_ADDED_UP = -1  # lines, before they are added up


class Element:
    """An element that holds text or stands round one that does; others only if they were asked for.

    `own` is the number of characters, minus twice those in links, of the lines of prose right in it; `prose`, once
    gather() has set it, that of all lines under it too, except those in asides.
    """

    __slots__ = (
        "children", "classes", "given", "identity", "inherited", "itemprop", "lines", "mem_id", "node", "own",
        "own_lines", "parent", "points", "prose", "role", "tag",
    )  # fmt: skip

    def __init__(self, node: LexborNode, mem_id: int, tag: str) -> None:
        self.node, self.mem_id, self.tag = node, mem_id, tag
        attribute = node.attributes.get
        self.classes, self.identity, self.itemprop = attribute("class"), attribute("id"), attribute("itemprop")
        self.role = attribute("role")
        self.parent: Element | None = None
        self.children: list[Element] = []
        self.own = self.points = self.prose = 0.0
        self.own_lines = 0
        self.lines = NOT_ADDED_UP
        self.given: float | None = None  # its weight, once it was asked for
        self.inherited: float | None = None  # weight by its own names and those above it

    @property
    def names(self) -> str:
        role = f" role={self.role}" if self.role else ""
        return f"{self.classes or ''} id={self.identity or ''}"[:MAX_CLASS_CHARACTERS] + role

    @property
    def weight(self) -> float:
        """The weight by the element's own tag and names, computed once on demand: many elements are never asked.

        An Outline may have set it to 1 instead.
        """
        weight = self.given
        if weight is None:
            weight = self.given = _own_weight(self.tag, self.names)
        return weight

    @property
    def signature(self) -> tuple[str, str]:
        """Tag, and class attribute without names that hold a digit; alike for siblings that are parts of one text."""
        return self.tag, _unnumbered(self.classes[:MAX_CLASS_CHARACTERS]) if self.classes else ""

    def upwards(self) -> Iterator[Element]:
        """Yield the element itself, then those above it."""
        above: Element | None = self
        while above is not None:
            yield above
            above = above.parent

    def gather(self) -> None:
        """Set `prose` and `lines` of the element and all under it, added up; asides and what they hold are passed over.

        Nothing is done a second time.
        """
        if self.lines != NOT_ADDED_UP:
            return
        inside = [self]
        for element in inside:  # which grows meanwhile
            element.prose, element.lines = element.own, element.own_lines
            for child in element.children:
                if child.weight >= ASIDE_WEIGHT:
                    inside.append(child)  # noqa: PERF401
        while len(inside) > 1:
            element = inside.pop()
            above = element.parent
            assert above is not None
            above.prose += element.prose
            above.lines += element.lines


def outermost_unclosed(element: Element) -> Element:
    """The outermost of several alike elements round the given one, each in the next and with prose of its own.

    The element itself if they are fewer than MIN_UNCLOSED.
    """
    outer, levels = element, 1
    while outer.parent is not None and outer.parent.own > 0 and outer.parent.signature == element.signature:
        outer, levels = outer.parent, levels + 1
    if levels < MIN_UNCLOSED:
        return element
    outer.gather()
    return outer


def is_other(element: Element) -> bool:
    return element.weight == NEVER_WEIGHT or OTHERS.search(element.names.lower()) is not None


def never_is_text(node: LexborNode) -> bool:
    """True if an element is a <dialog>, or named like a dialog of consent, a sidebar or a box about the author."""
    return Element(node, node.mem_id, node.tag or "").weight == NEVER_WEIGHT


@lru_cache(maxsize=4096)
def _own_weight(tag: str, names: str) -> float:
    """The weight of an element by tag and names: below 1 for those of something else, above 1 for an article's, else 1.

    Names of both kinds give 0.6.
    """
    if tag == "dialog":
        return NEVER_WEIGHT
    if tag in ASIDES:
        return 0.1
    names = names.lower()
    if NEVER.search(names.replace("_", "-")) is not None:
        return NEVER_WEIGHT
    good = tag in ("article", "main") or GOOD.search(names) is not None
    if BAD.search(names) is not None or BAD_AT_EDGE.search(names) is not None:
        return 0.6 if good else 0.2
    return ARTICLE_WEIGHT if good else 1.0


@lru_cache(maxsize=4096)
def _unnumbered(classes: str) -> str:
    return NUMBERED.sub("", classes) if DIGIT.search(classes) else classes
