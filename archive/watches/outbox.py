"""The outbox of watches.db: notices of events, the messages that they go with, and the outcome of each try."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.files import stamp
from archive.settings import Pace
from archive.watches.book import WatchState, writing
from archive.watches.stream import ArchiveEvent, event_at, event_by_line

PAUSES = (60, 120, 300, 900, 1800, 3600, 7200, 14_400, 21_600)
"""Seconds between two tries of a channel that fails; the last holds for all further ones."""
SHORTEST_WAIT_SECONDS = 10  # a channel that asks for none gets no second message at once
LONGEST_WAIT_SECONDS = 7 * 86_400
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """An event for a watch. key: of its article; of a gap or layout change the source, of a health rule its name.

    line: the digest of the event's ledger line; None without one. detail: of a health rule its verdict.
    """

    kind: str
    moment: str
    recorded_at: str
    source: str | None
    key: str | None
    content_digest: str | None = None
    line: str | None = None
    is_late: bool = False
    detail: dict[str, Any] | None = None

    def id_for(self, watch: str) -> str:
        """The id of the notice in a watch."""
        return message_id(watch, self.key, self.kind, self.content_digest, self.moment)


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that is due, with its notices in the order of their moments.

    pace: with which its notices were entered; its watch may have another one since. attempts: the number of tries
    that ended without an outcome, as when the sender was killed; the channel may have the message.
    """

    id: str
    watch: str
    pace: Pace
    due_at: str
    attempts: int
    notices: tuple[Notice, ...]

    @property
    def is_digest(self) -> bool:
        """True if it is a daily or weekly message, also with a single notice."""
        return self.pace != "now"


def single(watch: str, notice: Notice) -> DueMessage:
    """A message of one notice that is in no outbox."""
    return DueMessage(notice.id_for(watch), watch, "now", notice.recorded_at, 0, (notice,))


def event_of(conn: sqlite3.Connection, notice: Notice) -> ArchiveEvent | None:
    """The event of a notice as it is in the archive now; None if it is gone."""
    if notice.line is not None:
        return event_by_line(conn, notice.line)
    return event_at(conn, notice.key, notice.kind, notice.moment) if notice.key else None


def message_id(watch: str, key: str | None, kind: str, content_digest: str | None, moment: str) -> str:
    """The SHA-256, in hex, of the five values with line breaks between them; a missing one is empty."""
    return hashlib.sha256("\n".join([watch, key or "", kind, content_digest or "", moment]).encode()).hexdigest()


def due_at(pace: Pace, now: datetime) -> datetime:
    """When an event of this moment is sent: now, or at the next midnight UTC, of Monday for a weekly watch.

    That is 08:00 in Beijing.
    """
    if pace == "now":
        return now
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    return midnight if pace == "daily" else midnight + (-midnight.weekday() % 7) * DAY


def enter(conn: sqlite3.Connection, state: WatchState, notice: Notice, now: datetime, at_once: bool = False) -> bool:
    """Enter a notice with its message; False if the watch has it already. The caller's transaction goes on.

    at_once: also in a daily or weekly watch it is a message of its own.
    """
    watch, pace = state.watch.name, "now" if at_once else state.watch.asked.every
    notice_id = notice.id_for(watch)
    message, due = (notice_id, stamp(now)) if pace == "now" else _digest(conn, watch, pace, now)
    if conn.execute(_KNOWN, asdict(notice) | {"watch": watch, "id": notice_id, "detail": None}).fetchone():
        return False
    conn.execute(
        "insert or ignore into messages (id, watch, pace, made_at, due_at) values (?, ?, ?, ?, ?)",
        (message, watch, pace, stamp(now), due),
    )
    conn.execute(
        """
        insert into notices (watch, id, message, kind, moment, recorded_at, source, key, content_digest, line, is_late,
                             detail)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            watch, notice_id, message, notice.kind, notice.moment, notice.recorded_at, notice.source, notice.key,
            notice.content_digest, notice.line, notice.is_late,
            None if notice.detail is None else json.dumps(notice.detail, ensure_ascii=False),
        ),
    )  # fmt: skip
    return True


# An article may have another key than when its notice was entered: its ledger line is the same, or its version.
_KNOWN = """
    select 1 from notices where watch = :watch and id = :id
     union all
    select 1 from notices where watch = :watch and line = :line
     union all
    select 1 from notices
     where watch = :watch and line is null and :line is null and moment = :moment and kind = :kind
       and content_digest = :content_digest
"""


def _digest(conn: sqlite3.Connection, watch: str, pace: Pace, now: datetime) -> tuple[str, str]:
    """The id and the moment of the next daily or weekly message.

    One that was sent already, before a clock went back, is not the next.
    """
    due = due_at(pace, now)
    while True:
        message = message_id(watch, None, pace, None, stamp(due))
        sql = "select 1 from notices where message = ? and sent_at is not null limit 1"
        if conn.execute(sql, (message,)).fetchone() is None:
            return message, stamp(due)
        due = due_at(pace, due)


def next_message(conn: sqlite3.Connection, tried: Sequence[str], now: datetime) -> DueMessage | None:
    """The next message that is due, of a watch that may be tried now; None without one.

    tried: the messages to pass over. Watches take turns, those whose channel works first: a hundred messages of one do
    not hold up another. Of a watch the message that has been due for longest comes first.
    """
    row = conn.execute(
        """
        select m.id, m.watch, m.pace, m.due_at, m.attempts
          from watches w
          join messages m on m.number = (
               select number from messages
                where watch = w.name and refused is null and due_at <= :now
                  and id not in (select value from json_each(:tried))
                order by due_at, number limit 1)
         where w.paused_since is null and coalesce(w.next_try_at, '') <= :now
         order by w.failures > 0, coalesce(w.last_sent_at, ''), m.due_at, m.number limit 1
        """,
        {"now": stamp(now), "tried": json.dumps(tried)},
    ).fetchone()
    if row is None:
        return None
    message, watch, pace, due, attempts = row
    return DueMessage(message, watch, pace, due, attempts, tuple(_notices(conn, watch, message)))


def _notices(conn: sqlite3.Connection, watch: str, message: str) -> Iterator[Notice]:
    rows = conn.execute(
        """
        select kind, moment, recorded_at, source, key, content_digest, line, is_late, detail
          from notices where watch = ? and message = ? and dropped is null order by moment, number
        """,
        (watch, message),
    )
    for kind, moment, recorded, source, key, digest, line, late, detail in rows:
        verdict = json.loads(detail) if detail else None
        yield Notice(kind, moment, recorded, source, key, digest, line, bool(late), verdict)


def next_due(conn: sqlite3.Connection) -> str | None:
    """When the next message may be tried; None if none waits."""
    (due,) = conn.execute(
        """
        select min(max(m.due_at, coalesce(w.next_try_at, ''))) from messages m join watches w on w.name = m.watch
         where w.paused_since is null and m.refused is null
        """
    ).fetchone()
    return due if due is None else str(due)


def begin_try(conn: sqlite3.Connection, message: DueMessage) -> None:
    """Note that a message is about to be sent. Raises sqlite3.Error if nothing can be noted, as on a full disk."""
    with writing(conn):
        conn.execute("update messages set attempts = attempts + 1 where id = ?", (message.id,))


def sent(conn: sqlite3.Connection, message: DueMessage, now: datetime) -> None:
    """Note that a message was sent, which leaves the outbox, and that its channel works."""
    with writing(conn):
        conn.execute(
            "update notices set sent_at = ? where watch = ? and message = ? and dropped is null",
            (stamp(now), message.watch, message.id),
        )
        conn.execute("delete from messages where id = ?", (message.id,))
        conn.execute(
            """
            update watches
               set sent = sent + 1, last_sent_at = ?, failures = 0, failing_since = null, next_try_at = null,
                   trouble = null
             where name = ?
            """,
            (stamp(now), message.watch),
        )


def drop(conn: sqlite3.Connection, message: DueMessage, notices: Sequence[Notice], now: datetime) -> None:
    """Note that notices are left out of their message; without any other one it leaves the outbox.

    They count as sent if the channel may have the message.
    """
    sent_at = stamp(now) if message.attempts else None
    with writing(conn):
        conn.executemany(
            "update notices set dropped = ?, sent_at = ? where watch = ? and id = ?",
            [(stamp(now), sent_at, message.watch, each.id_for(message.watch)) for each in notices],
        )
        if len(notices) == len(message.notices):
            conn.execute("delete from messages where id = ?", (message.id,))


def put_off(conn: sqlite3.Connection, message: DueMessage, reason: str, after: float | None, now: datetime) -> None:
    """Note that a channel did not take a message now; its watch is tried again after a pause.

    after: seconds, as the channel asks for; None: the next of PAUSES. Nothing happens if the watch was removed.
    """
    with writing(conn):
        found = conn.execute("select failures from watches where name = ?", (message.watch,)).fetchone()
        if found is None:
            return
        conn.execute("update messages set attempts = 0 where id = ?", (message.id,))
        usual = PAUSES[min(found[0], len(PAUSES) - 1)]
        pause = usual if after is None else min(max(after, SHORTEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
        conn.execute(
            """
            update watches
               set failures = failures + 1, failing_since = coalesce(failing_since, :now), next_try_at = :next,
                   trouble = :reason
             where name = :watch
            """,
            {
                "now": stamp(now),
                "next": stamp(now + timedelta(seconds=pause)),
                "reason": reason,
                "watch": message.watch,
            },
        )


def refuse(conn: sqlite3.Connection, message: DueMessage, reason: str, now: datetime, partly: bool = False) -> None:
    """Note that a channel will never take a message. It is kept, and its watch goes on with the next one.

    partly: some of its receivers have it, so its notices count as sent.
    """
    with writing(conn):
        if partly:
            conn.execute(
                "update notices set sent_at = ? where watch = ? and message = ? and dropped is null",
                (stamp(now), message.watch, message.id),
            )
        conn.execute("update messages set refused = ? where id = ?", (reason, message.id))
        conn.execute(
            """
            update watches set failing_since = coalesce(failing_since, ?), trouble = ?, next_try_at = null
             where name = ?
            """,
            (stamp(now), reason, message.watch),
        )
