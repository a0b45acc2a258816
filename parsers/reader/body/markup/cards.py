"""Hover cards: boxes about a person or firm that open over a word of a sentence, and stand inside it in the markup."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from parsers.reader.body.markup.tag_meanings import PLAIN, TAGS, Tag
from parsers.reader.body.thresholds import LEVELS_AROUND_FACE, MAX_FACES, MIN_CARD_LINKS


def hover_cards(root: LexborNode) -> frozenset[int]:
    """The mem_ids of the inline elements that each hold a picture and several links, and little of their line.

    The picture is a link too, or most of the card's text is in links: an icon may stand between links of a sentence.
    """
    found: set[int] = set()
    links: dict[int, list[LexborNode]] = {}
    sizes: dict[int, int] = {}  # characters of each line
    for image in root.css("img")[:MAX_FACES]:
        card = _card(image, root, links)
        if card is None:
            continue
        linked = sum([len(link.text(strip=True)) for link in card.css("a[href]")])
        size = len(card.text(strip=True))
        if 2 * linked >= size or _is_linked(image):
            line = _line(card)
            if line.mem_id not in sizes:
                sizes[line.mem_id] = len(line.text(strip=True))
            if 2 * size < sizes[line.mem_id]:
                found.add(card.mem_id)
    return frozenset(found)


def _card(image: LexborNode, root: LexborNode, links: dict[int, list[LexborNode]]) -> LexborNode | None:
    """The nearest inline element round a picture that holds several links; None without one, and outside of `root`."""
    node = image.parent
    for _ in range(LEVELS_AROUND_FACE):
        if node is None or node.mem_id == root.mem_id or _tag(node).line:
            return None
        if _tag(node) is PLAIN and node.mem_id not in links:
            links[node.mem_id] = node.css("a[href]")
        if _tag(node) is PLAIN and len(links[node.mem_id]) >= MIN_CARD_LINKS:
            return node
        node = node.parent
    return None


def _line(node: LexborNode) -> LexborNode:
    """The nearest element round a node that has lines of its own; of those without one the outermost."""
    above = node
    while above.parent is not None and not _tag(above).line:
        above = above.parent
    return above


def _is_linked(image: LexborNode) -> bool:
    return image.parent is not None and image.parent.tag == "a"


def _tag(node: LexborNode) -> Tag:
    return TAGS.get(node.tag_id, PLAIN)
