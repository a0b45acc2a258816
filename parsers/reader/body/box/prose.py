"""The lines of a page that count as prose, each with the element in which it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from selectolax.lexbor import LexborNode

from parsers.reader.body.lines.notes import is_dateline, is_foot, is_machinery
from parsers.reader.body.thresholds import (
    MAX_MACHINERY_CHARACTERS,
    MAX_PARAGRAPH_LEVELS,
    MIN_LINE_CHARACTERS,
    MIN_VERSE_CHARACTERS,
)

OTHER_MARKS = "，。、；।،۔"  # besides , and .; `in` is faster than `count`, and most marks are in no text
TABLE_PARTS = ("tbody", "thead", "tfoot", "table")
Lines: TypeAlias = tuple[LexborNode, str, int, int]  # a node, its text, its number of lines, its characters in links


class LineRule(NamedTuple):
    """The lines that count: those of at least so many characters; `own` without lines of dates and credits.

    rows: rows of tables count too.
    """

    shortest: int
    own: bool = False
    rows: bool = False

    def leaves_out(self, text: str) -> bool:
        """True for a line that is too short, one of the legal foot, and with `own` one of dates and credits."""
        return (
            len(text) < self.shortest
            or is_foot(text)
            or (self.own and len(text) < MAX_MACHINERY_CHARACTERS and (is_dateline(text) or is_machinery(text)))
        )


LONG_LINES, VERSES = LineRule(MIN_LINE_CHARACTERS), LineRule(MIN_VERSE_CHARACTERS)
OWN_LINES = LineRule(MIN_LINE_CHARACTERS, own=True)
SHORT_LINES = LineRule(MIN_VERSE_CHARACTERS, own=True, rows=True)


def paragraphs(nodes: Sequence[LexborNode], lines: LineRule) -> Iterator[Lines]:
    """Yield for each parent of these <p> elements the Lines of those right in it; nothing for a parent without any.

    Short paragraphs, those that are mostly links, and those of the legal foot are left out.
    """
    found: dict[int, tuple[LexborNode, list[str], list[int]]] = {}
    for paragraph, text in zip(nodes, map(LexborNode.text_lexbor, nodes), strict=True):
        if len(text) < lines.shortest:
            continue
        text = " ".join(text.split()) if "\n" in text else text
        if lines.leaves_out(text):
            continue
        links = _linked(paragraph)
        if len(text) > 2 * links and (parent := paragraph.parent) is not None:
            mem_id = parent.mem_id
            if mem_id not in found:
                found[mem_id] = parent, [], []
            _, texts, linked = found[mem_id]
            texts.append(text)
            linked.append(links)
    for parent, texts, linked in found.values():
        yield parent, "".join(texts), len(texts), sum(linked)


def _linked(node: LexborNode, levels: int = MAX_PARAGRAPH_LEVELS) -> int:
    """The number of characters in the links inside an element.

    They are found by a walk through the children down to `levels`, below that by a selector: mostly the walk is faster.
    """
    if not levels:
        links = [link for link in node.css("a") if link.mem_id != node.mem_id]
        return sum([len(link.text(strip=True, skip_empty=True)) for link in links])
    linked = 0
    child = node.first_child
    while child is not None:
        inner = child.first_child
        if inner is not None:
            if child.tag == "a":
                linked += len(child.text(strip=True, skip_empty=True))
            if inner.next is not None or not inner.is_text_node:
                linked += _linked(child, levels - 1)
        child = child.next
    return linked


def own_text(nodes: Iterable[LexborNode], lines: LineRule) -> Iterator[Lines]:
    """Yield for each node the Lines of its text outside inner elements; nothing for a text that `lines` leaves out."""
    for node in nodes:
        text = node.text(deep=False, strip=True, skip_empty=True)
        if not lines.leaves_out(text):
            yield node, text, 1, 0


def table_rows(rows: Sequence[LexborNode], lines: LineRule) -> Iterator[Lines]:
    """Yield for each row that holds no other row the Lines of its text, as a line of the element round its table.

    Nothing for a row that `lines` leaves out, and for one that is mostly links.
    """
    for row in rows:
        if any(cell.css_first("table, h1, p, tr") is not None for cell in row.iter()):
            continue
        text = row.text(separator=" ", strip=True, skip_empty=True)
        if lines.leaves_out(text):
            continue
        around, linked = row.parent, _linked(row)
        while around is not None and around.tag in TABLE_PARTS:
            around = around.parent
        if around is not None and len(text) > 2 * linked:
            yield around, text, 1, linked


def broken(breaks: Sequence[LexborNode]) -> Iterable[LexborNode]:
    """The parents of these <br> elements, each once, without <p>."""
    around = {parent.mem_id: parent for node in breaks if (parent := node.parent) is not None}
    return [node for node in around.values() if node.tag != "p"]


def marks(text: str) -> int:
    """The number of commas and full stops in a text, with those of other scripts, also 、 and ；."""
    count = text.count(",") + text.count(".")
    if not text.isascii():
        for mark in OTHER_MARKS:
            if mark in text:
                count += text.count(mark)
    return count
