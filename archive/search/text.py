"""The search rule as index text: how a field and a query become FTS5 tokens that agree exactly.

A text, folded (NFKC, then case folding), is read as *Han runs*, *words* (other letters and digits)
and *separators* (everything else). FTS5's `ascii` tokenizer only splits at blanks here; the tokens are:

=====================  ==========================================================================
`人民`                  two neighbours of a Han run; a run of three gives two such tokens
`民`                    the last character of a run: it says that the run ends here
`2024`                 a word
JOIN + `年`             a Han run that begins with 年 follows the word before it *without* a separator
BREAK                  a separator stands between a Han run and the word after it
EDGE                   the next keyword begins: no phrase reaches across
BAG + `人`              人 stands somewhere in the article and ends no run
=====================  ==========================================================================

The sequence of tokens spells the units and whether they touch, and nothing else, so a phrase of tokens
matches exactly where the text has that wording. The bag makes one character one look-up too: it either
ends a run or is in the bag, which opens the body's column, where a position costs least.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterable
from functools import lru_cache

from parsers.text import HAN, PLAIN_HAN

# Script Han of Unicode: the characters, and the radicals, 々, 〇 and 〡 among them. A literal set, as an index outlives
# this Python's Unicode version, and another set would make another index.
HAN_SCRIPT = f"\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b{HAN}"

BREAK = "\ue000"  # private use: never alphanumeric, so no text has it as a token
JOIN = "\ue001"
EDGE = "\ue002"
BAG = "\ue003"

NOTHING = '""'  # in FTS5: no row, and no syntax error

HAN_RUN = re.compile(f"[{HAN_SCRIPT}]+")
_WORD = re.compile(rf"([^\W_{HAN_SCRIPT}]+)")
# Full-width marks and their NFKC form, replaced first: they stand between most runs of a Chinese text.
_WIDE_MARKS = tuple(zip("，：；？！（）", ",:;?!()", strict=True))
# Characters left alone: ideographs and marks that no folding and no neighbour can change, most of the text.
_FOLDABLE = re.compile(f"[^{PLAIN_HAN}\U00020000-\U0002ebe0,:;?!()。、“”《》\n ]+")
_SYMBOLS = re.compile(r"[^\w\x00-\x7f]{31,}")
_MAX_MARKS_PER_LETTER = 30  # of the Stream-Safe Text Format (Unicode annex 15, section 13)
_TERM = re.compile(rf'"(?P<phrase>[^"]*)"?|(?P<term>(?:[^\W_]|[{HAN_SCRIPT}])+\*?)')
_PREFIX = re.compile(rf"[^\W_{HAN_SCRIPT}]\*(?:[^\w{HAN_SCRIPT}]|_)*$")
_SPACE = ord(" ")


def fold(text: str) -> str:
    """`text` after NFKC (Unicode annex 15) and full case folding (Unicode 3.13)."""
    for wide, narrow in _WIDE_MARKS:
        text = text.replace(wide, narrow)
    return _FOLDABLE.sub(_folded_piece, text)


def spelled(fields: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The tokens of the fields of a text, one string for each field, with blanks between the tokens.

    A field is one text or several, across which no phrase matches. The first string opens with the bag of all fields: a
    token for each of their Han characters, except for those that end a run (which are a token there).
    """
    runs: list[str] = []
    first, *others = [f" {EDGE} ".join([_tokens(fold(text), runs) for text in texts]) for texts in fields]
    ends = {run[-1] for run in runs}
    bag = [BAG + character for character in dict.fromkeys("".join(runs)) if character not in ends]
    return (f"{' '.join(bag)} {first}", *others)


def match_query(q: str) -> str:
    """The FTS5 MATCH string for a query as typed; `""` (no row) if it has no letter, digit or Chinese character.

    Terms are separated by blanks and punctuation and must all occur, each in any field. Han characters match where they
    follow each other, also in the middle of a longer run; a word as a whole, `word*` its beginning, `"…"` kept together
    (where the phrase has separators the text has some too; an unclosed quote ends with the query).
    """
    terms = map(_match_term, terms_of(fold(q)))
    return " AND ".join(dict.fromkeys(filter(None, terms))) or NOTHING


def terms_of(q: str) -> list[str]:
    """The terms of a query as written, separated by blanks and punctuation; quoted ones keep their quotes."""
    return [found[0] for found in _TERM.finditer(q)]


def _folded_piece(found: re.Match[str]) -> str:
    piece = found[0]
    if len(piece) < 16:
        return _folded_briefly(piece)
    return unicodedata.normalize("NFKC", _SYMBOLS.sub(_stream_safe, piece)).casefold()


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


def _tokens(folded: str, runs: list[str]) -> str:
    """The tokens of one folded text, with blanks between them; its Han runs are added to `runs`.

    A word is a token. A Han run gives its pairs of neighbours and its last character (`_bigrams`).
    """
    parts = _WORD.split(folded)
    last = len(parts) - 1
    for at in range(0, last + 1, 2):
        gap = parts[at]
        here = HAN_RUN.findall(gap)
        if not here:
            parts[at] = ""
            continue
        runs += here
        joined = f"{JOIN}{gap[0]}" if at and gap.startswith(here[0]) else ""
        broken = BREAK if at < last and not gap.endswith(here[-1]) else ""
        parts[at] = f"{joined} {_bigrams(here)} {broken}"
    return " ".join(parts)


def _bigrams(runs: list[str]) -> str:
    """The pairs of neighbours in each run, and its last character: `["人民日"]` gives `人民 民日 日`, and more blanks.

    Written by slices, which is fast: each character gives three code points, itself, the next one and a blank.
    """
    first = array("I", " ".join(runs).encode("utf-32-le"))
    woven = array("I", (_SPACE,)) * (3 * len(first))
    woven[0::3] = first
    woven[1::3] = array("I", " ".join([f"{run[1:]} " for run in runs]).encode("utf-32-le"))
    return woven.tobytes().decode("utf-32-le")


def _match_term(term: str) -> str | None:
    tokens = _tokens(term, []).split()
    if not tokens:
        return None
    if len(tokens) == 1 and HAN_RUN.fullmatch(tokens[0]):
        return f'("{tokens[0]}" OR "{BAG}{tokens[0]}")'
    starred = bool(_PREFIX.search(term))
    if HAN_RUN.fullmatch(tokens[-1]):
        # The query's last run may continue in the text, so the token for the end of a run must not be required.
        *before, end = tokens
        if len(before[-1]) == 2 and before[-1].endswith(end):
            tokens = before
        else:
            starred = True
    return f'"{" ".join(tokens)}"{" *" if starred else ""}'
