"""The size of an edit: the characters that it deleted and inserted, counted as its comparison counts them."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence

from archive.diffing import characters_changed, segments_of
from archive.publish.lists.excerpts import digest
from archive.sandbox import whole_texts

MAX_CACHED_SIZES = 20_000

_cached: dict[tuple[str, bytes, bytes], int] = {}


def edit_sizes(conn: sqlite3.Connection, events: Sequence[int]) -> Counter[int]:
    """By event id, the number of characters that the event changed in all properties; 0 for one without an edit."""
    of_events = conn.execute(_REVISIONS, (json.dumps(events),)).fetchall()
    sizes: Counter[int] = Counter()
    with whole_texts(conn):
        for revision, name, before, after in conn.execute(_CHANGES, (json.dumps([each for _, each in of_events]),)):
            sizes[revision] += _size(name, before, after)
    return Counter({event: sizes[revision] for event, revision in of_events})


_REVISIONS = """
    select e.id, e.revision_id from json_each(?) as wanted cross join events e on e.id = wanted.value
     where e.revision_id is not null
"""
_CHANGES = """
    select revision_id, property, before, after from changes where revision_id in (select value from json_each(?))
"""


def _size(name: str, before: str | None, after: str | None) -> int:
    key = (name, digest(before or ""), digest(after or ""))
    if key not in _cached:
        if len(_cached) >= MAX_CACHED_SIZES:
            _cached.clear()
        _cached[key] = characters_changed(segments_of(name, before, after))
    return _cached[key]
