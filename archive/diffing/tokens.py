"""Split a text into the units that a reader perceives: a Han character, a word, a number, a mark."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from archive.search import HAN_SCRIPT
from parsers.text import ELLIPSIS, STOPS

# Scripts written without blanks between words: there each character is a token of its own.
_ALONE = (
    f"{HAN_SCRIPT}\u2460-\u24ff\u3200-\u33ff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
)
_MAX_WORD_CHARACTERS = 64  # a longer run of letters is no word
_JOINERS = "\u200c\u200d"
_WORD = re.compile(rf"[^\W_{_ALONE}]")
_BARE = "PZC"  # general categories of Unicode 4.5: punctuation, separators, controls
_CLOSING = ("Pe", "Pf")
_ENDS = frozenset(f"{STOPS}{ELLIPSIS}；;\n")


def tokens_of(text: str, marks: str) -> list[str]:
    """The tokens of a text; joined they are the text. `marks` is `marks_in` of all texts compared.

    No token ends inside a character with its combining marks, nor inside a word or a number of at most 64 characters; a
    longer one is cut into its characters.
    """
    found: list[str] = _pattern(marks).findall(text)
    if all(len(token) <= _MAX_WORD_CHARACTERS for token in found):
        return found
    parts = ([token] if len(token) <= _MAX_WORD_CHARACTERS else _single(marks).findall(token) for token in found)
    return list(chain.from_iterable(parts))


def marks_in(*texts: str) -> str:
    """The characters of the texts that attach to the one before them (UAX 29, GB9 and GB9a), each once, sorted."""
    found: set[str] = set().union(*texts)
    return "".join(sorted(filter(_joined, found)))


def is_word(token: str) -> bool:
    """True if a token is a word or a number of a script written with blanks between words."""
    return _WORD.match(token) is not None


def is_number(token: str) -> bool:
    """True if a token begins with a digit and has no letter: `3`, `1,234` and `3.14`, but not `3rd`."""
    return token[0].isdecimal() and not any(map(str.isalpha, token))


def is_bare(token: str) -> bool:
    """True if a token carries no text: a punctuation mark, a blank, a control."""
    return unicodedata.category(token[0])[0] in _BARE


def begins_sentence(found: Sequence[str], at: int) -> bool:
    """True if a sentence or a paragraph begins at the token of an index: at the start, or after the end of another.

    Ends are `。！？!?…；;` and the line break, but not the full stop `.`, which stands in 3.5 too. A blank after an end
    belongs to the new sentence; closing brackets and quotation marks belong to the sentence before them.
    """
    if 0 < at < len(found) and _closes(found[at]):
        return False
    while at and _closes(found[at - 1]):
        at -= 1
    return at == 0 or found[at - 1][0] in _ENDS


def _closes(token: str) -> bool:
    """True if a token is a closing bracket or quotation mark; straight quotes are not, as they may be either."""
    return unicodedata.category(token[0]) in _CLOSING


def _joined(character: str) -> bool:
    return (
        character in _JOINERS or "\U0001f3fb" <= character <= "\U0001f3ff" or unicodedata.category(character)[0] == "M"
    )


@lru_cache(maxsize=64)
def _pattern(marks: str) -> re.Pattern[str]:
    letter = rf"[^\W_{_ALONE}]{_after(marks)}"
    inside = rf"{letter}|(?<=\d)[.,:](?=\d)|['’](?={letter})"
    return re.compile(rf"{letter}(?:{inside})*|{_cluster(marks)}", re.DOTALL)


@lru_cache(maxsize=64)
def _single(marks: str) -> re.Pattern[str]:
    return re.compile(_cluster(marks), re.DOTALL)


def _cluster(marks: str) -> str:
    """The regular expression for a line break, a flag (two regional indicators), or one character with its marks."""
    return f"\r\n|[\U0001f1e6-\U0001f1ff]{{2}}|.{_after(marks)}"


def _after(marks: str) -> str:
    return f"(?:[{re.escape(marks)}]|(?<=\u200d).)*" if marks else ""
