"""Finds articles that were withdrawn after a watch sent a message about them."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from archive.rows import Archive
from archive.watches.book import states, writing
from archive.watches.outbox import Notice, enter

WITHDRAWN = "withdrawn"
# Hidden articles have no date: the index finds them among a million others.
_HIDDEN = f"""
    select k.key, a.key, a.source, coalesce(t.at, ''), coalesce(t.recorded_at, '')
      from articles a indexed by articles_calendar
     cross join keys k on k.article_id = a.id
      left join acts t on t.digest = a.withdrawn_by
     where a.published_month is null and a.published_date is null and a.state = '{WITHDRAWN}'
"""
# The watches that sent a message about one of these articles, and have no notice of its withdrawal.
_GOT = f"""
    select distinct w.name, h.value ->> 1, h.value ->> 2, h.value ->> 3, h.value ->> 4
      from watches w
     cross join json_each(?) h
     where w.paused_since is null
       and exists (select 1 from notices where watch = w.name and key = h.value ->> 0 and sent_at is not null
                      and kind <> '{WITHDRAWN}')
       and not exists (select 1 from notices where watch = w.name and key = h.value ->> 1 and moment = h.value ->> 3
                          and kind = '{WITHDRAWN}')
"""


def fill_withdrawals(archive: Archive, book: sqlite3.Connection, now: datetime) -> int:
    """Enter a notice for each withdrawn article of which a watch sent a message before; returns their number.

    A watch gets it once for an act, in a message of its own, whichever events it asks for.
    """
    hidden = archive.conn.execute(_HIDDEN).fetchall()
    if not hidden:
        return 0
    told = book.execute(_GOT, (json.dumps(hidden),)).fetchall()
    watches, entered = states(book) if told else {}, 0
    for watch, key, source, at, recorded_at in told:
        with writing(book):
            notice = Notice(WITHDRAWN, at, recorded_at, source, key)
            entered += watch in watches and enter(book, watches[watch], notice, now, at_once=True)
    return entered
