"""The block of a policy document: 索引号, 发文机关, 成文日期 and others with their values, in any markup.

A label is a run of text, alone (索引号) or with a colon; its value follows in the same run or in the next cell, dd, li,
span or line. Labels close together make a block; some labels make it a document's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from typing import Protocol, TypeVar

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag
from selectolax.lexbor import LexborNode

from parsers.document import Document
from parsers.reader.body.documents.labels import COMMON, LABELS, NUMBERS, SPACE, TELLING, WORDS
from parsers.reader.body.thresholds import (
    MAX_BLOCKS,
    MAX_FIELD_CHARACTERS,
    MAX_FIELDS,
    MAX_LABELLED_CHARACTERS,
    MAX_LEVELS_ABOVE_LABEL,
    MAX_LEVELS_OF_BLOCK,
    MAX_MARKUP_READ,
    MAX_NODES_BESIDE_LABEL,
    MAX_RUNS_BETWEEN_FIELDS,
    MAX_TIMES_OF_LABEL,
)
from parsers.text import HAN, before_counter

# 索 引 号 is spaced to fill its cell.
SPACED = "|".join(r"\s{0,6}".join(label) for label in sorted(LABELS, key=len, reverse=True))
SHOWN_LABEL = re.compile("|".join(r"\s*".join(name) for name in sorted(TELLING)))
LABELLED = re.compile(rf"(?:^|(?<=[\s;；|【\[]))(?P<name>{SPACED})(?:\s{{0,6}}[:：】\]]|$)")
# 文号 江府发〔2024〕3号: a blank separates a label from its value, unless another label follows.
BARE = re.compile(rf"(?P<name>{'|'.join(sorted(LABELS - COMMON, key=len, reverse=True))})\s{{1,6}}(?=\S)(?!{SPACED})")
# Labels that we do not know: 统一登记号：, 服务对象：.
STRANGE = re.compile(rf"[{HAN}]{{2,8}}\s?[:：]")
NEXT_STRANGE = re.compile(rf"[\s;；|]{STRANGE.pattern}")
COLONS = " \t\r\n\u3000:：】]"
MARKS = "【[;；|" + COLONS
CELLS = frozenset(("td", "th", "dt", "dd", "li", "div", "p"))
ROWS = frozenset(("tr", "tbody", "thead", "table", "dl", "ul", "ol", "body", "form", "section", "article", "main"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
VALUES = {"dt": ("dd",), "th": ("td", "th"), "td": ("td",)} | dict.fromkeys(
    HEADINGS, ("p", "div", "dd", "td")
)  # cells that hold the value of a label in such a cell


class Labelled(Protocol):
    """A labelled text on the page: its label is in the text node of the number `run`, blank nodes not counted."""

    @property
    def name(self) -> str: ...
    @property
    def run(self) -> int: ...


Item = TypeVar("Item", bound=Labelled)


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a document's block, and the text node of the page that holds it."""

    name: str
    run: int
    node: LexborNode


@dataclass(frozen=True, slots=True)
class Field:
    """A label of a document's block, and its value."""

    name: str
    run: int
    value: str


def document_table(document: Document) -> tuple[tuple[str, str], ...]:
    """The label and value pairs of the page's document block, in order; () without one, or on a list of documents.

    A label that occurs several times has its first value; one without a value is left out.
    """
    body = document.tree.body
    if body is None or SHOWN_LABEL.search(document.visible_text) is None:
        return ()
    blocks = list(_blocks(list(islice(_labels(body), MAX_FIELDS))))
    if len(blocks) > MAX_BLOCKS:
        return ()
    pairs: dict[str, str] = {}
    for markup in _markup([_around(block) for block in blocks]):
        for field in chain.from_iterable(_blocks(list(islice(_fields(markup), MAX_FIELDS)))):
            pairs.setdefault(field.name, field.value)
    return tuple(pairs.items())


def _blocks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield the groups of labels that stand close together and are those of one document."""
    block: list[Item] = []
    for item in (*items, None):
        if item and (not block or item.run - block[-1].run <= MAX_RUNS_BETWEEN_FIELDS):
            block.append(item)
            continue
        own = _own(block)
        if _makes_document([each.name for each in own]):
            yield own
        block = [item] if item else []


def _own(block: Sequence[Item]) -> Sequence[Item]:
    """The block without labels at its edges that other pages have too (来源); () if it has no other labels.

    Such a label stays if it is at most two runs of text from the next one: that of a byline stands on its own line.
    """
    sure = [place for place, item in enumerate(block) if item.name not in COMMON]
    if not sure:
        return ()
    begin, end = sure[0], sure[-1]
    while begin > 0 and block[begin].run - block[begin - 1].run <= 2:
        begin -= 1
    while end + 1 < len(block) and block[end + 1].run - block[end].run <= 2:
        end += 1
    return block[begin : end + 1]


def _makes_document(labels: Sequence[str]) -> bool:
    """True if these labels are of one document: two different ones that only documents have, or a 文号 and any other.

    False for a list of documents, which repeats a label that only documents have more than MAX_TIMES_OF_LABEL times.
    """
    names = Counter(labels)
    telling = names.keys() & TELLING
    several = any(names[name] > MAX_TIMES_OF_LABEL for name in telling)
    return not several and (len(telling) >= 2 or (len(names) >= 2 and bool(names.keys() & NUMBERS)))


def _labels(body: LexborNode) -> Iterator[Label]:
    """Yield the labels of the page, in document order."""
    run = 0
    for node in body.traverse(include_text=True):
        text = (node.text_content or "").strip() if node.is_text_node else ""
        run += bool(text)
        for label, _ in _parted(text):
            yield Label(label, run, node)


def _parted(text: str) -> Sequence[tuple[str, str]]:
    """The labels in a run of text that opens with one, each with the text after it; () for any other text."""
    short = 0 < len(text) <= MAX_LABELLED_CHARACTERS
    labels = (list(LABELLED.finditer(text)) or list(filter(None, [BARE.match(text)]))) if short else []
    if not labels or text[: labels[0].start()].strip(MARKS):
        return ()
    ends = [*(label.start() for label in labels[1:]), len(text)]
    return [
        (SPACE.sub("", label["name"]), text[label.end() : end].strip(MARKS))
        for label, end in zip(labels, ends, strict=True)
    ]


def _around(block: Sequence[Label]) -> LexborNode:
    """The lowest element around all labels of a block, or the lowest table around them if there is one."""
    above = {node.mem_id for node in _levels(block[0].node)}
    shared = [node for node in _levels(block[-1].node) if node.mem_id in above] or [block[-1].node]
    return next((node for node in shared if node.tag == "table"), shared[0])


def _levels(node: LexborNode) -> Iterator[LexborNode]:
    at = node.parent
    for _ in range(MAX_LEVELS_OF_BLOCK):
        if at is None:
            return
        yield at
        at = at.parent


def _markup(nodes: Sequence[LexborNode]) -> list[str]:
    """The markup of each of these elements, once and whole, as long as all have at most MAX_MARKUP_READ characters.

    The element with which they have more is left out, with all after it.
    """
    found = [node.html or "" for node in {node.mem_id: node for node in nodes}.values()]
    return [html for html, size in zip(found, accumulate(map(len, found)), strict=True) if size <= MAX_MARKUP_READ]


def _fields(markup: str) -> Iterator[Field]:
    """Yield a Field for each label that has a value, and not an overlong one, in document order."""
    run = 0
    for node in BeautifulSoup(markup, "lxml").find_all(string=True):
        text = "" if isinstance(node, PreformattedString) else node.strip()
        run += bool(text)
        labels = _parted(text)
        for place, (name, inside) in enumerate(labels):
            last = place == len(labels) - 1
            value = SPACE.sub(" ", _value(node, inside) if last else inside)
            value = before_counter(value, surely=name in WORDS)
            value = NEXT_STRANGE.split(value, maxsplit=1)[0].strip(MARKS)
            if value and len(value) <= MAX_FIELD_CHARACTERS:
                yield Field(name, run, value)


def _value(node: NavigableString, inside: str) -> str:
    """The value of a label: `inside`, the text after it in its run, with the rest of the line, if there is any.

    Else the text beside it in the label's row; "" without one.
    """
    if inside:
        return inside + _line_behind(node)[0]
    at: PageElement = node
    for _ in range(MAX_LEVELS_ABOVE_LABEL):
        value, settled = _line_behind(at)
        if value or settled or at.parent is None or at.parent.name in ROWS:
            return value
        at = at.parent
    return ""


def _line_behind(node: PageElement) -> tuple[str, bool]:
    """The text after a node on its line, or in the next cell; and True if no value can follow further on."""
    found: list[str] = []
    for sibling in islice(node.next_siblings, MAX_NODES_BESIDE_LABEL):
        name, text = _name(sibling), _opening(sibling)
        if name == "br" and found:
            break
        if text.strip() and not text.strip(COLONS):
            continue  # a colon in an element of its own
        if not text.strip():
            if name and name == _name(node) and name != "br":
                return "".join(found), True  # a cell that was left empty
        elif name in HEADINGS or _is_label(text.strip().lstrip("【["), name):
            return "".join(found), True
        elif name in CELLS:
            fits = not found and name in VALUES.get(_name(node), (_name(node), "dd", "td"))
            return (text.strip(COLONS) if fits else "".join(found)), True
        else:
            found.append(text if found else text.lstrip(COLONS))
    return "".join(found), False


def _is_label(text: str, name: str) -> bool:
    """True if a text opens with a label of documents, or, unless `name` is td or dd, with any words like a label.

    `name` is the tag that holds the text. In a cell of its own 江海：一座城 is a value.
    """
    return LABELLED.match(text) is not None or (name not in ("td", "dd") and STRANGE.match(text) is not None)


def _name(node: PageElement) -> str:
    return node.name if isinstance(node, Tag) else ""


def _opening(node: PageElement) -> str:
    """The text of a node, cut soon after the longest value that is kept."""
    if isinstance(node, Tag):
        pieces = node.strings
    else:
        pieces = iter(() if isinstance(node, PreformattedString) else (str(node),))
    found, size = [], 0
    for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size > MAX_FIELD_CHARACTERS:
            break
    return "".join(found)
