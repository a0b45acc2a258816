"""watches.db: the watches of a home, with their states and places."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from archive.files import NEWER, Database, Home, OtherVersion, stamp
from archive.rows import Archive, connect, connect_to_read
from archive.watches.definition import Watch, WatchError, stored
from archive.watches.steps import steps
from archive.watches.stream import EVENTS, FORMS, Beginning, EventPlace, Series, beginning, newest, place_at


@dataclass(frozen=True, slots=True)
class WatchState:
    """A watch with its state. added_at: None for a watch of thinker.toml before its first run.

    failures: of its channel in a row; trouble: the reason of the last one. waiting and refused: the number of its
    messages that are still to be sent, and of those that its channel refused; refusal: the reason of one of these.
    """

    watch: Watch
    added_at: str | None
    beginning: Beginning
    paused_since: str | None
    failures: int
    failing_since: str | None
    next_try_at: str | None
    trouble: str | None
    sent: int
    last_sent_at: str | None
    waiting: int
    refused: int
    refusal: str | None


@contextmanager
def open_book(home: Home) -> Iterator[sqlite3.Connection]:
    """A connection to watches.db for a writer; the file is made if it is missing. Raises OtherVersion, sqlite3.Error.

    The connection is in autocommit mode; `writing` makes a transaction.
    """
    with _named(home):
        conn = connect(home.watches_database)
    with closing(conn):
        with _named(home):
            database = Database(conn)
            _require_known(database, home)
            if steps.pending(database):
                steps.apply(database)
        yield conn


@contextmanager
def read_book(home: Home) -> Iterator[sqlite3.Connection | None]:
    """A connection to watches.db that changes nothing; None if there is no file, or no writer has made its tables."""
    if not home.watches_database.exists():
        yield None
        return
    with _named(home):
        conn = connect_to_read(home.watches_database)
    with closing(conn):
        with _named(home):
            database = Database(conn)
            _require_known(database, home)
        yield None if steps.pending(database) else conn


@contextmanager
def _named(home: Home) -> Iterator[None]:
    """Give SQLite's errors of the block the path of the file, unless they have one, for the line that is printed."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if not hasattr(error, "database"):
            error.database = home.watches_database  # type: ignore[attr-defined]
        raise


def _require_known(database: Database, home: Home) -> None:
    with closing(Database(memory=True)) as empty:
        known = {step.name for step in steps.pending(empty)}
    if any(each.name not in known for each in steps.applied(database)):
        raise OtherVersion(f"{home.watches_database.name}: {NEWER}")


@contextmanager
def writing(conn: sqlite3.Connection) -> Iterator[None]:
    """A transaction of watches.db: all that the block writes, or nothing if it raises."""
    conn.execute("begin immediate")
    try:
        yield
    except BaseException:
        conn.execute("rollback")
        raise
    conn.execute("commit")


def states(conn: sqlite3.Connection) -> dict[str, WatchState]:
    """Every watch with its state, by name, in the order of names. Raises OtherVersion for one that cannot be read."""
    rows = conn.execute(
        """
        select name, definition, is_declared, added_at, after_event, after_recorded, paused_since, failures,
               failing_since, next_try_at, trouble, sent, last_sent_at,
               (select count(*) from messages m where m.watch = w.name and m.refused is null),
               (select count(*) from messages m where m.watch = w.name and m.refused is not null),
               (select max(refused) from messages m where m.watch = w.name and m.refused is not null)
          from watches w order by name
        """
    ).fetchall()
    return {
        name: WatchState(stored(name, text, bool(is_declared)), added_at, Beginning(event, recorded), *state)
        for name, text, is_declared, added_at, event, recorded, *state in rows
    }


def watch_of(conn: sqlite3.Connection, name: str) -> Watch | None:
    """The watch of a name; None for an unknown name. Raises OtherVersion as `states`."""
    row = conn.execute("select definition, is_declared from watches where name = ?", (name,)).fetchone()
    return stored(name, row[0], bool(row[1])) if row else None


def states_read(conn: sqlite3.Connection | None, declared: Mapping[str, Watch]) -> dict[str, WatchState]:
    """Every watch with its state, for a reader; conn: None before watches.db is made.

    The watches of thinker.toml are as the file has them, also before the first run that enters them.
    """
    stood = states(conn) if conn is not None else {}
    found = {name: state for name, state in stood.items() if not state.watch.is_declared}
    for name, watch in declared.items():
        found[name] = replace(stood[name], watch=watch) if name in stood else _unmade(watch)
    return dict(sorted(found.items()))


def _unmade(watch: Watch) -> WatchState:
    return WatchState(watch, None, Beginning(), None, 0, None, None, None, 0, None, 0, 0, None)


def state_named(found: Mapping[str, WatchState], name: str) -> WatchState:
    """The state of one watch. Raises WatchError for an unknown name."""
    if name not in found:
        known = f"known: {', '.join(found)}" if found else "there is none yet: `thinker watch add` adds one"
        raise WatchError(f"no watch named {name!r}; {known}")
    return found[name]


def add(conn: sqlite3.Connection, archive: Archive, watch: Watch, now: datetime) -> None:
    """Add a watch, which begins after the newest event of the archive. Raises WatchError if its name is taken."""
    begins = beginning(archive.conn, now)
    with writing(conn):
        if watch.name in states(conn):
            raise WatchError(
                f"there is a watch named {watch.name!r} already: choose another name, or run "
                f"`thinker watch remove {watch.name}` first"
            )
        _insert(conn, watch, begins, now)
        _begin_reading(conn, archive)


def remove(conn: sqlite3.Connection, name: str) -> None:
    """Remove a watch with its messages and its record of what was sent."""
    with writing(conn):
        conn.execute("delete from watches where name = ?", (name,))


def pause(conn: sqlite3.Connection, name: str, now: datetime) -> None:
    """Pause a watch; one that is paused already keeps its start."""
    with writing(conn):
        conn.execute("update watches set paused_since = coalesce(paused_since, ?) where name = ?", (stamp(now), name))


def resume(conn: sqlite3.Connection, archive: Archive, name: str, now: datetime) -> int:
    """Resume a watch, and have its waiting and refused messages tried at once; returns their number.

    A paused watch goes on after the newest event of the archive.
    """
    begins = beginning(archive.conn, now)
    with writing(conn):
        conn.execute(
            "update watches set after_event = ?, after_recorded = ? where name = ? and paused_since is not null",
            (*begins, name),
        )
        conn.execute(
            """
            update watches
               set paused_since = null, failures = 0, failing_since = null, next_try_at = null, trouble = null
             where name = ?
            """,
            (name,),
        )
        conn.execute("update messages set refused = null where watch = ?", (name,))
        (count,) = conn.execute("select count(*) from messages where watch = ?", (name,)).fetchone()
    return int(count)


def declare(conn: sqlite3.Connection, archive: Archive, declared: Mapping[str, Watch], now: datetime) -> None:
    """Make the declared watches those of thinker.toml: new ones begin now, and those that it lacks are removed.

    A watch that asks for other events than before begins anew; with another address, pace or language it goes on. A
    declared watch takes the place of an added one of its name.
    """
    stood = {name: state.watch for name, state in states(conn).items()}
    if {name: watch for name, watch in stood.items() if watch.is_declared} == declared:
        return
    begins = beginning(archive.conn, now)
    with writing(conn):
        _begin_reading(conn, archive)
        for name in [each.name for each in stood.values() if each.is_declared and each.name not in declared]:
            conn.execute("delete from watches where name = ?", (name,))
        for name, watch in declared.items():
            before = stood.get(name)
            if before is None:
                _insert(conn, watch, begins, now)
            elif before != watch:
                conn.execute("update watches set definition = ?, is_declared = 1 where name = ?", (watch.text, name))
                if _asks(before) != _asks(watch):
                    conn.execute(
                        "update watches set after_event = ?, after_recorded = ? where name = ?", (*begins, name)
                    )


def _begin_reading(conn: sqlite3.Connection, archive: Archive) -> None:
    """Set the place to the newest event, unless there is a place: older events are of no watch."""
    if conn.execute("select 1 from place").fetchone() is None:
        for series in (EVENTS, FORMS):
            set_place(conn, place_at(archive.conn, archive.home, newest(archive.conn, series), series), series)


def place_of(conn: sqlite3.Connection, series: Series) -> EventPlace | None:
    """The last row of a series that was looked at for the watches; None before the first."""
    row = conn.execute(
        "select file, event, identity, recorded_at from place where series = ?", (series.number,)
    ).fetchone()
    return EventPlace(*row) if row else None


def set_place(conn: sqlite3.Connection, place: EventPlace | None, series: Series) -> None:
    """Set the last row of a series that was looked at; None changes nothing."""
    if place is not None:
        conn.execute("insert or replace into place values (?, ?, ?, ?, ?)", (series.number, *place))


def _asks(watch: Watch) -> dict[str, object]:
    """The settings that decide which events a watch gets."""
    return watch.asked.model_dump(exclude={"to", "lang", "every"})


def _insert(conn: sqlite3.Connection, watch: Watch, begins: Beginning, now: datetime) -> None:
    conn.execute(
        """
        insert into watches (name, definition, is_declared, added_at, after_event, after_recorded)
        values (?, ?, ?, ?, ?, ?)
        """,
        (watch.name, watch.text, watch.is_declared, stamp(now), *begins),
    )
