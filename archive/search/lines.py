"""The lines in which a phrase stands, each in its context (KWIC): of the newest articles that have it."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from archive.search.counting import places
from archive.search.uses import Use

MAX_ARTICLES_WITH_LINES = 300  # articles, the newest, whose lines are shown
MAX_LINES = 1_000
CONTEXT_CHARACTERS = 30  # characters on either side of a line's phrase

_PROPERTIES = ("headline", "alternative_headline", "body_text", "speaker")
_CURRENT = """
    select a.key, null, a.headline, a.alternative_headline, a.body_text, a.speaker,
           (select group_concat(k.name, char(10) order by ak.position)
              from article_keywords as ak join keywords as k on k.id = ak.keyword_id where ak.article_id = a.id)
      from json_each(?) as wanted cross join articles as a on a.id = wanted.value
"""
_SUPERSEDED = """
    select a.key, (select content_digest from states where id = t.state_id),
           t.headline, t.alternative_headline, t.body_text, t.speaker, t.keywords
      from json_each(?) as wanted
     cross join state_texts as t on t.state_id = wanted.value
      join articles as a on a.id = t.article_id
"""


class PhraseLine(NamedTuple):
    """The phrase in its context, on one line."""

    key: str
    digest: str | None  # of the version that has it, where the current one does not
    moment: str
    property: str
    left: str
    phrase: str
    right: str


def phrase_lines(
    conn: sqlite3.Connection, phrase: str, uses: Sequence[Use], limit: int = MAX_ARTICLES_WITH_LINES
) -> list[PhraseLine]:
    """The lines of the first `limit` of these articles, up to MAX_LINES."""
    return list(islice(_lines(conn, phrase, uses[:limit]), MAX_LINES))


def _lines(conn: sqlite3.Connection, phrase: str, uses: Sequence[Use]) -> Iterator[PhraseLine]:
    now = [use.article_id for use in uses if use.state_id is None]
    before = [use.state_id for use in uses if use.state_id is not None]
    current, superseded = (
        conn.execute(sql, (json.dumps(ids),)) for sql, ids in ((_CURRENT, now), (_SUPERSEDED, before))
    )
    for use in uses:
        key, digest, *texts, keywords = next(current if use.state_id is None else superseded)
        fields = [*zip(_PROPERTIES, texts, strict=True), *(("keywords", name) for name in (keywords or "").split("\n"))]
        for name, text in fields:
            for start, end in places(phrase, text or ""):
                parts = (
                    text[max(0, start - CONTEXT_CHARACTERS) : start],
                    text[start:end],
                    text[end : end + CONTEXT_CHARACTERS],
                )
                yield PhraseLine(key, digest, use.moment, name, *(part.replace("\n", "¶") for part in parts))
