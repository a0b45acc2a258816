"""Which events a list shows: of which source, of which kinds, between which moments, from which place on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from datasette.utils.asgi import BadRequest, Request

from archive.decisions import EVENT_KINDS
from archive.files import instant, stamp
from archive.publish.database.reading import place_before, whole
from archive.publish.formatting.filters import BEIJING

_END_OF_TIME = "9999"
_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What was asked for. `kinds` is never empty; `since` and `until` as they were written, "" for none."""

    kinds: tuple[str, ...]
    source: str = ""
    since: str = ""
    until: str = ""
    before: str = ""  # the place `AT,ID`

    @property
    def bounds(self) -> dict[str, Any]:
        """The values for `ids`: after `since`, before the place and the end. Raises BadRequest."""
        at, _, last = self.before.partition(",")
        number = whole(last)
        place = (_END_OF_TIME, 0) if number is None else (at, number)
        end = (_end(self.until), 0) if self.until else (_END_OF_TIME, 0)
        at, number = min(place, end)
        since = _beginning(self.since) if self.since else ""
        return {"at": at, "id": number, "since": since, "source": self.source}

    def ids(self) -> str:
        """SQL for the ids of the first `:limit` events of each kind, latest first: short looks into an index.

        Among a million arrivals the few other events are found at once.
        """
        place = "(at, id) < (:at, :id) and at >= :since order by at desc, id desc limit :limit"
        if set(self.kinds) == set(EVENT_KINDS) and not self.source:
            return f"select id from events where {place}"
        of_source = "source = :source and " if self.source else ""
        looks = (f"select * from (select id from events where {of_source}kind = '{kind}' and {place})"
                 for kind in self.kinds)  # fmt: skip
        return " union all ".join(looks)


def asked(request: Request, offered: tuple[str, ...], usual: tuple[str, ...]) -> EventFilter:
    """`?source=`, `?kind=` (several), `?since=` and `?until=` (a day of Beijing, or a stamp), `?before=AT,ID`.

    Without a kind: the usual ones. Raises BadRequest for what none of these can be.
    """
    wanted = [kind for kind in request.args.getlist("kind") if kind]
    if unknown := next((kind for kind in wanted if kind not in offered), None):
        raise BadRequest(f"kind={unknown}: not one of {', '.join(offered)}")
    source, since, until = ((request.args.get(name) or "").strip() for name in ("source", "since", "until"))
    before = place_before(request) or ""
    chosen = EventFilter(tuple(kind for kind in offered if kind in wanted) or usual, source, since, until, before)
    _ = chosen.bounds
    return chosen


def narrowed(chosen: EventFilter, usual: tuple[str, ...]) -> bool:
    """Whether somebody chose anything but the place."""
    return replace(chosen, before="") != EventFilter(usual)


def _beginning(text: str) -> str:
    return stamp(_moment(text))


def _end(text: str) -> str:
    """The first moment that is later than a day or a second."""
    return stamp(_moment(text) + (timedelta(days=1) if _DAY.fullmatch(text) else timedelta(seconds=1)))


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BEIJING) if _DAY.fullmatch(text) else instant(text)
    except (ValueError, OverflowError):
        raise BadRequest(f"{text}: not a day like 2024-04-13 or a moment like 2024-04-13T15:01:00Z") from None
