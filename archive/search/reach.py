"""The rule of `ever` and `gone`: which texts of an article make it a hit.

=================  ==========================================================================
neither            the current text
`ever`             the current text, else a superseded one
`gone`             a superseded text, if the current one does not match; `ever` adds nothing
=================  ==========================================================================
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

from archive.search.exactly import MAX_TEXTS_READ, exact_before, exact_now
from archive.search.matching import Columns, matching_before, matching_now, newest_before
from archive.search.text import NOTHING, match_query

MAX_TEXTS_LOOKED_AT = 100_000  # a first count of so many takes 98 ms (p95; the goal is 200): bench/README.md

_STILL = """
    select a.id
      from json_each(:articles) as wanted
     cross join articles as a on a.id = wanted.value
     where a.search_id in (select rowid from article_words where article_words match :match)
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


@dataclass(frozen=True, slots=True)
class Reach:
    """The texts that a search looks at. exact: each as it is written; see `archive.search.exactly`."""

    ever: bool = False
    gone: bool = False
    exact: bool = False

    @property
    def now(self) -> bool:
        """True if a current text makes a hit."""
        return not self.gone

    @property
    def before(self) -> bool:
        """True if a superseded text makes a hit, of an article whose current text does not match."""
        return self.ever or self.gone


class Reached(NamedTuple):
    """The articles found, a column for each fact, and the superseded state of each: None for its current text.

    at_least: more texts match than were looked at.
    """

    facts: Columns
    states: list[int | None]
    at_least: bool


def reached(conn: sqlite3.Connection, q: str, reach: Reach, facts: Sequence[str], most: int | None = None) -> Reached:
    """The hits of a query without withdrawn articles, in no order; for facts see `matching_now`.

    If several superseded texts of an article match, its state is the newest of them. Only the newest `most` (None: all)
    current texts are looked at, and as many superseded ones.
    """
    match = match_query(q, reach.exact)
    if match == NOTHING:
        return Reached([[] for _ in facts], [], False)
    asked = facts if reach.now else ()
    now, *told = matching_now(conn, match, ("a.id", *asked), most)
    at_least = cut = most is not None and len(now) >= most
    if reach.exact:
        kept = exact_now(conn, q, now)
        now, *told = [list(compress(column, [each in kept for each in now])) for column in (now, *told)]
    states: list[int | None] = [None] * len(told[0]) if told else []
    if not reach.before:
        return Reached(told, states, at_least)
    superseded = matching_before(conn, match, most)
    at_least |= most is not None and sum(map(len, superseded.values())) >= most
    if reach.exact:
        superseded = exact_before(conn, q, superseded)
    earlier = superseded.keys() - set(now)
    if cut:
        earlier -= _still(conn, q, match, reach, earlier)
    *before, of_state = newest_before(
        conn, {article: superseded[article] for article in earlier}, (*facts, "found.state_id")
    )
    every = [one + other for one, other in zip(told, before, strict=True)] if reach.now else before
    return Reached(every, states + of_state, at_least)


def _still(conn: sqlite3.Connection, q: str, match: str, reach: Reach, articles: Iterable[int]) -> set[int]:
    """Those of the articles (ids) whose current text matches, also if it is older than those looked at."""
    if reach.exact:
        return exact_now(conn, q, articles)
    return {each for (each,) in conn.execute(_STILL, {"articles": json.dumps(list(articles)), "match": match})}


def articles_found(conn: sqlite3.Connection, q: str, ever: bool, gone: bool, exact: bool) -> list[int]:
    """The ids of all articles that a query finds, without withdrawn ones, in no order."""
    return reached(conn, q, Reach(ever, gone, exact), ("a.id",)).facts[0]


def finds(conn: sqlite3.Connection, q: str, ever: bool = False, gone: bool = False) -> bool:
    """True if a query has a hit."""
    reach, match = Reach(ever, gone), match_query(q)
    now = "select 1 from article_words where article_words match ? limit 1"
    if reach.now and conn.execute(now, (match,)).fetchone():
        return True
    return bool(reach.before and conn.execute(_ANY_SUPERSEDED, {"match": match}).fetchone())


def most_looked_at(reach: Reach) -> int:
    """The number of texts that the site looks at for one query: of an exact search it reads each."""
    return MAX_TEXTS_READ if reach.exact else MAX_TEXTS_LOOKED_AT
