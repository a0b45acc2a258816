"""Whether the archive keeps its promises: health rules, and the last crawl of each source."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from archive.clock import stamp
from archive.heads import head_of_all, heads
from archive.home import Home
from archive.publish.reading import count_articles, read, rows
from archive.publish.rendering import page
from archive.store_faults import store_faults

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette


async def show(datasette: Datasette, request: Request) -> Response:
    """`/status`: ok, rules (name, ok, detail, detail_zh, checked_at), sources, counts."""
    return await page(datasette, request, "status", await read(datasette, status))


def status(conn: sqlite3.Connection) -> dict[str, object]:
    """What the last checks and crawls said; `ok` when no rule says otherwise."""
    rules = [*_stores(conn), *(row | {"ok": bool(row["ok"])} for row in rows(conn, _RULES))]
    return {
        "ok": all(rule["ok"] for rule in rules),
        "rules": rules,
        "sources": rows(conn, _SOURCES),
        "counts": {
            "articles": count_articles(conn),
            "revisions": _count(conn, "revision_records where number is not null"),
            "captures": _count(conn, "captures"),
        },
        "daily_head": head_of_all(conn),
        "heads": heads(conn),
    }


_RULES = "select name, ok, detail, detail_zh, checked_at from health where name <> 'stores' order by ok, name"
_SOURCES = """
    select s.name, s.publisher, c.started_at, c.finished_at, c.finish_reason, c.requests, c.captures,
           c.new_articles, c.new_revisions, c.errors
      from sources s
      left join crawls c
        on c.id = (select id from crawls where source = s.name order by started_at desc limit 1)
     order by s.name
"""


def _stores(conn: sqlite3.Connection) -> list[dict[str, object]]:
    """What the files lack now: a crawl that is refused for it cannot write that into the table of rules."""
    home = Home(Path(conn.execute("pragma database_list").fetchone()[2]).parent)
    missing = store_faults(conn, home)
    told = {
        "name": "stores",
        "ok": False,
        "detail": "; ".join(map(str, missing)),
        "detail_zh": "；".join(each.in_chinese for each in missing),
        "checked_at": stamp(datetime.now(UTC)),
    }
    return [told] if missing else []


def _count(conn: sqlite3.Connection, table: str) -> int:
    return int(conn.execute(f"select count(*) from {table}").fetchone()[0])
