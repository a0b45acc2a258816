"""The tables of schedule.db beside APScheduler's jobs: the state of each slot, paused sources, a heartbeat."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from archive.answers import TABLES as HEARTBEAT
from archive.answers import ClusterFigures, Running, Verdict
from archive.files import instant, stamp
from schedules.slots.pulses import STALLED
from schedules.slots.schedule import Slot

MAX_SETTLED_SLOTS = 500  # of a source; older ones are deleted
TABLES = (
    """
    create table if not exists slots (
        source text not null,
        due_at text not null,
        schedule text not null,
        state text not null,
        starts integer not null default 0,
        started_at text,
        ended_at text,
        exit_code integer,
        finish_reason text,
        articles_seen integer,
        last_lines text,
        primary key (source, due_at)
    )
    """,
    "create table if not exists paused (source text primary key, since text not null)",
    *HEARTBEAT,
)

State = Literal["waiting", "running", "ended", "passed", "missed"]
"""The state of a slot.

waiting: for its crawl · running: its crawl runs · ended: its crawl recorded the outcome in the archive · passed: it had
no crawl, which is not yet recorded in the archive · missed: it had no crawl, which is recorded in the archive.
"""


class BookError(sqlite3.DatabaseError):
    """schedule.db cannot be used; SQLite's error, with the path of the file."""

    def __init__(self, database: Path, error: sqlite3.Error) -> None:
        super().__init__(str(error))
        self.database = database
        self.sqlite_errorcode = getattr(error, "sqlite_errorcode", 0)


@dataclass(frozen=True, slots=True)
class ChildEnd:
    """The end of a crawl's process: its exit code (negative: a signal; None: unknown, or never started) and its output.

    finish_reason is the scheduler's own (`stopped`, `not started`, or STALLED) if it has one, else that of the crawl's
    summary, as articles_seen is; None without one. last_lines is the end of its stderr; if it hung, with the
    scheduler's line; if it was not started, the error.
    """

    exit_code: int | None = None
    finish_reason: str | None = None
    articles_seen: int | None = None
    last_lines: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """The tables of schedule.db other than APScheduler's; every call is a transaction. Raises BookError."""

    path: Path

    def owed(self, source: str, schedule: str, slots: Sequence[datetime]) -> list[datetime]:
        """Enter due slots as waiting; returns those that are new, or that were passed over before without a crawl.

        `slots` are in order. Those not later than the last one ever entered under the schedule are due only because the
        clock went back, and are ignored: it is unknown if they were missed. The newest of `slots` is entered even so.
        Deletes the oldest settled slots of the source.
        """
        last = self.last(source, schedule)
        with self._writing() as conn:
            due = [slot for slot in slots if last is None or slot > last or slot == slots[-1]]
            fresh = [slot for slot in due if _enter(conn, source, schedule, slot)]
            conn.execute(
                """
                delete from slots
                 where source = ?1 and state in ('ended', 'missed')
                   and rowid <= (select rowid from slots where source = ?1 order by rowid desc limit 1 offset ?2)
                """,
                (source, MAX_SETTLED_SLOTS),
            )
            return fresh

    def last(self, source: str, schedule: str) -> datetime | None:
        """The latest slot that was entered for a source under a schedule; None without any."""
        sql = "select max(due_at) from slots where source = ? and schedule = ?"
        rows = self._read(sql, source, schedule)
        return instant(rows[0][0]) if rows and rows[0][0] else None

    def started(self, slot: Slot, now: datetime) -> int:
        """Note that a child is started for a slot; returns the number of its starts, more than one after a crash."""
        with self._writing() as conn:
            conn.execute(
                """
                update slots set state = 'running', starts = starts + 1, started_at = ?
                 where source = ? and due_at = ?
                """,
                (stamp(now), slot.source, stamp(slot.due_at)),
            )
            sql = "select starts from slots where source = ? and due_at = ?"
            return int(conn.execute(sql, (slot.source, stamp(slot.due_at))).fetchone()[0])

    def ended(self, slot: Slot, state: State, end: ChildEnd, now: datetime) -> None:
        """Store the end of a slot's child and the new state of the slot: "ended", or "passed" if it was not crawled."""
        values = {**asdict(end), "state": state, "now": stamp(now), "source": slot.source, "due": stamp(slot.due_at)}
        with self._writing() as conn:
            conn.execute(
                """
                update slots set state = :state, ended_at = :now, exit_code = :exit_code,
                       finish_reason = :finish_reason, articles_seen = :articles_seen, last_lines = :last_lines
                 where source = :source and due_at = :due
                """,
                values,
            )

    def settle(self, source: str, slots: Sequence[datetime], state: State) -> None:
        """Set the state of these slots of a source."""
        with self._writing() as conn:
            conn.executemany(
                "update slots set state = ? where source = ? and due_at = ?",
                [(state, source, stamp(slot)) for slot in slots],
            )

    def of_state(self, *states: State) -> dict[str, list[datetime]]:
        """By source the slots in any of these states, oldest first."""
        found: dict[str, list[datetime]] = {}
        marks = ", ".join("?" * len(states))
        sql = f"select source, due_at from slots where state in ({marks}) order by source, due_at"  # noqa: S608
        for source, due_at in self._read(sql, *states):
            found.setdefault(source, []).append(instant(due_at))
        return found

    def runs(self, latest: bool = False) -> list[dict[str, Any]]:
        """The slots for which a child was started, each as a dict of its columns, ordered by source and slot.

        latest: of each source only the one that was entered in schedule.db last, even if another slot is later.
        """
        names = "source, due_at, starts, started_at, ended_at, exit_code, finish_reason, articles_seen, last_lines"
        only = "and rowid in (select max(rowid) from slots where starts > 0 group by source)" if latest else ""
        rows = self._read(f"select {names} from slots where starts > 0 {only} order by source, due_at")  # noqa: S608
        return [dict(zip(names.split(", "), row, strict=True)) for row in rows]

    def hung(self) -> dict[str, tuple[str, str]]:
        """By source the slot and the start of its last process, if that hung and was ended."""
        sql = """
            select source, due_at, started_at from slots
             where rowid in (select max(rowid) from slots where starts > 0 group by source)
               and finish_reason = ? and exit_code not in (0, 3)  -- which a crawl has that ended itself
        """
        return {source: (slot, started) for source, slot, started in self._read(sql, STALLED)}

    def starts(self, now: datetime) -> dict[str, str]:
        """By source the start of its last crawl until now.

        A child that ended without beginning its crawl, as when the program does not work, is not counted.
        """
        sql = """
            select source, max(started_at) from slots
             where started_at <= ? and state in ('running', 'ended') group by source
        """
        return dict(self._read(sql, stamp(now)))

    def unknown(self, sources: Iterable[str]) -> dict[str, str]:
        """By source the start of the scheduler, for those of these sources of which no slot was ever entered.

        Empty if the scheduler was stopped in order, or never started.
        """
        if not self._read("select 1 from sqlite_master where name = 'heartbeat'"):
            return {}  # a schedule.db of an earlier version
        began = self._read("select started_at from heartbeat where stopped_at is null")
        owed = {source for (source,) in self._read("select distinct source from slots")}
        return {source: at for source in sources for (at,) in began if source not in owed}

    def beat(self, pid: int, started_at: str, now: datetime, running: Sequence[Running], stopped: bool = False) -> None:
        """Store a heartbeat in place of the last one: the scheduler lives at `now`, or was stopped in order.

        running: the crawls that it runs. pid, started_at: its process and its start.
        """
        told = {"at": stamp(now), "pid": pid, "started": started_at, "stopped": stamp(now) if stopped else None}
        with self._writing() as conn:
            conn.execute(
                """
                insert into heartbeat (one, at, pid, started_at, stopped_at) values (1, :at, :pid, :started, :stopped)
                on conflict (one) do update
                   set checked_at = iif(pid = :pid and started_at = :started, checked_at, null),
                       at = :at, pid = :pid, started_at = :started, stopped_at = :stopped
                """,
                told,
            )
            conn.execute("delete from running")
            conn.executemany("insert into running values (?, ?, ?, ?, ?, ?)", map(astuple, running))

    def judge(self, verdicts: Sequence[Verdict], now: datetime, cluster: ClusterFigures | None = None) -> None:
        """Replace the stored verdicts of the health rules and the figures of the cluster; they are of `now`."""
        with self._writing() as conn:
            conn.execute("delete from verdicts")
            conn.executemany("insert into verdicts values (?, ?, ?, ?, ?)", map(astuple, verdicts))
            conn.execute("delete from cluster")
            if cluster is not None:
                conn.execute("insert into cluster values (?, ?, ?, ?, ?)", astuple(cluster))
            conn.execute("update heartbeat set checked_at = ?", (stamp(now),))

    def paused(self) -> dict[str, str]:
        """By name the paused sources, each with the start of its pause."""
        return dict(self._read("select source, since from paused order by source"))

    def pause(self, sources: Sequence[str], now: datetime) -> None:
        """Mark these sources as paused from `now` on; one that is paused already keeps its start."""
        with self._writing() as conn:
            conn.executemany("insert or ignore into paused values (?, ?)", [(name, stamp(now)) for name in sources])

    def resume(self, sources: Sequence[str]) -> None:
        """Remove the mark of a pause from these sources, so that they are crawled again from the next slot on."""
        with self._writing() as conn:
            conn.executemany("delete from paused where source = ?", [(name,) for name in sources])

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise BookError(self.path, error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._named(), closing(sqlite3.connect(self.path)) as conn, conn:
            for table in TABLES:
                conn.execute(table)
            yield conn

    def _read(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query; [] before anything was entered. Works on a read-only home.

        The file is not opened with mode=ro: the next process to open it, perhaps a reader, must roll back what a crash
        left half written.
        """
        if not self.path.exists():
            return []
        address = f"{self.path.resolve().as_uri()}?mode=rw"
        with self._named(), closing(sqlite3.connect(address, uri=True)) as conn:
            if conn.execute("select count(*) from sqlite_master where name in ('slots', 'paused')").fetchone() != (2,):
                return []
            return conn.execute(sql, values).fetchall()


def _enter(conn: sqlite3.Connection, source: str, schedule: str, slot: datetime) -> bool:
    """Enter a slot as waiting; returns True if it is new, or if it was `passed` or `missed` without a start.

    The second happens when the clock was ahead for a time, and the slot comes again after it was set right.
    """
    entered = conn.execute(
        """
        insert into slots (source, due_at, schedule, state) values (?, ?, ?, 'waiting')
        on conflict do update set state = 'waiting' where state in ('passed', 'missed') and starts = 0
        """,
        (source, stamp(slot.astimezone(UTC)), schedule),
    )
    return entered.rowcount == 1
