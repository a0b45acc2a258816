"""Hover cards: boxes about a person or firm that open over a word of a sentence, and stand inside it in the markup."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from parsers.reader.body.markup.tag_meanings import PLAIN, TAGS, Tag
from parsers.reader.body.thresholds import LEVELS_AROUND_FACE, MAX_FACES, MIN_CARD_LINKS


def hover_cards(root: LexborNode) -> frozenset[int]:
    """The mem_ids of the inline elements that each hold a picture and several links, and little of their line.

    The picture is a link too, or no words stand outside the links: an icon may stand between links of a sentence. No
    card has words right between two links: they are words of the sentence.
    """
    found: set[int] = set()
    links: dict[int, list[LexborNode]] = {}
    sizes: dict[int, int] = {}  # characters of each line
    for image in root.css("img")[:MAX_FACES]:
        card = _card(image, root, links)
        if card is None:
            continue
        inside = links[card.mem_id]
        linked = sum([len(link.text(strip=True)) for link in inside])
        size = len(card.text(strip=True))
        if (linked == size or _is_linked(image)) and not any(map(_is_joined, inside)):
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


def _is_joined(link: LexborNode) -> bool:
    """True if words stand right between a link and the next."""
    words = link.next
    if words is None or not words.is_text_node or words.next is None or words.next.tag != "a":
        return False
    return any(map(str.isalpha, words.text_content or ""))


def _tag(node: LexborNode) -> Tag:
    return TAGS.get(node.tag_id, PLAIN)
