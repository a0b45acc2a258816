"""Articles that a query finds now or found before, and the states whose text it finds: what the sites said, no more.

Our corrections do not count, neither in the text of a state nor in the answer.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator

from archive.search.fields import ASKED_FOR, EITHER, fields_of
from archive.search.matching import matching_before, matching_now
from archive.search.scanning import scan
from archive.search.text import NOTHING, match_query

_TEXTS = f"""
    select s.id, {EITHER}
      from json_each(?) as wanted
     cross join states as s on s.id = wanted.value
     cross join articles as a on a.id = s.article_id
      left join state_texts as t on t.state_id = s.id
     where a.state <> 'withdrawn'
"""
_CORRECTED = "select distinct k.article_id from corrections c join keys k on k.number = c.key_number"


def articles_ever(conn: sqlite3.Connection, q: str, most: int) -> set[int] | None:
    """The ids of the articles that have a text, now or before, that `q` finds; withdrawn ones may be among them.

    None if `most` or more current texts match, or as many earlier ones: then the index is not asked for all of them.
    """
    match = match_query(q)
    if match == NOTHING:
        return set()
    (now,) = matching_now(conn, match, ("a.id",), most)
    before = matching_before(conn, match, most)
    if len(now) >= most or sum(map(len, before.values())) >= most:
        return None
    # The index has the words of our corrections too, by which a minus excludes what a site's own text would not.
    corrected = conn.execute(_CORRECTED).fetchall() if " NOT " in match else []
    return {*now, *before, *(article for (article,) in corrected)}


def states_found(conn: sqlite3.Connection, queries: Iterable[str], states: Iterable[int]) -> set[int]:
    """Those of the states (ids) whose text is found by one of the queries, as `scan` reads it.

    Each text is read once. States of withdrawn articles are never found.
    """
    asked = tuple(queries)
    return {state for state, fields in texts_of_states(conn, states) if any(scan(q, fields) for q in asked)}


def texts_of_states(conn: sqlite3.Connection, states: Iterable[int]) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """Yield the states with their texts by property, each state once; those of withdrawn articles are left out."""
    for state, *values in conn.execute(_TEXTS, (json.dumps(sorted(set(states))),)):
        yield state, fields_of(values, ASKED_FOR)
