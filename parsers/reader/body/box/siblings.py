"""Siblings of a part of a text, and the choice of those that continue the text."""

from __future__ import annotations

import re
from functools import cached_property

from selectolax.lexbor import LexborNode

from parsers.reader.body.box.element import Element
from parsers.reader.body.lines.body_text import PROSE_MARK
from parsers.reader.body.lines.endings import opens_ending
from parsers.reader.body.markup.grids import Grids, is_calendar
from parsers.reader.body.markup.tag_meanings import HEADINGS
from parsers.reader.body.thresholds import (
    MAX_LINKED_DATA,
    MAX_SIBLINGS,
    MAX_TABLES,
    MIN_CLEAN_SHARE,
    MIN_MEAN_HAN_PARAGRAPH,
    MIN_MEAN_PARAGRAPH,
    MIN_UNLIKE_CHARACTERS,
    MIN_UNLIKE_SHARE,
)
from parsers.text import holds_han

RUBRIC = re.compile("【[^【】]{1,20}】")  # 【热门点阅】 on a line of its own

_INLINE = "a abbr b cite code em font i mark q s small span strong sub sup time u"
INLINE = frozenset(_INLINE.split())


class Siblings:
    """The children of one level of the page, sorted by whether they continue the text of one of them, the branch.

    `parts` (those that do), `leads` (beginnings of the text before the branch), `others` (other texts) and `data`
    (tables of data with little beside them) are mem_ids; `gain` is the prose that parts and leads add;
    `adds_data` is True if some of `data` stand between the headline and the tail.
    """

    def __init__(self, level: Element, branch: Element, round_title: set[int], found: float) -> None:
        self.level, self.branch, self.round_title = level, branch, round_title
        self.leads: set[int] = set()
        self.parts: set[int] = {branch.mem_id}
        self.others: set[int] = set()  # with prose that is another text
        self.data: set[int] = set()
        self.adds_data = False
        self.gain = 0.0
        self.enough = max(MIN_UNLIKE_SHARE * found, MIN_UNLIKE_CHARACTERS) if level.tag != "body" else float("inf")
        signature = branch.signature
        for child in level.children[:MAX_SIBLINGS]:
            if child is not branch:
                self._add(child, alike=child.signature == signature)
        if level.tag != "body" and level.own > _mean(level) * level.own_lines:
            self._add_own()
        self._add_data()

    def _add(self, child: Element, *, alike: bool) -> None:
        child.gather()
        if child.prose <= 0:
            return
        if not self._continues(child, alike):
            self.others.add(child.mem_id)
        elif alike or child.prose > self.enough:
            self.parts.add(child.mem_id)
            self.gain += child.prose
        elif child.mem_id in self.before:
            self.leads.add(child.mem_id)
            self.gain += child.prose
        elif child.mem_id in self.behind and _is_bare(child):
            self.parts.add(child.mem_id)
            self.gain += child.prose

    def _add_own(self) -> None:
        """Add the paragraphs right beside the branch to the text.

        If they hold much prose all of them are parts; else those in `behind` are, and those in `before` are leads if
        they hold the mark of a sentence.
        """
        self.gain += self.level.own
        much = self.level.own > self.enough
        child = self.level.node.child
        while child is not None:
            if child.tag == "p":
                if much:
                    self.parts.add(child.mem_id)
                elif child.mem_id in self.before and PROSE_MARK.search(
                    child.text()
                ):  # a line without such a mark names author or paper
                    self.leads.add(child.mem_id)
                elif child.mem_id in self.behind:
                    self.parts.add(child.mem_id)
            child = child.next

    def _add_data(self) -> None:
        """Find the tables of data beside the branch."""
        grids = Grids()
        for node in _holders_of_tables(self.level.node):
            if node.mem_id in self.parts or not _is_mostly_data(node, grids):
                continue
            self.data.add(node.mem_id)
            self.others.discard(node.mem_id)
            self.adds_data = self.adds_data or node.mem_id in self.before or node.mem_id in self._up_to_tail

    @cached_property
    def before(self) -> set[int]:
        """The mem_ids of the siblings before the branch; only those after the one with the headline, if one has it.

        Empty if the level is the page's <body>, or if the branch holds the headline.
        """
        found: set[int] = set()
        if self.level.tag == "body" or self.branch.mem_id in self.round_title:
            return found
        sibling = self.branch.node.prev
        while sibling is not None and sibling.mem_id not in self.round_title and len(found) < MAX_SIBLINGS:
            found.add(sibling.mem_id)
            sibling = sibling.prev
        return found

    @cached_property
    def behind(self) -> set[int]:
        """The mem_ids of the siblings after the branch, up to the tail: a heading, links, or a box named like an aside.

        Empty if the text is not Chinese: elsewhere appeals, copyright and the author's life stand there more often than
        text. Empty also if the level is the page's <body>, or if the branch holds the headline.
        """
        return self._up_to_tail if holds_han(_text(self.branch)) else set()

    @cached_property
    def _up_to_tail(self) -> set[int]:
        """`behind`, for a text in any language."""
        found: set[int] = set()
        if self.level.tag == "body" or self.branch.mem_id in self.round_title:
            return found
        called = {child.mem_id: child for child in self.level.children[:MAX_SIBLINGS]}
        sibling = self.branch.node.next
        while sibling is not None and len(found) < MAX_SIBLINGS and sibling.tag not in HEADINGS:
            child = called.get(sibling.mem_id)
            if (child is not None and child.weight < 1) or _opens_tail(sibling):
                break
            found.add(sibling.mem_id)
            sibling = sibling.next
        return found

    def _continues(self, child: Element, alike: bool) -> bool:
        """True if a sibling may continue the text: long lines, much of it prose, and not an article of its own.

        alike: it has the branch's tag and class; then less prose is enough, but the answer is always False if the
        branch holds the headline. If not `alike`, a sibling named like an aside is refused too.
        """
        branch = self.branch
        if not alike and (child.weight < 1 or _is_headed_so(child.node)):
            return False
        if "article" in (child.tag, branch.tag) and (child.tag != branch.tag or branch.mem_id in self.round_title):
            return False
        if alike:
            share, average = 0.3, _mean(child) / 2
            if branch.mem_id in self.round_title:
                return False
        else:
            several = child.lines > 1 or child.mem_id in self.behind  # one short line may be a caption
            share, average = 0.5, _mean(child) if several else MIN_MEAN_PARAGRAPH
        if child.prose < average * child.lines:
            return False
        return child.prose > share * len(child.node.text_lexbor()) or (
            child.prose > share * len(child.node.text(strip=True, skip_empty=True))
        )

    def strangers(self) -> set[int]:
        """The mem_ids of the children outside the text: before its first part, after its last, or in `others`.

        No strangers are `leads`, inline elements that stand beside bare words, if they are not in `others`, and `data`
        in `before` or between the last part and the tail.
        """
        found: set[int] = set(self.others)
        waiting: set[int] = set()
        begun = ended = False
        child = self.level.node.child
        while child is not None:
            mem_id = child.mem_id
            if mem_id in self.parts:
                begun, ended, waiting = True, False, set()
            elif mem_id in self.data:
                if not (mem_id in self.before or (begun and not ended)):
                    (waiting if begun else found).add(mem_id)
            elif mem_id not in self.leads and child.tag != "-text" and not _in_running_text(child):
                (waiting if begun else found).add(mem_id)
                ended = ended or (begun and bool(self.data) and (child.tag in HEADINGS or _opens_tail(child)))
            child = child.next
        return found | waiting


def tables_beside(level: Element, branch: Element) -> bool:
    """True if an element holds more tables than its child, the branch."""
    return len(level.node.css("table")) > len(branch.node.css("table"))


def _holders_of_tables(level: LexborNode) -> list[LexborNode]:
    """The children of an element that are tables or hold some, each once; those of the first MAX_TABLES tables."""
    found: dict[int, LexborNode] = {}
    for table in level.css("table")[:MAX_TABLES]:
        child: LexborNode | None = table
        while child is not None and (above := child.parent) is not None and above.mem_id != level.mem_id:
            child = above
        if child is not None and child.mem_id != level.mem_id:
            found[child.mem_id] = child
    return list(found.values())


def _is_mostly_data(node: LexborNode, grids: Grids) -> bool:
    """True if tables of data but calendars hold most of an element's text, links little, and its name is no aside's."""
    if Element(node, node.mem_id, node.tag or "").weight < 1:
        return False
    tables = [node] if node.tag == "table" else node.css("table")[:MAX_TABLES]
    read = ((table, grids.read(table)) for table in tables)
    sizes = [
        len(table.text(strip=True)) for table, told in read if told and told[0] == "data" and not is_calendar(told[1])
    ]
    size = len(node.text(strip=True))
    linked = sum([len(link.text(strip=True)) for link in node.css("a[href]")])
    return 0 < size <= 2 * sum(sizes) and linked <= MAX_LINKED_DATA * size


def _is_bare(element: Element) -> bool:
    """True if an element is nearly all prose and has no links round pictures, as teasers have them."""
    if element.prose <= MIN_CLEAN_SHARE * len(_text(element)):
        return False
    return all(link.text(strip=True, skip_empty=True) for link in element.node.css("a[href]"))


def _opens_tail(node: LexborNode) -> bool:
    """True if a sibling opens the tail of an article, or is mostly links."""
    text = node.text(strip=True, skip_empty=True)
    linked = sum([len(link.text(strip=True, skip_empty=True)) for link in node.css("a")]) if text else 0
    if not text:
        return False
    return 2 * linked > len(text) or opens_ending(text) or RUBRIC.fullmatch(text) is not None or _is_headed_so(node)


def _is_headed_so(node: LexborNode) -> bool:
    """True if the first heading inside announces the tail of an article: 推荐阅读."""
    heading = node.css_first(", ".join(sorted(HEADINGS)))
    return heading is not None and opens_ending(heading.text(strip=True, skip_empty=True))


def _text(element: Element) -> str:
    return element.node.text(strip=True, skip_empty=True)


def _mean(element: Element) -> float:
    """The limit of mean length, in characters, above which paragraphs continue a text; it depends on the script."""
    return MIN_MEAN_HAN_PARAGRAPH if holds_han(_text(element)) else MIN_MEAN_PARAGRAPH


def _in_running_text(node: LexborNode) -> bool:
    """True if an inline element stands beside bare words: it is part of their sentence."""
    return node.tag in INLINE and any(
        beside is not None and beside.is_text_node and not beside.is_empty_text_node
        for beside in (node.prev, node.next)
    )
