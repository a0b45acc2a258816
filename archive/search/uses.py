"""Which articles have a phrase, as the index alone tells, and how often each writes it, for which its text is read.

An article is told of once: by its current text, or else by the newest superseded one that has the phrase. Withdrawn
articles never are.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from operator import attrgetter
from typing import Literal, NamedTuple

from archive.search.counting import Count, counter
from archive.search.text import NOTHING, match_query

# From an index that holds all of it: a look at each row of articles, which its body makes long, costs twice as much.
_CURRENT = """
    select a.id, null, substr(a.published_date, 1, 7), coalesce(a.date_published_utc, a.first_seen_at),
           a.article_section, a.speaker
      from (select rowid from articles_fts where articles_fts match :match order by rowid {order} limit :most) as found
     cross join articles as a indexed by articles_found on a.search_id = found.rowid
     where a.state <> 'withdrawn'
"""
_SUPERSEDED = """
    select a.id, t.state_id, substr(a.published_date, 1, 7), coalesce(a.date_published_utc, a.first_seen_at),
           a.article_section, a.speaker
      from (select rowid from revisions_fts where revisions_fts match :match
             order by rowid {order} limit :most) as found
     cross join state_texts as t on t.state_id = found.rowid
     cross join articles as a on a.id = t.article_id
     where a.state <> 'withdrawn'
     order by (select max(r.position) from revision_records as r
                where r.article_id = t.article_id and r.state_id = t.state_id)
"""
_CURRENT_TEXTS = """select headline, alternative_headline, body_text, speaker
                      from json_each(?) as wanted cross join articles as a on a.id = wanted.value"""
_SUPERSEDED_TEXTS = """select headline, alternative_headline, body_text, speaker, keywords
                         from json_each(?) as wanted cross join state_texts as t on t.state_id = wanted.value"""


class Use(NamedTuple):
    """An article that has the phrase, and where the newest text is that has it."""

    article_id: int
    state_id: int | None  # None: the current text
    month: str | None  # 2024-04, of its publication
    moment: str  # of its publication, or when it was first seen
    column: str | None
    speaker: str | None


def uses_of(
    conn: sqlite3.Connection, phrase: str, most: int | None = None, order: Literal["asc", "desc"] = "desc"
) -> tuple[list[Use], dict[int, list[int]]]:
    """The articles that have the phrase, the newest first; and by article the superseded states that have it.

    `most` bounds how many texts are looked for, from either end.
    """
    match = match_query(f'"{phrase}"')
    if match == NOTHING:
        return [], {}
    asked = {"match": match, "most": -1 if most is None else most}
    superseded: defaultdict[int, list[int]] = defaultdict(list)
    found: dict[int, Use] = {}
    for use in map(Use._make, conn.execute(_SUPERSEDED.format(order=order), asked)):
        superseded[use.article_id].append(use.state_id or 0)
        found[use.article_id] = use
    found.update((row[0], Use._make(row)) for row in conn.execute(_CURRENT.format(order=order), asked))
    return sorted(found.values(), key=attrgetter("moment", "article_id"), reverse=True), superseded


def occurrences_of(conn: sqlite3.Connection, phrase: str, uses: Sequence[Use]) -> Counter[str | None]:
    """How often these articles write the phrase, by month of publication."""
    count = counter(phrase)
    current = [use for use in uses if use.state_id is None]
    superseded = [use for use in uses if use.state_id is not None]
    in_keywords = _in_keywords(conn, count)
    counted: Counter[str | None] = Counter()
    ids = json.dumps([use.article_id for use in current])
    for use, texts in zip(current, conn.execute(_CURRENT_TEXTS, (ids,)), strict=True):
        counted[use.month] += count([text for text in texts if text]) + in_keywords[use.article_id]
    ids = json.dumps([use.state_id for use in superseded])
    for use, (*texts, keywords) in zip(superseded, conn.execute(_SUPERSEDED_TEXTS, (ids,)), strict=True):
        counted[use.month] += count([text for text in texts if text] + keywords.split("\n"))
    return counted


def _in_keywords(conn: sqlite3.Connection, count: Count) -> Counter[int]:
    """How often the phrase stands in the keywords of each article that has it there: keywords are few."""
    found = {
        keyword: times for keyword, name in conn.execute("select id, name from keywords") if (times := count([name]))
    }
    rows = conn.execute(
        "select article_id, keyword_id from article_keywords where keyword_id in (select value from json_each(?))",
        (json.dumps(list(found)),),
    )
    counted: Counter[int] = Counter()
    for article_id, keyword_id in rows:
        counted[article_id] += found[keyword_id]
    return counted
