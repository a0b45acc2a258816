"""The history of a phrase: its first appearance, its use by month, its users, and its places.

An article counts once, in the month of its publication, if any of its versions has the phrase: the newest version with
it gives the occurrences and the lines. Withdrawn articles never count.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from heapq import nsmallest
from itertools import islice
from typing import Any, NamedTuple

from archive.search.counting import phrase_of
from archive.search.uses import Use, Uses, occurrences_of, uses_of

MAX_USERS_NAMED = 50  # speakers, and columns, listed by name; all of them are counted
MAX_OLDEST_TEXTS_READ = 500  # texts searched for the first appearance if not all are read

# An article's current state has no row in state_texts.
_APPEARED = """
    select r.article_id,
           r.position > (select min(position) from revision_records where article_id = r.article_id and run >= 0),
           r.captured_at, s.content_digest, iif(r.run < 0, 'unknown', 'stated')
      from json_each(:articles) as wanted
      join revision_records as r on r.article_id = wanted.value
      join states as s on s.id = r.state_id
      join articles as a on a.id = r.article_id
     where r.state_id in (select value from json_each(:states))
        or (s.content_digest = a.content_digest and r.article_id in (select value from json_each(:current)))
     order by r.article_id, r.run < 0, r.captured_at, r.position
"""
_PUBLISHED = "select key, headline, date_published_utc, published_date, date_precision from articles where id = ?"
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

    `at` is the article's publication (its first sight if it has no date) or, if an edit brought the phrase, the first
    capture with it; `date` is the day of a publication in the source's zone, by which its month is counted, else that
    of `at` in UTC.
    """

    key: str
    headline: str
    at: str
    date: str
    precision: str | None  # date_precision of a publication
    captured_at: str
    digest: str
    dating: str  # unknown: captured_at is the moment of receipt


class MonthOfUse(NamedTuple):
    """The use of a phrase in one month. covered: the archive's articles of that month; if 0, nothing is known of it."""

    month: str | None  # None: articles without a date
    articles: int
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
    articles: Counter[str | None]  # by month of publication
    occurrences: Counter[str | None]  # in the texts that were read
    unread: frozenset[str | None]  # months with texts that were not read
    speakers: Users
    columns: Users
    at_least: bool  # only the newest articles were counted, so every number is a lower bound
    uses: Sequence[Use] = field(repr=False)  # the newest first


def covered_months(conn: sqlite3.Connection, source: str | None = None) -> dict[str | None, int]:
    """By month of publication, the number of articles of a source or of all; None: without a date.

    Withdrawn articles do not count.
    """
    of, and_of = ("where source = :source", "and source = :source") if source else ("", "")
    return dict(conn.execute(_COVERED.format(of=of, and_of=and_of), {"source": source}).fetchall())


def history_of(conn: sqlite3.Connection, text: str, most: int | None = None, read: int | None = None) -> History:
    """The history of `text` over all versions: first and last appearance, counts and users.

    `most` bounds the texts looked for in the index, and `read` the articles whose texts are read to count occurrences;
    both take the newest. If `most` is reached, the history is marked `at_least`, and `first` comes from a look at the
    oldest texts.
    """
    phrase = phrase_of(text)
    uses, states = uses_of(conn, phrase, most)
    first, last = _appearances(conn, uses, states)
    cut = most is not None and len(uses) >= most
    if cut:  # the texts looked at do not reach back to the beginning
        first = first_appearance(conn, phrase)
    return History(
        phrase, first, last, Counter(uses.months), occurrences_of(conn, phrase, uses[:read]),
        frozenset(uses.months[read:]) if read is not None else frozenset(),
        _users(uses.speakers), _users(uses.columns), cut, uses,
    )  # fmt: skip


def first_appearance(conn: sqlite3.Connection, text: str, most: int = MAX_OLDEST_TEXTS_READ) -> Appearance | None:
    """The first appearance of `text`; None if no text has it.

    Only the `most` current texts with the earliest dates and the `most` superseded ones that were added first are
    looked at. With more, a superseded text may be missed that alone had the phrase earlier.
    """
    first, _ = _appearances(conn, *uses_of(conn, phrase_of(text), most, "asc"))
    return first


def months_of(history: History, covered: Mapping[str | None, int]) -> list[MonthOfUse]:
    """The use in each month in which the archive has articles or the phrase was used, in order; the undated last.

    If `history.at_least` is True, months before the oldest that was counted are left out.
    """
    every = sorted(covered.keys() | history.articles.keys(), key=lambda month: (month is None, month or ""))
    if history.at_least:  # earlier months were not counted, which is not zero
        oldest = min(filter(None, history.articles), default="")
        every = [month for month in every if month is None or month >= oldest]
    return [
        MonthOfUse(month, history.articles[month], _occurrences(history, month), covered.get(month, 0))
        for month in every
    ]


def _occurrences(history: History, month: str | None) -> int | None:
    return None if month in history.unread else history.occurrences[month]


def told(history: History, covered: Mapping[str | None, int]) -> dict[str, Any]:
    """The history as a dict for JSON: text, first, last, totals, `months` (a list of dicts), undated and users.

    A month that is absent was not covered or, if `at_least` is True, not counted.
    """
    months = [month._asdict() for month in months_of(history, covered)]
    (undated,) = [month for month in months if month["month"] is None] or [MonthOfUse(None, 0, 0, 0)._asdict()]
    undated.pop("month")
    return {
        "text": history.text,
        "first": history.first and asdict(history.first),
        "last": history.last and asdict(history.last),
        "articles": history.articles.total(),
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


def _appearances(
    conn: sqlite3.Connection, uses: Uses, states: dict[int, list[int]]
) -> tuple[Appearance | None, Appearance | None]:
    if not uses:
        return None, None
    since = _brought_by_edits(conn, uses, states)
    brought = {use.article_id for _, use in since}
    for ordered in (uses, reversed(uses)):  # of articles that always had it, only these can be last or first
        since += islice(((use.moment, use) for use in ordered if use.article_id not in brought), 1)
    ends = [choose(since, key=lambda each: (each[0], each[1].article_id)) for choose in (min, max)]
    first, last = (_appearance(conn, at, use, states.get(use.article_id, [])) for at, use in ends)
    return first, last


def _brought_by_edits(conn: sqlite3.Connection, uses: Uses, states: dict[int, list[int]]) -> list[tuple[str, Use]]:
    """(moment of capture, use) for each article whose first version lacked the phrase: of the first version with it.

    An article whose first version had the phrase is left out, even if it lost and regained it.
    """
    (superseded,) = conn.execute("select json_group_array(article_id) from state_texts").fetchone()
    several = Counter(json.loads(superseded))
    always = {article for article, of in states.items() if len(of) == several.get(article)} - uses.superseded
    edited = uses.of(several.keys() - always)
    found: dict[int, str] = {}
    seen: set[int] = set()
    for article_id, later, captured_at, *_ in _revisions(conn, edited, states):
        if article_id not in seen and later:
            found[article_id] = captured_at
        seen.add(article_id)
    return [(found[use.article_id], use) for use in edited if use.article_id in found]


def _appearance(conn: sqlite3.Connection, at: str, use: Use, states: list[int]) -> Appearance:
    (_, _, captured_at, digest, dating), *_ = _revisions(conn, [use], {use.article_id: states})
    key, headline, published, *dated = conn.execute(_PUBLISHED, (use.article_id,)).fetchone()
    date, precision = dated if at == published else (at[:10], None)
    return Appearance(key, headline, at, date, precision, captured_at, digest, dating)


def _revisions(conn: sqlite3.Connection, uses: list[Use], states: dict[int, list[int]]) -> list[tuple[Any, ...]]:
    """The revisions of these articles that have the phrase: by article, in the order of capture, undated ones last.

    Each row is (article id, true if later than the article's first revision, captured_at, digest, dating); dating is
    `stated`, or `unknown` for an undated capture.
    """
    values = {
        "articles": [use.article_id for use in uses],
        "current": [use.article_id for use in uses if use.state_id is None],
        "states": [state for use in uses for state in states.get(use.article_id, ())],
    }
    return conn.execute(_APPEARED, {name: json.dumps(ids) for name, ids in values.items()}).fetchall()
