"""The lines of text inside one element, in order, with what each of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.reader.body.roles import Role, role
from parsers.reader.body.thresholds import (
    ASIDE_ROUNDS,
    FREE_ASIDES,
    LINKED_SHARE,
    MAX_CAPTION_CHARACTERS,
    MAX_DROPPED_CHARACTERS,
    STRONG_SHARE,
)

Kind = Literal["text", "heading", "image", "caption", "standfirst"]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = """
    address article blockquote body center dd details dialog div dl dt fieldset figcaption figure form header hgroup li
    main ol p pre section summary table tbody td tfoot th thead tr ul
"""
BLOCKS = HEADINGS | frozenset(_BLOCKS.split())
_SILENT = """
    audio canvas embed iframe input link meta object script select style svg template textarea title video
"""
SILENT = frozenset(_SILENT.split())
BESIDE = frozenset(("aside", "button", "footer", "form", "label", "menu", "nav", "noscript"))  # unless most is inside
UNCERTAIN = BESIDE | {"figure"}
LINK, STRONG, HEADING, CAPTIONED = 1, 2, 4, 8  # what a text stands in, added up
MARKED = LINK | STRONG
GROUPS = {"a": LINK, "b": STRONG, "strong": STRONG, "figcaption": CAPTIONED} | dict.fromkeys(HEADINGS, HEADING)
IMAGE_URLS = ("data-src", "data-original", "data-lazy-src", "src")  # where lazy pictures keep their address
CONTROLS = re.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f]")  # show nothing; spam hides them in text
BREAK_INSIDE_CHINESE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n]\s*(?=[\u3000-\u9fff\uff00-\uffef])")

OF_FIGURES = "blockquote, table, pre, ul, ol, p + p"  # what stands in figures and is text
INLINE = frozenset(("a", "b", "em", "font", "i", "strong", "u", "br", "img"))


class Block(NamedTuple):
    """One line: its text, how many of its characters are links or strong, and the element it stands in."""

    kind: Kind
    text: str
    linked: int = 0
    strong: int = 0
    tag: str = "p"
    url: str | None = None
    dropped: tuple[str, ...] = ()  # asides and hidden parts that stood inside the line

    @property
    def all_linked(self) -> bool:
        """Nothing but links stands in this line."""
        return self.linked >= LINKED_SHARE * len(self.text)

    @property
    def all_strong(self) -> bool:
        """The whole line is in bold type."""
        return self.strong >= STRONG_SHARE * len(self.text)


@dataclass(frozen=True, slots=True)
class _Tag:
    """What the tag of an element means to its lines."""

    name: str
    silent: bool = False  # its text is not shown
    line: bool = False  # a line ends where it begins, and where it ends
    group: int = 0  # what its text is
    beside: bool = False  # it may be no part of the text
    uncertain: bool = False  # the tag alone does not settle what it is


def _tag(name: str) -> _Tag:
    line = name in BLOCKS or name == "br"
    return _Tag(name, name in SILENT, line, GROUPS.get(name, 0), name in BESIDE, name in UNCERTAIN)


# Tags by the number that the parser gives them, which is cheaper to ask for than the name.
_TREE = LexborHTMLParser("<p>text<!-- -->")
TEXT, COMMENT = (node.tag_id for node in _TREE.css("p")[0].iter(include_text=True))
BREAK, IMAGE, FIGURE, FIGCAPTION, PLAIN = map(_tag, ("br", "img", "figure", "figcaption", "span"))
TAGS = {
    _TREE.create_node(tag.name).tag_id: tag
    for tag in (
        *(BREAK, IMAGE, FIGURE, FIGCAPTION),
        *map(_tag, (SILENT | BLOCKS | BESIDE | GROUPS.keys()) - {"figure", "figcaption"}),
    )
}
TEXT_TAGS = frozenset(_TREE.create_node(name).tag_id for name in ("p", "blockquote", "table", "pre", "ul", "ol"))
TAGS[COMMENT] = _Tag("-comment", silent=True)


class _Reader:
    """Collects text into lines while the tree is walked."""

    def __init__(self, root: LexborNode, asides: _Asides) -> None:
        self.node, self.asides, self.dropped = root.first_child, asides, asides.dropped
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.dropped_inside: list[str] = []
        self.linked = self.strong = self.characters = 0
        own = TAGS.get(root.tag_id, PLAIN)
        self.tag, self.groups = own.name if own.line else "p", own.group

    def read(self) -> tuple[Block, ...]:
        """Every node under the root on the way in and every element on the way out; no recursion."""
        node, groups, pieces = self.node, self.groups, self.pieces
        above: list[tuple[LexborNode, _Tag, int]] = []
        while node is not None or above:
            if node is None:
                node, tag, outer = above.pop()
                if pieces and tag.line:
                    self.end_line(groups)
                groups = outer
            elif (number := node.tag_id) == TEXT:
                if pieces or not node.is_empty_text_node:  # else it stands between elements
                    pieces.append(text := node.text_content or "")
                    if groups & MARKED:
                        self.count(len(text.strip()), groups)
            elif (seen := self.enter(node, number, groups)) is not None and (inside := node.first_child) is not None:
                above.append((node, seen, groups))
                groups |= seen.group
                node = inside
                continue
            node = node.next
        self.end_line(groups)
        return tuple(self.blocks)

    def enter(self, node: LexborNode, number: int, groups: int) -> _Tag | None:
        """As what an element is read, which begins here; None when it is left out."""
        tag = TAGS.get(number, PLAIN)
        if tag.silent or (self.dropped and node.mem_id in self.dropped):
            return None
        attributes = node.attributes
        called = role(attributes) if attributes else None
        if called is not None or tag.uncertain:
            read_as = self.asides.tag(node, tag, called, self.characters)
            if read_as is None:
                if self.pieces:
                    self.dropped_inside.append(" ".join(node.text().split())[:MAX_DROPPED_CHARACTERS])
                return None
            tag = read_as
        if tag.line:
            if self.pieces:
                self.end_line(groups)
            if tag is not BREAK:
                self.tag = tag.name
        elif tag is IMAGE:
            self.image(attributes)
        return tag

    def count(self, size: int, groups: int) -> None:
        """Characters in a link, in bold type or in both."""
        if groups & LINK:
            self.linked += size
        if groups & STRONG:
            self.strong += size

    def image(self, attributes: dict[str, str | None]) -> None:
        for name in IMAGE_URLS:
            if url := attributes.get(name):
                self.blocks.append(Block("image", (attributes.get("alt") or "").strip(), url=url))
                return

    def end_line(self, groups: int) -> None:
        text = "".join(self.pieces).strip()
        self.pieces.clear()
        if not text.isprintable() or text.rfind("  ") >= 0:  # sooner found out from the end
            text = _in_one_line(text)
        if text:
            kind: Kind = "heading" if groups & HEADING else "caption" if groups & CAPTIONED else "text"
            dropped = tuple(self.dropped_inside)
            self.blocks.append(Block(kind, text, self.linked, self.strong, self.tag, dropped=dropped))
            self.characters += len(text)
        self.linked = self.strong = 0
        self.dropped_inside.clear()


def _in_one_line(text: str) -> str:
    if "\n" in text and not text.isascii():
        text = BREAK_INSIDE_CHINESE.sub("", text)
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(CONTROLS.sub("", text).split())


def read_blocks(
    root: LexborNode,
    dropped: frozenset[int] = frozenset(),
    kept: frozenset[int] = frozenset(),
    *,
    asides: bool = False,
) -> tuple[Block, ...]:
    """The lines inside `root`, without elements whose mem_id is in `dropped`, and without asides unless asked for.

    An element in `kept` is no aside, whatever it is called.
    """
    return _Reader(root, _Asides(root, dropped, kept, wanted=asides)).read()


class _Asides:
    """Which elements inside a box are no part of its text; one that holds most of the text is never an aside."""

    def __init__(self, root: LexborNode, dropped: frozenset[int], kept: frozenset[int], *, wanted: bool) -> None:
        self.root, self.wanted = root, wanted
        self.dropped, self.kept = dropped, kept
        self.measured = 0  # characters

    def tag(self, node: LexborNode, tag: _Tag, called: Role, before: int) -> _Tag | None:
        """A figcaption for what is about a picture, else its own tag.

        None for what is left out: it is not shown, or an aside, and no more than a part of the text, of which `before`
        characters are read.
        """
        beside = called == "hidden" or ((called == "aside" or tag.beside) and node.mem_id not in self.kept)
        if beside and not self.wanted and self._may_measure() and self._is_small(self._size(node), before):
            return None
        about_picture = tag is FIGURE or (called == "caption" and node.tag not in INLINE)
        return FIGCAPTION if about_picture and self._caption(node, tag) else tag

    @cached_property
    def all(self) -> int:
        """Characters inside the box; most boxes are read without counting them."""
        return len(self.root.text())

    def _may_measure(self) -> bool:
        """Asides may stand in asides without end."""
        return self.measured <= FREE_ASIDES or self.measured <= ASIDE_ROUNDS * self.all + FREE_ASIDES

    def _is_small(self, size: int, before: int) -> bool:
        """Less than half of the text; what is read already often shows it."""
        return size < before or 2 * size < self.all

    def _size(self, node: LexborNode) -> int:
        size = len(node.text())
        self.measured += size
        return size

    def _caption(self, node: LexborNode, tag: _Tag) -> bool:
        """A figure whose text is about its picture, or an element that is called so and holds no more."""
        if not self._may_measure():
            return False
        size = self._size(node)
        return not _holds_text(node) if tag is FIGURE else size < MAX_CAPTION_CHARACTERS


def _holds_text(figure: LexborNode) -> bool:
    """Whether a figure holds more than a picture: a selector is read only where one of its tags is inside."""
    inside = [node.tag_id for node in figure.traverse()]
    return not TEXT_TAGS.isdisjoint(inside) and figure.css_first(OF_FIGURES) is not None
