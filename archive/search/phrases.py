"""The history of a phrase: its first appearance, its use by month, its users, and its places.

An article counts once if any of its versions has the phrase: in the month of its publication, or if an edit brought
the phrase, in that of the capture that first shows it. The newest version with it gives the occurrences and the lines.
Withdrawn articles never count.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from heapq import nsmallest
from itertools import compress
from typing import Any, NamedTuple

from archive.search.coming import first_shown
from archive.search.counting import phrase_of
from archive.search.uses import Use, Uses, day_of, occurrences_of, uses_of

MAX_USERS_NAMED = 50  # speakers, and columns, listed by name; all of them are counted
OLDEST_TEXTS_READ = (500, 5_000, 50_000)  # texts searched for the first appearance if not all are read

_PUBLISHED = "select key, headline, published_date, date_precision from articles where id = ?"
_COVERED = """
    select month, sum(articles) from (
        select published_month as month, count(*) as articles from articles {of} group by 1
         union all
        select published_month, -count(*) from articles where state = 'withdrawn' {and_of} group by 1)
     group by month having sum(articles) > 0 order by month
"""


@dataclass(frozen=True, slots=True)
class Appearance:
    """The first or last appearance of a phrase: the article, its first capture with the phrase, that version's digest.

    `at` is the article's publication (its first sight if it has no date) or, if `came_by_edit`, the first capture with
    it. `date` is the day of it by whose month the article is counted: of a publication in the source's zone, else that
    of `at` in Beijing.
    """

    key: str
    headline: str
    at: str
    date: str
    precision: str | None  # date_precision of a publication
    captured_at: str
    digest: str
    dating: str  # unknown: captured_at is the moment of receipt
    came_by_edit: bool


class MonthOfUse(NamedTuple):
    """The use of a phrase in one month. covered: the archive's articles of that month; if 0, nothing is known of it."""

    month: str | None  # None: articles without a date
    articles: int  # into which the phrase came in that month
    came_by_edit: int  # those of them into which an edit brought it; they were published in any month
    occurrences: int | None  # None: not all of the texts were read
    covered: int


@dataclass(frozen=True, slots=True)
class Users:
    """Speakers or columns: those with the most articles, the most first. counted: the number of all, named or not.

    The site caches histories, so they hold no more names than are shown.
    """

    named: tuple[tuple[str, int], ...]  # (name, articles)
    counted: int


@dataclass(frozen=True, slots=True)
class History:
    """The whole history of one phrase; without any article that has it, first and last have no value (None)."""

    text: str
    first: Appearance | None
    last: Appearance | None
    articles: Counter[str | None]  # by the month in which the phrase came into them
    came_by_edit: Counter[str | None]  # those into which an edit brought it
    occurrences: Counter[str | None]  # in the texts that were read
    unread: frozenset[str | None]  # months with texts that were not read
    speakers: Users
    columns: Users
    at_least: bool  # only the newest articles were counted, so every number is a lower bound
    uses: Sequence[Use] = field(repr=False)  # the last that it came into first


def covered_months(conn: sqlite3.Connection, sources: Sequence[str] = ()) -> dict[str | None, int]:
    """By month of publication, the number of articles of these sources, or of all; None: without a date.

    Withdrawn articles do not count.
    """
    wanted = "source in (select value from json_each(:sources))"
    of, and_of = (f"where {wanted}", f"and {wanted}") if sources else ("", "")
    return dict(conn.execute(_COVERED.format(of=of, and_of=and_of), {"sources": json.dumps(sources)}).fetchall())


def history_of(conn: sqlite3.Connection, text: str, most: int | None = None, read: int | None = None) -> History:
    """The history of `text` over all versions: first and last appearance, counts and users.

    `most` bounds the texts looked for in the index, and `read` the articles whose texts are read to count occurrences;
    both take the newest. If `most` is reached, the history is marked `at_least`, and `first` is that of `first_of`.
    """
    phrase = phrase_of(text)
    uses, states = uses_of(conn, phrase, most)
    cut = most is not None and len(uses) >= most
    first, last = _ends(uses)
    return History(
        phrase, first_of(conn, phrase) if cut else _appearance(conn, first, states), _appearance(conn, last, states),
        Counter(uses.months), Counter(compress(uses.months, uses.edited)), occurrences_of(conn, phrase, uses[:read]),
        frozenset(uses.months[read:]) if read is not None else frozenset(),
        _users(uses.speakers), _users(uses.columns), cut, uses,
    )  # fmt: skip


def first_of(conn: sqlite3.Connection, text: str) -> Appearance | None:
    """The first appearance of `text`, from its oldest texts alone; None without any article that has it.

    Articles without a date count only if no other one has it. Of current and of superseded texts OLDEST_TEXTS_READ are
    looked at, and more only while these do not settle it.
    """
    phrase = phrase_of(text)
    for most in OLDEST_TEXTS_READ:
        uses, states = uses_of(conn, phrase, most, "asc")
        # Texts beyond these were published later: none is earlier than one of these that always had the phrase.
        if any(month and not edited for month, edited in zip(uses.months, uses.edited, strict=True)):
            break
    return _appearance(conn, _ends(uses)[0], states)


def months_of(history: History, covered: Mapping[str | None, int]) -> list[MonthOfUse]:
    """The use in each month in which the archive has articles or the phrase was used, in order; the undated last.

    If `history.at_least` is True, months before the oldest that was counted are left out.
    """
    every = sorted(covered.keys() | history.articles.keys(), key=lambda month: (month is None, month or ""))
    if history.at_least:  # earlier months were not counted, which is not zero
        oldest = min(filter(None, history.articles), default="")
        every = [month for month in every if month is None or month >= oldest]
    return [
        MonthOfUse(
            month,
            history.articles[month],
            history.came_by_edit[month],
            _occurrences(history, month),
            covered.get(month, 0),
        )
        for month in every
    ]


def _occurrences(history: History, month: str | None) -> int | None:
    return None if month in history.unread else history.occurrences[month]


def told(history: History, covered: Mapping[str | None, int]) -> dict[str, Any]:
    """The history as a dict for JSON: text, first, last, totals, `months` (a list of dicts), undated and users.

    A month that is absent was not covered or, if `at_least` is True, not counted.
    """
    months = [month._asdict() for month in months_of(history, covered)]
    (undated,) = [month for month in months if month["month"] is None] or [MonthOfUse(None, 0, 0, 0, 0)._asdict()]
    undated.pop("month")
    return {
        "text": history.text,
        "first": history.first and asdict(history.first),
        "last": history.last and asdict(history.last),
        "articles": history.articles.total(),
        "came_by_edit": history.came_by_edit.total(),
        "occurrences": history.occurrences.total(),
        "occurrences_at_least": history.at_least or bool(history.unread),
        "at_least": history.at_least,
        "months": [month for month in months if month.get("month")],
        "undated": undated,
        "speakers": [{"name": name, "articles": count} for name, count in history.speakers.named],
        "columns": [{"name": name, "articles": count} for name, count in history.columns.named],
        "speakers_counted": history.speakers.counted,
        "columns_counted": history.columns.counted,
    }


def _users(names: Iterable[str | None]) -> Users:
    counts = Counter(filter(None, names))
    return Users(tuple(nsmallest(MAX_USERS_NAMED, counts.items(), key=lambda each: (-each[1], each[0]))), len(counts))


def _ends(uses: Uses) -> tuple[Use | None, Use | None]:
    """The uses into which the phrase came first and last; those without a date count only if all are without."""
    dated = [at for at, month in enumerate(uses.months) if month] or range(len(uses))
    return (uses[dated[-1]], uses[dated[0]]) if dated else (None, None)


def _appearance(conn: sqlite3.Connection, use: Use | None, states: Mapping[int, list[int]]) -> Appearance | None:
    if use is None:
        return None
    current = [use.article_id] if use.state_id is None else []
    shown = first_shown(conn, [use.article_id], current, states)[use.article_id]
    key, headline, date, precision = conn.execute(_PUBLISHED, (use.article_id,)).fetchone()
    if use.came_by_edit or not date:
        date, precision = day_of(use.moment), None
    return Appearance(
        key, headline, use.moment, date, precision, shown.captured_at, shown.digest, shown.dating, use.came_by_edit
    )
