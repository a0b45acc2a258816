"""Hosts that a crawl met and may not ask, where articles of its source seem to stand now. Operational: for one rule."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from archive.files import stamp

By = Literal["list", "redirect"]  # what names a host
KEPT = timedelta(days=30)  # that a redirect is told of: its article is asked ever more rarely


@dataclass(frozen=True, slots=True)
class UndeclaredHost:
    """A host as urlkeys begin, one address there, and how many articles were named or led there by one crawl."""

    source: str
    host: str
    url: str
    articles: int


def note_undeclared(
    conn: sqlite3.Connection, source: str, by: By, found: Iterable[UndeclaredHost], at: datetime
) -> None:
    """Keep what a crawl met; what lists named takes the place of what they named before."""
    before = at if by == "list" else at - KEPT
    conn.execute("delete from undeclared_hosts where source = ? and by = ? and at < ?", (source, by, stamp(before)))
    conn.executemany(
        "insert or replace into undeclared_hosts (source, host, url, articles, by, at) values (?, ?, ?, ?, ?, ?)",
        [(source, each.host, each.url, each.articles, by, stamp(at)) for each in found],
    )


def read_undeclared_hosts(conn: sqlite3.Connection, now: datetime) -> list[UndeclaredHost]:
    """What was met lately, by source and host."""
    rows = conn.execute(
        """
        select source, host, min(url), max(articles) from undeclared_hosts
         where at >= ? group by source, host order by source, host
        """,
        (stamp(now - KEPT),),
    )
    return [UndeclaredHost(*row) for row in rows]
