"""When a phrase came into articles: with the first text that was seen of them, or later by an edit.

A reading by another parser is no edit: what it finds in a text that the site did not change was there before. So a
phrase came by an edit if the first captures with it follow an edit whose text, read by the same parser before and
after, got it. Captures without a known moment date nothing, unless no other one has the phrase.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

ARTICLES_PER_BATCH = 5_000  # of which all revisions are read at once

# An article's current state has no row in state_texts. A row without a number, of origin reparse, is no edit.
_SHOWN = """
    select r.article_id, r.state_id, r.captured_at, s.content_digest, iif(r.run < 0, 'unknown', 'stated'),
           (select e.after_id from revision_records e
             where e.article_id = r.article_id and e.run = r.run and (e.number is not null or e.origin <> 'reparse'))
      from json_each(:articles) as wanted
     cross join revision_records as r on r.article_id = wanted.value
      join states as s on s.id = r.state_id
      join articles as a on a.id = r.article_id
     where r.state_id in (select value from json_each(:states))
        or (s.content_digest = a.content_digest and r.article_id in (select value from json_each(:current)))
     order by r.article_id, r.run < 0, r.run, r.captured_at, r.position
"""

# Articles, by id with the number of their superseded texts that have the phrase, that have another superseded text.
_LACKING = """
    select json_group_array(cast(wanted.key as integer))
      from json_each(?) as wanted
     where (select count(*) from state_texts where article_id = cast(wanted.key as integer)) > wanted.value
"""


class FirstShown(NamedTuple):
    """The first revision of an article that has a phrase."""

    captured_at: str
    digest: str
    dating: str  # unknown: captured_at is the moment of receipt
    by_edit: bool  # the site brought the phrase into the article with it


def first_shown(
    conn: sqlite3.Connection, articles: Iterable[int], current: Container[int], states: Mapping[int, Sequence[int]]
) -> dict[int, FirstShown]:
    """The first revision with the phrase of each of the articles, by article id.

    current: the articles whose current text has the phrase. states: by article id, the superseded states that have it.
    """
    wanted = list(articles)
    values = {
        "articles": wanted,
        "current": [article for article in wanted if article in current],
        "states": [state for article in wanted for state in states.get(article, ())],
    }
    rows = conn.execute(_SHOWN, {name: json.dumps(ids) for name, ids in values.items()})
    first: dict[int, tuple[str, str, str, int | None]] = {}
    having: defaultdict[int, set[int]] = defaultdict(set)
    for article, state, *shown in rows:
        having[article].add(state)
        first.setdefault(article, tuple(shown))
    return {
        article: FirstShown(at, digest, dating, after in having[article])
        for article, (at, digest, dating, after) in first.items()
    }


def brought_by_edits(
    conn: sqlite3.Connection, current: Container[int], found: Sequence[int], states: Mapping[int, Sequence[int]]
) -> dict[int, str]:
    """By article id, the moment of the capture with which an edit first brought the phrase into it.

    Articles of `found` whose first text had the phrase are left out, also if they lost and regained it.
    """
    brought: dict[int, str] = {}
    for start in range(0, len(found), ARTICLES_PER_BATCH):
        part = found[start : start + ARTICLES_PER_BATCH]
        # Of an article with one text, or with the phrase in each of its texts, no revision is read.
        having = {each: len(states.get(each, ())) for each in part if each in current}
        (lacking,) = conn.execute(_LACKING, (json.dumps(having),)).fetchone()
        asked = [*json.loads(lacking), *(each for each in part if each not in current)]
        shown = first_shown(conn, asked, current, states)
        brought |= {article: each.captured_at for article, each in shown.items() if each.by_edit}
    return brought
