"""Articles whose texts match, now or before, with facts about them in columns, from the indexes alone.

A column comes out of SQLite as one JSON array: a row for each of 50,000 hits costs Python three times as much.
Withdrawn articles are left out.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

Columns = list[list[Any]]
Order = Literal["asc", "desc"]

HITS_PER_BATCH = 10_000  # per array; fewer if names are so long that the array would exceed SQLite's limit for a value
# The same for superseded texts: with the longest names of a page (3,000 characters of four bytes) it takes 12 MB.
PAST_HITS_PER_BATCH = 1_000
_EVERY = (-(1 << 63), (1 << 63) - 1)

# Read from an index with all facts: reading each row of articles, long with its body, costs twice as much. Index rows
# without an article count too, so that fewer rows than requested are the last ones.
_CURRENT = """
    select count(*), min(found.rowid), max(found.rowid), {arrays}
      from (select rowid, null as state_id from article_words
             where article_words match :match and rowid between :low and :high
             order by rowid {order} limit :most) as found
      left join main.articles as a indexed by articles_found on a.search_id = found.rowid
"""
_PAIRS: dict[Order, str] = {
    "desc": """
    select json_group_array(t.article_id), json_group_array(t.state_id)
      from (select rowid from revision_words where revision_words match :match
             order by rowid desc limit :most) as found
     cross join state_texts as t on t.state_id = found.rowid
""",
    "asc": """
    select json_group_array(article_id), json_group_array(state_id)
      from (select t.article_id, t.state_id
              from revision_words as found
             cross join state_texts as t on t.state_id = found.rowid
             cross join articles as a on a.id = t.article_id
             where found.revision_words match :match
             order by a.search_id limit :most)
""",
}
_NEWEST = """
    select {arrays}
      from (select t.article_id, t.state_id,
                   max((select max(r.position) from revision_records as r
                         where r.article_id = t.article_id and r.state_id = t.state_id))
              from json_each(:states) as wanted
             cross join state_texts as t on t.state_id = wanted.value
             group by t.article_id) as found
     cross join articles as a on a.id = found.article_id
"""


def matching_now(
    conn: sqlite3.Connection, match: str, facts: Sequence[str], most: int | None = None, order: Order = "desc"
) -> Columns:
    """The `facts`, one column each, of the articles whose current text matches; withdrawn ones are left out.

    The columns have a value for each article, in one order, which is not defined. A fact is an SQL expression over `a`,
    the article, and `found.state_id`, the superseded state (null here). Only `most` texts (None: all) are looked at, by
    order the newest (desc) or the oldest. Raises sqlite3.DataError if the facts of a single article exceed the
    connection's limit for a value.
    """
    sql = _CURRENT.format(arrays=_arrays(facts), order=order)
    told: Columns = [[] for _ in facts]
    low, high = _EVERY
    left = most if most is not None else high
    step = HITS_PER_BATCH
    while left > 0:
        asked = {"match": match, "low": low, "high": high, "most": min(step, left)}
        try:
            count, first, last, *columns = conn.execute(sql, asked).fetchone()
        except sqlite3.DataError:  # string or blob too big
            if step == 1:
                raise
            step = max(1, step // 10)
            continue
        _extend(told, columns)
        if count < asked["most"]:
            break
        left -= count
        low, high = (low, first - 1) if order == "desc" else (last + 1, high)
    return told


def matching_before(
    conn: sqlite3.Connection, match: str, most: int | None = None, order: Order = "desc"
) -> dict[int, list[int]]:
    """By article id, the ids of its superseded states whose text matches; withdrawn articles included.

    Only `most` texts are looked at, by order those added last (desc) or those of the articles published first (asc).
    """
    asked = {"match": match, "most": -1 if most is None else most}
    states: defaultdict[int, list[int]] = defaultdict(list)
    articles, found = conn.execute(_PAIRS[order], asked).fetchone()
    for article_id, state_id in zip(json.loads(articles), json.loads(found), strict=True):
        states[article_id].append(state_id)
    return states


def newest_before(conn: sqlite3.Connection, states: Mapping[int, Iterable[int]], facts: Sequence[str]) -> Columns:
    """The `facts`, as in `matching_now`, of these articles as they are now; withdrawn ones are left out.

    states: by article id, the ids of superseded states; `found.state_id` is the one of the latest revision among them.
    """
    sql = _NEWEST.format(arrays=_arrays(facts))
    told: Columns = [[] for _ in facts]
    articles = list(states)
    for start in range(0, len(articles), PAST_HITS_PER_BATCH):
        asked = [state for article_id in articles[start : start + PAST_HITS_PER_BATCH] for state in states[article_id]]
        _extend(told, conn.execute(sql, {"states": json.dumps(asked)}).fetchone())
    return told


def _arrays(facts: Sequence[str]) -> str:
    return ", ".join(f"json_group_array({fact}) filter (where a.state <> 'withdrawn')" for fact in facts)


def _extend(told: Columns, arrays: Iterable[str]) -> None:
    for column, array in zip(told, arrays, strict=True):
        column += json.loads(array)
