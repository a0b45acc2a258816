"""The hits of a search narrowed by choices, and the counts of the values that narrow them further.

A hit passes a facet if it has one of the values chosen there, and it must pass every facet and the dates.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Literal, get_args

from archive.search.facets import Hits

Facet = Literal["source", "column", "tag", "speaker", "year", "state", "language"]

FACETS: tuple[Facet, ...] = get_args(Facet)
MAX_HITS_WITH_TAGS_COUNTED = 5_000  # the newest hits: to read the tags of 100,000 takes as long as all other counts
_END_OF_TIME = "9999"

_TAGGED = """
    select json_group_array(t.article_id)
      from keywords as k join article_keywords as t on t.keyword_id = k.id
     where k.name in (select value from json_each(?))
"""
_IDS = """
    select json_group_array(a.search_id), json_group_array(a.id)
      from json_each(?) as found cross join articles as a on a.search_id = found.value
"""
_TAGS = """
    select json_group_array(t.keyword_id)
      from json_each(?) as found
     cross join articles as a on a.search_id = found.value
     cross join article_keywords as t on t.article_id = a.id
"""
_NAMES = "select id, name from keywords where id in (select value from json_each(?))"


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices that narrow the hits: for each facet the values of which a hit has one, () for any.

    `since` and `until`, both included, are dates of publication: `2024-04-13`.
    """

    source: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def of(self, facet: Facet) -> tuple[str, ...]:
        """The chosen values of a facet."""
        values: tuple[str, ...] = getattr(self, facet)
        return values

    def hold(self, month: str) -> bool:
        """True if a day of a month (`2024-04`) may be within the years and the dates chosen."""
        return (not self.year or month[:4] in self.year) and (self.since or "")[:7] <= month <= (
            self.until or _END_OF_TIME
        )[:7]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The remaining hits, and for each facet the counts of its values under the other choices.

    `tags_of` is the number of the newest hits in which tags are counted, None for all hits.
    """

    hits: Hits
    facets: dict[Facet, Counter[str]]
    months: Counter[str | None]  # of the hits; None: without a date
    tags_of: int | None


def narrowed(conn: sqlite3.Connection, hits: Hits, choices: Choices) -> Narrowed:
    """The hits that satisfy the choices; a facet's values are counted in the hits that satisfy all other choices."""
    within = _within(hits, choices)
    chosen = {facet: _having(conn, within, facet, choices.of(facet)) for facet in FACETS if choices.of(facet)}
    kept = within.only(_all(chosen.values())) if chosen else within
    facets: dict[Facet, Counter[str]] = {}
    tags_of = None
    for facet in FACETS:
        others = [mask for name, mask in chosen.items() if name != facet]
        left = kept if facet not in chosen else within.only(_all(others)) if others else within
        if facet == "tag":
            facets[facet], tags_of = _tags(conn, left)
        elif facet == "year":
            years = _by_time(left, len("2024"))
            facets[facet] = Counter({year: count for year, count in years.items() if year})
        else:
            facets[facet] = Counter(filter(None, _values(left, facet)))
    return Narrowed(kept, facets, _by_time(kept, len("2024-04")), tags_of)


def _within(hits: Hits, choices: Choices) -> Hits:
    if not (choices.since or choices.until):
        return hits
    since, until = choices.since or "", choices.until or _END_OF_TIME
    return hits.only([date is not None and since <= date <= until for date in hits.of("date")])


def _having(conn: sqlite3.Connection, hits: Hits, facet: Facet, values: Iterable[str]) -> list[bool]:
    """For each hit, True if it has one of these values of the facet."""
    if facet != "tag":
        wanted: Container[object] = frozenset(values)
        return [each in wanted for each in _values(hits, facet)]
    (tagged,) = conn.execute(_TAGGED, (json.dumps(list(values)),)).fetchone()
    of_hits = map(json.loads, conn.execute(_IDS, (json.dumps(hits.of("search_id")),)).fetchone())
    articles = frozenset(json.loads(tagged))
    wanted = frozenset(search_id for search_id, article_id in zip(*of_hits, strict=True) if article_id in articles)
    return [each in wanted for each in hits.of("search_id")]


def _values(hits: Hits, facet: Facet) -> list[str | None]:
    """The facet's value of each hit; of tags a hit has several: see `_tags`."""
    return hits.of(facet) if facet != "year" else [date and date[:4] for date in hits.of("date")]


def _by_time(hits: Hits, length: int) -> Counter[str | None]:
    """The number of hits by the first characters of their dates; None: without a date."""
    counted: Counter[str | None] = Counter()
    for date, count in Counter(hits.of("date")).items():  # a loop over days takes less time than one over hits
        counted[date and date[:length]] += count
    return counted


def _tags(conn: sqlite3.Connection, hits: Hits) -> tuple[Counter[str], int | None]:
    """The number of hits with each tag, by its name, and the `tags_of` of Narrowed."""
    newest: Sequence[int] = hits.of("search_id")
    tags_of = None
    if len(newest) > MAX_HITS_WITH_TAGS_COUNTED:
        tags_of = MAX_HITS_WITH_TAGS_COUNTED
        newest = sorted(newest)[-tags_of:]
    (found,) = conn.execute(_TAGS, (json.dumps(newest),)).fetchone()
    counted: Counter[int] = Counter(json.loads(found))
    tags: Counter[str] = Counter()
    for number, name in conn.execute(_NAMES, (json.dumps(list(counted)),)):
        tags[name] += counted[number]  # a tag in two languages has two rows
    return tags, tags_of


def _all(masks: Iterable[list[bool]]) -> list[bool]:
    """One list, true where all of `masks` are; at least one is needed."""
    return list(reduce(lambda one, other: list(map(and_, one, other)), masks))
