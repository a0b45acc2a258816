"""Write a slim database: articles, their versions, people and keywords, and an index that finds Chinese."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from archive.publish.exporting.columns import ExportColumn, Row, dictionary, items
from archive.publish.exporting.data_sets import ARTICLES, REVISIONS
from archive.publish.exporting.selecting import Slice, rows_of_articles, selection
from archive.search import COLUMNS, index_row, insert_into

ARTICLES_PER_BATCH = 1_000
HOW_TO_SEARCH = """select a.key, a.headline from article_words join articles a on a.id = article_words.rowid
 where article_words match '"城市 市治 治理"'"""  # pairs of neighbours: docs/exporting.md
_NAMES = {  # tables of names: their columns, and the SQL of those of the articles in :articles
    "people": (
        "key text, person text, role text, position integer",
        """select a.key, p.name, m.role, m.position from json_each(:articles) as wanted
            cross join articles a on a.id = wanted.value join article_people m on m.article_id = a.id
             join people p on p.id = m.person_id order by wanted.key, m.role, m.position""",
    ),
    "keywords": (
        "key text, keyword text, in_language text, position integer",
        """select a.key, k.name, k.in_language, m.position from json_each(:articles) as wanted
            cross join articles a on a.id = wanted.value join article_keywords m on m.article_id = a.id
             join keywords k on k.id = m.keyword_id order by wanted.key, m.position""",
    ),
}


def write_file(conn: sqlite3.Connection, asked: Slice, path: Path, site: str) -> int:
    """Write the articles of a slice into a new database; returns their number."""
    articles = selection(conn, asked)
    with closing(sqlite3.connect(path, isolation_level=None)) as into:
        into.execute("pragma journal_mode = off")  # a file that is not finished is thrown away
        into.execute("pragma synchronous = off")
        into.execute("begin")
        _fill_articles(into, zip(articles, rows_of_articles(conn, "articles", articles, site), strict=True))
        _make(into, "revisions", [_declared(each) for each in REVISIONS.columns])
        _insert(into, "revisions", rows_of_articles(conn, "revisions", articles, site))
        for table, (columns, sql) in _NAMES.items():
            _make(into, table, [columns])
            for some in _batches(articles):
                _insert(into, table, conn.execute(sql, {"articles": json.dumps(some)}))
        for table in ("revisions", *_NAMES):
            into.execute(f"create index {table}_key on {table}(key)")
        _tell(into)
        into.execute("commit")
    return len(articles)


def _fill_articles(into: sqlite3.Connection, articles: Iterable[tuple[int, Row]]) -> None:
    """Write the articles, and the index that finds them, as the archive's own does."""
    _make(into, "articles", ["id integer primary key", *map(_declared, ARTICLES.columns)])
    into.execute(f"create virtual table article_words using fts5({', '.join(COLUMNS)}, content='', tokenize='ascii')")
    into.execute("insert into article_words (article_words, rank) values ('automerge', 0)")  # once, at the end
    places = ", ".join("?" * (len(ARTICLES.columns) + 1))
    for number, row in articles:
        into.execute(f"insert into articles values ({places})", (number, *row))
        into.execute(insert_into("article_words"), (number, *index_row(_fields(row))))
    into.execute("create unique index articles_key on articles(key)")
    into.execute("insert into article_words (article_words) values ('optimize')")


def _fields(row: Row) -> dict[str, str | list[str] | None]:
    return {
        column.name: items(value) if column.type == "list" else value
        for column, value in zip(ARTICLES.columns, row, strict=True)
    }


def _batches(articles: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(articles), ARTICLES_PER_BATCH):
        yield list(articles[start : start + ARTICLES_PER_BATCH])


def _tell(into: sqlite3.Connection) -> None:
    """Write the tables about the file: what each column means, and how to search."""
    told = [{"table": data.name, **line} for data in (ARTICLES, REVISIONS) for line in dictionary(data.columns)]
    _make(into, "codebook", [f'"{name}" text' for name in told[0]])
    _insert(into, "codebook", (tuple(line.values()) for line in told))
    _make(into, "how_to_search", ["sql text"])
    _insert(into, "how_to_search", [(HOW_TO_SEARCH,)])


def _make(into: sqlite3.Connection, table: str, columns: Iterable[str]) -> None:
    into.execute(f"create table {table} ({', '.join(columns)})")


def _insert(into: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    width = len(into.execute(f"select * from {table} limit 0").description)
    into.executemany(f"insert into {table} values ({', '.join('?' * width)})", rows)


def _declared(column: ExportColumn) -> str:
    return f'"{column.name}" {"integer" if column.type == "integer" else "text"}'
