"""The rows of acts, and of the joins by which they make several keys one article."""

import json
import sqlite3
from collections.abc import Iterable

from archive.files import LedgerLine, canonical
from archive.rows.captures import Unproved

_KEYS = "(select {} from keys where article_id in (:one, :other))"
_SIDES = """
    exists (select 1 from keys a join keys b on b.article_id in (:one, :other) and b.article_id <> a.article_id
             where a.{0} = {1} and b.{0} = {2} and a.article_id in (:one, :other))
    """
# Joins that a split parted, joins that were undone, and splits of a key that was seen at addresses of both.
_PARTED = (
    f"""
    select 1 from joins j where j.number in {_KEYS.format("number")} and j.parted_by is not null
       and {_SIDES.format("number", "j.number", "j.other")}
    """,
    f"""
    select 1 from acts t
     where t.key in {_KEYS.format("key")} and t.kind in ('merged', 'moved') and t.undone_by is not null
       and {_SIDES.format("key", "t.key", "t.detail ->> 'other'")}
    """,
    f"""
    select 1 from acts t where t.key in {_KEYS.format("key")} and t.kind = 'split' and t.undone_by is null
       and {_SIDES.format("key", "t.detail ->> 'new_key'", "t.detail ->> 'parted_key'")}
    """,
    f"""
    select 1 from acts t, json_each(t.detail, '$.pairs') p where t.kind = 'known_again' and t.undone_by is not null
       and {_SIDES.format("key", "p.key", "p.value")}
    """,
)


def note_act(conn: sqlite3.Connection, line: LedgerLine) -> None:
    """Enter an act; its detail is that of its line."""
    told = [line.detail.get(name) for name in ("by", "reason", "note")]
    conn.execute(
        """
        insert into acts (digest, chain, at, recorded_at, kind, key, record_id, detail, by, reason, note)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            line.digest,
            line.chain,
            line.at,
            line.recorded_at,
            line.kind,
            line.key,
            line.record_id,
            canonical(line.detail),
            *told,
        ),
    )


def act_line(conn: sqlite3.Connection, digest: str) -> LedgerLine:
    """The line of an act that is not undone. Raises Unproved for any other."""
    row = conn.execute(
        "select chain, recorded_at, at, kind, key, record_id, detail, undone_by from acts where digest = ?", (digest,)
    ).fetchone()
    if row is None or row[-1] is not None:
        raise Unproved(f"{digest} is no act that stands")
    chain, recorded_at, at, kind, key, record_id, detail, _ = row
    return LedgerLine(chain, recorded_at, at, kind, key, record_id=record_id, detail=json.loads(detail), digest=digest)


def mark_undone(conn: sqlite3.Connection, digest: str, by: str) -> None:
    """Note that an act was undone by another, both by the digests of their lines."""
    conn.execute("update acts set undone_by = ? where digest = ?", (by, digest))


def add_join(conn: sqlite3.Connection, number: int, other: int, act: str, parted_by: str | None = None) -> None:
    """Enter that an act makes two keys one article, or that they were one until an act parted them."""
    sql = "insert or replace into joins (number, other, act, parted_by) values (?, ?, ?, ?)"
    conn.execute(sql, (*sorted((number, other)), act, parted_by))


def end_joins(conn: sqlite3.Connection, act: str) -> None:
    """Mark the joins that an act made as ended, since it is undone; permalinks still follow them (`once_joined`)."""
    conn.execute("update joins set parted_by = act where act = ?", (act,))


def once_joined(conn: sqlite3.Connection, article_id: int) -> list[int]:
    """The row ids of other articles that were one with this one at some time, directly or through others."""
    rows = conn.execute(
        """
        with recursive linked(number) as (
            select number from keys where article_id = ?1
             union
            select iif(j.number = linked.number, j.other, j.number)
              from linked join joins j on linked.number in (j.number, j.other))
        select distinct k.article_id from linked join keys k on k.number = linked.number
         where k.article_id <> ?1 order by 1
        """,
        (article_id,),
    )
    return [other for (other,) in rows]


def articles_joined(conn: sqlite3.Connection, act: str) -> set[int]:
    """The ids of the articles whose keys an act joined or parted."""
    rows = conn.execute(
        """
        select k.article_id from joins j join keys k on k.number in (j.number, j.other)
         where j.act = ?1 or j.parted_by = ?1
        """,
        (act,),
    )
    return {article_id for (article_id,) in rows}


def joined_keys(conn: sqlite3.Connection, article_id: int) -> list[set[int]]:
    """The keys of an article by number, in groups: those that standing joins connect, each once."""
    numbers = {number for (number,) in conn.execute("select number from keys where article_id = ?", (article_id,))}
    rows = conn.execute(
        """
        select j.number, j.other from keys k join joins j on j.number = k.number
         where k.article_id = ? and j.parted_by is null
        """,
        (article_id,),
    ).fetchall()
    return _connected(numbers, rows)


def captured_urlkeys(conn: sqlite3.Connection, records: Iterable[str]) -> set[tuple[str, str]]:
    """The addresses of captures as (source, urlkey). Raises Unproved if one of the records is no capture."""
    found = set()
    for record_id in records:
        row = conn.execute("select source, urlkey from captures where record_id = ?", (record_id,)).fetchone()
        if row is None:
            raise Unproved(f"no capture has the record {record_id}")
        found.add(tuple(row))
    return found


def are_parted(conn: sqlite3.Connection, article_id: int, other_id: int) -> bool:
    """True if an operator decided that two articles are two works: acts that had made them one are undone or parted."""
    values = {"one": article_id, "other": other_id}
    return any(conn.execute(sql, values).fetchone() for sql in _PARTED)


def _connected(numbers: set[int], pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    groups = {number: {number} for number in numbers}
    for one, other in pairs:
        if one in groups and other in groups and groups[one] is not groups[other]:
            groups[one] |= groups[other]
            for each in groups[other]:
                groups[each] = groups[one]
    return list({id(group): group for group in groups.values()}.values())
