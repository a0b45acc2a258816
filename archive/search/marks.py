"""The search rule applied to the text itself: to scan it, and to mark hits for a reader.

Written with regular expressions on the folded text, without the index's tokens, so that it can check them.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.search.text import HAN_SCRIPT, fold
from parsers.text import PLAIN_HAN

_WORD = rf"[^\W_{HAN_SCRIPT}]"
_UNIT = rf"(?:{_WORD}|[{HAN_SCRIPT}])"
_SEPARATOR = rf"(?:[^\w{HAN_SCRIPT}]|_)"
_TERMS = re.compile(rf"{_UNIT}+\*?")
_PIECES = re.compile(rf"{_UNIT}+")
_STARRED = re.compile(rf"{_WORD}\*{_SEPARATOR}*$")
_STARTS_WITH_WORD = re.compile(_WORD)
_ENDS_WITH_WORD = re.compile(rf"{_WORD}$")
ONLY_HAN = re.compile(f"[{PLAIN_HAN}]+")
# Characters that fold to one character and do not combine with one before: most of a Chinese text.
_ALONE = f"[\x00-\x7f{PLAIN_HAN}，：；？！（）。、“”《》]"
_STARTS_ALONE = re.compile(_ALONE)
_RUNS = re.compile(rf"{_ALONE}+(?={_ALONE}|\Z)")  # the last one before another character may combine with it
_ELLIPSIS = "…"
_WORD_CONTEXT_CHARACTERS = 20  # enough to see if a word ends there
_MAX_MARKED_TERMS = 32  # a query of thousands of terms is answered, not marked in full


def scan(q: str, fields: Iterable[str | None]) -> bool:
    """True if the texts `fields` hold every term of `q`, each in any of them: the reference rule.

    Each keyword is a text of its own; None is skipped. False if `q` has no term.
    """
    patterns = [re.compile(expression) for expression in _expressions(q)]
    folded = [fold(field) for field in fields if field]
    return bool(patterns) and all(any(map(pattern.search, folded)) for pattern in patterns)


def highlight(text: str, q: str) -> str:
    """`text` as safe HTML with `<mark>` around what the first 32 terms of `q` find in it, in the original writing."""
    folded, starts, ends = origins(text)
    out, done = [], 0
    for start, end in _merged(_hits(folded, q)):
        a, z = max(starts[start], done), ends[end - 1]
        if a < z:
            out += [html.escape(text[done:a]), "<mark>", html.escape(text[a:z]), "</mark>"]
            done = z
    return "".join(out) + html.escape(text[done:])


def snippet(text: str, q: str, width: int = 80) -> str:
    """About `width` characters of plain text around the first hit (else the beginning); cuts are marked with `…`."""
    return cut(text, first_hit(text, q) or 0, width)


def cut(text: str, hit: int, width: int = 80) -> str:
    """About `width` characters of `text` around the offset `hit`, on one line; cuts are marked with `…`."""
    start = max(0, min(hit - width // 3, len(text) - width))
    end = min(len(text), start + width)
    line = " ".join(text[start:end].split())
    return f"{_ELLIPSIS if start else ''}{line}{_ELLIPSIS if end < len(text) else ''}"


def first_hit(text: str, q: str) -> int | None:
    """The offset in `text` of the first term of `q` that occurs in it, in the order of `q`; None if none occurs.

    A word is found as a whole: `first_hit("abc b a", "b a")` -> `4`, `first_hit("abc b a", "a b")` -> `6`.
    """
    folded = None
    for expression in _expressions(q)[:_MAX_MARKED_TERMS]:
        at = _seen_at_once(text, expression)
        if at is None:
            folded = fold(text) if folded is None else folded
            found = re.search(expression, folded)
            at = _origin(text, folded, found.start()) if found else None
        if at is not None:
            return at
    return None


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A short text in which a term may occur, and the property it belongs to. ours: a correction of ours has it."""

    property: str
    text: str
    ours: bool = False


def told_elsewhere(q: str, shown: Iterable[str], places: Sequence[MarkedText]) -> tuple[MarkedText, ...]:
    """For each term of `q` that occurs in no shown text, the first of `places` in which it occurs; each place once."""
    unseen = [expression for expression in _expressions(q)[:_MAX_MARKED_TERMS] if not _in_any(shown, expression)]
    found = [next((place for place in places if re.search(each, fold(place.text))), None) for each in unseen]
    return tuple(dict.fromkeys(filter(None, found)))


def _in_any(texts: Iterable[str], expression: str) -> bool:
    return any(_seen_at_once(text, expression) is not None or re.search(expression, fold(text)) for text in texts)


def _seen_at_once(text: str, expression: str) -> int | None:
    """The offset of a hit that is found in the text as written, without folding all of it, as most are.

    None without one; the folded text may still have one.
    """
    if ONLY_HAN.fullmatch(expression):
        at = text.find(expression)  # ideographs fold to themselves
        return at if at >= 0 else None
    found = re.search(expression, text, re.IGNORECASE)
    if found is None:
        return None
    around = text[max(0, found.start() - _WORD_CONTEXT_CHARACTERS) : found.end() + _WORD_CONTEXT_CHARACTERS]
    return found.start() if re.search(expression, fold(around)) else None


@lru_cache(256)
def _expressions(q: str) -> tuple[str, ...]:
    """One regular expression per term; a part between quotes (the odd parts) is one term."""
    terms: dict[str | None, None] = {}
    for number, part in enumerate(fold(q).split('"')):
        terms |= dict.fromkeys(map(expression_of, [part] if number % 2 else _TERMS.findall(part)))
    return tuple(filter(None, terms))


def expression_of(term: str) -> str | None:
    """The regular expression that finds a folded term as one unit in a folded text; None if it has no piece."""
    parts = pieces(term)
    if not parts:
        return None
    begins = rf"(?<!{_WORD})" if _STARTS_WITH_WORD.match(parts[0]) else ""
    whole = _ENDS_WITH_WORD.search(parts[-1]) and not _STARRED.search(term)
    return begins + f"{_SEPARATOR}+".join(map(re.escape, parts)) + (rf"(?!{_WORD})" if whole else "")


def pieces(term: str) -> list[str]:
    """The parts of a folded term between separators."""
    return _PIECES.findall(term)


def _hits(folded: str, q: str) -> Iterator[tuple[int, int]]:
    """Yield the span of every place of the first 32 terms in a folded text, term by term.

    Places may overlap, also two of one term.
    """
    for expression in _expressions(q)[:_MAX_MARKED_TERMS]:
        pattern = re.compile(expression)
        found = pattern.search(folded)
        while found:
            yield found.span()
            found = pattern.search(folded, found.start() + 1)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order; those that touch or overlap are merged."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    return merged


def _origin(text: str, folded: str, at: int) -> int:
    """The offset in `text` of the character that gave the character at `at` of its folded form."""
    if fold(text[:at]) == folded[:at]:
        return at
    return origins(text)[1][at]


def origins(text: str) -> tuple[str, list[int], list[int]]:
    """(the folded text, starts, ends): character n of it came from text[starts[n]:ends[n]]."""
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, alone in _pieces(text):
        piece = fold(text[start:end])
        folded.append(piece)
        starts += range(start, end) if alone else [start] * len(piece)
        ends += range(start + 1, end + 1) if alone else [end] * len(piece)
    return "".join(folded), starts, ends


def _pieces(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the pieces of a text in order, as (start, end, alone): folding each piece folds the text.

    alone True: a run in which each character folds by itself, to one character. False: the smallest piece that can be
    folded apart from its neighbours, such as a letter with its marks; its folded form may have another length.
    """
    done = 0
    for run in _RUNS.finditer(text):
        yield from _independent(text, done, run.start())
        yield *run.span(), True
        done = run.end()
    yield from _independent(text, done, len(text))


def _independent(text: str, start: int, stop: int) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, False) of the smallest pieces of a stretch that fold on their own.

    Such are a letter with its marks, or the parts of a Hangul syllable.
    """
    for at in range(start + 1, stop):
        if not _leans(text, start, at):
            yield start, at, False
            start = at
    if start < stop:
        yield start, stop, False


def _leans(text: str, start: int, at: int) -> bool:
    """True if the character at `at` must be folded together with those from `start` up to it.

    It is a mark on them, or the two fold to something else together than apart.
    """
    character = text[at]
    if _STARTS_ALONE.match(character):
        return False
    if unicodedata.combining(unicodedata.normalize("NFKC", character)[0]):
        return True
    before = text[start:at]
    return fold(before + character) != fold(before) + fold(character)
