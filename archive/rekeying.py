"""Rows under the urlkeys of an earlier rule are kept under those of today, as a rebuild would file them."""

import sqlite3
from operator import itemgetter
from typing import Any

from archive.captures import key_of


def rekey(conn: sqlite3.Connection, opening: str) -> None:
    """Give every row whose urlkey opens so the key of its url; of two addresses that are one the first seen is kept.

    The places on lists are operational: the next reading finds them anew.
    """
    for table, told_by in (
        ("captures", "id"),
        ("related_records", "article_id, position"),
        ("frontier", "source, urlkey"),
    ):
        for url, before, *told in _rows(conn, table, told_by, opening):
            if url and (after := key_of(url)) != before:
                where = " and ".join(f"{name} = ?" for name in told_by.split(", "))
                conn.execute(f"update or replace {table} set urlkey = ? where {where}", (after, *told))
    _rekey_addresses(conn, opening)


def _rows(conn: sqlite3.Connection, table: str, columns: str, opening: str) -> list[tuple[Any, ...]]:
    return conn.execute(
        f"select url, urlkey, {columns} from {table} where urlkey >= ? and urlkey < ?",
        (opening, f"{opening}\U0010ffff"),
    ).fetchall()


def _rekey_addresses(conn: sqlite3.Connection, opening: str) -> None:
    """Rows that come to one key become one: the article and url of the first, seen as long as all of them."""
    kept: dict[tuple[str, str], tuple[int, str, str, str]] = {}
    rows = _rows(conn, "addresses", "source, article_id, first_seen_at, last_seen_at", opening)
    for url, _, source, article, first, last in sorted(rows, key=itemgetter(4, 3)):
        at = source, key_of(url)
        known = kept.get(at, (article, url, first, last))
        kept[at] = (*known[:3], max(known[3], last))
    conn.execute("delete from addresses where urlkey >= ? and urlkey < ?", (opening, f"{opening}\U0010ffff"))
    conn.executemany(
        "insert into addresses (source, urlkey, article_id, url, first_seen_at, last_seen_at) values (?,?,?,?,?,?)",
        [(*at, *row) for at, row in kept.items()],
    )
