"""Exact search: of the articles that a search finds, those whose text has the words as they are written.

Traditional and simplified characters then differ, and full-width and half-width forms; upper and lower case do not. The
index does not know the difference, so the texts are read.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archive.search.corrected import CORRECTED, corrected_in
from archive.search.fields import ALL_BEFORE, ALL_NOW, ASKED_FOR, fields_of
from archive.search.scanning import scan

MAX_TEXTS_READ = 10_000  # of the site for one query: the newest
_TEXTS_PER_BATCH = 200
_NOW = f"""
    select a.id, {CORRECTED}, {ALL_NOW} from json_each(?) as wanted cross join articles as a on a.id = wanted.value
"""
_BEFORE = f"""
    select t.state_id, '{{}}', {ALL_BEFORE}
      from json_each(?) as wanted cross join state_texts as t on t.state_id = wanted.value
"""


def exact_now(conn: sqlite3.Connection, q: str, articles: Iterable[int]) -> set[int]:
    """The row ids of those of the articles whose current text has the words; those of our corrections count."""
    return _exact(conn, q, _NOW, list(articles))


def exact_before(conn: sqlite3.Connection, q: str, states: Mapping[int, Iterable[int]]) -> dict[int, list[int]]:
    """By article id, those of its superseded states, given in the same way, whose text has the words."""
    kept = _exact(conn, q, _BEFORE, [state for of_one in states.values() for state in of_one])
    told = {article: [state for state in of_one if state in kept] for article, of_one in states.items()}
    return {article: of_one for article, of_one in told.items() if of_one}


def is_exact(q: str, corrected: str, *values: Any) -> bool:
    """True if a text has the words: `values` are its properties in the order of ASKED_FOR, `corrected` as CORRECTED."""
    fields: dict[str, list[str]] = fields_of(values, ASKED_FOR)
    for name, texts in corrected_in(corrected or "{}").items():
        fields[name] += texts
    return scan(q, fields, exact=True)


def _exact(conn: sqlite3.Connection, q: str, sql: str, ids: Sequence[int]) -> set[int]:
    """Those of the ids whose text, read by `sql`, has the words."""
    kept: set[int] = set()
    for start in range(0, len(ids), _TEXTS_PER_BATCH):
        wanted = json.dumps(ids[start : start + _TEXTS_PER_BATCH])
        kept.update(each for each, *values in conn.execute(sql, (wanted,)) if is_exact(q, *values))
    return kept
