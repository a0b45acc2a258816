"""The texts of an article before and after an event, as the states that hold them."""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

COMPARED = ("edited", "reparsed")
"""The kinds of events that have a text before and after."""


class EventStates(NamedTuple):
    """The row ids of an event's states. before: None unless the event compares two texts, and has the first.

    after: the text of the event's own version, or the one that stood at its moment; None if there was none. kind: of
    the event, `listed` for a restored article that a list had left out.
    """

    event: int
    kind: str
    before: int | None
    after: int | None


def event_states(conn: sqlite3.Connection, events: Sequence[int]) -> list[EventStates]:
    """The states of these events (row ids), in any order; an event without an article has none."""
    return [EventStates(*row) for row in conn.execute(_STATES, (json.dumps(events),))]


# Of an edit the compared states, else that of the revision before; of other events the text that stood at its moment.
_STATES = f"""
    select e.id, iif(e.kind = 'restored' and e.detail ->> 'outcome' = 'listed', 'listed', e.kind),
           iif(e.kind in {COMPARED}, coalesce(r.before_id, (
               select b.state_id from revision_records b
                where b.article_id = r.article_id and b.position < r.position order by b.position desc limit 1)), null),
           iif(e.kind in {("new", *COMPARED)} and r.id is not null, coalesce(r.after_id, r.state_id), coalesce(
               (select b.state_id from revision_records b
                 where b.article_id = e.article_id and b.captured_at <= e.at order by b.position desc limit 1),
               (select b.state_id from revision_records b
                 where b.article_id = e.article_id order by b.position limit 1)))
      from json_each(?) as wanted
     cross join events e on e.id = wanted.value
      left join revision_records r on r.id = e.revision_id
"""
