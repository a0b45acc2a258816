"""The page /status: health rules, the scheduler, and the last crawl of each source."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.answers import NEVER_PROVED, OLDEST, Running, Scheduler, by_month, find_store_faults, scheduler, size_of
from archive.files import Home, head_of_all, heads, stamp
from archive.publish.database.reading import count_articles, read, rows
from archive.publish.server.rendering import page

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette


async def show(datasette: Datasette, request: Request) -> Response:
    """The page `/status`.

    Its data: ok, rules (name, ok, known, detail, detail_zh, checked_at), scheduler, running, cluster, sources, counts,
    growth (size, months), daily_head, heads.
    """
    found = await read(datasette, status)
    return await page(datasette, request, "about/status", found, grown=grown(found["growth"]["months"]))


def grown(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Bytes by month by source, `{"people": {"2024-03": 0, "2024-04": 5000}}`, sources sorted by name.

    `rows` have `source`, `month` and `bytes`, one row for each source and month. Every source has all months of the
    rows, in the order in which these first name them, with 0 for a month without a row.
    """
    months = list(dict.fromkeys(row["month"] for row in rows))
    found = {row["source"]: dict.fromkeys(months, 0) for row in sorted(rows, key=lambda row: row["source"])}
    for row in rows:
        found[row["source"]][row["month"]] = row["bytes"]
    return found


def status(conn: sqlite3.Connection) -> dict[str, Any]:
    """The page's data: the fields of `health`, each source with its last crawl, counts, growth, heads of the ledgers.

    A source that was never crawled has None for the fields of a crawl.
    """
    return {
        **health(conn),
        "sources": rows(conn, _SOURCES),
        "counts": {
            "articles": count_articles(conn),
            "revisions": _count(conn, "revision_records where number is not null"),
            "captures": _count(conn, "captures"),
        },
        "growth": {
            "size": asdict(size_of(conn)),
            "months": [asdict(each) for each in by_month(conn, datetime.now(UTC), GROWTH_MONTHS)],
        },
        "daily_head": head_of_all(conn),
        "heads": heads(conn),
    }


def health(conn: sqlite3.Connection) -> dict[str, Any]:
    """`ok` (True if no rule is broken), the last result of every rule, the scheduler, its running crawls, its cluster.

    A rule is `known` unless its check was never made. Rules are checked when a crawl ends and, by a scheduler, once a
    minute; the later result counts. Missing files are looked for anew at each call.
    """
    home, now = home_of(conn), datetime.now(UTC)
    alive = scheduler(home, now)
    rules = _rules(conn, alive, now)
    if alive.state != "never" or rules:
        lives = {"detail": alive.detail, "detail_zh": alive.detail_zh, "checked_at": stamp(now)}
        rules = [{"name": "scheduler", "ok": alive.ok, **lives}, *rules]
    rules = [*_stores(conn, home, now), *rules]
    return {
        "ok": all(rule["ok"] for rule in rules),
        "rules": [
            rule | {"known": rule["detail"] != NEVER_PROVED[0]}
            for rule in sorted(rules, key=lambda rule: (rule["ok"], rule["name"]))
        ],
        "scheduler": {"state": alive.state, "heartbeat_at": alive.heartbeat_at},
        "running": [_running(each) for each in alive.running],
        "cluster": asdict(alive.cluster) if alive.cluster else None,
    }


def _rules(conn: sqlite3.Connection, alive: Scheduler, now: datetime) -> list[dict[str, Any]]:
    """One result of each rule, as dicts: the later of that in the table `health` and that of the scheduler.

    A result from the future, left from a wrong clock, counts as the older one. The rule `stores` is left out.
    """
    latest = stamp(now + OLDEST)

    def later(rule: dict[str, Any]) -> tuple[bool, str]:
        return rule["checked_at"] <= latest, rule["checked_at"]

    found = {row["name"]: row | {"ok": bool(row["ok"])} for row in rows(conn, _RULES)}
    for verdict in alive.verdicts:
        known, told = found.get(verdict.name), asdict(verdict)
        if verdict.name != "stores" and (known is None or later(known) <= later(told)):
            found[verdict.name] = told
    return list(found.values())


def _running(crawl: Running) -> dict[str, Any]:
    """A running crawl without its process id, which is not for the public (`thinker status` shows it)."""
    return {name: value for name, value in asdict(crawl).items() if name != "pid"}


GROWTH_MONTHS = 12  # each is looked up in the index of records: 76 ms for all, among 4 million records
_RULES = "select name, ok, detail, detail_zh, checked_at from health where name <> 'stores'"
_SOURCES = """
    select s.name, s.publisher, c.started_at, c.finished_at, c.finish_reason, c.requests, c.captures,
           c.new_articles, c.new_revisions, c.errors
      from sources s
      left join crawls c
        on c.id = (select id from crawls where source = s.name and is_single is null order by started_at desc limit 1)
     order by s.name
"""


def home_of(conn: sqlite3.Connection) -> Home:
    """The home of the archive whose database the connection reads."""
    return Home(Path(conn.execute("pragma database_list").fetchone()[2]).parent)


def _stores(conn: sqlite3.Connection, home: Home, now: datetime) -> list[dict[str, Any]]:
    """A list of one dict, the result of the broken rule `stores`, if files are missing or damaged now, else [].

    It is not read from the table `health`, for a crawl that is refused because of these files cannot write there.
    """
    missing = find_store_faults(conn, home)
    told = {
        "name": "stores",
        "ok": False,
        "detail": "; ".join(map(str, missing)),
        "detail_zh": "；".join(each.in_chinese for each in missing),
        "checked_at": stamp(now),
    }
    return [told] if missing else []


def _count(conn: sqlite3.Connection, table: str) -> int:
    return int(conn.execute(f"select count(*) from {table}").fetchone()[0])
