"""The rows of corrections: values that the operator gives for properties of articles, beside those of the pages."""

import sqlite3
from typing import NamedTuple

from archive.files import LedgerLine
from archive.properties import last_corrections


class Value(NamedTuple):
    """The value that a correction gives: its SHA-256 and the text, a list one item a line.

    Both None: the article has nothing of the kind. Only the text None: its file is missing.
    """

    digest: str | None
    text: str | None


class CorrectionRow(NamedTuple):
    """A correction that counts, with the act that made it."""

    property: str
    value: Value
    at: str
    by: str
    reason: str
    act: str


def add_correction(conn: sqlite3.Connection, key_number: int, name: str, value: Value, line: LedgerLine) -> None:
    """Enter a correction of the property `name`, made by the act of a ledger line, for the article of a key."""
    conn.execute(
        "insert into corrections (key_number, property, value, value_digest, at, act) values (?, ?, ?, ?, ?, ?)",
        (key_number, name, value.text, value.digest, line.at, line.digest),
    )


def delete_correction(conn: sqlite3.Connection, act: str) -> None:
    """Delete the correction that an act made; an earlier one of the same property counts again."""
    conn.execute("delete from corrections where act = ?", (act,))


def delete_corrections(conn: sqlite3.Connection, article_id: int) -> None:
    """Delete all corrections of an article, which goes too."""
    keys = "select number from keys where article_id = ?"
    conn.execute(f"delete from corrections where key_number in ({keys})", (article_id,))


def blank_corrections(conn: sqlite3.Connection, article_id: int) -> None:
    """Remove the texts of all corrections of an article; the rows and the digests stay."""
    keys = "select number from keys where article_id = ?"
    conn.execute(f"update corrections set value = null where key_number in ({keys})", (article_id,))


def correction_digests(conn: sqlite3.Connection, article_id: int) -> dict[int, str]:
    """By row id: the digest of the text of each correction of an article that gives one."""
    sql = """
        select c.id, c.value_digest from keys k join corrections c on c.key_number = k.number
         where k.article_id = ? and c.value_digest is not null
        """
    return dict(conn.execute(sql, (article_id,)))


def corrections_of(conn: sqlite3.Connection, article_id: int) -> list[CorrectionRow]:
    """The corrections of an article that count, the last one of each property, in the order in which they were made."""
    rows = conn.execute(
        f"""
        select c.property, c.value_digest, c.value, c.at, a.by, a.reason, c.act
          from ({last_corrections("?")}) as c join acts a on a.digest = c.act order by c.id
        """,
        (article_id,),
    )
    return [CorrectionRow(name, Value(digest, text), *more) for name, digest, text, *more in rows]
