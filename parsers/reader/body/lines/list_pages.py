"""Lists of articles, distinguished from articles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from parsers.reader.body.markup.blocks import Block
from parsers.reader.body.thresholds import MIN_LINK_LINES, MIN_LINKED_HEADINGS, MIN_OPENING_CHARACTERS, MIN_TEXT_RUN
from parsers.text import ends_sentence


def is_list(blocks: Sequence[Block]) -> bool:
    """True if the lines of a page's box are a list of articles; then all of these hold.

    At least MIN_LINK_LINES lines are mostly links. More than half of the text is links, or nearly all headings are. The
    sentences before the first heading or link have fewer than MIN_OPENING_CHARACTERS characters. No run of other lines
    between the links has MIN_TEXT_RUN characters.
    """
    lines = [block for block in blocks if block.kind in ("text", "heading", "standfirst")]
    if _opening(lines) >= MIN_OPENING_CHARACTERS:
        return False
    links = sum([2 * block.linked >= len(block.text) for block in lines])
    if links < MIN_LINK_LINES:
        return False  # then too few headings are links as well
    linked, total = sum(block.linked for block in lines), sum(len(block.text) for block in lines)
    headings = [block.all_linked for block in lines if block.kind == "heading"]
    headed = sum(headings) > MIN_LINK_LINES and sum(headings) > MIN_LINKED_HEADINGS * len(headings)
    return (2 * linked > total or headed) and _longest_run(lines) < MIN_TEXT_RUN


def _opening(lines: list[Block]) -> int:
    """The number of characters in sentences before the first heading or link; a list opens with one of these."""
    texts = takewhile(lambda line: line.kind != "heading" and not line.linked, lines)
    return sum([len(line.text) for line in texts if ends_sentence(line.text)])


def _longest_run(lines: list[Block]) -> int:
    """The number of characters in the longest run of lines that are not mostly links."""
    longest = run = 0
    for line in lines:
        run = 0 if 2 * line.linked >= len(line.text) else run + len(line.text)
        longest = max(longest, run)
    return longest
