"""The headline of a page without headings: the line, or the few lines, at the beginning of its <title>."""

from __future__ import annotations

import re

from parsers.document import Document
from parsers.reader.headline.shown import meta_headline, title_headline
from parsers.reader.headline.thresholds import MAX_PIECES, MIN_PIECE_CHARACTERS, MIN_WRITTEN_CHARACTERS
from parsers.text import holds_han

CUT = re.compile(r"\s*[-_|｜丨–—]+\s*")


def written_headline(document: Document) -> str | None:
    """The headline on a line that opens <title> or og:title, or on a few that make up all of it; None without one.

    江海治理的经验 is the headline of <title> 江海治理的经验-纪检 on a page with that line.
    """
    titles = list(filter(None, dict.fromkeys([title_headline(document), meta_headline(document)])))
    lines = document.visible_text.split("\n") if titles else []
    shown = set(lines)
    for title in titles:
        cuts = [title, *_prefixes(title)]
        whole = next((text for text in cuts if _long_enough(text, title) and text in shown), None)
        if found := whole or _broken(title, lines):
            return found
    return None


def _prefixes(title: str) -> list[str]:
    """The parts of a title before each separator, the longest first: 甲-乙-丙 gives ["甲-乙", "甲"]."""
    return [title[: cut.start()].rstrip() for cut in CUT.finditer(title)][::-1]


def _long_enough(text: str, title: str) -> bool:
    return len(text) >= MIN_WRITTEN_CHARACTERS and 2 * len(text) >= len(title)


def _broken(title: str, lines: list[str]) -> str | None:
    """The consecutive lines that make up the whole title, as one line; None without them.

    They are joined by a blank, in Chinese by nothing.
    """
    wanted = _unspaced(title)
    for place, line in enumerate(lines):
        if len(line) >= MIN_PIECE_CHARACTERS and _may_open(wanted, line) and wanted.startswith(_unspaced(line)):
            pieces = lines[place : place + MAX_PIECES]
            for size in range(2, len(pieces) + 1):
                if _unspaced("".join(pieces[:size])) == wanted:
                    return ("" if holds_han(title) else " ").join(pieces[:size])
    return None


def _may_open(wanted: str, line: str) -> bool:
    """True if `wanted` begins with the first character of the line, or the line is empty: a quick check."""
    return wanted.startswith(line.lstrip()[:1])


def _unspaced(text: str) -> str:
    return "".join(text.split())
