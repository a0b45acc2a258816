"""Undeclared hosts, to which articles of a source seem to have moved. Operational data, for one health rule."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from archive.files import stamp

By = Literal["list", "redirect"]  # what named the host
KEPT = timedelta(days=30)  # for redirects: articles behind one are requested ever more rarely


@dataclass(frozen=True, slots=True)
class UndeclaredHost:
    """A host that a source does not declare, in the form of urlkeys (`com,example`), and an address there.

    articles: how many of the source's articles a list named there, or a redirect sent there, in one crawl.
    """

    source: str
    host: str
    url: str
    articles: int


def note_undeclared(
    conn: sqlite3.Connection, source: str, by: By, found: Iterable[UndeclaredHost], at: datetime
) -> None:
    """Store the hosts that a crawl met, named by lists (`by` is "list") or reached by redirects.

    Those of lists replace all earlier ones of the source's lists, also if the lists have no such host now. Those of
    redirects are added, and ones older than 30 days deleted.
    """
    before = at if by == "list" else at - KEPT
    conn.execute("delete from undeclared_hosts where source = ? and by = ? and at < ?", (source, by, stamp(before)))
    conn.executemany(
        "insert or replace into undeclared_hosts (source, host, url, articles, by, at) values (?, ?, ?, ?, ?, ?)",
        [(source, each.host, each.url, each.articles, by, stamp(at)) for each in found],
    )


def read_undeclared_hosts(conn: sqlite3.Connection, now: datetime) -> list[UndeclaredHost]:
    """The hosts met in the last 30 days, one for each source and host, in that order.

    Each has the largest number of articles stored for it, and the address that sorts first.
    """
    rows = conn.execute(
        """
        select source, host, min(url), max(articles) from undeclared_hosts
         where at >= ? group by source, host order by source, host
        """,
        (stamp(now - KEPT),),
    )
    return [UndeclaredHost(*row) for row in rows]
