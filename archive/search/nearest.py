"""What to ask instead of a query that finds nothing: the nearest shorter ones, or it in simplified characters."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from archive.search.simplified import simplified
from archive.search.text import HAN_SCRIPT

MOST_TRIED = 80  # queries; each is one short look into the index
MOST_NAMED = 4
LONGEST = 24  # characters of a phrase whose parts are tried
SHORTEST_WORD = 3

_TERM = re.compile(rf'"[^"]*"?|[{HAN_SCRIPT}]+|[^\W_{HAN_SCRIPT}]+\*?')

Finds = Callable[[str], bool]


def nearest(q: str, finds: Finds) -> list[str]:
    """Up to MOST_NAMED queries that find something and ask for less than `q`, the nearest to it first.

    Of several terms one is left out, then each is asked alone; of a phrase the longest parts that are found, at its
    beginning first; of a word its beginning.
    """
    named: list[str] = []
    for shorter in islice(_shorter(q), MOST_TRIED):
        if shorter not in named and not any(shorter.rstrip("*") in longer for longer in named) and finds(shorter):
            named.append(shorter)
        if len(named) == MOST_NAMED:
            break
    return named


def instead(q: str, finds: Finds) -> tuple[list[str], str | None]:
    """What `nearest` finds, and the query in simplified characters where it was not and finds something so.

    Where neither finds all of it, the nearest of both, the longest first.
    """
    other = simplified(q)
    if other is None:
        return nearest(q, finds), None
    if finds(other):
        return [], other
    named = sorted([*nearest(q, finds), *nearest(other, finds)], key=len, reverse=True)
    longest = [each for at, each in enumerate(named) if not any(each.rstrip("*") in longer for longer in named[:at])]
    return longest[:MOST_NAMED], None


def _shorter(q: str) -> Iterator[str]:
    terms = list(dict.fromkeys(_TERM.findall(q)))
    if len(terms) > 2:
        yield from (" ".join(terms[:at] + terms[at + 1 :]) for at in range(len(terms)))
    if len(terms) > 1:
        yield from terms
    for term in terms:
        yield from _parts(term.strip('"'))


def _parts(term: str) -> Iterator[str]:
    """Ever shorter parts of a phrase; ever shorter beginnings of a word."""
    if re.fullmatch(rf"[{HAN_SCRIPT}]+", term):
        term = term[:LONGEST]
        for length in range(len(term) - 1, 0, -1):
            yield from (term[at : at + length] for at in range(len(term) - length + 1))
    elif re.fullmatch(rf"[^\W_{HAN_SCRIPT}]+", term):
        yield from (f"{term[:length]}*" for length in range(len(term), SHORTEST_WORD - 1, -1))
    else:
        yield from _TERM.findall(term)
