"""Changes by lists that name urls of the table `frontier` again: dates, addresses, sections, a new start."""

from __future__ import annotations

import sqlite3

from archive.files import instant
from crawler.frontier.addresses import read_addresses, written
from crawler.frontier.sqlite_turns import AGAIN

Named = dict[str, str | int | None]
"""A url that a list names, as the values of a new row; `silent` is the moment before which its last mention is old."""


def name_again(conn: sqlite3.Connection, source: str, rows: list[Named]) -> None:
    """Update the known ones of these urls of a source; the new ones are equal to their rows and stay so."""
    _name_dates(conn, source, rows)
    _name_otherwise(conn, rows)
    _name_sections(conn, [row for row in rows if row["section"] is not None])


def _name_dates(conn: sqlite3.Connection, source: str, rows: list[Named]) -> None:
    """Update known urls that lists name again: note a later date, and start failed or moved ones anew."""
    given_up = f"select 1 from frontier where source = ? and given_up is not null and {AGAIN} limit 1"  # noqa: S608 ours
    if conn.execute(given_up, (source,)).fetchone():
        anew = "(:published > coalesce(published_at, '') or named_at < :silent)"
        conn.executemany(
            f"""
            update frontier
               set given_up = iif({anew}, null, given_up), attempts = iif({anew}, 0, attempts),
                   due_at = iif({anew}, :now, due_at), named_at = :now
             where source = :source and urlkey = :urlkey and {AGAIN}
            """,  # noqa: S608 the condition is ours
            rows,
        )
    conn.executemany(
        """
        update frontier
           set published_at = :published,
               due_at = case when :published > last_fetched_at then min(due_at, :now) else due_at end
         where source = :source and urlkey = :urlkey and given_up is not 'refused'
           and :published is not null and :published > coalesce(published_at, '')
        """,
        rows,
    )


def _name_otherwise(conn: sqlite3.Connection, rows: list[Named]) -> None:
    """Note the addresses of known urls that lists name with another scheme, or with or without www.

    ArticleAddresses.named decides which of them is asked from then on. A new one starts a url anew whose last fetch
    failed, unless it was refused.
    """
    sql = "select url, other_urls from frontier where source = :source and urlkey = :urlkey and url <> :url"
    for row in rows:
        found = conn.execute(sql, row).fetchone()
        if found is None:
            continue
        before, url = read_addresses(*found), str(row["url"])
        after = before.named(url, instant(str(row["now"])))
        if after == before:
            continue
        anew = "(:new and attempts > 0 and given_up is not 'refused')"
        conn.execute(
            f"""
            update frontier
               set url = :url, other_urls = :others, due_at = iif({anew}, min(due_at, :now), due_at),
                   given_up = iif({anew}, null, given_up), attempts = iif({anew}, 0, attempts)
             where source = :source and urlkey = :urlkey
            """,  # noqa: S608 the condition is ours
            {**row, "url": after.url, "others": written(after), "new": not before.knows(url)},
        )


def _name_sections(conn: sqlite3.Connection, rows: list[Named]) -> None:
    """Set the section of known urls that have none."""
    sql = "update frontier set section = :section where source = :source and urlkey = :urlkey and section is null"
    conn.executemany(sql, rows)
