"""What stands beside a part of a text, and whether it is more of the same text."""

from __future__ import annotations

from functools import cached_property

from selectolax.lexbor import LexborNode

from parsers.reader.body.outline import Element
from parsers.reader.body.thresholds import MAX_SIBLINGS, MIN_MEAN_PARAGRAPH, MIN_UNLIKE_CHARACTERS, MIN_UNLIKE_SHARE

_INLINE = "a abbr b cite code em font i mark q s small span strong sub sup time u"
INLINE = frozenset(_INLINE.split())


class Siblings:
    """The children of one level, and which of them are parts of the text that one of them, the branch, holds."""

    def __init__(self, level: Element, branch: Element, round_title: set[int], found: float) -> None:
        self.level, self.branch, self.round_title = level, branch, round_title
        self.leads: set[int] = set()
        self.parts: set[int] = {branch.mem_id}
        self.others: set[int] = set()  # with prose that is another text
        self.gain = 0.0
        self.enough = max(MIN_UNLIKE_SHARE * found, MIN_UNLIKE_CHARACTERS) if level.tag != "body" else float("inf")
        signature = branch.signature
        for child in level.children[:MAX_SIBLINGS]:
            if child is not branch:
                self._add(child, alike=child.signature == signature)
        if level.tag != "body" and level.own > MIN_MEAN_PARAGRAPH * level.own_lines:
            self._add_own()

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

    def _add_own(self) -> None:
        """Paragraphs that stand beside the branch: all of them when they are much, else those that lead to it."""
        self.gain += self.level.own
        much = self.level.own > self.enough
        child = self.level.node.child
        while child is not None:
            if child.tag == "p":
                if much:
                    self.parts.add(child.mem_id)
                elif child.mem_id in self.before:
                    self.leads.add(child.mem_id)
            child = child.next

    @cached_property
    def before(self) -> set[int]:
        """The siblings between the headline and the branch: there a text begins."""
        found: set[int] = set()
        if self.level.tag == "body" or self.branch.mem_id in self.round_title:
            return found
        sibling = self.branch.node.prev
        while sibling is not None and sibling.mem_id not in self.round_title and len(found) < MAX_SIBLINGS:
            found.add(sibling.mem_id)
            sibling = sibling.prev
        return found

    def _continues(self, child: Element, alike: bool) -> bool:
        """Whether a sibling may be more of the same text: it has paragraphs, and is no article of its own."""
        branch = self.branch
        if child.weight < 1 and not alike:
            return False
        if "article" in (child.tag, branch.tag) and (child.tag != branch.tag or branch.mem_id in self.round_title):
            return False
        if alike:
            share, average = 0.3, MIN_MEAN_PARAGRAPH / 2
            if branch.mem_id in self.round_title:
                return False
        else:
            share, average = 0.5, MIN_MEAN_PARAGRAPH
        if child.prose < average * child.lines:
            return False
        return child.prose > share * len(child.node.text_lexbor()) or (
            child.prose > share * len(child.node.text(strip=True, skip_empty=True))
        )

    def strangers(self) -> set[int]:
        """The children that are no part of the text: outside its first and last part, or with another text."""
        found: set[int] = set(self.others)
        waiting: set[int] = set()
        begun = False
        child = self.level.node.child
        while child is not None:
            mem_id = child.mem_id
            if mem_id in self.parts:
                begun, waiting = True, set()
            elif mem_id not in self.leads and child.tag != "-text" and not _in_running_text(child):
                (waiting if begun else found).add(mem_id)
            child = child.next
        return found | waiting


def _in_running_text(node: LexborNode) -> bool:
    """Whether an inline element stands beside bare words: it is a part of their sentence."""
    return node.tag in INLINE and any(
        beside is not None and beside.is_text_node and not beside.is_empty_text_node
        for beside in (node.prev, node.next)
    )
