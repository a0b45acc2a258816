"""The terms of a query in the text itself: as regular expressions, and marked for a reader."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from archive.search.grammar.folding import HAN_SCRIPT, fold, fold_case
from archive.search.grammar.query import FIELDS, ONLY_BY_NAME, Field, parse, positive
from parsers.text import PLAIN_HAN

_WORD = rf"[^\W_{HAN_SCRIPT}]"
_UNIT = rf"(?:{_WORD}|[{HAN_SCRIPT}])"
# Of HAN_SCRIPT only the ranges that \w may lack. A phrase has this class between every two words, and with all ranges
# each takes Python seven times as long to compile: half a second for the longest query.
_SEPARATOR = "(?:[^\\w\u2e80-\u2fd5\uf900-\ufaff\U00020000-\U0003ffff]|_)"
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


class Asked(NamedTuple):
    """A term of a query, as expressions. exactly: the expression for the text as written, if the search is exact."""

    expression: str  # for a folded text
    exactly: str | None
    field: Field | None


def highlight(text: str, q: str, exact: bool = False) -> str:
    """`text` as safe HTML with `<mark>` around what the first 32 terms of `q` find in it, in the original writing.

    Terms after a minus are left out, and those of any field are marked.
    """
    out, done = [], 0
    for start, end in _merged(_hits(text, q, exact)):
        a = max(start, done)
        if a < end:
            out += [html.escape(text[done:a]), "<mark>", html.escape(text[a:end]), "</mark>"]
            done = end
    return "".join(out) + html.escape(text[done:])


def snippet(text: str, q: str, width: int = 80, exact: bool = False) -> str:
    """About `width` characters of plain text around the first hit (else the beginning); cuts are marked with `…`."""
    return cut(text, first_hit(text, q, exact) or 0, width)


def cut(text: str, hit: int, width: int = 80) -> str:
    """About `width` characters of `text` around the offset `hit`, on one line; cuts are marked with `…`."""
    start = max(0, min(hit - width // 3, len(text) - width))
    end = min(len(text), start + width)
    line = " ".join(text[start:end].split())
    return f"{_ELLIPSIS if start else ''}{line}{_ELLIPSIS if end < len(text) else ''}"


def first_hit(text: str, q: str, exact: bool = False) -> int | None:
    """The offset in `text` of the first term of `q` that occurs in it, in the order of `q`; None if none occurs.

    A word is found as a whole: `first_hit("abc b a", "b a")` -> `4`, `first_hit("abc b a", "a b")` -> `6`.
    """
    folded = None
    for asked in _asked(q, exact):
        at = _seen_at_once(text, asked)
        if at is None and asked.exactly:
            at = next((start for start, _ in _places(*origins(text), text, asked)), None)
        elif at is None:
            folded = fold(text) if folded is None else folded
            found = re.search(asked.expression, folded)
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


def told_elsewhere(
    q: str, shown: Sequence[MarkedText], places: Sequence[MarkedText], exact: bool = False
) -> tuple[MarkedText, ...]:
    """For each term of `q` that occurs in no shown text, the first of `places` in which it occurs; each place once.

    Only texts in which the term is looked for count: those of its field.
    """
    unseen = [asked for asked in _asked(q, exact) if _first_of(shown, asked) is None]
    return tuple(dict.fromkeys(filter(None, (_first_of(places, asked) for asked in unseen))))


def is_asked_in(field: Field | None, name: str) -> bool:
    """True if the words after a field's name, None for those without one, are looked for in a property."""
    return name in FIELDS[field] if field else name not in ONLY_BY_NAME


def _first_of(texts: Sequence[MarkedText], asked: Asked) -> MarkedText | None:
    return next((each for each in texts if is_asked_in(asked.field, each.property) and _occurs(each.text, asked)), None)


def _occurs(text: str, asked: Asked) -> bool:
    if asked.exactly:
        return re.search(asked.exactly, fold_case(text)) is not None
    return _seen_at_once(text, asked) is not None or re.search(asked.expression, fold(text)) is not None


def _seen_at_once(text: str, asked: Asked) -> int | None:
    """The offset of a hit that is found in the text as written, without folding all of it, as most are.

    None without one; the folded text may still have one.
    """
    expression = asked.exactly or asked.expression
    if ONLY_HAN.fullmatch(expression):
        at = text.find(expression)  # simplified ideographs fold to themselves
        return at if at >= 0 else None
    found = None if asked.exactly else re.search(expression, text, re.IGNORECASE)
    if found is None:
        return None
    around = text[max(0, found.start() - _WORD_CONTEXT_CHARACTERS) : found.end() + _WORD_CONTEXT_CHARACTERS]
    return found.start() if re.search(expression, fold(around)) else None


@lru_cache(256)
def _asked(q: str, exact: bool) -> tuple[Asked, ...]:
    """The first 32 terms of a query as expressions, without those after a minus; each once."""
    tree = parse(q, exact).tree
    found = [
        Asked(expression, expression_of(fold_case(term.text)) if exact else None, term.field)
        for term in islice(positive(tree) if tree else (), _MAX_MARKED_TERMS)
        if (expression := expression_of(fold(term.text)))
    ]
    return tuple(dict.fromkeys(found))


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


def _hits(text: str, q: str, exact: bool) -> Iterator[tuple[int, int]]:
    """Yield the span of every place of the first 32 terms in a text, term by term.

    Places may overlap, also two of one term.
    """
    folded, starts, ends = origins(text)
    for asked in _asked(q, exact):
        yield from _places(folded, starts, ends, text, asked)


def _places(
    folded: str, starts: Sequence[int], ends: Sequence[int], text: str, asked: Asked
) -> Iterator[tuple[int, int]]:
    """Yield the spans of a term in a text, given with its `origins`."""
    pattern = re.compile(asked.expression)
    found = pattern.search(folded)
    while found:
        start, end = starts[found.start()], ends[found.end() - 1]
        if not asked.exactly or re.fullmatch(asked.exactly, fold_case(text[start:end])):
            yield start, end
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
