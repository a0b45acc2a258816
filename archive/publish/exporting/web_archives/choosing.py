"""Chooses the records of a web archive: each capture of its articles, and the records that belong to a capture.

What is chosen stands in temporary tables of the connection, so that memory stays flat:

- `leaving_articles` has the ids of the articles;
- `leaving_captures` has the ids of their captures;
- `leaving_records` has the place of each record, in the order in which it is written; `place` is its offset there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from archive.publish.article.hidden_names import hidden_articles, is_kept_back
from archive.publish.exporting.web_archives.belonging import add_belonging

ROWS_PER_STEP = 1000


class Chosen(NamedTuple):
    """The contents of a web archive in figures.

    kept_back: captures of these articles that do not leave: they show or name a withdrawn article, their bytes are not
    those that were written, or they repeat bytes that do not leave.
    """

    articles: int
    captures: int
    revisits: int
    records: int
    size: int
    kept_back: int
    first_at: str | None
    last_at: str | None


def choose(conn: sqlite3.Connection, folder: Path, articles: Iterable[int]) -> Chosen:
    """Enter what leaves with these articles, by their ids, into the temporary tables; returns it in figures.

    folder: that of the captures. Within one transaction it chooses from one state of the archive. Raises OSError and
    WarcError for a record that cannot be read.
    """
    for statement in _TABLES:
        conn.execute(statement)
    waiting = iter(articles)
    while some := [(each,) for each in islice(waiting, ROWS_PER_STEP)]:
        conn.executemany("insert or ignore into leaving_articles values (?)", some)
    conn.execute("delete from leaving_articles where id in (select id from articles where state = 'withdrawn')")
    for statement in _CAPTURES:
        conn.execute(statement)
    _repeat(conn, _REFERRED)
    found = _count(conn, "leaving_captures")
    _keep_back(conn, folder)
    conn.execute(_RECORDS)
    add_belonging(conn, folder)
    chosen = conn.execute(_FIGURES).fetchone()
    return Chosen(*chosen[:5], found - chosen[1], *chosen[5:])


def _keep_back(conn: sqlite3.Connection, folder: Path) -> None:
    """Delete the captures that do not leave."""
    conn.execute(_WITHHELD)
    hidden = hidden_articles(conn)
    after = 0
    while hidden.urls and (some := conn.execute(_WITH_BYTES, (after, ROWS_PER_STEP)).fetchall()):
        named = [(capture_id,) for capture_id, *place in some if is_kept_back(hidden, folder, *place)]
        conn.executemany("delete from leaving_captures where id = ?", named)
        after = some[-1][0]
    _repeat(conn, _BEREFT)


def _repeat(conn: sqlite3.Connection, statement: str) -> None:
    """Run a statement until it changes nothing: a revisit may refer to another revisit."""
    while conn.execute(statement).rowcount:
        pass


def _count(conn: sqlite3.Connection, table: str) -> int:
    row: tuple[int] = conn.execute(f"select count(*) from {table}").fetchone()
    return row[0]


_TABLES = (
    "drop table if exists temp.leaving_articles",
    "drop table if exists temp.leaving_captures",
    "drop table if exists temp.leaving_records",
    "create temp table leaving_articles (id integer primary key)",
    "create temp table leaving_captures (id integer primary key)",
    """
    create temp table leaving_records (
        warc_file text not null,
        warc_offset integer not null,
        warc_length integer not null,
        sha256 blob not null,
        record_id text not null,
        capture_id integer,
        place integer,
        primary key (warc_file, warc_offset)
    ) without rowid
    """,
)
# Those that show the article, came from a probe for it, are one of its files, or came from one of its addresses, such
# as the message that it is gone. Lists and robots.txt are of no article.
_CAPTURES = tuple(
    f"""
    insert or ignore into leaving_captures
    select c.id from leaving_articles a {joined} where c.kind not in ('list', 'robots')
    """
    for joined in (
        "join sightings g on g.article_id = a.id join captures c on c.id = g.capture_id",
        "join probes p on p.article_id = a.id join captures c on c.id = p.capture_id",
        "join article_media m on m.article_id = a.id join captures c on c.id = m.capture_id",
        "join addresses d on d.article_id = a.id join captures c on c.urlkey = d.urlkey and c.source = d.source",
    )
)
_REFERRED = """
    insert or ignore into leaving_captures
    select h.id from leaving_captures l join captures c on c.id = l.id join captures h on h.record_id = c.refers_to
"""
_WITHHELD = """
    delete from leaving_captures where id in (
        select c.id from leaving_captures l join captures c on c.id = l.id
         where c.verdict is 'quarantined'
            or exists (select 1 from sightings g join articles w on w.id = g.article_id
                        where g.capture_id = c.id and w.state = 'withdrawn')
            or exists (select 1 from addresses d join articles w on w.id = d.article_id
                        where d.source = c.source and d.urlkey = c.urlkey and w.state = 'withdrawn'))
"""
_WITH_BYTES = """
    select c.id, c.warc_file, c.warc_offset, c.warc_length from leaving_captures l join captures c on c.id = l.id
     where c.record_type <> 'revisit' and l.id > ? order by l.id limit ?
"""
_BEREFT = """
    delete from leaving_captures where id in (
        select c.id from leaving_captures l join captures c on c.id = l.id
         where c.record_type = 'revisit'
           and not exists (select 1 from captures h join leaving_captures k on k.id = h.id
                            where h.record_id = c.refers_to))
"""
_RECORDS = """
    insert into leaving_records (warc_file, warc_offset, warc_length, sha256, record_id, capture_id)
    select w.warc_file, w.warc_offset, w.warc_length, w.sha256, w.record_id, c.id
      from leaving_captures l join captures c on c.id = l.id
      join warc_records w on w.warc_file = c.warc_file and w.warc_offset = c.warc_offset
"""
_FIGURES = """
    select (select count(*) from leaving_articles), count(c.id), coalesce(sum(c.record_type = 'revisit'), 0), count(*),
           coalesce(sum(r.warc_length), 0), min(c.captured_at), max(c.captured_at)
      from leaving_records r left join captures c on c.id = r.capture_id
"""
