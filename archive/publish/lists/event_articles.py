"""SQL for the articles whose events a list shows: those of a column, a tag, a person or a day, as they are now."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from archive.publish.places.periods import KINDS
from archive.publish.places.selecting import of_time

MAX_ARTICLES_ASKED_ONE_BY_ONE = 5_000  # with more, the latest events of all articles are read instead


class ArticleCondition(NamedTuple):
    """One condition on articles: `members`, a SELECT of their ids, or `holds`, an SQL condition on a row `a`.

    Its parameters are in `values`; a list is one parameter, in JSON.
    """

    members: str
    holds: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Articles by what they say now: in one of `columns`, with one of `tags`, by one of `people`, and so on.

    `people` in any role, `speakers` as the main speaker. `published` is a day, month or year of publication, "" for any
    time. An empty tuple narrows nothing.
    """

    columns: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    published: str = ""

    def __bool__(self) -> bool:
        return self != ArticleFilter()

    @property
    def conditions(self) -> list[ArticleCondition]:
        """The conditions that an article must fulfil, all of them; none for an empty filter."""
        return list(self._conditions())

    def _conditions(self) -> Iterator[ArticleCondition]:
        for name, (members, holds) in _NAMED.items():
            if chosen := getattr(self, name):
                yield ArticleCondition(members, holds, {name: json.dumps(chosen)})
        kind = next((kind for kind, length in KINDS.items() if length == len(self.published)), "")
        if time := of_time(kind, self.published) if kind else None:
            yield ArticleCondition(f"select a.id from articles a where {time.where}", time.where, time.values)


_OF_TAGS = """m.keyword_id in (select k.id from keywords k where k.name in (select value from json_each(:tags)))"""
_OF_PEOPLE = """m.person_id in (select p.id from people p where p.name in (select value from json_each(:people)))"""
_NAMED = {
    "columns": (
        "select id from articles where article_section in (select value from json_each(:columns))",
        "a.article_section in (select value from json_each(:columns))",
    ),
    "tags": (
        f"select m.article_id from article_keywords m where {_OF_TAGS}",
        f"exists (select 1 from article_keywords m where m.article_id = a.id and {_OF_TAGS})",
    ),
    "people": (
        f"select m.article_id from article_people m where {_OF_PEOPLE}",
        f"exists (select 1 from article_people m where m.article_id = a.id and {_OF_PEOPLE})",
    ),
    "speakers": (
        "select id from articles where speaker in (select value from json_each(:speakers))",
        "a.speaker in (select value from json_each(:speakers))",
    ),
}


def few_articles(conn: sqlite3.Connection, chosen: ArticleFilter) -> set[int] | None:
    """The ids of the articles that fulfil the filter, if one of its conditions alone has only few articles.

    None if each condition has more than MAX_ARTICLES_ASKED_ONE_BY_ONE, or if the filter is empty. At most one more
    than these are read for each condition, from an index.
    """
    found: set[int] | None = None
    for condition in chosen.conditions:
        members = _first(conn, condition)
        if len(members) <= MAX_ARTICLES_ASKED_ONE_BY_ONE:
            found = set(members) if found is None else found.intersection(members)
    return found


def _first(conn: sqlite3.Connection, condition: ArticleCondition) -> list[int]:
    sql = f"select * from ({condition.members}) limit {MAX_ARTICLES_ASKED_ONE_BY_ONE + 1}"
    return [article for (article,) in conn.execute(sql, condition.values)]
