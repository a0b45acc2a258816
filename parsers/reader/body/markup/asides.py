"""Elements inside a box that are not part of its text: asides, hidden elements, and captions of pictures."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from selectolax.lexbor import LexborNode

from parsers.reader.body.markup.cards import hover_cards
from parsers.reader.body.markup.roles import Role
from parsers.reader.body.markup.tag_meanings import ASIDE, FIGCAPTION, FIGURE, LINE_TAGS, TEXT, TEXT_TAGS, Tag
from parsers.reader.body.thresholds import (
    ASIDE_ROUNDS,
    FREE_ASIDES,
    MAX_CAPTION_CHARACTERS,
    MAX_MAYBE_ASIDES,
    MIN_PARAGRAPHS_OF_TEXT,
)
from parsers.text import ends_sentence

UNSEEN: tuple[Role, ...] = ("hidden", "unseen")
OUTSIDE: tuple[Role, ...] = ("aside", "unseen")
# Controls; between words they may be words of the text, such as terms with an explanation.
CONTROLS_IN_TEXT = frozenset(("button", "label"))
OF_FIGURES = "blockquote, table, pre, ul, ol, p + p"  # text that figures may hold
INLINE = frozenset(("a", "b", "em", "font", "i", "strong", "u", "br", "img"))


class Asides:
    """Finds the elements of a box that are not part of its text; one that holds most of the text never is.

    `dropped` and `kept` are mem_ids of elements: the first are left out, the others are no asides, whatever their
    names, but may be hidden by style. If asides are `wanted`, they and hidden elements are read like other text.
    """

    def __init__(self, root: LexborNode, dropped: frozenset[int], kept: frozenset[int], *, wanted: bool) -> None:
        self.root, self.wanted = root, wanted
        self.dropped, self.kept = dropped, kept
        self.measured = 0  # characters
        self.asked = 0  # elements that may be asides

    def tag(self, node: LexborNode, tag: Tag, called: Role, before: int, *, begun: bool) -> Tag | None:
        """The Tag to read an element by: FIGCAPTION for a caption, else its own; None for an element to leave out.

        Left out is one that is hidden or an aside, and less than half of the text; but if it is only words within a
        line (`_is_words`), it is read by its own tag in the group ASIDE. Once too much has been measured, none is left
        out. `before`: characters read so far; begun: a line has begun before the element.
        """
        if called == "maybe aside":
            called = None if self._holds_paragraphs(node) else "aside"
        beside = called == "hidden" or ((called in OUTSIDE or tag.beside) and node.mem_id not in self.kept)
        if beside and not self.wanted and self._may_measure() and self._is_small(self._size(node), before):
            return replace(tag, group=tag.group | ASIDE) if self._is_words(node, tag, called, begun=begun) else None
        about_picture = tag is FIGURE or (called == "caption" and node.tag not in INLINE)
        if about_picture and not tag.line and (_in_a_sentence(node) if begun else _opens_sentence(node)):
            return tag  # even if it is named like a caption
        return FIGCAPTION if about_picture and self._caption(node, tag) else tag

    def _is_words(self, node: LexborNode, tag: Tag, called: Role, *, begun: bool) -> bool:
        """True if an aside is words of its line: shown, with text, and without lines of its own.

        If its tag makes it an aside, it must also be a button or label with text right before and after it.
        """
        if tag.line or called in UNSEEN or (tag.beside and node.tag not in CONTROLS_IN_TEXT):
            return False
        if tag.beside and not (begun and _in_a_sentence(node)):
            return False
        inside = [each.tag_id for each in node.traverse(include_text=True, skip_empty=True)]
        return TEXT in inside and LINE_TAGS.isdisjoint(inside)

    @cached_property
    def cards(self) -> frozenset[int]:
        """The mem_ids of the hover cards in the box; none if asides are wanted."""
        return frozenset() if self.wanted else hover_cards(self.root)

    @cached_property
    def all(self) -> int:
        """The number of characters inside the box; most boxes are read without counting them."""
        return len(self.root.text())

    def _may_measure(self) -> bool:
        """True while the measured text is within bounds: asides may be nested without end."""
        return self.measured <= FREE_ASIDES or self.measured <= ASIDE_ROUNDS * self.all + FREE_ASIDES

    def _is_small(self, size: int, before: int) -> bool:
        """True if `size` characters are less than half of the text, or less than was read `before`.

        The text is measured only if the latter is not the case.
        """
        return size < before or 2 * size < self.all

    def _size(self, node: LexborNode) -> int:
        size = len(node.text())
        self.measured += size
        return size

    def _holds_paragraphs(self, node: LexborNode) -> bool:
        """True if an element holds several paragraphs without links that end a sentence.

        False for all after the first MAX_MAYBE_ASIDES: they may be nested without end.
        """
        self.asked += 1
        if self.asked > MAX_MAYBE_ASIDES:
            return False
        found = (each.text(strip=True) for each in node.css("p") if each.css_first("a") is None)
        return sum(map(ends_sentence, found)) >= MIN_PARAGRAPHS_OF_TEXT

    def _caption(self, node: LexborNode, tag: Tag) -> bool:
        """True if an element about a picture is its caption.

        A <figure> is one without text of the article, any other element if it is short. False once too much has been
        measured.
        """
        if not self._may_measure():
            return False
        size = self._size(node)
        return not _holds_text(node) if tag is FIGURE else size < MAX_CAPTION_CHARACTERS


def _opens_sentence(node: LexborNode) -> bool:
    """True if an element is the first of its parent, and words follow right after it without a blank."""
    behind = node.next
    if behind is None or behind.tag_id != TEXT or (node.prev is not None and not node.prev.is_empty_text_node):
        return False
    words = behind.text_content or ""
    return bool(words) and not words[0].isspace()


def _in_a_sentence(node: LexborNode) -> bool:
    """True if text stands right before and right after an element."""
    return all(
        each is not None and each.tag_id == TEXT and not each.is_empty_text_node for each in (node.prev, node.next)
    )


def _holds_text(figure: LexborNode) -> bool:
    """True if a figure holds more than a caption: a table, a list, a quotation or several paragraphs."""
    inside = [node.tag_id for node in figure.traverse()]
    return not TEXT_TAGS.isdisjoint(inside) and figure.css_first(OF_FIGURES) is not None
