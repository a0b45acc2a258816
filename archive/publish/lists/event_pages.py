"""Selects the events of one page of a list, and the position at which the next page begins.

Each look at the events is bounded, so a page of a very common column or query may be short or empty, and not the last.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from archive.publish.lists.event_articles import MAX_ARTICLES_ASKED_ONE_BY_ONE, few_articles
from archive.publish.lists.event_sizes import edit_sizes
from archive.publish.lists.event_words import HitChange, articles_with_words, hit_changes
from archive.publish.lists.events import EventFilter

MAX_EVENTS_LOOKED_AT = 5_000  # per page, the latest
MAX_EVENTS_READ = 400  # of these, with their texts
_EVENTS_PER_STEP = 100


class EventPage(NamedTuple):
    """The row ids of a page's events, latest first, and the position `AT,ID` after which the next page begins.

    `older`: None if this is the last page. `changes`: the change that each event made to its article as a hit; empty
    without words.
    """

    ids: list[int]
    older: str | None
    changes: Mapping[int, HitChange]


class _PlacedEvent(NamedTuple):
    id: int
    at: str
    article_id: int | None


def page_of_events(conn: sqlite3.Connection, chosen: EventFilter, limit: int) -> EventPage:
    """The page of at most `limit` events that fulfil the filter, latest first, after its position `before`.

    An article belongs to the columns, tags and people that it has now. Of a withdrawn article no event is listed by
    these, nor by words.
    """
    is_read = bool(chosen.words or chosen.min_size)
    looked = MAX_EVENTS_LOOKED_AT if is_read or chosen.articles or chosen.significance else limit + 1
    articles = _articles(conn, chosen)
    seen = _latest(conn, chosen, articles, looked)
    found: list[_PlacedEvent] = []
    changes: dict[int, HitChange] = {}
    read = 0
    for start in range(0, len(seen), _EVENTS_PER_STEP):
        step = seen[start : start + _EVENTS_PER_STEP]
        fit = _fitting(conn, chosen, [each for each in step if articles is None or each.article_id in articles])
        read += len(fit) if is_read else 0
        if chosen.min_size:
            sizes = edit_sizes(conn, [each.id for each in fit])
            fit = [each for each in fit if sizes[each.id] >= chosen.min_size]
        if chosen.words:
            changes |= hit_changes(conn, [each.id for each in fit], chosen.words)
            fit = [each for each in fit if each.id in changes]
        found += fit
        if len(found) > limit:
            return _page(found[:limit], found[limit - 1], changes)
        if read >= MAX_EVENTS_READ:
            return _page(found, step[-1], changes)
    return _page(found, seen[-1] if len(seen) == looked else None, changes)


def _page(shown: Sequence[_PlacedEvent], last: _PlacedEvent | None, changes: dict[int, HitChange]) -> EventPage:
    return EventPage([each.id for each in shown], f"{last.at},{last.id}" if last else None, changes)


def _latest(conn: sqlite3.Connection, chosen: EventFilter, articles: set[int] | None, limit: int) -> list[_PlacedEvent]:
    """The latest `limit` events by kind, source and time; of `articles` alone if these are few."""
    if articles is not None and len(articles) <= MAX_ARTICLES_ASKED_ONE_BY_ONE:
        values: dict[str, Any] = {"articles": json.dumps(sorted(articles)), "kinds": json.dumps(chosen.kinds)}
        of_sources = "and e.source in (select value from json_each(:sources))" if chosen.sources else ""
        values |= chosen.bounds | {"sources": json.dumps(chosen.sources), "limit": limit}
        return [_PlacedEvent(*row) for row in conn.execute(_OF_ARTICLES.format(of_sources=of_sources), values)]
    rows = conn.execute(_OF_ALL.format(ids=chosen.ids()), chosen.bounds | {"limit": limit})
    return [_PlacedEvent(*row) for row in rows]


def _articles(conn: sqlite3.Connection, chosen: EventFilter) -> set[int] | None:
    """The ids of the articles that may fulfil the filter; None if they are too many to list."""
    by_what_they_are = few_articles(conn, chosen.articles)
    by_words = articles_with_words(conn, chosen.words)
    if by_what_they_are is None or by_words is None:
        return by_what_they_are if by_words is None else by_words
    return by_what_they_are & by_words


def _fitting(conn: sqlite3.Connection, chosen: EventFilter, step: Sequence[_PlacedEvent]) -> list[_PlacedEvent]:
    """Those of the events that fulfil the conditions on their articles and their edits."""
    conditions, values = ["true"], {"ids": json.dumps([each.id for each in step])}
    for condition in chosen.articles.conditions:
        conditions.append(condition.holds)
        values |= condition.values
    if chosen.articles or chosen.words:
        conditions.append("a.state <> 'withdrawn'")
    if chosen.significance or chosen.min_size:
        conditions.append("e.kind in ('edited', 'reparsed')")
    if chosen.significance:
        conditions.append("r.significance in (select value from json_each(:significance))")
        values["significance"] = json.dumps(chosen.significance)
    if len(conditions) == 1:
        return list(step)
    fit = {event for (event,) in conn.execute(_FITTING.format(conditions=" and ".join(conditions)), values)}
    return [each for each in step if each.id in fit]


_OF_ARTICLES = """
    select e.id, e.at, e.article_id
      from json_each(:articles) as wanted
     cross join events e indexed by events_article on e.article_id = wanted.value
     where (e.at, e.id) < (:at, :id) and e.at >= :since and e.kind in (select value from json_each(:kinds)) {of_sources}
     order by e.at desc, e.id desc
     limit :limit
"""
_OF_ALL = "select id, at, article_id from events where id in ({ids}) order by at desc, id desc limit :limit"
_FITTING = """
    select e.id
      from json_each(:ids) as wanted
     cross join events e on e.id = wanted.value
      left join articles a on a.id = e.article_id
      left join revision_records r on r.id = e.revision_id
     where {conditions}
"""
