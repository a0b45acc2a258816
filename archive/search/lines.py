"""Concordance lines (KWIC): a phrase with its context, from the newest articles that have it."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from archive.search.counting import places
from archive.search.fields import BEFORE, NOW, READING_ORDER, fields_of
from archive.search.uses import Use

MAX_ARTICLES_WITH_LINES = 300  # the newest articles, whose lines are shown
MAX_LINES = 1_000
CONTEXT_CHARACTERS = 30  # on either side of the phrase
_CUT = "…"

_CURRENT = f"""
    select a.key, null, {NOW}
      from json_each(?) as wanted cross join articles as a on a.id = wanted.value
"""
_SUPERSEDED = f"""
    select a.key, (select content_digest from states where id = t.state_id), {BEFORE}
      from json_each(?) as wanted
     cross join state_texts as t on t.state_id = wanted.value
      join articles as a on a.id = t.article_id
"""


class PhraseLine(NamedTuple):
    """The phrase in its context of up to 30 characters on either side, on one line: `¶` for each line break.

    `…` at an end says that the text goes on there.
    """

    key: str
    digest: str | None  # of the version with the phrase, if the current one lacks it
    moment: str  # of publication, else of the first sight; if an edit brought the phrase, of the first capture with it
    came_by_edit: bool
    property: str  # its name: the one whose text has the phrase
    left: str
    phrase: str  # as written in that text
    right: str


def phrase_lines(
    conn: sqlite3.Connection, phrase: str, uses: Sequence[Use], limit: int = MAX_ARTICLES_WITH_LINES
) -> list[PhraseLine]:
    """The lines for every place of the phrase in the texts of the first `limit` of `uses`, up to MAX_LINES."""
    return list(islice(_lines(conn, phrase, uses[:limit]), MAX_LINES))


def _lines(conn: sqlite3.Connection, phrase: str, uses: Sequence[Use]) -> Iterator[PhraseLine]:
    now = [use.article_id for use in uses if use.state_id is None]
    before = [use.state_id for use in uses if use.state_id is not None]
    current, superseded = (
        conn.execute(sql, (json.dumps(ids),)) for sql, ids in ((_CURRENT, now), (_SUPERSEDED, before))
    )
    for use in uses:
        key, digest, *values = next(current if use.state_id is None else superseded)
        for name, text in _in_reading_order(fields_of(values)):
            for start, end in places(phrase, text):
                parts = (_left_of(text, start), text[start:end], _right_of(text, end))
                said = (part.replace("\n", "¶") for part in parts)
                yield PhraseLine(key, digest, use.moment, use.came_by_edit, name, *said)


def _left_of(text: str, start: int) -> str:
    return f"{_CUT if start > CONTEXT_CHARACTERS else ''}{text[max(0, start - CONTEXT_CHARACTERS) : start]}"


def _right_of(text: str, end: int) -> str:
    return f"{text[end : end + CONTEXT_CHARACTERS]}{_CUT if end + CONTEXT_CHARACTERS < len(text) else ''}"


def _in_reading_order(fields: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    return ((name, text) for name in READING_ORDER for text in fields[name])
