"""Count a phrase in texts, and find its places, exactly as the search rule does; each place counts once.

Overlaps count once (人人 stands in 人人人人 twice). Most phrases are Chinese and most texts plain: then the text is
searched as it is, which is fifty times as fast as folding it first.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache

from archive.search.grammar.folding import fold
from archive.search.grammar.query import Field, parse, positive
from archive.search.grammar.simplified import PAIRS, has_traditional, simplified
from archive.search.marks import ONLY_HAN, expression_of, origins, pieces
from archive.search.text import NOTHING, match_query
from parsers.text import PLAIN_HAN

Count = Callable[[Sequence[str]], int]
Span = tuple[int, int]

_QUOTES = str.maketrans('"＂', "  ")
MAX_PHRASE_CHARACTERS = 100  # longer phrases are refused, or cut
# Fields whose words are counted as phrases; the others are names.
_IN_TEXTS: tuple[Field | None, ...] = (None, "title", "body", "tag")
# Texts that folding changes only in the case of ASCII letters, in separators and in traditional characters.
_PLAIN = re.compile(f"[\x00-\x7f{PLAIN_HAN}，：；？！（）。、“”‘’《》—…·]*")
# Blocks whose characters fold to ideographs: radicals, kanbun, enclosed and squared ones, compatibility ideographs.
_FOLDED_TO_HAN = ((0x2E80, 0x2FDF), (0x3038, 0x303A), (0x3190, 0x33FF), (0xF900, 0xFAFF), (0x1F200, 0x1F2FF),
                  (0x2F800, 0x2FA1F))  # fmt: skip


def why_not(text: str) -> str | None:
    """The reason why a text cannot be searched as one phrase, in one line; None if it can, also with blanks in it.

    It cannot if it has no letter, digit or Chinese character, as "" and `!?`, or more than 100 characters.
    """
    if match_query(f'"{phrase_of(text)}"') == NOTHING:
        return f"{text[:20]!r} has no letter, digit or character to search for"
    if len(" ".join(text.split())) > MAX_PHRASE_CHARACTERS:
        return f"{text[:20]!r}… is longer than {MAX_PHRASE_CHARACTERS} characters"
    return None


def phrase_of(text: str) -> str:
    """The text as one phrase: `phrase_of(' a"b  c ')` -> `a b c`.

    Each quote becomes a blank, each run of blanks one, those at the ends none; cut after 100 characters.
    """
    return " ".join(text.translate(_QUOTES).split())[:MAX_PHRASE_CHARACTERS]


def phrases_of(q: str) -> list[str]:
    """The terms of a query (after NFKC) as phrases, each once, without those that `why_not` refuses.

    A term in quotes is one phrase, given without them: `a "b c" a` -> `["a", "b c"]`. Terms after a minus are left out,
    and those of fields that hold names: `author:a`.
    """
    tree = parse(q).tree
    terms = [term.text for term in positive(tree) if term.field in _IN_TEXTS] if tree else []
    return list(dict.fromkeys(phrase_of(text) for text in terms if not why_not(text)))


def counter(phrase: str) -> Count:
    """A function that takes the fields of a text, a list of texts, and returns how often they have the phrase in all.

    `counter("新闻")(["新闻", "新闻新闻"])` -> `3`. Each keyword is a field.
    """
    phrase = simplified(phrase)
    if _others(phrase) is None:
        return lambda fields: sum(1 for text in fields for _ in _found(phrase, _folded(text)))

    def count(fields: Sequence[str]) -> int:
        text = "\n".join(fields)
        if _only_as_written(phrase, text):
            return text.count(phrase)
        return sum(1 for field in fields for _ in _found(phrase, fold(field)))

    return count


def places(phrase: str, text: str) -> Iterator[Span]:
    """Yield (start, end) of each place of the phrase in a text, as offsets in the text as written; none overlap."""
    phrase = simplified(phrase)
    if _only_as_written(phrase, text):
        yield from _as_written(phrase, text)
        return
    if _is_plain(text):
        yield from _found(phrase, text.lower())
        return
    folded, starts, ends = origins(text)
    yield from ((starts[start], ends[end - 1]) for start, end in _found(phrase, folded))


def _found(phrase: str, folded: str) -> Iterator[Span]:
    """Yield the spans of a phrase in a folded text, as `finditer` would.

    A plain search for the phrase's first piece is several times as fast.
    """
    begins, pattern = _asked(phrase)
    if pattern is None:
        return
    at = folded.find(begins)
    while at >= 0:
        found = pattern.match(folded, at)
        if found:
            yield found.span()
        at = folded.find(begins, found.end() if found else at + 1)


@lru_cache(64)
def _asked(phrase: str) -> tuple[str, re.Pattern[str] | None]:
    """The phrase's first part between separators, folded, and the pattern that finds the phrase in a folded text.

    Every phrase has a pattern, unless it has nothing to search for: `!` gives ("", None).
    """
    term = fold(phrase)
    expression = expression_of(term)
    return (pieces(term)[0], re.compile(expression)) if expression else ("", None)


def _folded(text: str) -> str:
    return text.lower() if _is_plain(text) else fold(text)


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and not has_traditional(text)


def _only_as_written(phrase: str, text: str) -> bool:
    """True if a plain search finds all: the phrase is ideographs, and no character of the text folds to one of them."""
    others = _others(phrase)
    return others is not None and not any(other in text for other in others)


def _as_written(phrase: str, text: str) -> Iterator[Span]:
    at = text.find(phrase)
    while at >= 0:
        yield at, (end := _behind_marks(text, at + len(phrase)))
        at = text.find(phrase, end)


def _behind_marks(text: str, end: int) -> int:
    """The offset after the combining marks that follow `end`; `end` if none follow.

    Folding joins such marks to the character before them.
    """
    while end < len(text) and unicodedata.combining(unicodedata.normalize("NFKC", text[end])[0]):
        end += 1
    return end


@lru_cache(64)
def _others(phrase: str) -> str | None:
    """The characters that fold to one of a simplified phrase's, as 後, ⼈ (a radical) and ㊟ do.

    None if not all of the phrase's characters are ideographs.
    """
    if not ONLY_HAN.fullmatch(phrase):
        return None
    return "".join(dict.fromkeys("".join(_folding_to()[character] for character in phrase)))


@cache
def _folding_to() -> defaultdict[str, str]:
    found: defaultdict[str, str] = defaultdict(str)
    for character in _characters(_FOLDED_TO_HAN):
        for ideograph in unicodedata.normalize("NFKC", character):
            if (folded := PAIRS.get(ideograph, ideograph)) != character:
                found[folded] += character
    for traditional, folded in PAIRS.items():
        found[folded] += traditional
    return found


def _characters(blocks: Iterable[tuple[int, int]]) -> Iterator[str]:
    for first, last in blocks:
        yield from map(chr, range(first, last + 1))
