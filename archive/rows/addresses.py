"""The rows of addresses: an address belongs to the article first seen there, whatever the order of arrival."""

import sqlite3
from typing import NamedTuple

from archive.rules import AWAY

# The first sighting at each address; at equal moments the smaller url, then the smaller key. Undated captures count
# only where there are no dated ones.
OF_SIGHTINGS = """
    with seen as (
        select c.source, c.urlkey as urlkey, g.article_id, g.key_number, c.url, g.captured_at,
               row_number() over (partition by c.source, c.urlkey
                                  order by g.undated, g.captured_at, c.url, k.key) as place,
               coalesce(max(iif(g.undated, null, g.captured_at)) over (partition by c.source, c.urlkey),
                        max(g.captured_at) over (partition by c.source, c.urlkey)) as last_seen_at
          from sightings g
          join captures c on c.id = g.capture_id
          join keys k on k.number = g.key_number
         where (g.page is null or g.page = 1) and {which}
    )
    insert into addresses (source, urlkey, article_id, key_number, url, first_seen_at, last_seen_at)
    select source, urlkey, article_id, key_number, url, captured_at, last_seen_at from seen where place = 1
    """


def has_article(conn: sqlite3.Connection, source: str, urlkey: str) -> bool:
    """True if an address has an article whose state is not of AWAY: removed, redirected or restricted."""
    found = conn.execute(
        """
        select a.state from addresses d join articles a on a.id = d.article_id where d.source = ? and d.urlkey = ?
        """,
        (source, urlkey),
    ).fetchone()
    return found is not None and found[0] not in AWAY


def answered_by_https(conn: sqlite3.Connection, source: str, urlkey: str) -> bool:
    """True if the source has a capture of an address by https, of any status."""
    found = conn.execute(
        "select 1 from captures where urlkey = ? and source = ? and url like 'https:%' limit 1", (urlkey, source)
    ).fetchone()
    return found is not None


class AddressSeen(NamedTuple):
    """An address at which a dated capture saw an article, under one of its keys."""

    source: str
    urlkey: str
    article_id: int
    key_number: int | None
    url: str
    at: str


def note_address(conn: sqlite3.Connection, seen: AddressSeen) -> None:
    """Enter that an article was seen at an address; the row names the article that was seen there first.

    For an address with undated captures (`was_received_undated`) it must not be called.
    """
    conn.execute(
        """
        insert into addresses (source, urlkey, article_id, key_number, url, first_seen_at, last_seen_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?6)
        on conflict (source, urlkey) do update set last_seen_at = max(last_seen_at, ?6)
        """,
        seen,
    )
    conn.execute(
        """
        update addresses set article_id = ?3, key_number = ?4, url = ?5, first_seen_at = ?6
         where source = ?1 and urlkey = ?2 and ?6 <= first_seen_at
           and (?6, ?5, (select key from keys where number = ?4))
             < (first_seen_at, url, (select key from keys where number = addresses.key_number))
        """,
        seen,
    )


def was_received_undated(conn: sqlite3.Connection, source: str, urlkey: str) -> bool:
    """True if an address has a capture whose moment is unknown."""
    sql = "select 1 from captures where source = ? and urlkey = ? and dating = 'unknown' limit 1"
    return conn.execute(sql, (source, urlkey)).fetchone() is not None


def settle_addresses(conn: sqlite3.Connection, source: str, urlkeys: list[str]) -> None:
    """Recompute the rows of these addresses from the sightings that are left; one without any loses its row."""
    sql = OF_SIGHTINGS.format(which="c.source = ?1 and c.urlkey = ?2")
    for urlkey in urlkeys:
        conn.execute("delete from addresses where source = ? and urlkey = ?", (source, urlkey))
        conn.execute(sql, (source, urlkey))


def make_addresses(conn: sqlite3.Connection) -> None:
    """Recompute all rows from the sightings; the captures must have today's urlkeys."""
    conn.execute("delete from addresses")
    conn.execute(OF_SIGHTINGS.format(which="1"))
