"""Scores elements by the prose they hold; the best one is the article's box."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import nlargest

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.document import Named
from parsers.reader.body.prose import Lines, broken, marks, own_text, paragraphs
from parsers.reader.body.thresholds import (
    ARTICLE_WEIGHT,
    ASIDE_WEIGHT,
    BODY_WEIGHT,
    MAX_CLASS_CHARACTERS,
    MAX_RIVALS,
    MIN_LINE_CHARACTERS,
    MIN_PARAGRAPH_SHARE,
    MIN_POINTS,
    MIN_TRUSTED_SHARE,
    NEVER_WEIGHT,
    SHARES_UPWARDS,
)

GOOD = re.compile(r"article|content|body|text|txt|zoom|detail|post|entry|story|main|editor|news")  # lower case
BAD = re.compile(  # literals alone are found several times faster than words with an edge
    r"comment|pinglun|footer|nav|sidebar|related|recommend|tuijian|share|copyright|rank|hot|widget|promo"
    r"|cookie|consent|modal|popup|banner|teaser|newsletter|menu|header|gdpr"
)
BAD_AT_EDGE = re.compile(r"\b(?:foot|list|ads?\b)")
OTHERS = re.compile(r"comment|pinglun|related|recommend|tuijian|cookie|consent|gdpr|newsletter|foot")
# What never is the text, however much it holds, unless the headline stands in it: dialogs of consent, sidebars, boxes
# about the author. Matched against names in lower case with - for _.
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
LOOSE = "div, td, section, article, dd, span, font, blockquote, li"


class Element:
    """An element with text in or under it; prose is what does not stand in asides, links not counted."""

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
        """By its own names; many elements are never asked for theirs."""
        weight = self.given
        if weight is None:
            weight = self.given = _own_weight(self.tag, self.names)
        return weight

    @property
    def signature(self) -> tuple[str, str]:
        """What siblings that are parts of one text have in common."""
        return self.tag, _unnumbered(self.classes[:MAX_CLASS_CHARACTERS]) if self.classes else ""

    def upwards(self) -> Iterator[Element]:
        """The element and those above it."""
        above: Element | None = self
        while above is not None:
            yield above
            above = above.parent

    def gather(self) -> None:
        """Add up the prose in and under it; asides keep theirs to themselves."""
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


class Outline:
    """The elements of a page that hold its lines, with the prose of each added up."""

    def __init__(
        self,
        tree: LexborHTMLParser,
        named: Named,
        visible: str | None,
        hidden: frozenset[int] = frozenset(),
        shortest: int = MIN_LINE_CHARACTERS,
    ) -> None:
        self.hidden = hidden
        self.elements: dict[int, Element] = {}
        self.holders: list[Element] = []  # those of them in which lines stand
        self.own = 0  # prose of all of them
        self.fullest: Element | None = None
        self._add(paragraphs(named["p"], shortest))
        self._add(own_text(broken(named["br"]), shortest))
        self.loosened = self._thin(tree, visible)
        if self.loosened:
            self._add(own_text(tree.css(LOOSE), shortest))
        self._trust()

    def loosen(self, root: LexborNode) -> None:
        """Look at the text outside paragraphs inside one element, too."""
        if not self.loosened:
            self._add(own_text(root.css(LOOSE)))
            self._trust()
            for element in self.elements.values():
                element.lines = NOT_ADDED_UP

    def release(self) -> None:
        """Break the reference cycles between the elements, so that they and the tree are freed at once."""
        for element in self.elements.values():
            element.children = []

    def element(self, node: LexborNode) -> Element:
        """The element of a node, and all above it."""
        elements = self.elements
        fresh: list[Element] = []
        above: LexborNode | None = node
        known: Element | None = None
        while above is not None:
            mem_id = above.mem_id
            known = elements.get(mem_id)
            if known is not None or (tag := above.tag or "") == "html":
                break
            fresh.append(Element(above, mem_id, tag))
            above = above.parent
        for element in reversed(fresh):
            elements[element.mem_id] = element
            if known is not None:
                element.parent = known
                known.children.append(element)
            known = element
        assert known is not None
        return known

    def stands_round(self, titles: set[int]) -> None:
        """What holds the headline, by its mem_id, is no dialog beside the text, whatever it is called."""
        for element in self.elements.values():
            if element.mem_id in titles and element.weight == NEVER_WEIGHT:
                element.given = 1.0

    def never(self) -> frozenset[int]:
        """The mem_ids of the dialogs, sidebars and boxes about the author that hold prose."""
        return frozenset(mem_id for mem_id, element in self.elements.items() if element.weight == NEVER_WEIGHT)

    def densest(self, scope: Element | None) -> Element | None:
        """The element whose lines, and those a little further down, are the most."""
        inside = self.elements.values() if scope is None else self._within(scope)
        best, most = None, 0.0
        for element in inside:
            if element.points * ARTICLE_WEIGHT > most and (weighed := element.points * self._weight(element)) > most:
                best, most = element, weighed
        return best

    def fullest_beside(self, box: LexborNode) -> tuple[tuple[LexborNode, int], ...]:
        """The elements with the most points of those whose lines stand in them, the box itself apart."""
        others = [element for element in self.holders if element.mem_id != box.mem_id]
        best = nlargest(MAX_RIVALS, others, key=lambda element: element.points)
        return tuple((element.node, round(element.points)) for element in best)

    def _within(self, scope: Element) -> list[Element]:
        """An element and all below it, in the order in which they were made."""
        found = {scope.mem_id}
        waiting = [scope]
        while waiting:
            below = waiting.pop().children
            found.update([element.mem_id for element in below])
            waiting += below
        return [element for element in self.elements.values() if element.mem_id in found]

    def _add(self, found: Iterable[Lines]) -> None:
        """Credit lines to the elements that hold them, and a share of their points to those above."""
        for node, text, lines, linked in found:
            if node.tag == "html" or (self.hidden and stands_in(node, self.hidden)):
                continue
            element = self.element(node)
            if not element.own_lines:
                self.holders.append(element)
            prose = len(text) - 2 * linked
            self.own += prose
            element.own += prose
            element.own_lines += lines
            if self.fullest is None or element.own > self.fullest.own:
                self.fullest = element
            points = prose + 10 * marks(text)
            for share in SHARES_UPWARDS:
                element.points += points * share
                if element.parent is None or element.tag == "aside" or element.weight == NEVER_WEIGHT:
                    break
                element = element.parent

    def _thin(self, tree: LexborHTMLParser, visible: str | None) -> bool:
        if not (self.fullest and self.fullest.points > MIN_POINTS) and all(
            element.points <= MIN_POINTS for element in self.elements.values()
        ):
            return True
        if visible is None:
            visible = tree.body.text(strip=True, skip_empty=True) if tree.body is not None else ""
        if self.own >= MIN_PARAGRAPH_SHARE * len(visible):
            return False
        return self.own < MIN_PARAGRAPH_SHARE * (len(visible) - visible.count("\n"))

    def _trust(self) -> None:
        """Where nearly all prose of a page stands in one element, it is no aside, whatever it is called."""
        for element in self._mostly():
            if element.weight < 1 and element.tag not in ASIDES and not _is_other(element):
                element.given = 1.0

    def _mostly(self) -> Iterable[Element]:
        """The elements with most of the page's prose in or under them."""
        enough = MIN_TRUSTED_SHARE * self.own
        if self.fullest is not None and self.fullest.own > enough:
            return self.fullest.upwards()  # elsewhere there is not as much
        elements = list(self.elements.values())
        for element in elements:
            element.prose = element.own
        for element in reversed(elements):  # each is made after the one above it
            if element.parent is not None:
                element.parent.prose += element.prose
        return [element for element in elements if element.prose > enough]

    def _weight(self, element: Element) -> float:
        """Less for an element that it or its ancestors call a comment, a footer, a list; more for an article."""
        if element.tag == "body":
            return BODY_WEIGHT
        fresh: list[Element] = []
        above: Element | None = element
        while above is not None and above.tag != "body" and above.inherited is None:
            fresh.append(above)
            above = above.parent
        weight = 1.0 if above is None or above.inherited is None else above.inherited
        for each in reversed(fresh):
            weight = each.inherited = min(weight, 1.0) * each.weight
        return weight


def _is_other(element: Element) -> bool:
    return element.weight == NEVER_WEIGHT or OTHERS.search(element.names.lower()) is not None


def stands_in(node: LexborNode, elements: frozenset[int]) -> bool:
    """Whether a node is one of these elements, by their mem_ids, or stands in one."""
    above: LexborNode | None = node
    while above is not None:
        if above.mem_id in elements:
            return True
        above = above.parent
    return False


def never_is_text(node: LexborNode) -> bool:
    """Whether an element is called a dialog of consent, a sidebar or a box about the author."""
    return Element(node, node.mem_id, node.tag or "").weight == NEVER_WEIGHT


@lru_cache(maxsize=4096)
def _own_weight(tag: str, names: str) -> float:
    """By what an element is called: an article, or something else."""
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
