"""The row of a hidden article: no word of its text, only where and when it was first seen."""

from archive.rows import Connection


def settle_tombstone(conn: Connection, article_id: int) -> None:
    """Set the address and the moment in a hidden article's row to those of its first sighting."""
    conn.execute(
        """
        update articles set (url, shown_at) = (
            select c.url, g.captured_at from sightings g join captures c on c.id = g.capture_id
             where g.article_id = ?1 and (g.page is null or g.page = 1)
             order by g.undated, g.captured_at, c.url, c.record_id limit 1)
         where id = ?1
        """,
        (article_id,),
    )
