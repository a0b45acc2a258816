"""All hits of a search before their texts are read: narrowed, counted by facet and month, and in an order.

At the most MOST current texts are looked at, the newest, and as many superseded ones: with more hits every count is a
lower bound. An order by relevance is BM25 as FTS5 has it, with more weight on what is short: see WEIGHTS.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from math import isfinite
from typing import Any, Literal, NamedTuple, get_args

from archive.search.text import COLUMNS, NOTHING, match_query

Order = Literal["newest", "oldest", "relevance"]
Facet = Literal["source", "column", "speaker", "year"]
Place = tuple[Any, int]  # of a hit in an order: its date or rank, and its search id

ORDERS: tuple[Order, ...] = get_args(Order)
FACETS: tuple[Facet, ...] = get_args(Facet)
MOST = 100_000
WEIGHTS = {"body_text": 1.0, "headline": 5.0, "alternative_headline": 3.0, "speaker": 3.0, "keywords": 3.0}
_END_OF_TIME = "9999"

_FACTS = "a.date_published_utc, a.published_date, a.source, a.article_section, a.speaker"
_CURRENT = f"""
    select found.rowid, null, found.rank, {_FACTS}
      from (select rowid, {{rank}} as rank from articles_fts where articles_fts match :match
             order by rowid desc limit {MOST}) as found
     cross join articles as a indexed by articles_found on a.search_id = found.rowid
     where a.state <> 'withdrawn'
"""
RANK = f"bm25(articles_fts, {', '.join(str(WEIGHTS[name]) for name in COLUMNS)})"
# Of several superseded texts that match, the newest.
_SUPERSEDED = f"""
    select a.search_id, t.state_id, 0, {_FACTS},
           max((select max(r.position) from revision_records as r
                 where r.article_id = t.article_id and r.state_id = t.state_id))
      from (select rowid from revisions_fts where revisions_fts match :match order by rowid desc limit {MOST}) as found
     cross join state_texts as t on t.state_id = found.rowid
     cross join articles as a on a.id = t.article_id
     where a.state <> 'withdrawn'
     group by a.search_id
"""
_ANY_SUPERSEDED = f"""
    select 1
      from (select rowid from revisions_fts where revisions_fts match :match order by rowid desc limit {MOST}) as found
     cross join state_texts as t on t.state_id = found.rowid
     cross join articles as a on a.id = t.article_id
     where a.state <> 'withdrawn'
       and a.search_id not in (select rowid from articles_fts where articles_fts match :match)
     limit 1
"""


class Found(NamedTuple):
    """A hit; `state_id` is of the superseded text that matches where the current one does not."""

    search_id: int
    state_id: int | None
    rank: float  # BM25, the best the smallest; 0 where nobody asked
    moment: str | None  # date_published_utc
    date: str | None  # of publication, in the source's zone
    source: str
    column: str | None
    speaker: str | None


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

    hits: list[Found]
    facets: dict[Facet, Counter[str]]
    months: Counter[str | None]  # of the hits; None: without a date


def found(
    conn: sqlite3.Connection, q: str, ever: bool = False, gone: bool = False, ranked: bool = False
) -> list[Found]:
    """All hits of `search(conn, q, ever=…, gone=…)` that may be shown, without order, up to MOST."""
    match = match_query(q)
    if match == NOTHING:
        return []
    sql = _CURRENT.format(rank=RANK if ranked else "0")
    current = [Found._make(row) for row in conn.execute(sql, {"match": match})]
    if not (ever or gone):
        return current
    now = {hit.search_id for hit in current}
    before = [Found._make(row[:-1]) for row in conn.execute(_SUPERSEDED, {"match": match})]
    earlier = [hit for hit in before if hit.search_id not in now]
    return earlier if gone else current + earlier


def finds(conn: sqlite3.Connection, q: str, ever: bool = False, gone: bool = False) -> bool:
    """Whether `found` finds anything."""
    match = match_query(q)
    if not gone and conn.execute("select 1 from articles_fts where articles_fts match ? limit 1", (match,)).fetchone():
        return True
    return bool((ever or gone) and conn.execute(_ANY_SUPERSEDED, {"match": match}).fetchone())


def narrowed(hits: list[Found], choices: Choices) -> Narrowed:
    """What is left of the hits, and how each facet counts."""
    within = list(_within(hits, choices))
    kept = list(_matching(within, choices)) if choices else within
    counts = {}
    for facet in FACETS:
        left = _matching(within, choices, besides=facet) if choices.of(facet) else kept
        counts[facet] = Counter(filter(None, map(VALUES[facet], left)))
    return Narrowed(kept, counts, Counter(hit.date and hit.date[:7] for hit in kept))


def page_of(hits: Iterable[Found], order: Order, limit: int, before: str | None = None) -> list[Found]:
    """The first `limit` hits in an order, or those behind the place that `place_of` gave."""
    latest = order == "newest"
    key = _KEYS[order]
    place = place_in(before or "", order)
    if place is not None:
        hits = (hit for hit in hits if (key(hit) < place if latest else key(hit) > place))
    return (nlargest if latest else nsmallest)(limit, hits, key=key)


def place_of(hit: Found, order: Order) -> str:
    """Where the hit stands in an order, as an address has it."""
    first, number = _KEYS[order](hit)
    return f"{first},{number}"


def place_in(text: str, order: Order) -> Place | None:
    """The place that an address names, as `place_of` wrote it; None where it names none."""
    first, _, number = text.rpartition(",")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    if order != "relevance":
        return first, int(number)
    try:
        rank = float(first)
    except ValueError:
        return None
    return (rank, int(number)) if isfinite(rank) else None


VALUES: dict[Facet, Callable[[Found], str | None]] = {
    "source": lambda hit: hit.source,
    "column": lambda hit: hit.column,
    "speaker": lambda hit: hit.speaker,
    "year": lambda hit: hit.date and hit.date[:4],
}
_KEYS: dict[Order, Callable[[Found], Place]] = {
    "newest": lambda hit: (hit.moment or "", hit.search_id),
    "oldest": lambda hit: (hit.moment or _END_OF_TIME, hit.search_id),
    "relevance": lambda hit: (hit.rank, hit.search_id),
}


def _within(hits: list[Found], choices: Choices) -> Iterable[Found]:
    if not (choices.since or choices.until):
        return hits
    since, until = choices.since or "", choices.until or _END_OF_TIME
    return (hit for hit in hits if hit.date and since <= hit.date <= until)


def _matching(hits: list[Found], choices: Choices, besides: Facet | None = None) -> Iterator[Found]:
    wanted = [(VALUES[facet], value) for facet in FACETS if facet != besides and (value := choices.of(facet))]
    return (hit for hit in hits if all(value_of(hit) == value for value_of, value in wanted))
