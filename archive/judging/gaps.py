"""Gaps: slots of a source that passed without a crawl that was done, told once, when the next one begins."""

import sqlite3
from collections import Counter
from typing import get_args

from archive.decisions import Gap
from archive.rows.crawls import Done, Undone


def gap_before(conn: sqlite3.Connection, source: str, started_at: str, due_at: str | None = None) -> Gap | None:
    """What was missed or failed since the last crawl that was done, as far as no gap has told it; None: nothing.

    due_at: the slot of the crawl that begins, which is not missed any more.
    """
    done_slot, done_at = conn.execute(
        f"""
        select due_at, started_at from coverage
         where source = ? and outcome in {get_args(Done)} order by due_at desc limit 1
        """,
        (source,),
    ).fetchone() or ("", "")
    told_slot, told_at = conn.execute(
        """
        select detail ->> 'last_slot', at from events
         where kind = 'gap' and source = ? order by id desc limit 1
        """,
        (source,),
    ).fetchone() or ("", "")
    slots = conn.execute(
        f"""
        select due_at, outcome from coverage
         where source = ? and due_at > ? and due_at is not ? and outcome in {get_args(Undone)} order by due_at
        """,
        (source, max(done_slot, told_slot), due_at),
    ).fetchall()
    if not slots:
        return None
    counted = Counter(outcome for _, outcome in slots)
    return Gap(
        at=started_at, source=source, since=max(done_at, told_at) or slots[0][0], until=started_at, slots=len(slots),
        missed=counted["missed"], failed=counted["failed"], last_slot=slots[-1][0],
    )  # fmt: skip
