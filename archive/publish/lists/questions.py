"""The example questions of the front page and their answers: what was removed, when a phrase began, what was edited."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from archive.publish.formatting.filters import beijing
from archive.publish.lists.events import EventFilter
from archive.publish.lists.removed_page import count_removed
from archive.publish.places.periods import period
from archive.rules import DISAPPEARED
from archive.sandbox import whole_texts
from archive.search import first_of, why_not

PHRASE = "新质生产力"  # else, if no article has it, a tag
MAX_TAGGED_ARTICLES = 300  # the latest ones, for the most frequent of their tags
SHORT_TAG = 3  # characters: a longer tag is more of a phrase


def removed_in(conn: sqlite3.Connection, month: str) -> dict[str, Any]:
    """The number of articles removed in a month in Beijing and still gone, as /removed lists them.

    A dict of `month`, its days `since` and `until`, `articles` and `at_least` (see `count_removed`). Raises ValueError
    for text that is no month.
    """
    of = period(month)
    if of is None:
        raise ValueError(f"{month} is no month")
    since, until = f"{of.first}", f"{of.last}"
    count = count_removed(conn, EventFilter(DISAPPEARED, since=since, until=until))
    return {"month": month, "since": since, "until": until, **asdict(count)}


def month_of(departures: Sequence[Mapping[str, Any]], now: str) -> str:
    """The month in Beijing of the latest of these departures; without any the month `now`."""
    return beijing(departures[0]["at"])[:7] if departures else now


def first_use(conn: sqlite3.Connection) -> dict[str, Any] | None:
    """The first appearance of PHRASE, else of a frequent tag, as on /phrase: a dict of `text` and `at`, a moment.

    None if the archive has neither.
    """
    with whole_texts(conn):
        for text in (PHRASE, _frequent_tag(conn)):
            if text and (first := first_of(conn, text)):
                return {"text": text, "at": first.at, "precision": first.precision}
    return None


def _frequent_tag(conn: sqlite3.Connection) -> str | None:
    """The tag that most of the latest articles have; one of a few characters only if there is no other."""
    asked = {"most": MAX_TAGGED_ARTICLES, "short": SHORT_TAG}
    return next((name for (name,) in conn.execute(_TAGS, asked) if not why_not(name)), None)


_TAGS = """
    select k.name
      from (select id from articles where state <> 'withdrawn' and date_published_utc is not null
             order by date_published_utc desc limit :most) a
      join article_keywords m on m.article_id = a.id
      join keywords k on k.id = m.keyword_id
     group by k.name
     order by length(k.name) > :short desc, count(distinct a.id) desc, k.name
     limit 5
"""


def edit_among(edits: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The latest of these edits that changed what a text says, which has a comparison and an excerpt; else None."""
    return next(
        (
            edit
            for edit in edits
            if edit["kind"] == "edited" and edit["significance"] == "substantive" and edit["excerpts"]
            and (edit["revision"] or 0) > 1
        ),
        None,
    )  # fmt: skip
