"""The summary that stands between a headline and the box of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborNode

from parsers.pages.blocks import BESIDE, BLOCKS, LONGEST_NAME, Block, read_blocks, role_of
from parsers.pages.dateline import DATE

LEAD = re.compile(
    r"""(?:^|[\s_-])(?:
        lead|lede|leader|lead-?text|stand-?first|sub-?titles?|sub-?head(?:line|ing)?s?|dek|deck|summary|abstract
      | strap-?line
      | intro|introduction|intro-?text|teaser-?text|excerpt|synopsis|perex|preamble|ingress|einleitung|vorspann|chapo
      | chapeau|sous-?titre|sommario|occhiello|entradilla|bajada|copete|subtitulo|sumario|sapo|description|tagline
    )(?:$|[\s_-])""",
    re.IGNORECASE | re.VERBOSE,
)
MOST_PLACES = 60  # elements between headline and text
SMALLEST, LARGEST = 25, 1_500  # characters of one of them that may be a summary
OPENING = 25  # characters, blanks left out, that a line has in common with the page's own summary


def with_lead(blocks: list[Block], title: LexborNode, box: LexborNode, summaries: list[str]) -> list[Block]:
    """The lines of a box after the summary that stands above it.

    A summary is called so, or is one of the `summaries` that the page gives of itself.
    """
    summary = "".join("".join(summaries).split())
    known = {block.text for block in blocks}
    found = {
        block.text: Block("text", block.text, block.linked, 0, block.tag)
        for above in _places(title, box)
        for place, called in _parts(above)
        if (called or summary) and SMALLEST <= len(place.text()) <= LARGEST
        for block in read_blocks(place)
        if block.text not in known and _sums_up(block, called, summary)
    }
    return [*found.values(), *blocks]


def _sums_up(block: Block, called: bool, summary: str) -> bool:
    if block.kind not in ("text", "heading") or block.tag == "li" or 3 * block.linked > len(block.text):
        return False
    opening = "".join(block.text.split())[:OPENING]
    if len(block.text) < SMALLEST if called else len(opening) < OPENING or opening not in summary:
        return False
    return len(block.text) >= 120 or DATE.search(block.text) is None


def _parts(place: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """The smallest elements inside one, and whether they are called a summary: those that are, those without blocks."""
    waiting = [place]
    for _ in range(MOST_PLACES):
        if not waiting:
            return
        node = waiting.pop()
        if node.tag in BESIDE or node.tag == "figure" or role_of(node) is not None:
            continue
        called = _called_lead(node)
        inside = [] if called else [child for child in node.iter() if child.tag in BLOCKS]
        if not inside:
            yield node, called
        waiting += reversed(inside)


def _called_lead(node: LexborNode) -> bool:
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if attributes else ""
    return len(names) > 1 and _speaks_of_lead(names[:LONGEST_NAME])


@lru_cache(maxsize=1024)  # the elements of a page share few names
def _speaks_of_lead(names: str) -> bool:
    return LEAD.search(names) is not None


def _places(title: LexborNode, box: LexborNode) -> Iterator[LexborNode]:
    """The elements after a headline and before a box that does not hold it."""
    round_box = _chain(box)
    if box.mem_id in _chain(title):
        return
    node, left = title, MOST_PLACES
    while node.mem_id not in round_box and left:
        sibling = node.next
        while sibling is not None and left:
            if sibling.mem_id in round_box:
                yield from _down_to(sibling, round_box, box)
                return
            if sibling.tag != "-text":
                left -= 1
                yield sibling
            sibling = sibling.next
        if node.parent is None:
            return
        node = node.parent


def _down_to(node: LexborNode, round_box: set[int], box: LexborNode) -> Iterator[LexborNode]:
    """What stands before a box inside the elements round it."""
    while node.mem_id != box.mem_id:
        child = node.child
        while child is not None and child.mem_id not in round_box:
            if child.tag != "-text":
                yield child
            child = child.next
        if child is None:
            return
        node = child


def _chain(node: LexborNode) -> set[int]:
    found: set[int] = set()
    above: LexborNode | None = node
    while above is not None:
        found.add(above.mem_id)
        above = above.parent
    return found
