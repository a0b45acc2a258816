"""The summary that stands between a headline and the box of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from selectolax.lexbor import LexborNode

from parsers.reader.body.blocks import BLOCKS, PLAIN, TAGS, TEXT, Block, read_blocks
from parsers.reader.body.roles import role
from parsers.reader.body.thresholds import (
    LEAD_LETTERS,
    MAX_CLASS_CHARACTERS,
    MAX_LEAD_CHARACTERS,
    MAX_LEAD_PLACES,
    MIN_DATED_LEAD,
    MIN_LEAD_CHARACTERS,
)
from parsers.reader.published.dateline import DATE

LEAD = re.compile(  # matched against class names in lower case, with a blank in front
    r"""[\s_-](?:
        lead|lede|leader|lead-?text|stand-?first|sub-?titles?|sub-?head(?:line|ing)?s?|dek|deck|summary|abstract
      | strap-?line
      | intro|introduction|intro-?text|teaser-?text|excerpt|synopsis|perex|preamble|ingress|einleitung|vorspann|chapo
      | chapeau|sous-?titre|sommario|occhiello|entradilla|bajada|copete|subtitulo|sumario|sapo|description|tagline
    )(?![^\s_-])""",
    re.VERBOSE,
)
BLOCK_NUMBERS = frozenset(number for number, tag in TAGS.items() if tag.name in BLOCKS)


def with_lead(
    blocks: tuple[Block, ...], title: LexborNode, box: LexborNode, summaries: Sequence[str]
) -> tuple[Block, ...]:
    """The lines of a box after the summary that stands above it.

    A summary is called so, or is one of the `summaries` that the page gives of itself.
    """
    found: dict[str, Block] = {}
    summary = _Summary(summaries)
    for above in _places(title, box):
        for place, called in _parts(above) if len(above.text()) >= MIN_LEAD_CHARACTERS else ():
            if MIN_LEAD_CHARACTERS <= len(place.text()) <= MAX_LEAD_CHARACTERS and (called or summary.may_open(place)):
                for block in read_blocks(place):
                    if _sums_up(block, called, summary):
                        found[block.text] = Block("text", block.text, block.linked, 0, block.tag)
    if not found:
        return blocks
    known = {block.text for block in blocks}
    return (*[block for text, block in found.items() if text not in known], *blocks)


class _Summary:
    """What the page says that it is about."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = dict.fromkeys(texts)  # the same for each of the sites

    @cached_property
    def letters(self) -> str:
        """Without blanks; few pages show anything that must be looked up in it."""
        return "".join("".join(self.texts).split())

    def may_open(self, place: LexborNode) -> bool:
        """Whether a line inside an element may stand in it: each begins with a text, which is looked up first."""
        return any(map(self._may_begin, place.traverse(include_text=True, skip_empty=True)))

    def _may_begin(self, node: LexborNode) -> bool:
        if node.tag_id != TEXT:
            return False
        opening = "".join((node.text_content or "").split())[:LEAD_LETTERS]
        return bool(opening) and (opening in self.letters or not opening.isprintable())

    def shows(self, line: str) -> bool:
        """Whether the opening of a line stands in it."""
        opening = "".join(line.split())[:LEAD_LETTERS]
        return len(opening) == LEAD_LETTERS and opening in self.letters


def _sums_up(block: Block, called: bool, summary: _Summary) -> bool:
    if block.kind not in ("text", "heading") or block.tag == "li" or 3 * block.linked > len(block.text):
        return False
    if len(block.text) < MIN_LEAD_CHARACTERS or not (called or summary.shows(block.text)):
        return False
    return len(block.text) >= MIN_DATED_LEAD or DATE.search(block.text) is None


def _parts(place: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """The smallest elements inside one, and whether they are called a summary: those that are, those without blocks."""
    waiting = [place]
    for _ in range(MAX_LEAD_PLACES):
        if not waiting:
            return
        node = waiting.pop()
        attributes = node.attributes
        if TAGS.get(node.tag_id, PLAIN).uncertain or (attributes and role(attributes) is not None):
            continue
        called = bool(attributes) and _called_lead(attributes)
        inside = [] if called else [child for child in node.iter() if child.tag_id in BLOCK_NUMBERS]
        if not inside:
            yield node, called
        waiting += reversed(inside)


def _called_lead(attributes: dict[str, str | None]) -> bool:
    names, identity = attributes.get("class"), attributes.get("id")
    return bool(names or identity) and _speaks_of_lead(f"{names or ''} {identity or ''}"[:MAX_CLASS_CHARACTERS])


@lru_cache(maxsize=1024)  # the elements of a page share few names
def _speaks_of_lead(names: str) -> bool:
    return LEAD.search(f" {names.lower()}") is not None


def _places(title: LexborNode, box: LexborNode) -> list[LexborNode]:
    """The elements after a headline and before a box that does not hold it."""
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
                places.append(sibling)
            sibling = sibling.next
        if node.parent is None:
            return places
        node = node.parent
    return places


def _down_to(node: LexborNode, round_box: set[int], box: LexborNode) -> list[LexborNode]:
    """What stands before a box inside the elements round it."""
    places: list[LexborNode] = []
    while node.mem_id != box.mem_id:
        child = node.first_child
        while child is not None and child.mem_id not in round_box:
            if child.tag_id != TEXT:
                places.append(child)
            child = child.next
        if child is None:
            return places
        node = child
    return places


def _round_both(title: LexborNode, round_box: set[int]) -> int | None:
    """The lowest element that holds the headline and the box."""
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
