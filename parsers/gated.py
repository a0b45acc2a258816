"""A pattern with its first look: what every match must show is read out of the pattern itself, and asked first."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import groupby, product
from re import _constants as codes  # type: ignore[attr-defined]  # the standard library's own reading of a pattern
from re import _parser as grammar  # type: ignore[attr-defined]
from typing import Any

Item = tuple[Any, Any]  # a code of the grammar and what belongs to it

OPENING = 3  # first letters of a match that are looked at
TWINS = re.compile("[İıſKᲀ-ᲆ]")
MAX_OPENINGS = 4_000  # more are not worth a look
MAX_SIGNS = 150
MAX_CLASS = 60  # letters of a class that are listed
LINE, LINES = 500, 256  # characters, and lines that are kept in lower case: some twenty rules are asked of each
PAGES = 2  # whole texts that are
STARTS = 1_024  # openings of lines whose answer is kept, of each rule
# All blanks are looked at as one, and so are all digits.
BLANK, DIGIT = re.compile(r"\s"), re.compile(r"\d")
CATEGORIES = {
    codes.CATEGORY_DIGIT: {"0"},
    codes.CATEGORY_SPACE: {" "},
}
LETTERS = {"0": r"\d", " ": r"\s"}  # that stand for their kind
ONE_LETTER = str.maketrans("İıſKᲀᲁᲂᲃᲄᲅᲆ", "iiskвдосттъ")  # patterns that ignore case take these for one


class Gated:
    """A rule: a pattern that is compiled when it is first used, and tried only where it may match.

    `search` first looks for the signs: words one of which stands in whatever the pattern finds. `match` first looks
    at the opening letters. Both are read out of the pattern, so there is no second copy of a rule to keep.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.source, self.flags = pattern, flags

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.source, self.flags)

    @cached_property
    def signs(self) -> frozenset[str]:
        """Words one of which stands in whatever the pattern finds; empty when there are none to tell."""
        found = _signs(list(grammar.parse(self.source, self.flags)))
        return frozenset(map(_plain, found)) if found and len(found) <= MAX_SIGNS else frozenset()

    @cached_property
    def openings(self) -> frozenset[str] | None:
        """How whatever the pattern matches may begin, marks in front left out; None when there are too many ways."""
        found = _openings(_without_marks(list(grammar.parse(self.source, self.flags))))
        return frozenset(_start(text) for text in found if text[0].isalnum()) if found is not None else None

    def may_hold(self, text: str) -> bool:
        """Whether the pattern may find something in the text."""
        return self._look is None or self._look.search(_plain(text)) is not None

    def may_open(self, text: str) -> bool:
        """Whether the pattern may match at the text's start."""
        return self._opens(text[:OPENING])

    def search(self, text: str) -> re.Match[str] | None:
        """The first match anywhere in the text."""
        return self.pattern.search(text) if self.may_hold(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match, from left to right."""
        return self.pattern.finditer(text) if self.may_hold(text) else iter(())

    def match(self, text: str) -> re.Match[str] | None:
        """The match at the text's start."""
        may = self.may_open(text) if self.openings is not None else self.may_hold(text)
        return self.pattern.match(text) if may else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of the whole text."""
        return self.pattern.fullmatch(text) if self.may_open(text) and self.may_hold(text) else None

    @cached_property
    def _opens(self) -> Callable[[str], bool]:
        """Whether the pattern may match at the start of a text that begins so; texts begin alike."""
        openings = self.openings

        @lru_cache(STARTS)
        def opens(start: str) -> bool:
            if openings is None or not start[:1].isalnum():
                return True
            plain = _start(start)
            return plain in openings or plain[:1] in openings or plain[:2] in openings

        return opens

    @cached_property
    def _look(self) -> re.Pattern[str] | None:
        """The signs as a pattern, those with one first letter together, so that a search passes over most letters."""
        grouped = (
            (first, "|".join(re.escape(sign[1:]) for sign in same))
            for first, same in groupby(sorted(self.signs), lambda sign: sign[0])
        )
        return re.compile("|".join(f"{re.escape(first)}(?:{rest})" for first, rest in grouped)) if self.signs else None


class Led(Gated):
    """A rule that is searched for from place to place of a long text: the look is at the letter that opens a match.

    It is a part of the compiled pattern, so no text is looked through twice.
    """

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern behind its look."""
        found = _openings(list(grammar.parse(self.source, self.flags)))
        if found is None:
            raise ValueError(f"Anything may open a match of {self.source!r}.")
        letters = "".join(sorted({LETTERS.get(text[0]) or re.escape(text[0]) for text in found}))
        return re.compile(f"(?=[{letters}])(?:{self.source})", self.flags)

    def search(self, text: str, start: int = 0, stop: int = sys.maxsize) -> re.Match[str] | None:
        """The first match between two places of the text."""
        return self.pattern.search(text, start, stop)

    def match(self, text: str) -> re.Match[str] | None:
        """The match at the text's start."""
        return self.pattern.match(text)


def _plain(text: str) -> str:
    """The text in lower case, as a pattern that ignores case reads it."""
    if text.isascii():
        return text.lower()
    return _plain_line(text) if len(text) <= LINE else _plain_page(text)


def _without_twins(text: str) -> str:
    return TWINS.sub(_twin, text).lower()


_plain_line, _plain_page = lru_cache(LINES)(_without_twins), lru_cache(PAGES)(_without_twins)


def _start(text: str) -> str:
    """The first letters, plain, blanks and digits alike."""
    start = text[:OPENING]
    return _plain(start if start.isalpha() else BLANK.sub(" ", DIGIT.sub("0", start)))[:OPENING]


def _twin(found: re.Match[str]) -> str:
    return found[0].translate(ONE_LETTER)


def _signs(items: list[Item]) -> set[str] | None:
    """The most telling words of a sequence, one of which stands in all that it matches; None when there are none."""
    found: list[set[str]] = []
    run = ""
    for code, value in [*items, (None, None)]:
        if code is codes.LITERAL and not chr(value).isspace():
            run += chr(value)
            continue
        if run:
            found.append({run})
            run = ""
        if inner := _signs_of(code, value):
            found.append(inner)
    return max(found, key=_telling, default=None)


def _signs_of(code: Any, value: Any) -> set[str] | None:
    if code is codes.SUBPATTERN:
        return _signs(list(value[3]))
    if code is codes.ATOMIC_GROUP:
        return _signs(list(value))
    if code is codes.BRANCH:
        branches = [_signs(list(branch)) for branch in value[1]]
        return set().union(*(branch for branch in branches if branch)) if all(branches) else None
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT) and value[0] > 0:
        return _signs(list(value[2]))
    letters = _letters(value) if code is codes.IN else None
    return letters if letters and not any(map(str.isspace, letters)) else None


def _telling(signs: set[str]) -> tuple[bool, int, int]:
    """A set is the better the longer its shortest word is, a Han character counting for three letters; then few."""
    shortest = min(len(sign) * (1 if sign.isascii() else 3) for sign in signs)
    return len(signs) <= MAX_SIGNS, shortest, -len(signs)


def _letters(members: list[Item]) -> set[str] | None:
    """The letters of a class; None when they are too many, or not letters."""
    letters: set[str] = set()
    for code, value in members:
        if code is codes.LITERAL:
            letters.add(chr(value))
        elif code is codes.RANGE and value[1] - value[0] < MAX_CLASS:
            letters |= {chr(letter) for letter in range(value[0], value[1] + 1)}
        else:
            return None
    return letters if len(letters) <= MAX_CLASS else None


def _without_marks(items: list[Item]) -> list[Item]:
    """The sequence behind ^ and a run of marks, which `may_open` leaves to the pattern."""
    repeats = (codes.MAX_REPEAT, codes.POSSESSIVE_REPEAT)
    while items and (items[0][0] is codes.AT or (items[0][0] in repeats and _is_run_of_marks(items[0][1]))):
        del items[0]
    return items


def _is_run_of_marks(value: Any) -> bool:
    least, _, inner = value
    members = inner[0][1] if inner[0][0] is codes.IN else []
    word = (codes.CATEGORY, codes.CATEGORY_WORD)
    return least == 0 and bool(members) and word not in members and not any(map(_is_word, members))


def _is_word(member: Item) -> bool:
    code, value = member
    return code is codes.RANGE or (code is codes.LITERAL and chr(value).isalnum())


def _openings(items: list[Item]) -> set[str] | None:
    """The first letters of whatever a sequence matches; a shorter one stands for all that goes on from there."""
    found: set[tuple[str, bool]] = {("", True)}  # the letters, and whether more are known to follow
    for code, value in items:
        if all(len(text) >= OPENING or not goes_on for text, goes_on in found):
            break
        ways = _ways(code, value)
        if ways is None or len(found) * len(ways) > MAX_OPENINGS:
            found = {(text, False) for text, _ in found}
            break
        found = {
            ((text + more)[:OPENING], known) if goes_on and len(text) < OPENING else (text, goes_on)
            for (text, goes_on), (more, known) in product(found, ways)
        }
    texts = {text for text, _ in found}
    return None if "" in texts else texts


def _ways(code: Any, value: Any) -> set[tuple[str, bool]] | None:
    """How an item may begin, and whether that is all of it; None when it may be anything."""
    if code is codes.LITERAL:
        return {(chr(value), True)}
    if code is codes.IN:
        categories = [CATEGORIES.get(member) for kind, member in value if kind is codes.CATEGORY]
        letters = _letters([member for member in value if member[0] is not codes.CATEGORY])
        if letters is None or not all(categories):
            return None
        return {(letter, True) for letter in letters.union(*filter(None, categories))}
    if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
        return {("", True)}
    if code in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
        return _ways_of(value[3] if code is codes.SUBPATTERN else value)
    if code is codes.BRANCH:
        branches = [_ways_of(branch) for branch in value[1]]
        known: Iterable[set[tuple[str, bool]]] = [branch for branch in branches if branch is not None]
        return set().union(*known) if all(branch is not None for branch in branches) else None
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return _repeated(*value)
    return None


def _ways_of(items: Any) -> set[tuple[str, bool]] | None:
    found: set[tuple[str, bool]] = {("", True)}
    for code, value in items:
        ways = _ways(code, value)
        if ways is None or len(found) * len(ways) > MAX_OPENINGS:
            return {(text, False) for text, _ in found}
        found = {
            ((text + more)[:OPENING], known) if goes_on and len(text) < OPENING else (text, goes_on)
            for (text, goes_on), (more, known) in product(found, ways)
        }
    return found


def _repeated(least: int, most: Any, inner: Any) -> set[tuple[str, bool]] | None:
    found: set[tuple[str, bool]] = set()
    for count in range(least, min(int(most), least + OPENING) + 1):
        ways = _ways_of(list(inner) * count)
        if ways is None:
            return None
        found |= ways
    return found
