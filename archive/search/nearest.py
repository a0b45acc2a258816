"""Suggestions for a query without hits: the nearest queries that ask for less and have hits."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from archive.search.grammar.folding import HAN_SCRIPT
from archive.search.grammar.query import Every, Node, parse, positive, written

MAX_QUERIES_TRIED = 80  # each is one short look-up in the index
MAX_TERMS_TO_LEAVE_ONE_OUT = 8  # of more terms each query tried would be as long as the query itself
MAX_SUGGESTIONS = 4
MAX_PHRASE_CHARACTERS = 24  # of a longer phrase or word only this beginning is tried
MIN_WORD_CHARACTERS = 3

_PARTS = re.compile(rf"[{HAN_SCRIPT}]+|[^\W_{HAN_SCRIPT}]+\*?")

Finds = Callable[[str], bool]


def nearest(q: str, finds: Finds) -> list[str]:
    """Up to MAX_SUGGESTIONS queries that ask for less than `q` and have hits, the nearest to it first.

    finds: True for a query that has hits. Of three to MAX_TERMS_TO_LEAVE_ONE_OUT terms one is left out; then each of
    several is tried alone; of a phrase the longest parts with hits, from its beginning; of a word its beginning; a term
    of a field also in all fields. At most MAX_QUERIES_TRIED are tried.
    """
    named: list[str] = []
    for shorter in islice(_shorter(parse(q).tree), MAX_QUERIES_TRIED):
        if shorter not in named and not any(shorter.rstrip("*") in longer for longer in named) and finds(shorter):
            named.append(shorter)
        if len(named) == MAX_SUGGESTIONS:
            break
    return named


def _shorter(tree: Node | None) -> Iterator[str]:
    if tree is None:
        return
    nodes = tree.of if isinstance(tree, Every) else (tree,)
    if 2 < len(nodes) <= MAX_TERMS_TO_LEAVE_ONE_OUT:
        yield from (written(Every(nodes[:at] + nodes[at + 1 :])) for at in range(len(nodes)))
    if len(nodes) > 1:
        yield from (written(node) for node in nodes if any(True for _ in positive(node)))
    terms = list(positive(tree))
    if len(terms) > 1:
        yield from map(written, terms)
    for term in terms:
        if term.field:
            yield written(replace(term, field=None))
        named = f"{term.field}:" if term.field else ""
        yield from (f"{named}{part}" for part in _parts(term.text))


def _parts(text: str) -> Iterator[str]:
    """Yield shorter queries for one term: of a Han phrase ever shorter parts, of a word ever shorter beginnings.

    `word` gives `word*`, `wor*`. Any other term, such as a phrase with blanks or with Han and Latin, gives each of the
    pieces in it, then the parts of each.
    """
    if re.fullmatch(rf"[{HAN_SCRIPT}]+", text):
        text = text[:MAX_PHRASE_CHARACTERS]
        for length in range(len(text) - 1, 0, -1):
            yield from (text[at : at + length] for at in range(len(text) - length + 1))
    elif re.fullmatch(rf"[^\W_{HAN_SCRIPT}]+\*?", text):
        text = text.rstrip("*")[:MAX_PHRASE_CHARACTERS]
        yield from (f"{text[:length]}*" for length in range(len(text), MIN_WORD_CHARACTERS - 1, -1))
    else:
        pieces = _PARTS.findall(text)
        yield from pieces
        for piece in pieces:
            if piece != text:
                yield from _parts(piece)
