"""Folding: characters that a search takes for the same become one; and the Han characters of the search rule."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from archive.search.grammar.simplified import simplified
from parsers.text import HAN, PLAIN_HAN

# Script Han of Unicode: the characters, and the radicals, 々, 〇 and 〡 among them. A literal set, as an index outlives
# this Python's Unicode version, and another set would make another index.
HAN_SCRIPT = f"\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b{HAN}"
HAN_RUN = re.compile(f"[{HAN_SCRIPT}]+")

# Full-width marks and their NFKC form, replaced first: they stand between most runs of a Chinese text.
_WIDE_MARKS = tuple(zip("，：；？！（）", ",:;?!()", strict=True))
# Characters left alone: ideographs and marks that no width and no neighbour can change, most of the text.
_FOLDABLE = re.compile(f"[^{PLAIN_HAN}\U00020000-\U0002ebe0,:;?!()。、“”《》\n ]+")
_SYMBOLS = re.compile(r"[^\w\x00-\x7f]{31,}")
_MAX_MARKS_PER_LETTER = 30  # of the Stream-Safe Text Format (Unicode annex 15, section 13)


def fold(text: str) -> str:
    """`text` after NFKC (Unicode annex 15), full case folding (Unicode 3.13), and `simplified`.

    Half-width and full-width forms become one, upper and lower case, traditional and simplified characters.
    """
    for wide, narrow in _WIDE_MARKS:
        text = text.replace(wide, narrow)
    return simplified(_FOLDABLE.sub(_folded_piece, text))


def fold_case(text: str) -> str:
    """`text` after NFC and full case folding: all that an exact search takes for the same."""
    return normal(text, "NFC").casefold()


def normal(text: str, form: Literal["NFC", "NFKC"]) -> str:
    """`text` in a normal form of Unicode, without the marks after the 30th on one letter (`_stream_safe`)."""
    return unicodedata.normalize(form, _SYMBOLS.sub(_stream_safe, text))


def _folded_piece(found: re.Match[str]) -> str:
    piece = found[0]
    return _folded_briefly(piece) if len(piece) < 16 else normal(piece, "NFKC").casefold()


@lru_cache(4096)
def _folded_briefly(piece: str) -> str:
    return unicodedata.normalize("NFKC", piece).casefold()


def _stream_safe(found: re.Match[str]) -> str:
    """The text found, in which the marks after the 30th on one letter are dropped.

    Normalising n marks takes time in n squared. The bound is that of the Stream-Safe Text Format (Unicode annex 15,
    section 13).
    """
    kept, marks = [], 0
    for character in found[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MAX_MARKS_PER_LETTER:
            kept.append(character)
    return "".join(kept)
