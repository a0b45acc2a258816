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

from archive.search.exactly import MAX_TEXTS_READ, exact_before, exact_now
from archive.search.fields import COLUMNS, WEIGHTS
from archive.search.matching import Columns, matching_before, matching_now, newest_before
from archive.search.text import NOTHING, match_query

Order = Literal["newest", "oldest", "relevance"]
Place = tuple[Any, int]  # the place of a hit in an order: (date or rank, search id)

ORDERS: tuple[Order, ...] = get_args(Order)
MAX_TEXTS_LOOKED_AT = 100_000  # a first count of so many takes 98 ms (p95; the goal is 200): bench/README.md
_END_OF_TIME = "9999"

RANK = f"bm25(article_words, {', '.join(str(WEIGHTS[name]) for name in COLUMNS)})"
_RANKS = f"""
    select json_group_object(rowid, rank)
      from (select rowid, {RANK} as rank from article_words
             where article_words match ? order by rowid desc limit {MAX_TEXTS_LOOKED_AT})
"""
_ANY_SUPERSEDED = f"""
    select 1
      from (select rowid from revision_words
             where revision_words match :match order by rowid desc limit {MAX_TEXTS_LOOKED_AT}) as found
     cross join state_texts as t on t.state_id = found.rowid
     cross join articles as a on a.id = t.article_id
     where a.state <> 'withdrawn'
       and a.search_id not in (select rowid from article_words where article_words match :match)
     limit 1
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
    """All hits of `search(conn, q, ever=…, gone=…)` without withdrawn articles, unordered.

    With `gone`, also if `ever` is set, only articles of which a superseded text matches and the current one does not.
    The rank is 0 unless `ranked`, and for superseded texts. If more than MAX_TEXTS_LOOKED_AT texts match, only the
    newest of them are looked at; of an `exact` search MAX_TEXTS_READ.
    """
    match = match_query(q, exact)
    if match == NOTHING:
        return Hits([[] for _ in FoundRow._fields])
    most = MAX_TEXTS_READ if exact else MAX_TEXTS_LOOKED_AT
    past = ever or gone
    facts = () if gone and not exact else _FACTS
    told = matching_now(conn, match, ("a.id", *facts) if past or exact else facts, most)
    at_least = len(told[0]) >= most
    if exact:
        kept = exact_now(conn, q, told[0])
        told = [list(compress(column, [each in kept for each in told[0]])) for column in told]
    now, *told = told if past or exact else [told[0], *told]
    told = [*told, [None] * len(now)]  # SQLite takes a tenth of the time of all columns for this one
    if past:
        states = matching_before(conn, match, most)
        at_least |= sum(map(len, states.values())) >= most
        if exact:
            states = exact_before(conn, q, states)
            now = [*now, *exact_now(conn, q, states)]  # also of those that were not looked at
        before = _superseded(conn, states, now)
        told = before if gone else [one + other for one, other in zip(told, before, strict=True)]
    ranks = json.loads(conn.execute(_RANKS, (match,)).fetchone()[0]) if ranked else {}
    told.append([ranks.get(str(search_id), 0) for search_id in told[0]] if ranks else [0] * len(told[0]))
    return Hits(told, at_least)


def _superseded(conn: sqlite3.Connection, states: dict[int, list[int]], now: Iterable[int]) -> Columns:
    """The columns of _FACTS and the state ids of the articles with these superseded states that are not in `now` (ids).

    One value for each article; if several of its texts match, the state is the newest of them.
    """
    earlier = states.keys() - set(now)
    return newest_before(conn, {article: states[article] for article in earlier}, (*_FACTS, "found.state_id"))


def finds(conn: sqlite3.Connection, q: str, ever: bool = False, gone: bool = False) -> bool:
    """True if `found` would find anything."""
    match = match_query(q)
    if (
        not gone
        and conn.execute("select 1 from article_words where article_words match ? limit 1", (match,)).fetchone()
    ):
        return True
    return bool((ever or gone) and conn.execute(_ANY_SUPERSEDED, {"match": match}).fetchone())


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
