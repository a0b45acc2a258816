"""The texts that our corrections add to those of an article in the search index: the words of both are found."""

import json
import sqlite3
from collections.abc import Sequence

from archive.properties import last_corrections
from archive.search.fields import COLUMNS, texts_of

CORRECTED = f"""(select json_group_object(property, value) from ({last_corrections("a.id")}) where value is not null)"""
"""SQL for the corrections of an article, a row of `articles as a`, for `corrected_in`."""


def corrected_texts(conn: sqlite3.Connection, article_id: int) -> dict[str, list[str]]:
    """The texts of our corrections of an article, by the field of the index that has them."""
    (told,) = conn.execute(f"select {CORRECTED} from articles as a where a.id = ?", (article_id,)).fetchone()
    return corrected_in(told)


def corrected_in(told: str) -> dict[str, list[str]]:
    """The texts in a value of CORRECTED, by field; corrections of properties that are not searched are left out."""
    if told == "{}":
        return {}
    return {name: texts_of(name, text) for name, text in json.loads(told).items() if name in COLUMNS}


def corrected_among(conn: sqlite3.Connection, articles: Sequence[int]) -> list[int]:
    """Those of the articles, by row id, that have a correction of any property."""
    rows = conn.execute("select distinct k.article_id from corrections c cross join keys k on k.number = c.key_number")
    return sorted({article_id for (article_id,) in rows}.intersection(articles))
