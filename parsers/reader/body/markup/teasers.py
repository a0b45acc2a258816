"""Teasers of other articles inside a box: alike elements in a row that each open with a link of its own line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from selectolax.lexbor import LexborNode

from parsers.document import same_site
from parsers.people import person
from parsers.reader.body.markup.blocks import Block, read_blocks
from parsers.reader.body.markup.files import FILE
from parsers.reader.body.markup.numbers import NUMBERED
from parsers.reader.body.thresholds import (
    LEVELS_AROUND_TEASER,
    MAX_BLANKS_BESIDE_TEASER,
    MAX_HEADING_OF_TEASERS,
    MAX_TEASER,
    MAX_TEASER_LINKS,
    MAX_TEASERS_READ,
    MIN_LINE_CHARACTERS,
    MIN_SENTENCES_OF_SECTION,
    MIN_TEASERS,
)
from parsers.text import CHINESE_STOPS, ELLIPSIS, ends_sentence

LINKS = 'a[href]:not([href^="#"])'  # those with # open the answers of the page itself
TIME = re.compile(r"[\d年月日时時分点點:：./\s-]{1,30}")
SENTENCE_END = re.compile(rf"[{CHINESE_STOPS}]|[.!?](?=\s|$)")


def teasers(box: LexborNode, host: str) -> frozenset[int]:
    """The mem_ids of the teasers in a box, or of the element that holds nothing but some.

    Teasers are at least MIN_TEASERS children of one element with the same tag and class, in a row. Each has a link to
    the site of `host` as its first line (references lead elsewhere) and a short text after it. No teasers are steps,
    which are numbered, rows of persons, times, articles of a law or files, and, in the middle of the text, rows with
    several sentences each. They hold less than half of the text: a list of documents is an article itself.
    """
    groups = [group for group in _groups(box, host) if len(group) >= MIN_TEASERS]
    return frozenset(_Finder(box).found(groups)) if groups else frozenset()


class _Finder:
    """Finds the teasers among elements that open with a link; the work is bounded for nested elements too."""

    def __init__(self, box: LexborNode) -> None:
        self.sizes: dict[int, int] = {}
        self.ended: dict[int, bool] = {}
        self.measured = 0  # characters
        self.box = box
        self.lines: dict[int, list[Block]] = {}  # of each teaser; of one with a picture the first
        self.all = self._size(box)

    def found(self, groups: list[list[LexborNode]]) -> set[int]:
        found: set[int] = set()
        for row in (row for group in groups for row in self._rows(group)):
            told = sum(map(self._size, row))
            if self._is_text(row):
                continue
            if 2 * told < self.all and (above := row[0].parent) is not None:
                alone = self._size(above) - told <= MAX_HEADING_OF_TEASERS
                found.update([above.mem_id] if alone else [node.mem_id for node in row])
        return found

    def _rows(self, group: list[LexborNode]) -> Iterator[list[LexborNode]]:
        """Yield each row of at least MIN_TEASERS teasers in a group; none once too much has been measured."""
        rows: list[list[LexborNode]] = [[]]
        for node in group:
            if self.measured > MAX_TEASERS_READ + self.all or not self._is_teaser(node):
                continue
            if rows[-1] and not _follows(node, rows[-1][-1]):
                rows.append([])
            rows[-1].append(node)
        yield from (row for row in rows if len(row) >= MIN_TEASERS)

    def _is_teaser(self, node: LexborNode) -> bool:
        """True if an element's first line is nothing but a link, and a line that is more follows; both are short."""
        if self._size(node) > MAX_TEASER:
            return False
        blocks = read_blocks(node)
        lines = [block for block in blocks if block.kind != "image"]
        self.lines[node.mem_id] = lines if len(lines) == len(blocks) else lines[:1]
        return len(lines) > 1 and _leads_on(lines[0]) and not all(map(_leads_on, lines))

    def _is_text(self, row: list[LexborNode]) -> bool:
        """True if most links of a row name no page, or if it stands in the middle of the text and is sentences."""
        read = [self.lines[node.mem_id] for node in row]
        if 2 * sum(_names_no_page(lines[0].text) for lines in read) > len(row):
            return True
        told = sum(map(_is_section, read))
        return 2 * told > len(row) and self._continues(row[0], "prev") and self._continues(row[-1], "next")

    def _continues(self, node: LexborNode, way: Literal["prev", "next"]) -> bool:
        """True if a paragraph stands before or behind an element, in it or a few levels further out in the box."""
        at: LexborNode | None = node
        for _ in range(LEVELS_AROUND_TEASER):
            if at is None or at.mem_id == self.box.mem_id:
                return False
            beside = getattr(at, way)
            for _ in range(MAX_BLANKS_BESIDE_TEASER):
                if beside is None:
                    break
                if not beside.is_comment_node and self._size(beside) >= MIN_LINE_CHARACTERS:
                    return self._ends_sentence(beside)
                beside = getattr(beside, way)
            at = at.parent
        return False

    def _ends_sentence(self, node: LexborNode) -> bool:
        if node.mem_id not in self.ended:
            self.ended[node.mem_id] = ends_sentence(node.text(strip=True))
        return self.ended[node.mem_id]

    def _size(self, node: LexborNode) -> int:
        if (size := self.sizes.get(node.mem_id)) is None:
            size = self.sizes[node.mem_id] = len(node.text(strip=True))
            self.measured += size
        return size


def _groups(box: LexborNode, host: str) -> list[list[LexborNode]]:
    """The elements in a box that open with a link, in groups of the same parent, tag and class.

    Not those in <ol>, and not those that open with a link to a file or to another site than `host`; if that is "", all
    sites count. Only the first MAX_TEASER_LINKS links are looked at, and LEVELS_AROUND_TEASER elements round each.
    """
    groups: dict[tuple[int, str, str], list[LexborNode]] = {}
    for link in box.css(LINKS)[:MAX_TEASER_LINKS]:
        address = link.attributes.get("href") or ""
        if FILE.search(address) or (host and not same_site(address, host)):
            continue
        node = link
        for _ in range(LEVELS_AROUND_TEASER):
            above = node.parent
            if above is None or above.mem_id == box.mem_id or not _is_first(node):
                break
            node = above
            if (parent := node.parent) is not None and parent.tag != "ol":
                key = parent.mem_id, node.tag or "", node.attributes.get("class") or ""
                groups.setdefault(key, []).append(node)
    return list(groups.values())


def _is_first(node: LexborNode) -> bool:
    """True if nothing but a few blanks and comments stands before a node in its parent."""
    before = node.prev
    for _ in range(MAX_BLANKS_BESIDE_TEASER):
        if before is None or not (before.is_empty_text_node or before.is_comment_node):
            break
        before = before.prev
    return before is None


def _follows(node: LexborNode, before: LexborNode) -> bool:
    """True if an element stands right behind the one `before` it, or only a few without text stand between."""
    between = before.next
    for _ in range(MAX_BLANKS_BESIDE_TEASER):
        if between is None or between.mem_id == node.mem_id or between.text(strip=True):
            break
        between = between.next
    return between is not None and between.mem_id == node.mem_id


def _names_no_page(text: str) -> bool:
    """True for a person, a time and a number of an article of a law (第八条)."""
    return person(text) is not None or TIME.fullmatch(text) is not None or NUMBERED.match(text) is not None


def _is_section(lines: list[Block]) -> bool:
    """True if several sentences follow the first line, and all lines there end as sentences that are not cut off."""
    texts = [line.text for line in lines[1:]]
    whole = all(ends_sentence(text) and not text.endswith((ELLIPSIS, "...")) for text in texts)
    return whole and len(SENTENCE_END.findall("\n".join(texts))) >= MIN_SENTENCES_OF_SECTION


def _leads_on(line: Block) -> bool:
    return line.linked > 0 and line.all_linked
