"""Counters at the edges of a text: the lines before and behind it that a page changes by itself."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.reader.body.lines.endings import Endings
from parsers.reader.body.markup.blocks import Block
from parsers.text.counters import is_counter, without_glued_counter

COLONS = (":", "：")


def counts(block: Block, paragraphs: Sequence[str], endings: Endings, place: int) -> bool:
    """Whether a line is a counter and stands before the text or behind it; inside a text it may be text."""
    text = block.text
    if "\t" in text:
        if paragraphs:
            return False  # data
        label, _, value = text.partition("\t")
        text = label + value if label.endswith(COLONS) else text
    return block.kind != "heading" and is_counter(text) and (not paragraphs or not endings.prose[place])


def without_counter(block: Block, endings: Endings, place: int) -> Block:
    """The last line of a text without the counter that is glued to its end; any other line as it is."""
    text = without_glued_counter(block.text)
    return block if text == block.text or endings.prose[place] else block._replace(text=text)
