"""Selects the events of the hits of a query, and names the change each made to its article as a hit: `entered`, ….

An event is judged by the article's texts before and after it, read by the rule of search. Our corrections do not count.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from archive.answers import COMPARED, event_states
from archive.rules import AWAY
from archive.sandbox import whole_texts
from archive.search import MAX_TEXTS_LOOKED_AT, articles_ever, states_found

# `new`: the article is new; `entered`: an edit made it a hit, or it was gone and is there again; `left`: an edit ended
# that; `stayed`: it was one and is one; `removed`: it is gone, and was a hit.
HitChange = Literal["new", "entered", "left", "stayed", "removed"]

# Of a hit, by the kind of event without two texts. A restored article that only a list had left out was never gone.
_OF_KIND: dict[str, HitChange] = {"new": "new", "restored": "entered", **dict.fromkeys(AWAY, "removed")}


@dataclass(frozen=True, slots=True)
class WordFilter:
    """The words that an article must have: one of the `queries`, if there are any, and one of the `phrases`."""

    queries: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.queries or self.phrases)

    @property
    def groups(self) -> list[tuple[str, ...]]:
        """Queries of search; a text is a hit if each group has one that finds it."""
        phrases = tuple(f'"{phrase}"' for phrase in self.phrases)
        return [group for group in (self.queries, phrases) if group]


def articles_with_words(conn: sqlite3.Connection, words: WordFilter) -> set[int] | None:
    """The ids of the articles of which any text, now or before, may be a hit; None if they are too many to list.

    Withdrawn articles may be among them, and articles whose texts fulfil only one group each.
    """
    found: set[int] | None = None
    for group in words.groups:
        members = _of_group(conn, group)
        if members is not None:
            found = members if found is None else found & members
    return found


def _of_group(conn: sqlite3.Connection, group: tuple[str, ...]) -> set[int] | None:
    of_each = [articles_ever(conn, q, MAX_TEXTS_LOOKED_AT) for q in group]
    return None if None in of_each else set().union(*(each or () for each in of_each))


def hit_changes(conn: sqlite3.Connection, events: Sequence[int], words: WordFilter) -> dict[int, HitChange]:
    """By event id, the change that the event made to its article as a hit; other events are left out.

    An edit without a text to compare with is judged by its own text alone.
    """
    found = event_states(conn, events)
    states = {state for each in found for state in (each.before, each.after) if state is not None}
    with whole_texts(conn):
        for group in words.groups:
            states = states_found(conn, group, states)
    judged = {each.event: _judged(each.kind, each.before, each.after, states) for each in found}
    return {event: change for event, change in judged.items() if change is not None}


def _judged(kind: str, before: int | None, after: int | None, hits: set[int]) -> HitChange | None:
    if kind in COMPARED and before is not None:
        was, stays = before in hits, after in hits
        return "stayed" if was and stays else "entered" if stays else "left" if was else None
    if after not in hits:
        return None
    return _OF_KIND.get(kind, "stayed")
