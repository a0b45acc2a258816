"""Shortens texts for lists: the first sentence, or as much as there is room for."""

import re
import unicodedata

from parsers.text import CLOSING, PAUSES, STOPS

MAX_SENTENCE_CHARACTERS = 80  # in a row of a list
MAX_DESCRIPTION_CHARACTERS = 100  # of a page, for search engines and for those who share it
_CLAUSE_END = re.compile(rf"(?:[{STOPS}{PAUSES}、](?!\d)|[.](?=\s))[{CLOSING}]*")
_SHORT = "".join(rf"(?<!\b{word})" for word in ("Mr", "Mrs", "Ms", "Dr", "Prof", "Sr", "Jr", "St", "vs", "No"))
_END = re.compile(
    rf"[{STOPS}]+[{CLOSING}]*"
    rf"|(?<=\w\w){_SHORT}[.][\"”’)]*(?=\s+[\"“‘(]?[A-Z]|\s*$)"
)
_JOINER = "\u200d"
_MAX_WORD_CHARACTERS = 24  # a longer word may be cut
_SKIN, _REGION = range(0x1F3FB, 0x1F400), range(0x1F1E6, 0x1F200)


def first_sentence(text: str | None, most: int = MAX_SENTENCE_CHARACTERS) -> str | None:
    """The first sentence, with its closing marks, of the first line that is not blank; the line if no sentence ends.

    Shortened to `most` characters as by `brief`. None for None or a blank text.
    """
    line = next((line.strip() for line in (text or "").split("\n") if line.strip()), None)
    if line is None:
        return None
    end = _END.search(line[: most * 2])
    return brief(line[: end.end()] if end else line, most)


def to_clause(text: str, most: int = MAX_DESCRIPTION_CHARACTERS) -> str:
    """The text, or if it is longer than `most` characters its first clauses that fit and `…`.

    Narrow letters count half. A text whose first clause does not fit is shortened as by `brief`.
    """
    cut = brief(text, most)
    if cut == text:
        return text
    ends = [found.end() for found in _CLAUSE_END.finditer(text[: len(cut)])]
    return text[: ends[-1]] + "…" if ends else cut


def brief(text: str | None, most: int) -> str:
    """The text, or its first `most` characters and `…`; "" for None.

    Narrow letters count half, so that twice as many of them fit. A word in ASCII is not cut unless it is longer than
    _MAX_WORD_CHARACTERS, nor a letter from its combining marks, nor an emoji (UAX #29).
    """
    whole = text or ""
    if len(whole) <= most or (end := _room(whole, 2 * most)) == len(whole):
        return whole
    end = next((at for at in range(end, max(0, end - _MAX_WORD_CHARACTERS), -1) if not _within(whole, at)), end)
    return whole[:end].rstrip() + "…"


def _room(text: str, cells: int) -> int:
    """The number of first characters that fit into `cells`; wide ones (UAX #11) take two cells, all others one."""
    for at, character in enumerate(text):
        cells -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if cells < 0:
            return at
    return len(text)


def _within(text: str, at: int) -> bool:
    """True if a cut before `text[at]` would split a word in ASCII, a flag, an emoji, or a letter from its mark."""
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
        return True
    if ord(after) in _REGION and ord(before) in _REGION:  # two letters are a flag
        return (at - len(text[:at].rstrip("".join(map(chr, _REGION))))) % 2 == 1
    return after == _JOINER or before == _JOINER or ord(after) in _SKIN or unicodedata.category(after)[0] == "M"
