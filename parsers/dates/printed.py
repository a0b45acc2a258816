"""Pieces of a normalised text as the page prints them: ２０２４年 and 二〇二四年 for 2024年."""

import re
import unicodedata
from collections.abc import Iterable

from parsers.dates.numerals import with_digits

_MAX_CHARACTERS = 2000  # a date stands in a short text, and the patterns would take long on a whole article
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\xad]")
_DOTS = str.maketrans("İı", "Ii")  # patterns that ignore case take these for i
_NUMERAL = r"\d\s零〇○◯Oo一二三四五六七八九十百千两兩廿卅"
_NUMBERS = re.compile(rf"[{_NUMERAL}]+|[^{_NUMERAL}]+")


def normal(text: str) -> str:
    """The first 2,000 characters of a text in NFKC, with the numerals of dates as digits (see `with_digits`).

    Invisible characters, and blanks at both ends, are left out.
    """
    head = text[:_MAX_CHARACTERS]
    if not head.isascii():
        head = with_digits(_INVISIBLE.sub("", unicodedata.normalize("NFKC", head)[:_MAX_CHARACTERS]).translate(_DOTS))
    return head.strip()


def as_printed(text: str, plain: str, pieces: Iterable[str]) -> list[str]:
    """Each of the pieces of ``plain``, which is ``normal(text)``, as it is printed in ``text``.

    The pieces are given and returned in their order in ``plain``; one that cannot be found in ``text`` stays as it is.
    """
    spans = [] if text == plain else _spans(text[:_MAX_CHARACTERS], plain)
    found, after = [], 0
    for piece in pieces:
        start = plain.find(piece, after)
        after = max(after, start)
        told = spans and piece and start >= 0
        found.append(text[spans[start][0] : spans[start + len(piece) - 1][1]].strip() if told else piece)
    return found


def _spans(text: str, plain: str) -> list[tuple[int, int]]:
    """For each character of ``plain`` its span (start, end) in ``text``; [] if the two do not match.

    Each digit of a numeral that ``text`` prints otherwise has the span of the whole numeral: (0, 2) twice for 十三.
    In NFKC both differ only in runs of numerals and blanks, so the runs are aligned one by one.
    """
    kept = [
        (mark, place)
        for place, printed in enumerate(text)
        for mark in unicodedata.normalize("NFKC", printed)
        if not _INVISIBLE.match(mark)
    ]
    first = next((place for place, (mark, _) in enumerate(kept) if not mark.isspace()), 0)
    wide = "".join(mark for mark, _ in kept[first:])
    spans: list[tuple[int, int]] = []
    for before, after in zip(_NUMBERS.finditer(wide), _NUMBERS.finditer(plain), strict=False):
        places = [place for _, place in kept[first + before.start() : first + before.end()]]
        if before[0].startswith(after[0]):
            spans += [(place, place + 1) for place in places[: len(after[0])]]
        else:
            spans += [(places[0], places[-1] + 1)] * len(after[0])
    return spans if len(spans) == len(plain) else []
