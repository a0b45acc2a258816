"""Where the prose of a page stands: how much of it is in and under each element."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

GOOD = re.compile(r"article|content|body|text|txt|zoom|detail|post|entry|story|main|editor|news")  # lower case
BAD = re.compile(
    r"comment|pinglun|footer|\bfoot|nav|sidebar|related|recommend|tuijian|share|copyright|rank|hot|\blist|widget|promo"
    r"|cookie|consent|modal|popup|banner|teaser|newsletter|\bads?\b|menu|header|gdpr"
)
OTHERS = re.compile(r"comment|pinglun|related|recommend|tuijian|cookie|consent|gdpr|newsletter|foot")
MOSTLY = 0.6  # of the prose of a page, which no aside holds
ASIDE = 0.5  # weight below which an element is one
DIGIT = re.compile(r"\d")
NUMBERED = re.compile(r"\s*\b\S*\d\S*")  # class names that are made for one element: wp-container-61fd27b
ASIDES = frozenset(("aside", "footer", "nav", "form", "header"))
ASCII_MARKS = ",."
SENTENCE_MARKS = "，。、；,.।،۔"
BODY_WEIGHT = 0.5  # the whole page is taken where nothing else holds half of its prose
LONGEST_NAME = 300  # characters of the names of an element that are looked at
SHORTEST = 20  # characters of a line that counts as prose
NAMELESS = " id="
FEW = 300  # points of the best element, under which text outside paragraphs is looked at too
THIN = 0.25  # of the visible text that is in paragraphs, likewise
LOOSE = "div, td, section, article, dd, span, font, blockquote, li"
SHARES = (1.0, 1 / 1.9, 1 / 3.61)  # of a line's points for the elements above it


@dataclass(slots=True, eq=False)
class Element:
    """An element with text in or under it; prose is what does not stand in asides, links not counted."""

    node: LexborNode
    mem_id: int
    tag: str
    names: str
    parent: Element | None
    weight: float
    children: list[Element] = field(default_factory=list)
    own: float = 0.0
    own_lines: int = 0
    prose: float = 0.0
    lines: int = 0
    points: float = 0.0
    inherited: float | None = None  # weight by its own names and those above it

    @property
    def signature(self) -> tuple[str, str]:
        """What siblings that are parts of one text have in common."""
        classes = self.names.split(" id=")[0]
        return self.tag, NUMBERED.sub("", classes) if DIGIT.search(classes) else classes


class Outline:
    """The elements of a page that hold its lines, with the prose of each added up."""

    def __init__(self, tree: LexborHTMLParser, visible: str | None = None) -> None:
        self.elements: dict[int, Element] = {}
        linking = {node.mem_id for node in tree.css("p:has(a)")}
        for paragraph in tree.css("p"):
            text = paragraph.text(strip=True, skip_empty=True)
            if len(text) >= SHORTEST:
                self._add(paragraph.parent, text, _linked(paragraph) if paragraph.mem_id in linking else 0)
        self._add_own(list({node.parent.mem_id: node.parent for node in tree.css("br") if node.parent}.values()))
        self.loosened = self._thin(tree, visible)
        if self.loosened:
            self._add_own(tree.css(LOOSE))
        self._sum()

    def loosen(self, root: LexborNode) -> None:
        """Look at the text outside paragraphs inside one element, too."""
        if not self.loosened:
            self._add_own(root.css(LOOSE))
            self._sum()

    def _add_own(self, nodes: list[LexborNode]) -> None:
        """Credit to each element the text that stands in it and in no other."""
        for node in nodes:
            text = node.text(deep=False, strip=True, skip_empty=True)
            if len(text) >= SHORTEST and node.tag != "p":
                self._add(node, text)

    def element(self, node: LexborNode) -> Element:
        """The element of a node, and all above it."""
        chain: list[tuple[LexborNode, int, str]] = []
        above: LexborNode | None = node
        known: Element | None = None
        while above is not None:
            mem_id, tag = above.mem_id, above.tag or ""
            known = self.elements.get(mem_id)
            if known is not None or tag == "html":
                break
            chain.append((above, mem_id, tag))
            above = above.parent
        for link in reversed(chain):
            known = self._new(*link, known)
        assert known is not None
        return known

    def densest(self, scope: Element | None) -> Element | None:
        """The element whose lines, and those a little further down, are the most."""
        inside = [element for element in self.elements.values() if element.points > 0]
        if scope is not None:
            within = self._within(scope)
            inside = [element for element in inside if element.mem_id in within]
        return max(inside, key=lambda element: element.points * self._weight(element), default=None)

    def _within(self, scope: Element) -> set[int]:
        """The mem_ids of an element and of all below it."""
        found = {scope.mem_id}
        waiting = [scope]
        while waiting:
            below = waiting.pop().children
            found.update(element.mem_id for element in below)
            waiting += below
        return found

    def _new(self, node: LexborNode, mem_id: int, tag: str, parent: Element | None) -> Element:
        attributes = node.attributes
        names = f"{attributes.get('class') or ''} id={attributes.get('id') or ''}" if attributes else NAMELESS
        made = Element(node, mem_id, tag, names, parent, _own_weight(tag, names[:LONGEST_NAME]))
        self.elements[mem_id] = made
        if parent is not None:
            parent.children.append(made)
        return made

    def _add(self, parent: LexborNode | None, text: str, linked: int = 0) -> None:
        """Credit a line to the elements above it; what is `linked` of its characters does not count as prose."""
        if 2 * linked >= len(text) or parent is None or parent.tag == "html":
            return
        prose = len(text) - 2 * linked
        points = prose + 10 * sum(map(text.count, ASCII_MARKS if text.isascii() else SENTENCE_MARKS))
        element: Element | None = self.element(parent)
        assert element is not None
        element.own += prose
        element.own_lines += 1
        for share in SHARES:
            if element is None:
                return
            element.points += points * share
            element = element.parent

    def _thin(self, tree: LexborHTMLParser, visible: str | None) -> bool:
        if max((element.points for element in self.elements.values()), default=0.0) <= FEW:
            return True
        if visible is None:
            visible = tree.body.text(strip=True, skip_empty=True) if tree.body is not None else ""
        own = sum(element.own for element in self.elements.values())
        return own < THIN * (len(visible) - visible.count("\n"))

    def _sum(self) -> None:
        """Add up the prose under each element; asides keep theirs to themselves."""
        upwards = list(reversed(self.elements.values()))  # an element is made after the one above it
        self._add_up(upwards, least=0.0)
        whole = sum(element.own for element in upwards)
        for element in upwards:
            if element.weight < 1 and element.prose > MOSTLY * whole and element.tag not in ASIDES:
                # Whatever it is called, the page has no other text.
                element.weight = element.weight if OTHERS.search(element.names.lower()) else 1.0
        self._add_up(upwards, least=ASIDE)

    def _add_up(self, upwards: list[Element], least: float) -> None:
        """Give each element's prose to the one above it, when its weight is at least so much."""
        for element in upwards:
            element.prose, element.lines = element.own, element.own_lines
        for element in upwards:
            if element.parent is not None and element.weight >= least:
                element.parent.prose += element.prose
                element.parent.lines += element.lines

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


def _linked(node: LexborNode) -> int:
    """Characters in links."""
    return sum(len(link.text(strip=True, skip_empty=True)) for link in node.css("a"))


@lru_cache(maxsize=4096)
def _own_weight(tag: str, names: str) -> float:
    """By what an element is called: an article, or something else."""
    if tag in ASIDES:
        return 0.1
    names = names.lower()
    good = tag in ("article", "main") or GOOD.search(names) is not None
    if BAD.search(names) is not None:
        return 0.6 if good else 0.2
    return 1.3 if good else 1.0
