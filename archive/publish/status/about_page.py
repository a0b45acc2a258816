"""The page /about: purpose, method, coverage, known gaps and contact."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, get_args

from datasette.utils.asgi import Request, Response

from archive.files import stamp
from archive.publish.database.answer_cache import read_once
from archive.publish.database.reading import count_articles, rights_of, rows
from archive.publish.server.contacts import contacts
from archive.publish.server.rendering import page
from archive.rows import Outcome

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

COVERAGE_DAYS = 28  # four weeks: all of them fit a screen of 1280 pixels
_WORST = get_args(Outcome)[::-1]  # worst first: a day shows the worst outcome of its slots


async def show(datasette: Datasette, request: Request) -> Response:
    """`/about`: count of articles, unknown, days, coverage, texts, contact, project.

    `texts` says how much of the texts is shown, of all sources (`general`) and of those with a word of their own.
    `unknown` has counts of gaps in the archive's knowledge, such as undated articles. `coverage` is a list of sources
    with `days`, each a dict of day, outcome and slots.
    """
    today = datetime.now(UTC).date()
    days = tuple((today - timedelta(days=back)).isoformat() for back in reversed(range(COVERAGE_DAYS)))
    found = await read_once(datasette, _about, days)
    texts = rights_of(datasette).as_json
    return await page(datasette, request, "about/about", {**found, "texts": texts, **contacts(datasette)})


def _about(conn: sqlite3.Connection, days: tuple[str, ...]) -> dict[str, Any]:
    return {
        "count": count_articles(conn),
        "unknown": {name: int(conn.execute(sql).fetchone()[0]) for name, sql in _UNKNOWN.items()},
        "days": list(days),
        "coverage": [_covered(conn, source, days) for source in rows(conn, _SCHEDULED, {"since": days[0]})],
    }


_UNKNOWN = {
    "unverified": "select count(*) from articles where state = 'unvisited'",
    "not_confirmed": "select count(*) from articles where state in ('soft_gone', 'unreachable')",
    "undated": "select count(*) from articles where date_published_utc is null and +state <> 'withdrawn'",
    "bodiless": "select count(*) from articles where characters = 0 and +state <> 'withdrawn'",
    "gaps": "select count(*) from events where kind = 'gap'",
    "losses": "select count(*) from events where kind = 'loss'",
}
_SCHEDULED = """select name, coalesce(publisher, name) as publisher from sources s
                 where exists (select 1 from coverage where source = s.name and due_at >= :since) order by name"""


def _covered(conn: sqlite3.Connection, source: dict[str, Any], days: tuple[str, ...]) -> dict[str, Any]:
    """The source with `days`: for each day a dict of `day`, `outcome` (the worst), `slots` (their number by outcome).

    The worst is the last one in the order of `Outcome`. A day without a slot has the outcome None and empty `slots`.
    """
    found = conn.execute(
        """select substr(due_at, 1, 10), outcome, count(*) from coverage
            where source = ? and due_at >= ? group by 1, 2""",
        (source["name"], stamp(datetime.fromisoformat(days[0]).replace(tzinfo=UTC))),
    )
    slots: dict[str, dict[str, int]] = {}
    for day, outcome, count in found:
        slots.setdefault(day, {})[outcome] = count
    return {**source, "days": [_day(day, slots.get(day, {})) for day in days]}


def _day(day: str, slots: dict[str, int]) -> dict[str, Any]:
    return {"day": day, "outcome": next((each for each in _WORST if each in slots), None), "slots": slots}
