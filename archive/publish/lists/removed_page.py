"""The page /removed: articles that disappeared, and those that were missed once but are not confirmed."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.answers import unjudged
from archive.history import LAST_SEEN
from archive.publish.database.answer_cache import read_once
from archive.publish.database.reading import read, rows, rows_asked
from archive.publish.lists.events import COLUMNS, FROM, NAMES, REPEATED, EventFilter, asked, narrowed, offered, told
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import page
from archive.rules import DISAPPEARED, JUDGEMENTS

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

REMOVALS_PER_PAGE = 50
MAX_JUDGEMENTS_READ = 500  # per page: after an outage most judgements were taken back
MAX_JUDGEMENTS_COUNTED = 5_000  # of each kind, at some 10 µs
MAX_UNCONFIRMED = 50
REASON = ("since", "why", "lists")  # the fields of `unjudged` that the page shows


@takes(*NAMES, many=REPEATED)
async def show(datasette: Datasette, request: Request) -> Response:
    """`/removed`: articles that disappeared, latest first; for the parameters see `events.asked`."""
    chosen = asked(request, DISAPPEARED, DISAPPEARED)
    made = {"all": chosen.kinds == DISAPPEARED, "filtered": narrowed(chosen, DISAPPEARED)}
    count = await read_once(datasette, count_removed, replace(chosen, before=""))
    most = rows_asked(request, REMOVALS_PER_PAGE)
    found = {"count": count.articles, "at_least": count.at_least, **await read(datasette, _found, chosen, most)}
    return await page(datasette, request, "lists/removed", found, feed="removed", **made)


def _found(conn: sqlite3.Connection, chosen: EventFilter, most: int) -> dict[str, Any]:
    found, older = removed(conn, chosen, most, MAX_JUDGEMENTS_READ)
    plain = not chosen.before and not narrowed(chosen, DISAPPEARED)
    return {
        "articles": found,
        "unconfirmed": unconfirmed(conn, MAX_UNCONFIRMED) if plain else [],
        "unjudged": not_judged(conn, MAX_UNCONFIRMED) if plain else [],
        "older": older,
        "filters": offered(conn, chosen, DISAPPEARED),
    }


def removed(
    conn: sqlite3.Connection, chosen: EventFilter, limit: int, looked: int
) -> tuple[list[dict[str, Any]], str | None]:
    """A pair: the rows of at most `limit` articles that are gone or delisted, latest first, and a position or None.

    The next page begins after this position, `MOMENT,ID` of a judgement; None says that this page is the last. Reads at
    most `looked` judgements, so a page may be short or empty; judgements that were taken back or followed by another
    are left out.
    """
    looks = f"select id, at from events where id in ({chosen.ids()}) order by at desc, id desc limit :limit"
    places = rows(conn, looks, chosen.bounds | {"limit": looked})
    found = rows(conn, _STANDING, {"ids": json.dumps([each["id"] for each in places]), "limit": limit + 1})
    last = found[limit - 1] if len(found) > limit else places[-1] if len(places) == looked else None
    return told(conn, found[:limit], wide=False), f"{last['at']},{last['id']}" if last else None


@dataclass(frozen=True, slots=True)
class RemovedCount:
    """The number of `articles` that the pages of /removed list; `at_least` is True if there may be more."""

    articles: int
    at_least: bool


def count_removed(conn: sqlite3.Connection, chosen: EventFilter) -> RemovedCount:
    """Count the articles that are gone or delisted by a judgement among these, which stands.

    Of each kind the latest MAX_JUDGEMENTS_COUNTED judgements are looked at; if there are more, the count is a lower
    bound.
    """
    asked = chosen.bounds | {"limit": MAX_JUDGEMENTS_COUNTED}
    looked, articles = conn.execute(_COUNT.format(found=chosen.ids()), asked).fetchone()
    return RemovedCount(articles or 0, looked >= MAX_JUDGEMENTS_COUNTED)


def unconfirmed(conn: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """At most `limit` articles that were missing at their last visit, which is not enough to call them gone.

    Those with the latest `first_missed_at` come first.
    """
    return rows(
        conn,
        f"{_ARTICLES} where state = 'soft_gone' order by first_missed_at desc, id desc limit ?",
        (limit,),
    )


def not_judged(conn: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """At most `limit` articles that do not answer and cannot be judged, latest `unjudged_since` first.

    Each has `unjudged`, a dict with the fields of REASON.
    """
    found = rows(
        conn,
        f"{_ARTICLES} where unjudged_since is not null order by unjudged_since desc, id desc limit ?",
        (limit,),
    )
    reasons = {each["key"]: each for each in unjudged(conn, limit)}
    return [row | {"unjudged": {name: reasons[row["key"]][name] for name in REASON}} for row in found]


_STANDS = f"""a.state = e.kind and not exists (
    select 1 from events l where l.article_id = e.article_id and l.id > e.id and l.kind in {JUDGEMENTS})"""
_COUNT = f"""
    select count(*), sum({_STANDS})
      from ({{found}}) found join events e on e.id = found.id left join articles a on a.id = e.article_id
"""
_STANDING = f"""
    select {COLUMNS}, a.speaker, a.article_section, a.date_published, a.date_precision, {LAST_SEEN} as last_seen_at,
           a.first_missed_at {FROM}
     where e.id in (select value from json_each(:ids)) and {_STANDS}
     order by e.at desc, e.id desc
     limit :limit
"""
_ARTICLES = f"""
    select key, url, headline, in_language, state, speaker, source,
           (select publisher from sources where name = source) as publisher, date_published, date_precision,
           {LAST_SEEN} as last_seen_at, first_missed_at
      from articles a
"""
