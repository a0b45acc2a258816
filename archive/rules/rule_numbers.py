"""The numbers of the rules by which rows are derived. Rows of an earlier number are derived anew."""

import sqlite3
from typing import Literal, get_args

from archive.files import NEWER, OtherVersion
from archive.search import has_fields_of_today

# In the order in which they are derived: indexes have today's fields before a rule moves a text.
Rule = Literal["words", "significance", "identity", "dating"]

# Raise a number whenever archived rows would come out differently: tests/archive/stores/rules.tsv shows when.
RULES: dict[Rule, int] = {
    "significance": 2,  # which changes are cosmetic (diffing/significance.py), hence which revisions have numbers
    "words": 2,  # the tokens in the search index (search/text.py, search/grammar/folding.py); its fields are properties
    "identity": 2,  # which addresses are equal (parsers/urls), and which article has them (rows/addresses.py)
    "dating": 1,  # the meaning of undated captures (files/dating.py, rules/revision_sequence.py)
}
IN_WORDS: dict[Rule, str] = {
    "significance": "which changes count", "words": "the search index", "identity": "which addresses are one article",
    "dating": "captures without a time",
}  # fmt: skip


def outdated(conn: sqlite3.Connection) -> list[Rule]:
    """The rules whose rows must be derived anew: they have no number or an earlier one than in RULES.

    Also "words" if the search index has other fields than today's. Raises OtherVersion if a number is later than ours,
    or is that of a rule unknown to us.
    """
    stored = dict(conn.execute("select name, number from rules").fetchall())
    if any(number > RULES.get(name, 0) for name, number in stored.items()):
        raise OtherVersion(f"archive.db: {NEWER}")
    current = {name: stored.get(name) == RULES[name] for name in get_args(Rule)}
    current["words"] = current["words"] and has_fields_of_today(conn)
    return [name for name, is_current in current.items() if not is_current]


def require_current(conn: sqlite3.Connection) -> None:
    """Raise OtherVersion if rows were derived by earlier rules than ours, or by later ones.

    Later ones occur in a process of an older version that opened the archive before a newer one derived it.
    """
    if names := outdated(conn):
        raise OtherVersion(f"archive.db: {', '.join(names)}: the archive uses earlier rules: run `thinker migrate`")


def warning(conn: sqlite3.Connection) -> str | None:
    """One line for people if rows must be derived anew, else None. Raises OtherVersion as `outdated`."""
    if not (names := outdated(conn)):
        return None
    said = ", ".join(IN_WORDS[name] for name in names)
    return f"archive.db uses the rules of an earlier version ({said}): run `thinker migrate` to update it"


def adopt(conn: sqlite3.Connection) -> None:
    """Store today's number of every rule, as in RULES; for a database whose rows all follow today's rules."""
    conn.executemany("insert or replace into rules values (?, ?)", list(RULES.items()))
