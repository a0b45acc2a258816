"""The texts beside those of an article's page that a search finds: those of our corrections, and a list's section."""

import json
import sqlite3
from collections.abc import Sequence

from archive.properties import last_corrections
from archive.search.fields import ASKED_FOR, texts_of

CORRECTED = f"""(select json_group_object(property, value) from ({last_corrections("a.id")}) where value is not null)"""
"""SQL for the corrections of an article, a row of `articles as a`, for `corrected_in`."""


_LISTED = "select listed_section from articles where id = ? and listed_section is not null"


def more_texts(conn: sqlite3.Connection, article_id: int) -> dict[str, list[str]]:
    """The texts beside those of an article's page, by property: the section that a list names, and our corrections."""
    more = corrected_texts(conn, article_id)
    if listed := conn.execute(_LISTED, (article_id,)).fetchone():
        more["article_section"] = [*listed, *more.get("article_section", [])]
    return more


def corrected_texts(conn: sqlite3.Connection, article_id: int) -> dict[str, list[str]]:
    """The texts of our corrections of an article, by property."""
    (told,) = conn.execute(f"select {CORRECTED} from articles as a where a.id = ?", (article_id,)).fetchone()
    return corrected_in(told)


def corrected_in(told: str) -> dict[str, list[str]]:
    """The texts in a value of CORRECTED, by property; corrections of properties that are not searched are left out."""
    if told == "{}":
        return {}
    return {name: texts_of(name, text) for name, text in json.loads(told).items() if name in ASKED_FOR}


def corrected_among(conn: sqlite3.Connection, articles: Sequence[int]) -> list[int]:
    """Those of the articles, by row id, that have a correction of any property."""
    rows = conn.execute("select distinct k.article_id from corrections c cross join keys k on k.number = c.key_number")
    return sorted({article_id for (article_id,) in rows}.intersection(articles))
