"""When an article and its addresses were first and last seen, as their sightings say."""

from archive.history.sightings import FIRST, has_undated
from archive.rows.addresses import note_address, settle_addresses, was_received_undated
from archive.rows.captures import CaptureRow, key_of
from archive.rows.connection import Connection

LAST_SEEN = "(select a.last_seen_at where exists (select 1 from sightings where article_id = a.id and not undated))"
"""SQL of when an article `a` was last seen; null of one that was only received undated."""


def note_seen(conn: Connection, article_id: int, seen: CaptureRow, undated: bool) -> None:
    """A capture of an article was filed: the article was there at that moment, and at that address."""
    urlkey = key_of(seen.url)
    if undated or has_undated(conn, article_id):
        settle_seen(conn, article_id)
    else:
        conn.execute(
            """
            update articles set first_seen_at = min(first_seen_at, ?1), last_seen_at = max(last_seen_at, ?1)
             where id = ?2 and (first_seen_at > ?1 or last_seen_at < ?1)
            """,
            (seen.captured_at, article_id),
        )
    if undated or was_received_undated(conn, seen.source, urlkey):
        settle_addresses(conn, seen.source, [urlkey])
    else:
        note_address(conn, seen.source, urlkey, article_id, seen.url, seen.captured_at)


def settle_seen(conn: Connection, article_id: int) -> None:
    """Set when an article was first and last seen by all its sightings.

    What was received undated says nothing of when an article was there. Only where there is nothing else, the moments
    are those at which it was received.
    """
    conn.execute(
        f"""
        update articles set (first_seen_at, last_seen_at) = (
            select min(captured_at), max(captured_at) from sightings where article_id = ?1 and {FIRST}
               and undated = (select min(undated) from sightings where article_id = ?1 and {FIRST}))
         where id = ?1
        """,
        (article_id,),
    )
