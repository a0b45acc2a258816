"""The age of an address, by which the time of its next visit is chosen."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.files import instant, stamp
from archive.rules import JUDGED, NONE_THERE, NOT_READ, outcome_of

NO_ARTICLE = tuple(status for status in range(100, 600) if outcome_of(status, "elsewhere") in JUDGED)
MAX_CAPTURES_COUNTED = 50  # captures counted per address: more would not change the next visit
WEB = datetime(1990, 1, 1, tzinfo=UTC)
"""No page is older than the web: 1970 is an unset clock, and a speech of 1957 counts from our first sight."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Aware moments of an address; None if unknown.

    changed_at: the last substantive edit by the site; first sights, reparses and cosmetic edits do not count.
    fruitless: the number of crawls in which an address that never gave an article answered that it has no article,
    since its lists last said that it changed; 0 for an article's address.
    """

    first_seen_at: datetime
    published_at: datetime | None = None
    changed_at: datetime | None = None
    fruitless: int = 0

    def appeared(self, listed: datetime | None) -> datetime:
        """The moment of publication by the page, else by a list (`listed`), else the moment of the first sight.

        The page's or list's moment is passed over if it is impossible: after the first sight, or before WEB.
        """
        said = (at for at in (self.published_at, listed) if at is not None)
        return next((at for at in said if WEB <= at <= self.first_seen_at), self.first_seen_at)


def moments_of(conn: sqlite3.Connection, source: str, urlkey: str, listed: datetime | None = None) -> Moments | None:
    """The moments of an article's address, or of an address that never gave an article; None if it has no capture.

    listed: the moment of its last change according to its lists.
    """
    row = conn.execute(
        """
        select a.first_seen_at, a.date_published_utc,
               (select max(captured_at) from revision_records
                 where article_id = a.id and origin = 'site' and number > 1)
          from addresses d join articles a on a.id = d.article_id where d.source = ? and d.urlkey = ?
        """,
        (source, urlkey),
    ).fetchone()
    if row is None:
        return _without_article(conn, source, urlkey, listed)
    first, published, changed = (instant(text) if text else None for text in row)
    return Moments(first, published, changed) if first else None


def _without_article(conn: sqlite3.Connection, source: str, urlkey: str, listed: datetime | None) -> Moments | None:
    """The moments of an address without an article; None if it has no capture.

    `fruitless` counts the crawls since `listed`; without `listed`, and if it is later than the last visit, all
    crawls. Failed visits do not count, and it is 0 while the last page waits for a parser.
    """
    sql = "select min(captured_at) from captures where urlkey = ? and source = ?"
    (first,) = conn.execute(sql, (urlkey, source)).fetchone()
    if first is None:
        return None
    last, verdict = conn.execute(
        """
        select c.captured_at, coalesce(c.verdict, held.verdict)
          from captures c left join captures held on held.record_id = c.refers_to
         where c.urlkey = ? and c.source = ? order by c.captured_at desc, c.id desc limit 1
        """,
        (urlkey, source),
    ).fetchone()
    if verdict in NOT_READ:
        return Moments(instant(first))
    since = stamp(listed) if listed else ""
    (fruitless,) = conn.execute(
        f"""
        select count(distinct crawl_id) from (
            select c.crawl_id
              from captures c left join captures held on held.record_id = c.refers_to
             where c.urlkey = ? and c.source = ? and c.captured_at >= ? and c.crawl_id is not null
               and (c.status in {NO_ARTICLE} or coalesce(c.verdict, held.verdict) in {NONE_THERE})
             limit {MAX_CAPTURES_COUNTED})
        """,
        (urlkey, source, since if since <= last else ""),
    ).fetchone()
    return Moments(instant(first), fruitless=fruitless)
