"""All hits of a search before their texts are read: narrowed, counted by facet and month, and in an order.

At the most MOST current texts are looked at, the newest, and as many superseded ones: with more hits every count is a
lower bound. An order by relevance is BM25 as FTS5 has it, with more weight on what is short: see WEIGHTS.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from heapq import nlargest, nsmallest
from itertools import compress, count
from math import isfinite
from operator import and_
from typing import Any, Literal, NamedTuple, get_args

from archive.search.fields import COLUMNS, WEIGHTS
from archive.search.matching import Columns, matching_before, matching_now, newest_before
from archive.search.text import NOTHING, match_query

Order = Literal["newest", "oldest", "relevance"]
Facet = Literal["source", "column", "speaker", "year"]
Place = tuple[Any, int]  # of a hit in an order: its date or rank, and its search id

ORDERS: tuple[Order, ...] = get_args(Order)
FACETS: tuple[Facet, ...] = get_args(Facet)
MAX_TEXTS_LOOKED_AT = 100_000
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


# What an order goes by, and what stands for none there; the search id decides between equals.
_KEYS: dict[Order, tuple[str, Any]] = {
    "newest": ("moment", ""),
    "oldest": ("moment", _END_OF_TIME),
    "relevance": ("rank", 0),
}


class FoundRow(NamedTuple):
    """A hit; `state_id` is of the superseded text that matches where the current one does not."""

    search_id: int
    state_id: int | None
    moment: str | None  # date_published_utc
    date: str | None  # of publication, in the source's zone
    source: str
    column: str | None
    speaker: str | None
    rank: float  # BM25, the best the smallest; 0 where nobody asked, and of superseded texts


_FACTS = (  # a field of Found each, but for its rank
    "a.search_id", "found.state_id", "a.date_published_utc", "a.published_date", "a.source", "a.article_section",
    "a.speaker",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hits:
    """Many hits, a column for each field of Found."""

    columns: Columns

    def __len__(self) -> int:
        return len(self.columns[0])

    def __getitem__(self, at: int) -> FoundRow:
        return FoundRow(*(column[at] for column in self.columns))

    def of(self, name: str) -> list[Any]:
        """A column by its name in Found."""
        return self.columns[FoundRow._fields.index(name)]

    def only(self, wanted: Sequence[bool]) -> "Hits":
        """Those of which `wanted`, as long as the hits, says so."""
        return Hits([list(compress(column, wanted)) for column in self.columns])


@dataclass(frozen=True, slots=True)
class Choices:
    """What the hits are narrowed to; `since` and `until` are dates of publication, `2024-04-13`."""

    source: str | None = None
    column: str | None = None
    speaker: str | None = None
    year: str | None = None
    since: str | None = None
    until: str | None = None

    def __bool__(self) -> bool:
        return self != Choices()

    def of(self, facet: Facet) -> str | None:
        """The value that is chosen of a facet."""
        value: str | None = getattr(self, facet)
        return value

    def hold(self, month: str) -> bool:
        """Whether any day of `2024-04` may be among what is asked for."""
        return (
            month[:4] == (self.year or month[:4])
            and (self.since or "")[:7] <= month <= (self.until or _END_OF_TIME)[:7]
        )


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The hits that are left, and of each facet how many each of its values would leave beside the other choices."""

    hits: Hits
    facets: dict[Facet, Counter[str]]
    months: Counter[str | None]  # of the hits; None: without a date


def found(conn: sqlite3.Connection, q: str, ever: bool = False, gone: bool = False, ranked: bool = False) -> Hits:
    """All hits of `search(conn, q, ever=…, gone=…)` that may be shown, without order, up to MOST."""
    match = match_query(q)
    if match == NOTHING:
        return Hits([[] for _ in FoundRow._fields])
    told = matching_now(
        conn, match, _FACTS if not (ever or gone) else ("a.id", *(() if gone else _FACTS)), MAX_TEXTS_LOOKED_AT
    )
    if ever or gone:
        now, *told = told
        before = _superseded(conn, match, now)
        told = before if gone else [one + other for one, other in zip(told, before, strict=True)]
    ranks = json.loads(conn.execute(_RANKS, (match,)).fetchone()[0]) if ranked else {}
    return Hits([*told, [ranks.get(str(search_id), 0) for search_id in told[0]] if ranks else [0] * len(told[0])])


def _superseded(conn: sqlite3.Connection, match: str, now: Iterable[int]) -> Columns:
    """The facts of the articles that match by superseded texts alone; those that match `now` are others."""
    states = matching_before(conn, match, MAX_TEXTS_LOOKED_AT)
    earlier = states.keys() - set(now)
    return newest_before(conn, {article: states[article] for article in earlier}, _FACTS)


def finds(conn: sqlite3.Connection, q: str, ever: bool = False, gone: bool = False) -> bool:
    """Whether `found` finds anything."""
    match = match_query(q)
    if (
        not gone
        and conn.execute("select 1 from article_words where article_words match ? limit 1", (match,)).fetchone()
    ):
        return True
    return bool((ever or gone) and conn.execute(_ANY_SUPERSEDED, {"match": match}).fetchone())


def narrowed(hits: Hits, choices: Choices) -> Narrowed:
    """What is left of the hits, and how each facet counts."""
    within = _within(hits, choices)
    chosen = {
        facet: [each == value for each in _values(within, facet)] for facet in FACETS if (value := choices.of(facet))
    }
    kept = within.only(_all(chosen.values())) if chosen else within
    facets = {}
    for facet in FACETS:
        others = [mask for name, mask in chosen.items() if name != facet]
        left = kept if facet not in chosen else within.only(_all(others)) if others else within
        facets[facet] = Counter(filter(None, _values(left, facet)))
    return Narrowed(kept, facets, Counter(date and date[:7] for date in kept.of("date")))


def page_of(hits: Hits, order: Order, limit: int, before: str | None = None) -> list[FoundRow]:
    """The first `limit` hits in an order, or those behind the place that `place_of` gave."""
    latest = order == "newest"
    name, least = _KEYS[order]
    firsts = (first or least for first in hits.of(name))
    places: Iterable[tuple[Any, int, int]] = zip(firsts, hits.of("search_id"), count())
    place = place_in(before or "", order)
    if place is not None:
        places = (each for each in places if (each[:2] < place if latest else each[:2] > place))
    return [hits[at] for _, _, at in (nlargest if latest else nsmallest)(limit, places)]


def place_of(hit: FoundRow, order: Order) -> str:
    """Where the hit stands in an order, as an address has it."""
    name, least = _KEYS[order]
    return f"{getattr(hit, name) or least},{hit.search_id}"


def place_in(text: str, order: Order) -> Place | None:
    """The place that an address names, as `place_of` wrote it; None where it names none."""
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


def _within(hits: Hits, choices: Choices) -> Hits:
    if not (choices.since or choices.until):
        return hits
    since, until = choices.since or "", choices.until or _END_OF_TIME
    return hits.only([date is not None and since <= date <= until for date in hits.of("date")])


def _values(hits: Hits, facet: Facet) -> list[str | None]:
    """The facet's value of each hit."""
    return hits.of(facet) if facet != "year" else [date and date[:4] for date in hits.of("date")]


def _all(masks: Iterable[list[bool]]) -> list[bool]:
    """Where all of one or more masks hold."""
    return list(reduce(lambda one, other: list(map(and_, one, other)), masks))
