"""Rows under the urlkeys of an earlier rule are kept under those of today, as a rebuild would file them."""

import sqlite3

from archive.articles import link_key
from archive.frontier_rows import rekey_frontier
from archive.quarantine import key_or_url

END = "\U0010ffff"  # behind every key that opens so
IN_REACH = "urlkey >= :opening and urlkey < :end"
# A key that a row gives up may be the one that another row gets: in between it has neither.
ON_ITS_WAY = "char(0) || urlkey"
# Addresses that come to one key with others. A row was entered at the first line that filed a capture under it, else
# at a revisit; what was entered first comes first.
UNITED = f"""
    with keyed as materialized (
        select source, urlkey, key_now(url) as after, article_id, first_seen_at, last_seen_at
          from addresses where {IN_REACH}
    )
    select k.source, k.urlkey, min(first_seen_at) over one, max(last_seen_at) over one,
           row_number() over (partition by k.source, k.after order by
               (select min(coalesce(g.recorded_at, '~') || printf('%012d', g.capture_id))
                  from sightings g join captures c on c.id = g.capture_id
                 where g.article_id = k.article_id and c.source = k.source and c.urlkey = k.urlkey), k.urlkey)
      from keyed k
     where (k.source, k.after) in (select source, after from keyed group by 1, 2 having count(*) > 1)
    window one as (partition by k.source, k.after)
    """


def rekey(conn: sqlite3.Connection, opening: str = "") -> None:
    """Give every row whose urlkey opens so the key of its url, within the caller's transaction.

    Of two addresses of a source that are one the row that was entered first is kept, as in a replay. The places on
    lists are operational: the next reading finds them anew.
    """
    conn.create_function("key_now", 1, key_or_url, deterministic=True)
    conn.create_function("link_key_now", 1, link_key, deterministic=True)
    reach = {"opening": opening, "end": opening + END}
    _rekey_addresses(conn, reach)  # the captures say under their earlier keys when each was entered
    conn.execute(f"update captures set urlkey = key_now(url) where {IN_REACH} and key_now(url) <> urlkey", reach)
    conn.execute(
        f"update related_records set urlkey = link_key_now(url) where {IN_REACH} and link_key_now(url) <> urlkey", reach
    )
    rekey_frontier(conn, reach)


def _rekey_addresses(conn: sqlite3.Connection, reach: dict[str, str]) -> None:
    """Rows that come to one key become one: the article and url of the first, seen as long as all of them."""
    for source, urlkey, first, last, place in conn.execute(UNITED, reach).fetchall():
        one = "where source = ? and urlkey = ?"
        if place > 1:
            conn.execute(f"delete from addresses {one}", (source, urlkey))
        else:
            conn.execute(
                f"update addresses set first_seen_at = ?, last_seen_at = ? {one}", (first, last, source, urlkey)
            )
    conn.execute(f"update addresses set urlkey = {ON_ITS_WAY} where {IN_REACH} and key_now(url) <> urlkey", reach)
    conn.execute("update addresses set urlkey = key_now(url) where urlkey < char(1)")
