"""All hits of a search before their texts are read, with the facts that narrow them, and in order.

At most MAX_TEXTS_LOOKED_AT current texts are looked at, the newest, and as many superseded ones: with more hits every
count is a lower bound. Relevance is FTS5's BM25 with more weight on short fields: see WEIGHTS.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from itertools import compress, count
from math import isfinite
from typing import Any, Literal, NamedTuple, get_args

from archive.search.fields import COLUMNS, WEIGHTS
from archive.search.matching import Columns
from archive.search.reach import MAX_TEXTS_LOOKED_AT, Reach, most_looked_at, reached
from archive.search.text import match_query

Order = Literal["newest", "oldest", "relevance"]
Place = tuple[Any, int]  # the place of a hit in an order: (date or rank, search id)

ORDERS: tuple[Order, ...] = get_args(Order)
_END_OF_TIME = "9999"

RANK = f"bm25(article_words, {', '.join(str(WEIGHTS[name]) for name in COLUMNS)})"
_RANKS = f"""
    select json_group_object(rowid, rank)
      from (select rowid, {RANK} as rank from article_words
             where article_words match ? order by rowid desc limit {MAX_TEXTS_LOOKED_AT})
"""

# The field of each order, and the value that replaces None; the search id decides between equals.
_KEYS: dict[Order, tuple[str, Any]] = {
    "newest": ("moment", ""),
    "oldest": ("moment", _END_OF_TIME),
    "relevance": ("rank", 0),
}


class FoundRow(NamedTuple):
    """A hit. state_id: the superseded text that matches, if the current one does not."""

    search_id: int
    moment: str | None  # date_published_utc
    date: str | None  # of publication, in the source's time zone
    source: str
    column: str | None
    speaker: str | None
    state: str
    language: str | None
    state_id: int | None
    rank: float  # BM25, smaller is better; 0 if not requested, and for superseded texts


_FACTS = (  # a field of FoundRow each, in their order, without state_id and rank
    "a.search_id", "a.date_published_utc", "a.published_date", "a.source", "a.article_section", "a.speaker", "a.state",
    "a.in_language",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hits:
    """Many hits, with a column for each field of FoundRow."""

    columns: Columns
    at_least: bool = False  # more texts match than were looked at

    def __len__(self) -> int:
        return len(self.columns[0])

    def __getitem__(self, at: int) -> FoundRow:
        return FoundRow(*(column[at] for column in self.columns))

    def of(self, name: str) -> list[Any]:
        """A column by its name in FoundRow."""
        return self.columns[FoundRow._fields.index(name)]

    def only(self, wanted: Sequence[bool]) -> "Hits":
        """The hits whose entry in `wanted` (as long as the hits) is true."""
        return Hits([list(compress(column, wanted)) for column in self.columns])


def found(
    conn: sqlite3.Connection, q: str, ever: bool = False, gone: bool = False, ranked: bool = False, exact: bool = False
) -> Hits:
    """All hits of a query without withdrawn articles, unordered; for `ever` and `gone` see `archive.search.reach`.

    The rank is 0 unless `ranked`, and for superseded texts. If more than MAX_TEXTS_LOOKED_AT texts match, only the
    newest of them are looked at; of an `exact` search MAX_TEXTS_READ.
    """
    reach = Reach(ever, gone, exact)
    facts, states, at_least = reached(conn, q, reach, _FACTS, most_looked_at(reach))
    told = [*facts, states]
    ranks = json.loads(conn.execute(_RANKS, (match_query(q, exact),)).fetchone()[0]) if ranked else {}
    told.append([ranks.get(str(search_id), 0) for search_id in told[0]] if ranks else [0] * len(told[0]))
    return Hits(told, at_least)


def page_of(hits: Hits, order: Order, limit: int, before: str | None = None) -> list[FoundRow]:
    """The first `limit` hits in an order; with `before`, the first of those that come after it in this order.

    `before` is a text from `place_of`, such as that of the last hit shown; a text of another form is ignored.
    """
    latest = order == "newest"
    name, least = _KEYS[order]
    firsts = (first or least for first in hits.of(name))
    places: Iterable[tuple[Any, int, int]] = zip(firsts, hits.of("search_id"), count())
    place = place_in(before or "", order)
    if place is not None:
        places = (each for each in places if (each[:2] < place if latest else each[:2] > place))
    return [hits[at] for _, _, at in (nlargest if latest else nsmallest)(limit, places)]


def place_of(hit: FoundRow, order: Order) -> str:
    """The place of a hit in an order, as text for a url: `2024-04-13T15:01:00Z,123`, for relevance `-7.5,123`.

    A hit without a date has `,123` in "newest", and a date after all others in "oldest".
    """
    name, least = _KEYS[order]
    return f"{getattr(hit, name) or least},{hit.search_id}"


def place_in(text: str, order: Order) -> Place | None:
    """The place, (date or rank, search id), in a text that `place_of` wrote; None for a text of another form.

    Any text passes for a date: `place_in("x,1", "newest")` -> `("x", 1)`; a rank must be a finite number.
    """
    first, comma, number = text.rpartition(",")
    if not (comma and number.isascii() and number.isdigit() and len(number) < 19):
        return None
    if order != "relevance":
        return first, int(number)
    try:
        rank = float(first)
    except ValueError:
        return None
    return (rank, int(number)) if isfinite(rank) else None
