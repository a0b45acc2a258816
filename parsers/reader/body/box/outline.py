"""Scores elements by the prose they hold; the best one is the article's box."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.document import Named
from parsers.reader.body.box.element import ASIDES, NOT_ADDED_UP, Element, is_other
from parsers.reader.body.box.prose import LONG_LINES, LineRule, Lines, broken, marks, own_text, paragraphs, table_rows
from parsers.reader.body.thresholds import (
    ARTICLE_WEIGHT,
    BODY_WEIGHT,
    MAX_RIVALS,
    MAX_SHORT_ROWS,
    MIN_PARAGRAPH_SHARE,
    MIN_POINTS,
    MIN_TRUSTED_SHARE,
    NEVER_WEIGHT,
    SHARES_UPWARDS,
)

LOOSE = "div, td, section, article, dd, span, font, blockquote, li"


class Outline:
    """The elements of a page that hold its lines, with the prose of each added up."""

    def __init__(
        self,
        tree: LexborHTMLParser,
        named: Named,
        visible: str | None,
        hidden: frozenset[int] = frozenset(),
        lines: LineRule = LONG_LINES,
    ) -> None:
        self.hidden = hidden
        self.elements: dict[int, Element] = {}
        self.holders: list[Element] = []  # those of them in which lines stand
        self.own = 0  # prose of all of them
        self.fullest: Element | None = None
        self._add(paragraphs(named["p"], lines))
        self._add(own_text(broken(named["br"]), lines))
        if lines.rows:
            self._add(table_rows(tree.css("tr")[:MAX_SHORT_ROWS], lines))
        self.loosened = self._thin(tree, visible)
        if self.loosened:
            self._add(own_text(tree.css(LOOSE), lines))
        self._trust()

    def loosen(self, root: LexborNode) -> None:
        """Count also the text outside paragraphs inside `root`, unless the outline counted it from the start.

        A second call for the same elements counts their text twice.
        """
        if not self.loosened:
            self._add(own_text(root.css(LOOSE), LONG_LINES))
            self._trust()
            for element in self.elements.values():
                element.lines = NOT_ADDED_UP

    def release(self) -> None:
        """Break the reference cycles between the elements, so that they and the tree are freed at once."""
        for element in self.elements.values():
            element.children = []

    def element(self, node: LexborNode) -> Element:
        """The Element of a node; it is made, with those above it, if it is not known yet."""
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
        """Give the weight 1 to those of the elements `titles` (mem_ids) that are dialogs, sidebars and the like.

        `titles` are the elements round the headline. All others keep their weight.
        """
        for element in self.elements.values():
            if element.mem_id in titles and element.weight == NEVER_WEIGHT:
                element.given = 1.0

    def never(self) -> frozenset[int]:
        """The mem_ids of the dialogs, sidebars and boxes about the author that hold lines, in them or under them.

        Those to which `stands_round` gave the weight 1 are not among them.
        """
        return frozenset(mem_id for mem_id, element in self.elements.items() if element.weight == NEVER_WEIGHT)

    def densest(self, scope: Element | None) -> Element | None:
        """The element with the most points times its `_weight`; with `scope` only of that element and those inside it.

        None if no element has points above 0.
        """
        inside = self.elements.values() if scope is None else self._within(scope)
        best, most = None, 0.0
        for element in inside:
            if element.points * ARTICLE_WEIGHT > most and (weighed := element.points * self._weight(element)) > most:
                best, most = element, weighed
        return best

    def fullest_beside(self, box: LexborNode) -> tuple[tuple[LexborNode, int], ...]:
        """Node and points of up to MAX_RIVALS elements, except the box, of those that hold lines; most points first."""
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
        """Give the weight 1 to elements with nearly all prose of a page, even if named like a menu or a banner.

        Not to comments, footers, dialogs and the like.
        """
        for element in self._mostly():
            if element.weight < 1 and element.tag not in ASIDES and not is_other(element):
                element.given = 1.0

    def _mostly(self) -> Iterable[Element]:
        """The elements with more than MIN_TRUSTED_SHARE of the page's prose in or under them."""
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
        """The weight of an element times that of its ancestors below <body>; their product never counts as more than 1.

        For <body> itself BODY_WEIGHT.
        """
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


def stands_in(node: LexborNode, elements: frozenset[int]) -> bool:
    """True if a node is one of these elements, given by their mem_ids, or stands in one."""
    above: LexborNode | None = node
    while above is not None:
        if above.mem_id in elements:
            return True
        above = above.parent
    return False
