"""Runs of an article's text, and the search for them in everything that the archive shows."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

LONG = 12  # characters of a run
RUNS = 20  # of each text


class Runs:
    """Headlines and runs of all texts that an article had, as bytes in the forms in which a page may have them."""

    def __init__(self, said: Iterable[str]) -> None:
        self.words = sorted(set(said))
        self.forms = {
            form
            for word in self.words
            for form in (word.encode(), json.dumps(word)[1:-1].encode(), quote(word).encode(), word.encode("gb18030"))
        }

    def in_(self, content: bytes) -> list[bytes]:
        """Those that stand in these bytes."""
        return [form for form in self.forms if form in content]


def runs_of(database: Path, key: str) -> Runs:
    """The headlines of an article, and RUNS runs of each of its texts that no other article has."""
    with closing(sqlite3.connect(database)) as conn:
        (article_id,) = conn.execute("select article_id from keys where key = ?", (key,)).fetchone()
        texts = [
            text for (text,) in conn.execute("select body_text from revisions where article_id = ?", (article_id,))
        ]
        heads = conn.execute(
            "select headline, alternative_headline from articles where id = ?", (article_id,)
        ).fetchone()
        rest = conn.execute("select body_text from articles where instr(headline, ?) = 0", heads[:1])
        others = "\n".join(text for (text,) in rest)
    return Runs([*filter(None, heads), *(run for text in texts for run in _cut(text, others))])


def rows_with(database: Path, runs: Runs) -> set[str]:
    """The tables and views with one of the runs in a row."""
    with closing(sqlite3.connect(database)) as conn:
        names = conn.execute("select name from sqlite_schema where type in ('table', 'view')").fetchall()
        return {name for (name,) in names if any(runs.in_(row) for row in _rows(conn, name))}


def _rows(conn: sqlite3.Connection, name: str) -> Iterator[bytes]:
    for row in conn.execute(f'select * from "{name}"'):
        yield b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in row)


def _cut(text: str, others: str) -> list[str]:
    every = (text[start : start + LONG] for start in range(len(text) - LONG))
    own = [run for run in every if "\n" not in run and run not in others]
    assert len(own) >= RUNS
    return own[:: len(own) // RUNS]
