"""Finds articles that were withdrawn after a watch sent a message about them."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.rows import Archive
from archive.watches.book import states, writing
from archive.watches.outbox import Notice, enter

WITHDRAWN = "withdrawn"
# Hidden articles have no date: the index finds them among a million others.
_HIDDEN = f"""
    select json_group_array(k.key), a.key, a.source, coalesce(t.at, ''), coalesce(t.recorded_at, '')
      from articles a indexed by articles_calendar
     cross join keys k on k.article_id = a.id
      left join acts t on t.digest = a.withdrawn_by
     where a.published_month is null and a.published_date is null and a.state = '{WITHDRAWN}'
     group by a.id
"""


def fill_withdrawals(archive: Archive, book: sqlite3.Connection, now: datetime) -> int:
    """Enter a notice for each withdrawn article of which a watch sent a message before; returns their number.

    A watch gets it once for an act, in a message of its own, whichever events it asks for.
    """
    hidden = archive.conn.execute(_HIDDEN).fetchall()
    entered = 0
    if not hidden:
        return entered
    watches = [state for state in states(book).values() if state.paused_since is None and state.sent]
    for keys, key, source, at, recorded_at in hidden:
        for state in watches:
            notice = Notice(WITHDRAWN, at, recorded_at, source, key)
            if _got(book, state.watch.name, keys, notice):
                with writing(book):
                    entered += enter(book, state, notice, now, at_once=True)
    return entered


def _got(book: sqlite3.Connection, watch: str, keys: str, notice: Notice) -> bool:
    """True if a watch sent a message about an article (its keys as JSON), and has no notice of its withdrawal."""
    (got, known) = book.execute(
        f"""
        select exists (select 1 from notices
                        where watch = :watch and key in (select value from json_each(:keys)) and sent_at is not null
                          and kind <> '{WITHDRAWN}'),
               exists (select 1 from notices where watch = :watch and id = :id)
        """,
        {"watch": watch, "keys": keys, "id": notice.id_for(watch)},
    ).fetchone()
    return bool(got) and not known
