"""What the archive knows of the age of an address: what says when to look at it again."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.clock import instant

WEB = datetime(1990, 1, 1, tzinfo=UTC)
"""No page came out before it: 1970 is a clock that nobody set, and a speech of 1957 came to the web when we saw it."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Aware moments of an address; None: there was none, or nobody says.

    changed_at is when the site's last edit that matters was seen: no first sight, no reparse, nothing cosmetic.
    """

    first_seen_at: datetime
    published_at: datetime | None = None
    changed_at: datetime | None = None

    def appeared(self, listed: datetime | None) -> datetime:
        """When it came out: what its page says, else a list; a date that cannot be is none, and then the first sight.

        Nothing comes out after it was seen, nor before there was a web.
        """
        said = (at for at in (self.published_at, listed) if at is not None)
        return next((at for at in said if WEB <= at <= self.first_seen_at), self.first_seen_at)


def moments_of(conn: sqlite3.Connection, source: str, urlkey: str) -> Moments | None:
    """The moments of an article's address, or of one that gave none; None where nothing was ever captured."""
    row = conn.execute(
        """
        select a.first_seen_at, a.date_published_utc,
               (select max(captured_at) from revision_records
                 where article_id = a.id and origin = 'site' and number > 1)
          from addresses d join articles a on a.id = d.article_id where d.source = ? and d.urlkey = ?
        """,
        (source, urlkey),
    ).fetchone() or _captured(conn, source, urlkey)
    first, *others = (instant(text) if text else None for text in row)
    return Moments(first, *others) if first else None


def _captured(conn: sqlite3.Connection, source: str, urlkey: str) -> tuple[str | None]:
    sql = "select min(captured_at) from captures where urlkey = ? and source = ?"
    found: tuple[str | None] = conn.execute(sql, (urlkey, source)).fetchone()
    return found
