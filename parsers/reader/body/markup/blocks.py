"""The lines of text inside one element, in order, with the kind of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborNode

from parsers.reader.body.markup.asides import Asides
from parsers.reader.body.markup.pictures import alternative, picture_address
from parsers.reader.body.markup.roles import is_centred, role
from parsers.reader.body.markup.tag_meanings import (
    ASIDE,
    BREAK,
    CAPTIONED,
    CENTRED,
    HEADING,
    IMAGE,
    LINK,
    MARKED,
    PLAIN,
    STRONG,
    TAGS,
    TEXT,
    Tag,
)
from parsers.reader.body.thresholds import LEVELS_AROUND, LINKED_SHARE, MAX_DROPPED_CHARACTERS, STRONG_SHARE
from parsers.text import EAST_ASIAN, FULL_WIDTH

Kind = Literal["text", "heading", "image", "caption", "standfirst"]

PICTURED = ("image", "caption")
CONTROLS = re.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f]")  # invisible; spam hides them in text
BREAK_INSIDE_CHINESE = re.compile(rf"(?<=[{EAST_ASIAN}{FULL_WIDTH}])[ \t]*[\r\n]\s*(?=[{EAST_ASIAN}{FULL_WIDTH}])")
WORD = re.compile(r"\w")


class Block(NamedTuple):
    """One line or picture: its text, how many characters of it are in links and in bold type, its element's tag.

    The text of a picture is its alternative text, or "", later perhaps its caption; only a picture has a `url`.
    """

    kind: Kind
    text: str
    linked: int = 0
    strong: int = 0
    tag: str = "p"
    url: str | None = None
    dropped: tuple[str, ...] = ()  # texts inside the line that are left out
    links: tuple[tuple[str, str], ...] = ()  # inside the line: words and address, as the page has it
    marker: str = ""  # the number of a list's item, shown in front of its text
    centred: bool = False
    around: tuple[int, ...] = ()  # for pictures and captions: mem_ids of the elements round them, the nearest first

    @property
    def all_linked(self) -> bool:
        """True if nearly all characters of the line are in links, also without any characters."""
        return self.linked >= LINKED_SHARE * len(self.text)

    @property
    def all_strong(self) -> bool:
        """True if nearly all characters of the line are in bold type, also without any characters."""
        return self.strong >= STRONG_SHARE * len(self.text)


@dataclass(slots=True)
class _Anchor:
    """A link while its line is read: its address, and the indices of the line's pieces at which it starts and ends.

    While the link is open, `end` stays None.
    """

    leads: str
    start: int
    end: int | None = None


class LineReader:
    """Collects text into lines during a walk through the tree."""

    def __init__(self, root: LexborNode, asides: Asides) -> None:
        self.node, self.asides, self.dropped = root.first_child, asides, asides.dropped
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.dropped_inside: list[str] = []
        self.anchors: list[_Anchor] = []  # the links of the line
        self.beside: set[int] = set()  # places of those pieces that stand in asides
        self.above: list[tuple[LexborNode, Tag, int]] = []
        self.marker = ""
        self.linked = self.strong = self.characters = 0
        own = TAGS.get(root.tag_id, PLAIN)
        self.tag, self.groups = own.name if own.line else "p", own.group

    def read(self) -> tuple[Block, ...]:
        """The lines and pictures under the root, read without recursion: elements on the way in and on the way out."""
        node, groups, pieces, above = self.node, self.groups, self.pieces, self.above
        while node is not None or above:
            if node is None:
                node, tag, outer = above[-1]
                if pieces and tag.line:
                    self.end_line(groups)
                if groups & LINK and not outer & LINK and self.anchors and self.anchors[-1].end is None:
                    self.anchors[-1].end = len(pieces)
                if self.marker and tag.name == "li":
                    self.marker = ""
                above.pop()
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

    def enter(self, node: LexborNode, number: int, groups: int) -> Tag | None:
        """Begin an element and return the tag by which to read it.

        A block ends the line before it, a picture is added to the blocks, a link to the anchors of the line. None if it
        is left out or has been read already: then nothing inside it is read. number: the tag_id of the element. groups:
        the bits of the groups (LINK, STRONG …) of the elements round it.
        """
        tag = TAGS.get(number, PLAIN)
        if tag.silent or (self.dropped and node.mem_id in self.dropped):
            return None
        if tag is PLAIN and self.pieces and node.mem_id in self.asides.cards:
            self.leave_out(node, tag)
            return None
        attributes = node.attributes
        called = role(attributes) if attributes else None
        if called is not None or tag.uncertain:
            read_as = self.asides.tag(node, tag, called, self.characters, begun=bool(self.pieces))
            if read_as is None:
                self.leave_out(node, tag)
                return None
            tag = read_as
        if tag.line:
            if self.pieces:
                self.end_line(groups)
            if tag is not BREAK:
                self.tag = tag.name
                return self.begin(node, tag)
        elif tag is IMAGE:
            self.image(node, attributes)
        if (
            tag.group & LINK
            and not groups & LINK
            and node.first_child is not None
            and (leads := attributes.get("href"))
        ):
            self.anchors.append(_Anchor(leads, len(self.pieces)))
        return tag

    def leave_out(self, node: LexborNode, tag: Tag) -> None:
        """Record the words of an excluded element inside a line; of <noscript>, keep the picture."""
        if tag.name == "noscript":
            self.twin(node)
        if self.pieces:
            self.dropped_inside.append(" ".join(node.text().split())[:MAX_DROPPED_CHARACTERS])

    def begin(self, node: LexborNode, tag: Tag) -> Tag | None:
        """The tag by which to read an element with lines of its own; None if it has been read already, as a table."""
        return _centred(tag) if is_centred(node.attributes) else tag

    def count(self, size: int, groups: int) -> None:
        """Count `size` characters as in a link or in bold type; in an aside, note that the last piece belongs to it.

        groups: the bits of the groups (LINK, STRONG, ASIDE) of the elements round the text. They decide
        whether a piece counts.
        """
        if groups & LINK:
            self.linked += size
        if groups & STRONG:
            self.strong += size
        if groups & ASIDE:
            self.beside.add(len(self.pieces) - 1)

    def image(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        if url := picture_address(node):
            self.blocks.append(Block("image", alternative(attributes), url=url, around=self.around()))

    def twin(self, noscript: LexborNode) -> None:
        """Keep the first picture of a <noscript>, unless the last block read is a picture."""
        twin = noscript.css_first("img") if len(self.blocks) == 0 or self.blocks[-1].kind != "image" else None
        if twin is not None:
            self.image(twin, twin.attributes)

    def around(self) -> tuple[int, ...]:
        """The mem_ids of the elements around the current position, the nearest first, at most LEVELS_AROUND."""
        return tuple([node.mem_id for node, _, _ in reversed(self.above[-LEVELS_AROUND:])])

    def end_line(self, groups: int) -> None:
        """End the current line and add it to the blocks, unless it is empty or holds no word outside asides."""
        text = "" if self.beside and self._only_asides() else "".join(self.pieces).strip()
        links = self._links() if self.anchors else ()
        self.pieces.clear()
        self.beside.clear()
        if not text.isprintable() or text.rfind("  ") >= 0:  # rfind: blanks at the end are found sooner
            text = _in_one_line(text)
        if text:
            kind: Kind = "heading" if groups & HEADING else "caption" if groups & CAPTIONED else "text"
            pictured = kind == "caption" or (self.blocks and self.blocks[-1].kind in PICTURED)
            around, dropped = self.around() if pictured else (), tuple(self.dropped_inside)
            centred, marker = groups & CENTRED > 0, self.marker
            self.blocks.append(
                Block(kind, text, self.linked, self.strong, self.tag, None, dropped, links, marker, centred, around)
            )
            self.marker = ""
            self.characters += len(text)
        self.linked = self.strong = 0
        self.dropped_inside.clear()

    def _links(self) -> tuple[tuple[str, str], ...]:
        """Words and address of each link with words in the ended line; an open one goes on in the next line."""
        words = [(_in_one_line("".join(self.pieces[each.start : each.end])), each.leads) for each in self.anchors]
        self.anchors = [_Anchor(each.leads, 0) for each in self.anchors if each.end is None]
        return tuple([(text, leads) for text, leads in words if text])

    def _only_asides(self) -> bool:
        own = (piece for place, piece in enumerate(self.pieces) if place not in self.beside)
        return not any(map(WORD.search, own))


@lru_cache(maxsize=256)
def _centred(tag: Tag) -> Tag:
    return replace(tag, group=tag.group | CENTRED)


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
    """The lines and pictures inside `root`, without elements whose mem_id is in `dropped`.

    Asides and hidden elements are left out too, but read if `asides` is True, or if such an element holds at least half
    of the text. A mem_id in `kept`: its element is no aside, whatever its name, but may be hidden by style.
    """
    return LineReader(root, Asides(root, dropped, kept, wanted=asides)).read()
