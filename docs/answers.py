"""The answers in docs/data-model.md: the first rows of each of its questions in the demo's archive."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from archive.search import match_query

PAGE = Path(__file__).with_name("data-model.md")
PRINTED = 2  # rows of each question
QUESTION = re.compile(r"^## (\d+)\. .*?^```sql\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
# Values that differ between demos: its time, its port, how busy the machine was.
VARYING = [
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "MOMENT"),
    (re.compile(r"urn:uuid:[0-9a-f-]{36}"), "RECORD"),
    (re.compile(r"\b(127\.0\.0\.1|localhost):\d+"), r"\1:PORT"),
    (re.compile(r"\bdongwan-[0-9a-f]{12}"), "dongwan-ADDRESS"),
]
VARYING_COLUMNS = {
    2: {"days"},
    6: {"days_at_least", "days_at_most"},
    7: {"month", "looked", "not_looked"},
    10: {"warc_file", "warc_offset", "warc_length"},
}

Rows = list[list[str]]  # the names of the columns, then the rows


def asked() -> dict[int, str]:
    """The SQL of each question."""
    return {int(number): sql for number, sql in QUESTION.findall(PAGE.read_text(encoding="utf-8"))}


def answered(home: Path) -> dict[int, Rows]:
    """The answers of the archive at a home to each question."""
    with closing(sqlite3.connect(f"{(home / 'archive.db').resolve().as_uri()}?mode=ro", uri=True)) as conn:
        conn.create_function("terms", 1, match_query)  # as the site has it
        return {number: _rows(conn, sql) for number, sql in asked().items()}


def printed(answers: dict[int, Rows]) -> dict[str, str]:
    """The table of each question, by its mark; a printed one that differs only in varying values stays."""
    held = {number: rows for number, rows in read().items() if not stale_in(number, rows, answers[number])}
    return {f"answer {number}": _table(held.get(number, rows[: PRINTED + 1])) for number, rows in answers.items()}


def read() -> dict[int, Rows]:
    """The rows that the page has now."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"<!-- answer (\d+) -->\n(.*?)\n<!-- /answer", text, re.DOTALL)
    return {int(number): [_cells(line) for line in block.splitlines() if "---" not in line] for number, block in blocks}


def stale_in(number: int, rows: Rows, answer: Rows) -> list[list[str]]:
    """The lines of a printed answer that a new one lacks; all of them if their number differs."""
    found = {tuple(line) for line in _alike(number, answer)}
    if len(rows) != min(PRINTED, len(answer) - 1) + 1:
        return rows
    return [line for line, alike in zip(rows, _alike(number, rows), strict=True) if tuple(alike) not in found]


def _rows(conn: sqlite3.Connection, sql: str) -> Rows:
    cursor = conn.execute(sql)
    names = [column[0] for column in cursor.description]
    return [names, *([_cell(value) for value in row] for row in cursor)]


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).replace("|", "\\|").split())


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def _alike(number: int, rows: Rows) -> Rows:
    """The rows with a placeholder word for each varying value."""
    names, *lines = rows
    hidden = VARYING_COLUMNS.get(number, set())
    return [names, *([_word(name, cell, hidden) for name, cell in zip(names, line, strict=True)] for line in lines)]


def _word(name: str, cell: str, hidden: set[str]) -> str:
    if name in hidden:
        return "VARYING" if cell else ""
    for pattern, word in VARYING:
        cell = pattern.sub(word, cell)
    return cell


def _table(rows: Rows) -> str:
    names, *lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([names, f"|{'---|' * len(rows[0])}", *lines])
