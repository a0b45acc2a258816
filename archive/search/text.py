"""The search rule as index text: how a field and a query become FTS5 tokens that agree exactly.

A text, folded (`archive.search.grammar.folding`), is read as *Han runs*, *words* (other letters and digits)
and *separators* (everything else). FTS5's `ascii` tokenizer only splits at blanks here; the tokens are:

=====================  ==========================================================================
`人民`                  two neighbours of a Han run; a run of three gives two such tokens
`民`                    the last character of a run: it says that the run ends here
`2024`                 a word
JOIN + `年`             a Han run that begins with 年 follows the word before it *without* a separator
BREAK                  a separator stands between a Han run and the word after it
EDGE                   the next keyword begins: no phrase reaches across
BAG + `人`              人 stands somewhere in the field and ends no run of it
EVERY                  stands in every text: of all of them, a minus excludes some
MARKS + any of these   the same of a property that only a field's name asks for, in the first column
=====================  ==========================================================================

The sequence of tokens spells the units and whether they touch, and nothing else, so a phrase of tokens
matches exactly where the text has that wording. The bag makes one character one look-up too: it either
ends a run or is in the bag, which opens the field's column. A position costs least in the first column, the body's.
"""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence

from archive.search.grammar.folding import HAN_RUN, HAN_SCRIPT, fold
from archive.search.grammar.query import FIELDS, ONLY_BY_NAME, Every, Node, Not, QueryTerm, parse, without_minus

BREAK = "\ue000"  # private use: never alphanumeric, so no text has it as a token
JOIN = "\ue001"
EDGE = "\ue002"
BAG = "\ue003"
EVERY = "\ue004"
MARKS = dict(zip(ONLY_BY_NAME, "\ue005\ue006\ue007", strict=True))
"""The character before each token of a property that only a field asks for."""

NOTHING = '""'  # in FTS5: no row, and no syntax error
_ALL = f'"{EVERY}"'

_WORD = re.compile(rf"([^\W_{HAN_SCRIPT}]+)")
_PREFIX = re.compile(rf"[^\W_{HAN_SCRIPT}]\*(?:[^\w{HAN_SCRIPT}]|_)*$")
_SPACE = ord(" ")


def spelled(fields: Iterable[Iterable[str]], named: Mapping[str, Iterable[str]] = {}) -> tuple[str, ...]:
    """The tokens of the fields of a text, one string for each field, with blanks between the tokens.

    A field is one text or several, across which no phrase matches. Each string opens with the bag of its field: a
    token for each of its Han characters, except for those that end a run (which are a token there). Before that the
    first string has the token of every text, and those of `named`, the texts by property of MARKS.
    """
    first, *others = map(_field, fields)
    return (" ".join([EVERY, *(_marked(name, texts) for name, texts in named.items()), first]), *others)


def match_query(q: str, exact: bool = False) -> str:
    """The FTS5 MATCH string for a query as typed; `""` (no row) if it has no letter, digit or Chinese character.

    For the grammar see `archive.search.grammar.query`. Han characters match where they follow each other, also in the
    middle of a longer run; a word as a whole, `word*` its beginning, `"…"` kept together (where the phrase has
    separators the text has some too). exact: the rows among which an exact search looks.
    """
    tree = parse(q, exact).tree
    if tree is None:
        return NOTHING
    asked = without_minus(tree) if exact else tree
    return _ALL if asked is None else _matching(asked)


def _matching(node: Node) -> str:
    if isinstance(node, QueryTerm):
        return _match_term(node)
    if isinstance(node, Not):
        return f"({_ALL} NOT {_matching(node.of)})"
    if not isinstance(node, Every):
        return f"({' OR '.join(map(_matching, node.of))})"
    without = [_matching(each.of) for each in node.of if isinstance(each, Not)]
    found = " AND ".join(_matching(each) for each in node.of if not isinstance(each, Not)) or _ALL
    return f"(({found}) NOT ({' OR '.join(without)}))" if without else f"({found})"


def _field(texts: Iterable[str]) -> str:
    runs: list[str] = []
    tokens = f" {EDGE} ".join([_tokens(fold(text), runs) for text in texts])
    ends = {run[-1] for run in runs}
    bag = [BAG + character for character in dict.fromkeys("".join(runs)) if character not in ends]
    return f"{' '.join(bag)} {tokens}"


def _marked(name: str, texts: Iterable[str]) -> str:
    tokens = f" {EDGE} ".join([_tokens(fold(text), []) for text in texts])
    return " ".join([MARKS[name] + token for token in tokens.split()])


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


def _match_term(term: QueryTerm) -> str:
    folded = fold(term.text)
    tokens = _tokens(folded, []).split()
    if term.field is None:
        return _anywhere(tokens, folded)
    names = FIELDS[term.field]
    columns = [name for name in names if name not in MARKS]
    found = [f"{{{' '.join(columns)}}} : {_anywhere(tokens, folded)}"] if columns else []
    found += [
        _phrase([MARKS[name] + token for token in tokens], *_ending(tokens, folded)) for name in names if name in MARKS
    ]
    return f"({' OR '.join(found)})" if len(found) > 1 else found[0]


def _anywhere(tokens: Sequence[str], folded: str) -> str:
    if len(tokens) == 1 and HAN_RUN.fullmatch(tokens[0]):
        return f'("{tokens[0]}" OR "{BAG}{tokens[0]}")'
    return _phrase(tokens, *_ending(tokens, folded))


def _phrase(tokens: Sequence[str], kept: int, starred: bool) -> str:
    return f'"{" ".join(tokens[:kept])}"{" *" if starred else ""}'


def _ending(tokens: Sequence[str], folded: str) -> tuple[int, bool]:
    """The number of the tokens that a text must have, and True if it may go on within the last of them."""
    if not HAN_RUN.fullmatch(tokens[-1]):
        return len(tokens), bool(_PREFIX.search(folded))
    # The query's last run may continue in the text, so the token for the end of a run must not be required.
    if len(tokens) > 1 and len(tokens[-2]) == 2 and tokens[-2].endswith(tokens[-1]):
        return len(tokens) - 1, bool(_PREFIX.search(folded))
    return len(tokens), True
