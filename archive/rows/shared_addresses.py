"""The rows of addresses across sources: who has an article at an address, and the addresses that several have."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from archive.settings import ANY_SITE


class KeyAt(NamedTuple):
    """A key under which a source knows an article at an address."""

    source: str
    key: str
    article_id: int
    url: str


def keys_at(conn: sqlite3.Connection, urlkey: str) -> list[KeyAt]:
    """The keys known at an address, one for each source that has it: declared sources first, then the first seen."""
    rows = conn.execute(
        f"""
        select d.source, k.key, d.article_id, d.url
          from sources s cross join addresses d on d.source = s.name and d.urlkey = ?
          join keys k on k.number = d.key_number order by d.source in {ANY_SITE}, d.first_seen_at, k.key
        """,
        (urlkey,),
    )
    return [KeyAt(*row) for row in rows]


def shared_addresses(conn: sqlite3.Connection, after: str, count: int) -> list[str]:
    """The next urlkeys on the list of addresses that several sources have, in order. after: the last one before."""
    rows = conn.execute("select urlkey from shared_addresses where urlkey > ? order by urlkey limit ?", (after, count))
    return [urlkey for (urlkey,) in rows]


def forget_shared(conn: sqlite3.Connection, urlkeys: Iterable[str]) -> None:
    """Take addresses off the list: one article stands there now."""
    conn.executemany("delete from shared_addresses where urlkey = ?", [(urlkey,) for urlkey in urlkeys])
