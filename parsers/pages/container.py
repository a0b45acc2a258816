"""The element of a page that holds its prose."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Boxes that publishing systems give to the body: gov.cn, TRS WCM, Founder, 163, sina, people, qq, schema.org …
KNOWN = (
    "#UCAP-CONTENT, .TRS_Editor, .trs_editor_view, .TRS_UEDITOR, #artibody, #endText, #Cnt-Main-Article-QQ, .rm_txt_con"
    ", #vsb_content, #newscontents, #rwb_zw, .article_content_text, #articleContnet, #zoom, #Zoom,"
    " [itemprop=articleBody]"
)
GOOD = re.compile(r"article|content|body|text|txt|zoom|detail|post|entry|story|main|editor|news", re.IGNORECASE)
BAD = re.compile(
    r"comment|pinglun|footer|\bfoot|nav|sidebar|related|recommend|tuijian|share|copyright|rank|hot|\blist|widget|promo"
    r"|cookie|consent|modal|popup|banner|teaser|newsletter|\bads?\b|menu|header",
    re.IGNORECASE,
)
SENTENCE_MARKS = "，。、；,."
MOST_BOXES = 40  # of one name that are compared
BODY_WEIGHT = 0.5  # the whole page is taken where nothing else holds half of its prose
SHORTEST = 20  # characters of a line that counts as prose
KNOWN_ENOUGH = 80  # characters that a known box must hold to be taken at its word


def container(tree: LexborHTMLParser, selectors: tuple[str, ...] = ()) -> LexborNode | None:
    """The first of `selectors` that holds text, else a known box, else the densest element; None without prose."""
    for selector in selectors:
        found = _fullest(tree, selector)
        if found is not None and found.text(strip=True):
            return found
    known = _fullest(tree, KNOWN)
    if known is not None and _prose(known) >= KNOWN_ENOUGH:
        return known
    return _densest(tree)


def _fullest(tree: LexborHTMLParser, selector: str) -> LexborNode | None:
    return max(tree.css(selector)[:MOST_BOXES], key=lambda node: len(node.text()), default=None)


def _prose(node: LexborNode) -> int:
    """Characters that are not in links."""
    linked = sum(len(link.text(strip=True)) for link in node.css("a"))
    return len(node.text(strip=True)) - 2 * linked


def _densest(tree: LexborHTMLParser) -> LexborNode | None:
    scores = _Scores()
    for paragraph in tree.css("p"):
        scores.add(paragraph.parent, paragraph, paragraph.text(strip=True))
    for parent in {node.parent.mem_id: node.parent for node in tree.css("br") if node.parent}.values():
        if parent.tag != "p":
            scores.add(parent, None, parent.text(deep=False, strip=True))
    if not scores.enough():
        for loose in tree.css("div, td, section, article, dd, span, font, blockquote"):
            scores.add(loose, None, loose.text(deep=False, strip=True))
    return scores.best()


class _Scores:
    """How much prose stands under each element: all of its own lines, less of what is further down."""

    def __init__(self) -> None:
        self.points: dict[int, float] = {}
        self.nodes: dict[int, LexborNode] = {}
        self.weights: dict[int, float] = {}

    def add(self, parent: LexborNode | None, holder: LexborNode | None, text: str) -> None:
        """Credit a line to the elements above it; `holder` is the paragraph whose links do not count as prose."""
        if len(text) < SHORTEST:
            return
        linked = sum(len(link.text(strip=True)) for link in holder.css("a")) if holder is not None else 0
        prose = len(text) - 2 * linked + 10 * sum(map(text.count, SENTENCE_MARKS))
        share = 1.0
        for _ in range(3):
            if parent is None or parent.tag == "html" or prose <= 0:
                return
            self.nodes[parent.mem_id] = parent
            self.points[parent.mem_id] = self.points.get(parent.mem_id, 0.0) + prose * share
            share /= 1.9
            parent = parent.parent

    def enough(self) -> bool:
        return max(self.points.values(), default=0.0) > 300

    def best(self) -> LexborNode | None:
        winner = max(
            self.points, key=lambda mem_id: self.points[mem_id] * self._weight(self.nodes[mem_id]), default=None
        )
        return None if winner is None else self.nodes[winner]

    def _weight(self, node: LexborNode) -> float:
        """Less for an element that it or its ancestors call a comment, a footer, a list; more for an article."""
        if node.tag == "body":
            return BODY_WEIGHT
        chain: list[LexborNode] = []
        above: LexborNode | None = node
        while above is not None and above.tag not in ("body", "html") and above.mem_id not in self.weights:
            chain.append(above)
            above = above.parent
        weight = self.weights.get(above.mem_id, 1.0) if above is not None else 1.0
        for element in reversed(chain):
            weight = min(weight, 1.0) * _own_weight(element)
            self.weights[element.mem_id] = weight
        return weight


def _own_weight(node: LexborNode) -> float:
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    good = GOOD.search(names) is not None or node.tag in ("article", "main")
    if node.tag in ("aside", "footer", "nav", "form", "header"):
        return 0.1
    if BAD.search(names):
        return 0.6 if good else 0.2
    return 1.3 if good else 1.0
