"""Selects the events of a list by its filters, and reads their rows with the evidence of each."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from datasette.utils.asgi import Request

from archive.answers import judgements, with_addresses
from archive.decisions import EVENT_KINDS
from archive.files import instant, stamp
from archive.publish.database.reading import named, place_before, rows, whole
from archive.publish.formatting.filters import BEIJING
from archive.publish.lists.event_articles import ArticleFilter
from archive.publish.lists.event_words import WordFilter
from archive.publish.lists.excerpts import with_excerpts
from archive.publish.messages.refusals import invalid_request
from archive.rules import JUDGEMENTS

NAMES, REPEATED = ("since", "until", "limit", "before"), ("kind", "source")  # of parameters
MAX_VALUES = 20  # of one parameter
_END_OF_TIME = "9999"
_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class EventFilter:
    """The filters of a list of events. `kinds` is never empty; an empty value of another filter narrows nothing.

    `since`, `until` and `before` are unparsed parameters.
    """

    kinds: tuple[str, ...]
    sources: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    before: str = ""  # the position `AT,ID` after which the list continues
    articles: ArticleFilter = field(default_factory=ArticleFilter)
    words: WordFilter = field(default_factory=WordFilter)
    significance: tuple[str, ...] = ()  # of edits; no other events then
    min_size: int = 0  # characters that an edit changed; no other events then, unless 0

    @property
    def bounds(self) -> dict[str, Any]:
        """The SQL parameters of `ids` except `limit`. Raises BadRequest if `since` or `until` is no day and no stamp.

        They select events from `since` to the end of `until` that come after the position `before` in the list.
        """
        at, _, last = self.before.partition(",")
        number = whole(last)
        place = (_END_OF_TIME, 0) if number is None else (at, number)
        end = (_end(self.until), 0) if self.until else (_END_OF_TIME, 0)
        at, number = min(place, end)
        since = _beginning(self.since) if self.since else ""
        named = {f"source_{n}": source for n, source in enumerate(self.sources)}
        return {"at": at, "id": number, "since": since, **named}

    def ids(self) -> str:
        """A SELECT of the ids of the latest `:limit` events of each kind in `kinds`, within `bounds`.

        With all kinds and no source, of the latest `:limit` events in all. One index look-up per source and kind: rare
        kinds are found at once among a million new articles.
        """
        place = "(at, id) < (:at, :id) and at >= :since order by at desc, id desc limit :limit"
        if set(self.kinds) == set(EVENT_KINDS) and not self.sources:
            return f"select id from events where {place}"
        of_sources = [f"source = :source_{n} and " for n in range(len(self.sources))] or [""]
        looks = (f"select * from (select id from events where {of_source}kind = '{kind}' and {place})"
                 for of_source in of_sources for kind in self.kinds)  # fmt: skip
        return " union all ".join(looks)


def asked(request: Request, offered: tuple[str, ...], usual: tuple[str, ...]) -> EventFilter:
    """The filter that a request asks for; without a kind it has the kinds `usual`.

    Raises BadRequest for invalid values, such as a kind that is not in `offered`.

    It reads `?source=` and `?kind=` (several each), `?since=` and `?until=` (a day in Beijing, or a stamp), and
    `?before=AT,ID`.
    """
    kinds = one_of(request, "kind", offered) or usual
    since, until = ((request.args.get(name) or "").strip() for name in ("since", "until"))
    chosen = EventFilter(kinds, several(request, "source"), since, until, place_before(request) or "")
    _ = chosen.bounds
    return chosen


def several(request: Request, name: str) -> tuple[str, ...]:
    """The values of a parameter, each once, without empty ones. Raises BadRequest for more than MAX_VALUES."""
    found = tuple(dict.fromkeys(value for value in request.args.getlist(name) if value.strip()))
    if len(found) > MAX_VALUES:
        raise invalid_request("many_of_name", name=name, n=len(found), most=MAX_VALUES)
    return found


def one_of(request: Request, name: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    """The values of a parameter, in the order of `offered`. Raises BadRequest for a value that is not offered."""
    wanted = [value for value in request.args.getlist(name) if value]
    if unknown := next((value for value in wanted if value not in offered), None):
        raise invalid_request("none_of", name=name, text=unknown[:40], choices=", ".join(offered))
    return tuple(value for value in offered if value in wanted)


def narrowed(chosen: EventFilter, usual: tuple[str, ...]) -> bool:
    """True if the kinds are not the usual ones, or another filter is set; `before` does not count."""
    return replace(chosen, before="") != EventFilter(usual)


def _beginning(text: str) -> str:
    return stamp(_moment(text))


def _end(text: str) -> str:
    """The stamp one day after the beginning of a day in Beijing, or one second after a stamp: the end, exclusive.

    `_end("2024-04-13") -> "2024-04-13T16:00:00Z"`. Raises BadRequest for any other text.
    """
    return stamp(_moment(text) + (timedelta(days=1) if _DAY.fullmatch(text) else timedelta(seconds=1)))


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BEIJING) if _DAY.fullmatch(text) else instant(text)
    except (ValueError, OverflowError):
        raise invalid_request("no_moment", text=text) from None


def events(conn: sqlite3.Connection, ids: Sequence[int], wide: bool = False) -> list[dict[str, Any]]:
    """The rows of these events (row ids), latest first; events of withdrawn articles have no excerpts.

    An event that judges an article's presence has `absence`, the judgement with its evidence; for `excerpts` and
    `wide` see `with_excerpts`.
    """
    return told(conn, rows(conn, _EVENTS, (json.dumps(ids),)), wide)


def told(conn: sqlite3.Connection, found: list[dict[str, Any]], wide: bool) -> list[dict[str, Any]]:
    """Copies of the rows with `detail` (JSON) and `properties` (a list of names) decoded, and with `excerpts`.

    For these see `with_excerpts`. `properties` and `excerpts` are [] for a withdrawn article. An event that judges an
    article's presence also gets `absence`, and an event `moved` both addresses. The row ids of article and revision are
    removed.
    """
    plain = [row | {"properties": named(row["properties"]), "detail": json.loads(row["detail"])} for row in found]
    shown = [row if row["state"] != "withdrawn" else row | {"properties": []} for row in plain]
    return [with_addresses(conn, _judged(conn, row)) for row in with_excerpts(conn, shown, wide)]


def _judged(conn: sqlite3.Connection, row: dict[str, Any]) -> dict[str, Any]:
    article_id = row.pop("article_id")
    if row["kind"] not in JUDGEMENTS:
        return row
    of_its_own = (
        each for each in judgements(conn, article_id) if (each["kind"], each["at"]) == (row["kind"], row["at"])
    )
    return row | {"absence": next(of_its_own, None)}


def offered(conn: sqlite3.Connection, chosen: EventFilter, kinds: tuple[str, ...]) -> dict[str, Any]:
    """A dict of the chosen filters and of the choices.

    The filters are `source` (None unless it is one), `since` and `until` (None if not set), `kinds` and `sources`,
    which are lists.
    `every_kind` has those of `kinds` that ever happened, `every_source` a row for each source.
    """
    once = "select 1 from events where kind = ? limit 1"
    return {
        "source": chosen.sources[0] if len(chosen.sources) == 1 else None,
        "sources": list(chosen.sources),
        "kinds": list(chosen.kinds),
        "since": chosen.since or None,
        "until": chosen.until or None,
        "every_kind": [kind for kind in kinds if conn.execute(once, (kind,)).fetchone()],
        "every_source": rows(conn, "select name, publisher from sources order by name"),
    }


COLUMNS = """
           e.id, e.at, e.recorded_at, e.kind, e.source,
           (select publisher from sources where name = e.source) as publisher, e.article_id,
           a.key, a.url, a.headline, a.in_language, a.state,
           r.number as revision, e.revision_id, r.significance, e.detail, e.digest,
           (select substr(s.content_digest, 8, 12) from states s where s.id = r.state_id) as version,
           (select substr(s.content_digest, 8, 12) from revision_records b join states s on s.id = b.state_id
             where b.article_id = r.article_id and b.number = r.number - 1) as version_before,
           (select group_concat(property) from change_records c where c.revision_id = r.id) as properties
"""
FROM = """
      from events e
      left join articles a on a.id = e.article_id
      left join revision_records r on r.id = e.revision_id
"""
_EVENTS = f"""
    select {COLUMNS} {FROM}
     where e.id in (select value from json_each(?))
     order by e.at desc, e.id desc
"""
