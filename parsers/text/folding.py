"""Comparison of two forms of one line: folded, or by the pairs of their letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LOWER, ASCII_MARKS = bytes(range(256)).lower(), bytes(code for code in range(128) if not chr(code).isalnum())


@lru_cache(maxsize=512)  # the titles of a page are compared with many lines
def folded(text: str) -> str:
    """The letters and digits of a text in NFKC and casefolded, without all else: equal for two forms of one title.

    >>> folded("《江 与 海》：Part II"), folded("江与海 ｐａｒｔ ii")
    ('江与海partii', '江与海partii')
    """
    if text.isascii():
        return text.encode().translate(LOWER, ASCII_MARKS).decode()
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text))).casefold()


def likeness_of(first: set[str], second: set[str]) -> float:
    """Dice's coefficient of two sets of `letter_pairs`, 0 (none in common) to 1 (equal); 0 for two empty sets."""
    return 2 * len(first & second) / max(1, len(first) + len(second))


def letter_pairs(line: str) -> set[str]:
    """The pairs of neighbouring characters in a line after folding: "A-bc" gives {"ab", "bc"}."""
    text = folded(line)
    return {text[at : at + 2] for at in range(len(text) - 1)}
