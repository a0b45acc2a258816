"""The rows of reparses: runs of a better parser over stored captures, their progress, and if they were undone."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count

DECIDED = "verdict, parse_error, parser_version, pages"  # columns of a capture that a reparse may change


@dataclass(frozen=True, slots=True)
class UnfinishedReparse:
    """A reparse that was cut short. through: the row id of the last capture that it looked at; 0 before the first."""

    id: str
    through: int


def begin_reparse(
    conn: sqlite3.Connection, reparse: str, source: str, at: str, parser_version: str, since: str | None
) -> None:
    """Enter a reparse that has begun. Raises sqlite3.IntegrityError if the source has one with this id."""
    conn.execute(
        "insert into reparses (id, source, started_at, parser_version, since) values (?, ?, ?, ?, ?)",
        (reparse, source, at, parser_version, since),
    )


def free_reparse_id(conn: sqlite3.Connection, reparse: str, source: str) -> str:
    """The id `reparse` if no reparse of the source has it, else the first free one with `-2`, `-3`, … added.

    Ids name the second of the start, in which two may begin.
    """
    sql = "select id from reparses where source = ?"
    taken = {each for (each,) in conn.execute(sql, (source,))}
    names = chain([reparse], (f"{reparse}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


def advance_reparse(conn: sqlite3.Connection, reparse: str, source: str, record_id: str) -> None:
    """Note that a reparse has looked at all captures up to that of the record `record_id`, for `unfinished_reparse`."""
    conn.execute(
        """
        update reparses set through = (select id from captures where record_id = ?3) where id = ?1 and source = ?2
        """,
        (reparse, source, record_id),
    )


def finish_reparse(conn: sqlite3.Connection, reparse: str, source: str, at: str) -> None:
    """Note that a reparse has ended."""
    conn.execute("update reparses set finished_at = ? where id = ? and source = ?", (at, reparse, source))


def mark_reparse_undone(conn: sqlite3.Connection, reparse: str, source: str, at: str) -> None:
    """Note that a reparse was taken back, and give its captures their earlier verdicts again."""
    conn.execute("update reparses set undone_at = ? where id = ? and source = ?", (at, reparse, source))
    _hand_on(conn, reparse, source)
    conn.execute(
        f"""
        update captures set ({DECIDED}) = (
            select {DECIDED} from reparsed_captures f where f.capture_id = captures.id and f.reparse = ?1)
         where source = ?2 and id in (select capture_id from reparsed_captures where reparse = ?1)
        """,
        (reparse, source),
    )
    conn.execute(
        """
        delete from reparsed_captures
         where reparse = ? and capture_id in (select id from captures where source = ?)
        """,
        (reparse, source),
    )


def _hand_on(conn: sqlite3.Connection, reparse: str, source: str) -> None:
    """Copy the verdict from before this reparse to the next later reparse that read the same capture, if there is one.

    That reparse then restores it when it is taken back.
    """
    conn.execute(
        f"""
        update reparsed_captures as later set ({DECIDED}) = (
            select {DECIDED} from reparsed_captures f where f.reparse = ?1 and f.capture_id = later.capture_id)
         where rowid in (
            select min(n.rowid) from reparsed_captures f
              join captures c on c.id = f.capture_id and c.source = ?2
              join reparsed_captures n on n.capture_id = f.capture_id and n.rowid > f.rowid
             where f.reparse = ?1 group by f.capture_id)
        """,
        (reparse, source),
    )


def note_readings_before(conn: sqlite3.Connection, reparse: str, captures: Sequence[int]) -> None:
    """Keep the captures' verdicts before a reparse changes them; one that was kept already for this reparse stays."""
    conn.executemany(
        f"""
        insert or ignore into reparsed_captures (reparse, capture_id, {DECIDED})
        select ?, id, {DECIDED} from captures where id = ?
        """,
        [(reparse, capture_id) for capture_id in captures],
    )


def unfinished_reparse(
    conn: sqlite3.Connection, source: str, parser_version: str, since: str | None
) -> UnfinishedReparse | None:
    """A source's last reparse by this parser and with this `since` that is unfinished and not taken back, or None."""
    row = conn.execute(
        """
        select id, through from reparses
         where source = ? and parser_version = ? and since is ? and finished_at is null and undone_at is null
         order by started_at desc limit 1
        """,
        (source, parser_version, since),
    ).fetchone()
    return UnfinishedReparse(*row) if row else None


def sources_of_reparse(conn: sqlite3.Connection, reparse: str) -> list[str]:
    """The names of the sources of a reparse, sorted, without those that have taken it back; [] without any."""
    sql = "select source from reparses where id = ? and undone_at is null order by source"
    return [source for (source,) in conn.execute(sql, (reparse,))]
