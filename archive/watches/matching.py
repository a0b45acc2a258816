"""Decides which events a watch asks for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive.answers import EventStates, event_states
from archive.search import EditedTexts, fold, texts_of_states
from archive.settings import WatchSettings
from archive.watches.stream import OF_SOURCES, ArchiveEvent

Fields = Mapping[str, Sequence[str]]
FILTERED = {"column": "article_section", "speaker": "speaker", "tag": "keywords"}
"""By filter of a watch: the property of which an article must have one of its values."""


@dataclass(frozen=True, slots=True)
class EventTexts:
    """The texts of an event's article before it (None unless it compares two) and after it, and the latter's digest."""

    before: Fields | None
    after: Fields
    content_digest: str
    asked: EditedTexts

    @property
    def each(self) -> tuple[Fields, ...]:
        return (self.after,) if self.before is None else (self.before, self.after)


def texts_of(conn: sqlite3.Connection, events: Iterable[ArchiveEvent]) -> dict[int, EventTexts]:
    """The texts of events by row id; an event without a text to read, as of a withdrawn article, is left out."""
    ids = [event.id for event in events if event.article_id is not None]
    found = event_states(conn, [each for each in ids if each > 0])
    found += [EventStates(each, "edited", *_compared(conn, -each)) for each in ids if each < 0]
    states = {state for each in found for state in (each.before, each.after) if state is not None}
    fields = dict(texts_of_states(conn, states))
    digests = dict(_digests(conn, states))
    texts = {}
    for each in found:
        if each.after in fields:
            before, after = fields.get(each.before) if each.before is not None else None, fields[each.after]
            texts[each.event] = EventTexts(before, after, digests[each.after], EditedTexts(before, after))
    return texts


def _compared(conn: sqlite3.Connection, revision: int) -> tuple[int, int]:
    before, after = conn.execute(
        "select before_id, coalesce(after_id, state_id) from revision_records where id = ?", (revision,)
    ).fetchone()
    return before, after


def _digests(conn: sqlite3.Connection, states: Iterable[int]) -> Iterable[tuple[int, str]]:
    for state in states:
        yield conn.execute("select id, content_digest from states where id = ?", (state,)).fetchone()


def wants(asked: WatchSettings, event: ArchiveEvent, texts: EventTexts | None) -> bool:
    """True if a watch asks for an event. texts: of its article; None for an event without one that may be shown.

    Of a gap or a layout change only the kind and the source are asked. An edit fits if one of its texts does.
    """
    if event.choice not in asked.on or (asked.source and event.source not in asked.source):
        return False
    if event.kind in OF_SOURCES:
        return True
    if texts is None or event.state == "withdrawn":
        return False
    if event.kind == "edited" and event.significance != (asked.significance or "substantive"):
        return False
    if not all(_has(texts, name, getattr(asked, key)) for key, name in FILTERED.items()):
        return False
    query = asked.query
    return not query.strip() or texts.asked.found_after(query) or texts.asked.found_before(query)


def _has(texts: EventTexts, name: str, wanted: Sequence[str]) -> bool:
    values = {fold(value) for value in wanted}
    return not values or any(fold(said) in values for fields in texts.each for said in fields.get(name, ()))
