"""The records that keep a text of an article with several keys: each key may have made it by a line of its own.

A state names the record that was written first; the others wait in `other_conversions`, in case the keys part.
"""

from collections.abc import Set
from typing import NamedTuple

from archive.history.states import MadeState, replace_text
from archive.rows import Connection

_COLUMNS = "key_number, parser_version, recorded_at, conversion_id, conversion_digest"


class _Record(NamedTuple):
    key_number: int
    parser_version: str
    recorded_at: str
    conversion_id: str
    conversion_digest: str

    @property
    def place(self) -> tuple[str, str]:
        return self.recorded_at, self.conversion_id


def note_conversion(conn: Connection, state_id: int, made: MadeState, key_number: int) -> None:
    """Note the record by which a key made a state that its article has already, unless the key made it before."""
    known = _records(conn, state_id)
    record = _Record(key_number, made.parser_version, made.recorded_at, made.conversion_id, made.conversion_digest)
    if all(each.key_number != key_number for each in known):
        _store(conn, state_id, [*known, record])
        if record.place < known[0].place:
            replace_text(conn, state_id, made.state.article)


def keeps_text(conn: Connection, article_id: int, digest: str, source: str) -> bool:
    """True if a line of this source made the state of an article that has this digest."""
    row = conn.execute(
        """
        select 1 from keys k
          join (select article_id, key_number from states where article_id = ?1 and content_digest = ?2
                 union all
                select article_id, key_number from other_conversions where article_id = ?1 and content_digest = ?2) made
            on made.key_number = k.number
         where k.source = ?3 limit 1
        """,
        (article_id, digest, source),
    ).fetchone()
    return row is not None


def carry_over(conn: Connection, state_id: int, to_id: int) -> bool:
    """Give an equal state the records of this one; True if the first of all is one of them."""
    records, known = _records(conn, state_id), _records(conn, to_id)
    keys = {each.key_number for each in known}
    _store(conn, to_id, [*known, *(each for each in records if each.key_number not in keys)])
    return records[0].place < known[0].place


def leave_records(conn: Connection, state_id: int, numbers: Set[int]) -> tuple[str, str] | None:
    """Leave a state the records of these keys only; without any, the first of the others.

    Returns the id and the digest of its record if that is another one now, else None.
    """
    known = _records(conn, state_id)
    left = [each for each in known if each.key_number in numbers] or known[:1]
    _store(conn, state_id, left)
    return None if left[0] == known[0] else (left[0].conversion_id, left[0].conversion_digest)


def _records(conn: Connection, state_id: int) -> list[_Record]:
    """The records of a state, that which it names first."""
    rows = conn.execute(
        f"""
        select {_COLUMNS} from states where id = ?1
         union all
        select {", ".join(f"o.{name}" for name in _COLUMNS.split(", "))} from states s
          join other_conversions o on o.article_id = s.article_id and o.content_digest = s.content_digest
         where s.id = ?1
        """,
        (state_id,),
    ).fetchall()
    return sorted((_Record(*row) for row in rows), key=lambda each: each.place)


def _store(conn: Connection, state_id: int, records: list[_Record]) -> None:
    first, *others = sorted(records, key=lambda each: each.place)
    conn.execute(f"update states set ({_COLUMNS}) = (?, ?, ?, ?, ?) where id = ?", (*first, state_id))
    article_id, digest = conn.execute(
        "select article_id, content_digest from states where id = ?", (state_id,)
    ).fetchone()
    conn.execute("delete from other_conversions where article_id = ? and content_digest = ?", (article_id, digest))
    conn.executemany(
        f"insert into other_conversions (article_id, content_digest, {_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?)",
        [(article_id, digest, *each) for each in others],
    )
