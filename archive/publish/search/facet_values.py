"""The facets of a search as its page shows them: their values, links that choose or drop one, and the chosen ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from datasette.utils.asgi import Request

from archive.publish.search.search_request import MAX_CHOSEN_BYTES, MAX_CHOSEN_VALUES, bytes_of
from archive.publish.server.rendering import MAX_LINKED_QUERY_CHARACTERS, with_query
from archive.search import FACETS, Choices

MAX_FACET_VALUES = 50  # in the data; the page opens with FACET_VALUES_SHOWN
FACET_VALUES_SHOWN = 10
MAX_FACET_LINK_BYTES = 22_000  # of the links of all facets: each repeats the query, nine bytes for a Chinese character
LINK_MARKUP_BYTES = 160  # of one link, without its address
MAX_CHIP_LINK_CHARACTERS = 12_000  # of all chips: with more they are no links, and all are dropped at once
_FROM_THE_START: dict[str, object] = {"before": None, "limit": None, "ui": None}


def values_of(counts: Counter[str], chosen: Sequence[str]) -> list[dict[str, Any]]:
    """The MAX_FACET_VALUES most frequent values of a facet, as dicts of `value`, `count` and `selected`.

    The chosen values are always the first; those without hits are more dicts, with the count 0.
    """
    others = sorted(counts.keys() - set(chosen), key=lambda value: (-counts[value], value))
    with_hits = sum(value in counts for value in chosen)
    shown = [*chosen, *others[: max(0, MAX_FACET_VALUES - with_hits)]]
    return [{"value": value, "count": counts[value], "selected": value in chosen} for value in shown]


def linked_values(request: Request, facets: Mapping[str, Sequence[object]]) -> int:
    """The number of values of each facet that the page has room to link; 0 if the query is too long to repeat it.

    Facets with few values leave their room to the others.
    """
    here = len(with_query(request, **_FROM_THE_START))
    if here > MAX_LINKED_QUERY_CHARACTERS:
        return 0
    room = MAX_FACET_LINK_BYTES // (here + LINK_MARKUP_BYTES)
    fits = (most for most in range(MAX_FACET_VALUES, 0, -1) if _links(facets, most) <= room)
    return next(fits, 1)


def _links(facets: Mapping[str, Sequence[object]], most: int) -> int:
    return sum(min(len(values), most) for values in facets.values())


def toggled(request: Request, choices: Choices, name: str, value: str) -> str | None:
    """The query string of the same search with this value of a facet, or a date, chosen if it is not, else dropped.

    It starts at the first page. None if no more values may be chosen.
    """
    chosen = _values(getattr(choices, name))
    if value in chosen:
        return with_query(request, **_FROM_THE_START, **{name: [each for each in chosen if each != value]})
    every = [*(each for facet in FACETS for each in choices.of(facet)), value]
    if len(every) > MAX_CHOSEN_VALUES or bytes_of(every) > MAX_CHOSEN_BYTES:
        return None
    return with_query(request, **_FROM_THE_START, **{name: [*chosen, value]})


def chips_of(request: Request, choices: Choices) -> list[tuple[str, str, str | None]]:
    """Each chosen value as (name of the choice, value, query string without it).

    None stands for each query string if all of them together would be too long.
    """
    chosen = [(name, value) for name, values in asdict(choices).items() for value in _values(values)]
    fits = len(chosen) * len(with_query(request, **_FROM_THE_START)) <= MAX_CHIP_LINK_CHARACTERS
    return [(name, value, toggled(request, choices, name, value) if fits else None) for name, value in chosen]


def _values(chosen: Iterable[str] | str | None) -> list[str]:
    return [chosen] if isinstance(chosen, str) else list(chosen or ())
