"""Articles that have a phrase, from the index alone, and their counts of it, for which texts are read.

An article is listed once: by its current text, or else by the newest superseded one with the phrase; and at the time
at which the phrase came into it. Withdrawn articles are left out.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import compress
from typing import Any, NamedTuple, overload

from archive.search.coming import brought_by_edits
from archive.search.corrected import corrected_among
from archive.search.counting import Count, counter
from archive.search.fields import BEFORE, BESIDE_KEYWORDS, COLUMNS, NOW, NOW_BESIDE_KEYWORDS, fields_of
from archive.search.matching import Columns, Order, matching_before, matching_now, newest_before
from archive.search.text import NOTHING, match_query

_BEIJING = timedelta(hours=8)  # from UTC; there was no summer time since captures exist
_CURRENT_TEXTS = (
    f"select {NOW_BESIDE_KEYWORDS} from json_each(?) as wanted cross join articles as a on a.id = wanted.value"
)
_CURRENT_FIELDS = f"select {NOW} from json_each(?) as wanted cross join articles as a on a.id = wanted.value"
_SUPERSEDED_TEXTS = (
    f"select {BEFORE} from json_each(?) as wanted cross join state_texts as t on t.state_id = wanted.value"
)


class Use(NamedTuple):
    """An article that has the phrase, and the newest text with it."""

    article_id: int
    state_id: int | None  # None: the current text
    month: str | None  # 2024-04, of publication; if an edit brought the phrase, of the capture that first shows it
    moment: str  # likewise; of an article without a date, that of its first sight
    column: str | None
    speaker: str | None
    came_by_edit: bool


_FACTS = (  # a field of Use each
    "a.id", "found.state_id", "substr(a.published_date, 1, 7)", "coalesce(a.date_published_utc, a.first_seen_at)",
    "a.article_section", "a.speaker",
)  # fmt: skip


class Uses(Sequence[Use]):
    """The articles that have a phrase, those first into which it came last.

    `months`, `columns`, `speakers` and `edited` (True if it came by an edit) have one value for each article, in the
    same order.
    """

    def __init__(self, columns: Columns, brought: Mapping[int, str]) -> None:
        """columns: of _FACTS; two are changed. brought: by article id, the moment of the edit with the phrase."""
        articles, _, months, moments, *_ = columns
        edited = [article in brought for article in articles]
        for at in compress(range(len(articles)), edited):
            moments[at] = brought[articles[at]]
            months[at] = day_of(moments[at])[:7]
        columns = [*columns, edited]
        order = sorted(range(len(articles)), key=articles.__getitem__, reverse=True)
        order.sort(key=moments.__getitem__, reverse=True)
        self._columns = [_ordered(column, order) for column in columns]
        self.articles, _, self.months, _, self.columns, self.speakers, self.edited = self._columns

    def __len__(self) -> int:
        return len(self.articles)

    @overload
    def __getitem__(self, at: int) -> Use: ...
    @overload
    def __getitem__(self, at: slice) -> list[Use]: ...
    def __getitem__(self, at: int | slice) -> Use | list[Use]:
        found: list[Any] = [column[at] for column in self._columns]
        return Use(*found) if isinstance(at, int) else list(map(Use, *found))


def uses_of(
    conn: sqlite3.Connection, phrase: str, most: int | None = None, order: Order = "desc"
) -> tuple[Uses, dict[int, list[int]]]:
    """The articles that have the phrase, and by article id the ids of its superseded states that have it.

    The words of our corrections do not count: the sites did not say them. The ids are also of articles whose current
    text has it too, and of withdrawn ones. `most` bounds the texts looked at, by order the newest (desc) or the oldest.
    """
    match = match_query(f'"{phrase}"')
    if match == NOTHING:
        return Uses([[] for _ in _FACTS], {}), {}
    found = _said_by_sites(conn, phrase, matching_now(conn, match, _FACTS, most, order))
    states = matching_before(conn, match, most, order)
    before = states.keys() - set(found[0])
    earlier = newest_before(conn, {article: states[article] for article in before}, _FACTS)
    every = [one + other for one, other in zip(found, earlier, strict=True)]
    return Uses(every, brought_by_edits(conn, set(found[0]), every[0], states)), states


def day_of(moment: str) -> str:
    """The day in Beijing, as the site shows it, of a capture's moment: `2024-04-13T23:01:00Z` -> `2024-04-14`."""
    return (datetime.fromisoformat(moment) + _BEIJING).isoformat()[:10]


def occurrences_of(conn: sqlite3.Connection, phrase: str, uses: Sequence[Use]) -> Counter[str | None]:
    """The number of times that the texts of these uses have the phrase, by the month of the use.

    The text of a use is the newest one of its article with the phrase.
    """
    count = counter(phrase)
    current = [use for use in uses if use.state_id is None]
    superseded = [use for use in uses if use.state_id is not None]
    counted: Counter[str | None] = Counter()
    in_keywords = _in_keywords(conn, count)
    ids = json.dumps([use.article_id for use in current])
    for use, values in zip(current, conn.execute(_CURRENT_TEXTS, (ids,)), strict=True):
        counted[use.month] += count(_texts(values, BESIDE_KEYWORDS)) + in_keywords[use.article_id]
    ids = json.dumps([use.state_id for use in superseded])
    for use, values in zip(superseded, conn.execute(_SUPERSEDED_TEXTS, (ids,)), strict=True):
        counted[use.month] += count(_texts(values, COLUMNS))
    return counted


def _said_by_sites(conn: sqlite3.Connection, phrase: str, found: Columns) -> Columns:
    """The columns of `found` without the articles of which only a correction of ours has the phrase."""
    corrected = corrected_among(conn, found[0])
    if not corrected:
        return found
    count, texts = counter(phrase), conn.execute(_CURRENT_FIELDS, (json.dumps(corrected),))
    lacking = {article for article, values in zip(corrected, texts, strict=True) if not count(_texts(values, COLUMNS))}
    kept = [article not in lacking for article in found[0]]
    return [list(compress(column, kept)) for column in found]


def _texts(values: Sequence[Any], names: Sequence[str]) -> list[str]:
    return [text for texts in fields_of(values, names).values() for text in texts]


def _in_keywords(conn: sqlite3.Connection, count: Count) -> Counter[int]:
    """By article id, the number of times that a phrase stands in its keywords; `count` is the phrase's counter."""
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


def _ordered(column: list[Any], order: list[int]) -> list[Any]:
    return [column[at] for at in order]
