"""The elements between a headline and the box of its text."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from parsers.reader.body.box.element import never_is_text
from parsers.reader.body.markup.tag_meanings import TEXT
from parsers.reader.body.thresholds import MAX_LEAD_PLACES, MAX_LEVELS_OF_HEADER

HEADERS, BELOW = ("header", "hgroup"), ("h2", "h3", "h4")


def between(title: LexborNode, box: LexborNode) -> list[LexborNode]:
    """The elements after a headline and before the box, without those for which `never_is_text` holds.

    Each is whole, without a second entry for those inside it, in the page's order. [] if the headline is in the box. If
    the box stands before the headline: all after the headline in the lowest element that holds both. At most
    MAX_LEAD_PLACES; those inside the element that also holds the box come on top of these, without a limit.
    """
    round_box = _chain(box)
    places: list[LexborNode] = []
    if _round_both(title, round_box) == box.mem_id:
        return places
    node, left = title, MAX_LEAD_PLACES
    while node.mem_id not in round_box and left:
        sibling = node.next
        while sibling is not None and left:
            if sibling.mem_id in round_box:
                return places + _down_to(sibling, round_box, box)
            if sibling.tag_id != TEXT:
                left -= 1
                places += [] if never_is_text(sibling) else [sibling]
            sibling = sibling.next
        if node.parent is None:
            return places
        node = node.parent
    return places


def within_header(title: LexborNode, box: LexborNode) -> list[LexborNode]:
    """The elements after a headline in its <header> or <hgroup>; [] if the headline is not in the box.

    Without such a header inside the box, only the element right after the headline, if it is an h2, h3 or h4; else [].
    """
    if box.mem_id not in _chain(title):
        return []
    header: LexborNode | None = title.parent
    for _ in range(MAX_LEVELS_OF_HEADER):
        if header is None or header.mem_id == box.mem_id or header.tag in HEADERS:
            break
        header = header.parent
    if header is None or header.tag not in HEADERS or header.mem_id == box.mem_id:
        return [following for following in [_next_element(title)] if following is not None and following.tag in BELOW]
    places: list[LexborNode] = []
    node = title
    while node.mem_id != header.mem_id and node.parent is not None:
        sibling = node.next
        while sibling is not None and len(places) < MAX_LEAD_PLACES:
            if sibling.tag_id != TEXT:
                places.append(sibling)
            sibling = sibling.next
        node = node.parent
    return places


def _next_element(node: LexborNode) -> LexborNode | None:
    following = node.next
    while following is not None and following.tag_id == TEXT and following.is_empty_text_node:
        following = following.next
    return following


def _down_to(node: LexborNode, round_box: set[int], box: LexborNode) -> list[LexborNode]:
    """The elements before the box inside `node`, which holds it, at every level down; without `never_is_text`."""
    places: list[LexborNode] = []
    while node.mem_id != box.mem_id:
        child = node.first_child
        while child is not None and child.mem_id not in round_box:
            if child.tag_id != TEXT and not never_is_text(child):
                places.append(child)
            child = child.next
        if child is None:
            return places
        node = child
    return places


def _round_both(title: LexborNode, round_box: set[int]) -> int | None:
    """The mem_id of the lowest element that holds the headline and the box, or is the box; None without one."""
    above: LexborNode | None = title
    while above is not None and above.mem_id not in round_box:
        above = above.parent
    return above.mem_id if above is not None else None


def _chain(node: LexborNode) -> set[int]:
    found: set[int] = set()
    above: LexborNode | None = node
    while above is not None:
        found.add(above.mem_id)
        above = above.parent
    return found
