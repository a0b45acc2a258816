"""The search index's rows: an article's place in the order of publication, and rebuilding all rows."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain, count

from archive.files import Progress, unheard
from archive.search.corrected import CORRECTED, corrected_in
from archive.search.fields import ALL_BEFORE, ALL_NOW, ASKED_FOR, COLUMNS, fields_of, index_row

SLOT_SECONDS = 60  # 1,440 places a day, more than a big archive publishes; smaller slots make a larger index
_DATED = 1 << 26  # articles without a date have smaller ids than any with one
_EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
# The share of the file that must be free before pages are given back (merging left 16 % free); pages per transaction.
WORTH_IT, PAGES = 0.03, 4_000
_STATES_PER_TRANSACTION = 200  # per transaction, so that a crawl waits less than a second

_ANEW = "_anew"
_DECLARED = f"{', '.join(COLUMNS)}, content='', contentless_delete=1, tokenize='ascii'"
# A group of 32 articles is one segment. Merging segments while a crawl writes costs more than writing them: they are
# merged at its end (`merge`), and by FTS5 itself when 64 have gathered. At a crawl's end a level of fewer than eight
# segments is left alone: queries cost little more, merging half.
_MERGING = (("automerge", 0), ("crisismerge", 64), ("usermerge", 8))
_Row = tuple[int | str, ...]
_States = Callable[[sqlite3.Connection, int], Iterator[_Row]]


def search_id(conn: sqlite3.Connection, date_published_utc: str | None) -> int:
    """A free `articles.search_id` for an article of that moment (`2024-04-13T15:01:00Z`).

    Ids follow the order of moments, except for articles that crowd one minute: these take one of the next three ids or,
    when those are taken too, a free one scattered over the ids after it, ever farther the more of them are taken (so a
    day with 100,000 articles costs each a few dozen look-ups). `search` sorts such articles by date again.
    """
    first = first_slot(date_published_utc)
    for candidate in chain(range(first, first + 4), _crowded(conn, first)):
        if conn.execute("select 1 from articles where search_id = ?", (candidate,)).fetchone() is None:
            return candidate
    raise AssertionError("the stretch widens until a place is free")


def first_slot(date_published_utc: str | None) -> int:
    """The search id for the first article of a moment: the same for all moments of one minute; 1 for no date."""
    if date_published_utc is None:
        return 1
    seconds = (datetime.fromisoformat(date_published_utc) - _EPOCH).total_seconds()
    return _DATED + max(0, int(seconds // SLOT_SECONDS))


def reindex(conn: sqlite3.Connection, progress: Progress = unheard) -> int:
    """Write every row of both indexes anew; returns the number of states indexed.

    Each batch is a transaction, and until its batch a row stays as it was, so searches and crawls go on. Rows of states
    that are gone are deleted first. Indexes with other fields than today's are filled under other names and replace the
    old ones at the end; writers wait for that. `progress` counts states.
    """
    (total,) = conn.execute("select (select count(*) from articles) + (select count(*) from state_texts)").fetchone()
    done = 0
    other = not has_fields_of_today(conn)
    for table, states in _STATES.items():
        written_to = f"{table}{_ANEW}" if other else table
        if other:
            _make_beside(conn, table)
        else:
            conn.execute(f"drop table if exists {table}{_ANEW}")  # left by a version with other fields that was killed
            _forget_strays(conn, table)
        last = -1
        while written := _write_anew(conn, written_to, states, last):
            last = written[-1]
            done += len(written)
            progress(done, total)
    if other:
        _take_places(conn)
    merge(conn)
    return done


def has_fields_of_today(conn: sqlite3.Connection) -> bool:
    """True if the columns of both indexes are today's fields: FTS5 cannot add one to a table.

    An index that does not exist is passed over. The schema is read without opening the indexes, which may be damaged.
    """
    of_today = f"fts5({_DECLARED})"
    rows = conn.execute("select name, sql from sqlite_schema where type = 'table'").fetchall()
    return all(of_today in sql for name, sql in rows if name in _STATES)


def make_empty_indexes(conn: sqlite3.Connection) -> None:
    """Replace both indexes by ones with today's fields, if both are empty and one or both have other fields.

    If one of them has rows, both are left alone.
    """
    if not has_fields_of_today(conn) and not any(
        conn.execute(f"select 1 from {table}_docsize limit 1").fetchone() for table in _STATES
    ):
        for table in _STATES:
            _make_beside(conn, table)
        _take_places(conn)


def _make_beside(conn: sqlite3.Connection, table: str) -> None:
    """Create an empty index of today's fields under another name; drop one that a kill left half full."""
    anew = f"{table}{_ANEW}"
    conn.execute(f"drop table if exists {anew}")
    conn.execute(f"create virtual table {anew} using fts5({_DECLARED})")
    for option, value in _MERGING:
        conn.execute(f"insert into {anew} ({anew}, rank) values (?, ?)", (option, value))


def _take_places(conn: sqlite3.Connection) -> None:
    """Drop the old indexes, and rename the new ones to their names. FTS5 renames without reading rows.

    Without the pragma SQLite would write the new name into views made by others.
    """
    conn.execute("pragma legacy_alter_table = on")
    try:
        with _transaction(conn):
            for table in _STATES:
                conn.execute(f"drop table if exists {table}")
                conn.execute(f"alter table {table}{_ANEW} rename to {table}")
    finally:
        conn.execute("pragma legacy_alter_table = off")


def _forget_strays(conn: sqlite3.Connection, table: str) -> None:
    known = {
        "article_words": "select search_id from articles where state <> 'withdrawn'",
        "revision_words": "select state_id from state_texts",
    }
    with _transaction(conn):
        conn.execute(f"delete from {table} where rowid in (select id from {table}_docsize except {known[table]})")


def _write_anew(conn: sqlite3.Connection, table: str, states: _States, last: int) -> list[int]:
    """Write the rows of the next batch of `states` after the row id `last`, and return their row ids; [] at the end.

    They are read in the same transaction: another process may change a state before or after it.
    """
    with _transaction(conn):
        rows = list(states(conn, last))
        places = [int(row[0]) for row in rows]
        conn.executemany(f"delete from {table} where rowid = ?", [(place,) for place in places])
        conn.executemany(insert_into(table), rows)
    return places


@contextmanager
def _transaction(conn: sqlite3.Connection) -> Iterator[None]:
    """A short transaction; inside a caller's it is a savepoint."""
    begin, end, back = ("begin immediate", "commit", "rollback")
    if conn.in_transaction:
        begin, end, back = ("savepoint reindex", "release reindex", "rollback to reindex")
    conn.execute(begin)
    try:
        yield
    except BaseException:
        conn.execute(back)
        raise
    conn.execute(end)


def merge(conn: sqlite3.Connection, steps: int = 1_000) -> None:
    """Merge the segments of both indexes, a few pages a step, until nothing is left to merge.

    FTS5 adds a segment for each transaction that writes rows. At most `steps` steps for each index. Each is a small
    transaction, so that readers and other writers get their turn. Then free pages are given back to the disk
    (`_give_back`).
    """
    for table in _STATES:
        for _ in range(steps):
            before = conn.total_changes
            conn.execute(f"insert into {table} ({table}, rank) values ('merge', 500)")
            if conn.total_changes - before < 2:  # FTS5's documented sign that no work was left
                break
    _give_back(conn)


def forget_deleted(conn: sqlite3.Connection) -> None:
    """Write both indexes as one segment each, so that no page of them has a word of a deleted row.

    A deleted row is only marked: its words and their positions stay in their segment, and SQL can read them.
    """
    for table in _STATES:
        conn.execute(f"insert into {table} ({table}) values ('optimize')")
    conn.commit()


def _give_back(conn: sqlite3.Connection) -> None:
    """Free the pages left by merged segments, in small transactions, if they are a large enough share of the file.

    Nothing is done inside a caller's transaction.
    """
    (free,), (pages,) = (conn.execute(f"pragma {name}_count").fetchone() for name in ("freelist", "page"))
    if free < pages * WORTH_IT or conn.in_transaction:
        return
    for _ in range(0, free, PAGES):
        conn.executescript(f"pragma incremental_vacuum({PAGES})")  # execute() would do only its first step


def insert_into(table: str) -> str:
    """The statement that puts (rowid, *index_row(…)) into `article_words` or `revision_words`."""
    return f"insert into {table} (rowid, {', '.join(COLUMNS)}) values (?{', ?' * len(COLUMNS)})"


def _crowded(conn: sqlite3.Connection, first: int) -> Iterator[int]:
    """Yield search ids from `first` on without end, in stretches that double, scattered anew for each new article."""
    (newest,) = conn.execute("select coalesce(max(id), 0) from articles").fetchone()
    for attempt in count():
        stretch = 8 << attempt // 4
        yield first + (newest * 0x9E3779B1 + attempt * 0x85EBCA6B) % 0xFFFFFFFB % stretch


def _current_states(conn: sqlite3.Connection, after: int) -> Iterator[_Row]:
    """Yield the index rows of the next batch of current texts, of search ids above `after`, in their order.

    Each row is (search id, *index_row(…)), with the words of our corrections. Withdrawn articles are left out.
    """
    sql = f"""
        select a.search_id, {CORRECTED}, {ALL_NOW}
          from articles as a
         where a.state <> 'withdrawn' and a.search_id > ?
         order by a.search_id
         limit ?
        """
    return _rows(conn, sql, after)


def _superseded_states(conn: sqlite3.Connection, after: int) -> Iterator[_Row]:
    """Yield the index rows of the next batch of superseded texts, of state ids above `after`, in their order.

    Each row is (state id, *index_row(…)). Those of withdrawn articles are among them.
    """
    sql = f"""
        select t.state_id, '{{}}', {ALL_BEFORE}
          from state_texts as t
         where t.state_id > ?
         order by t.state_id
         limit ?
        """
    return _rows(conn, sql, after)


def _rows(conn: sqlite3.Connection, sql: str, after: int) -> Iterator[_Row]:
    for place, corrected, *values in conn.execute(sql, (after, _STATES_PER_TRANSACTION)).fetchall():
        yield (place, *index_row(fields_of(values, ASKED_FOR), corrected_in(corrected)))


_STATES: dict[str, _States] = {"article_words": _current_states, "revision_words": _superseded_states}
