"""Lines of a box compared with the articleBody of the page's JSON-LD, which shows those that belong to the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from parsers.reader.body.markup.blocks import Block
from parsers.reader.body.markup.tag_meanings import HEADINGS
from parsers.reader.body.thresholds import (
    LOOKED_UP_LETTERS,
    MAX_COMPARED_LINES,
    MAX_LINKED_CHARACTERS,
    MIN_LINKED_LETTERS,
    MIN_SHARE_OF_BODY,
    MIN_SHARE_OF_LINES,
    MIN_SHARE_SHOWN,
)

MARKUP = re.compile(r"<[^<>]{1,300}>|&#?\w{2,8};")
LETTERS = re.compile(r"\w+")
ASCII_MARKS = bytes(code for code in range(128) if not (chr(code).isalnum() or chr(code) == "_"))


def agreed(blocks: tuple[Block, ...], linked: Any, summaries: Sequence[str]) -> tuple[Block, ...]:
    """The lines of a box without those lines of text that the page's own articleBody leaves out.

    Headings, bold lines, pictures and the like, and lines in `summaries` stay. `linked` is the articleBody, any value
    of JSON. All lines stay if it is no text, a short one, another text or only a beginning, or if the box has more than
    MAX_COMPARED_LINES lines. If the page shows nearly no text, the lines of the articleBody alone are returned, unless
    it holds markup.
    """
    if (
        not isinstance(linked, str)
        or len(blocks) > MAX_COMPARED_LINES
        or len(text := _letters(linked[:MAX_LINKED_CHARACTERS])) < MIN_LINKED_LETTERS
    ):
        return blocks
    lines = [_letters(block.text) if block.kind == "text" else "" for block in blocks]
    sizes = [len(line) for line in lines]
    if sum(sizes) < MIN_SHARE_SHOWN * len(text) and "<" not in linked:
        return tuple([Block("text", " ".join(line.split())) for line in linked.splitlines() if line.strip()])
    told = text + _letters("".join(summaries))
    inside = [_stands_in(line, told) for line in lines]
    found = sum(size for size, known in zip(sizes, inside, strict=True) if known)
    if found < MIN_SHARE_OF_BODY * len(text) or found < MIN_SHARE_OF_LINES * sum(sizes):
        return blocks
    kept = [
        block
        for block, known in zip(blocks, inside, strict=True)
        if known or block.kind != "text" or block.tag in HEADINGS or block.all_strong
    ]
    return tuple(kept)


def _stands_in(line: str, text: str) -> bool:
    """True if a text holds the first LOOKED_UP_LETTERS of a line, or the next as many, as reports open with a place.

    The latter only of a line with more than twice as many; a shorter line than that number must stand in it whole.
    """
    size = LOOKED_UP_LETTERS
    return line[:size] in text or (len(line) > 2 * size and line[size : 2 * size] in text)


def _letters(text: str) -> str:
    """The letters, digits and _ of a text, without blanks, marks and tags: these differ between page and JSON-LD."""
    text = MARKUP.sub("", text) if "<" in text or "&" in text else text
    # Deleting ASCII marks as bytes is faster than a pattern that stops at each word.
    text = text.encode("utf-8", "surrogatepass").translate(None, ASCII_MARKS).decode("utf-8", "surrogatepass")
    return text if text.isascii() else "".join(LETTERS.findall(text))
