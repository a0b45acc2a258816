"""Chooses the records of a web archive: each capture of its articles, and the records that belong to a capture.

The chosen records stand in temporary tables of the connection, so that memory stays flat:

- `leaving_articles` has the ids of the articles;
- `leaving_captures` has the ids of their captures;
- `leaving_records` has the place of each record, in the order in which it is written; `place` is its offset there.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from archive.publish.article.hidden_names import hidden_articles, is_kept_back
from archive.publish.exporting.data_sets import HIDDEN_CAPTURES
from archive.publish.exporting.selecting import Slice, selection
from archive.publish.exporting.web_archives.belonging import add_belonging
from archive.publish.exporting.web_archives.copying import ROWS_PER_STEP


def choose(conn: sqlite3.Connection, folder: Path, asked: Slice) -> None:
    """Enter what leaves with the articles of a slice into the temporary tables.

    folder: that of the captures. Within one transaction it chooses from one state of the archive. Raises OSError and
    WarcError for a record that cannot be read.
    """
    for statement in _TABLES:
        conn.execute(statement)
    conn.executemany("insert into leaving_articles values (?)", ((each,) for each in selection(conn, asked)))
    for statement in _CAPTURES:
        conn.execute(statement)
    _repeat(conn, _REFERRED)
    conn.execute("insert into leaving_count select count(*) from leaving_captures")
    _withhold(conn, folder)
    conn.execute(_RECORDS)
    add_belonging(conn, folder)


def counts(conn: sqlite3.Connection) -> dict[str, int]:
    """The figures of the chosen records.

    kept_back: captures of these articles that do not leave: they show or name a withdrawn article, their bytes are not
    those that were written, or they repeat bytes that do not leave. bytes: those of the records.
    """
    cursor = conn.execute(_COUNTS)
    return dict(zip((name for name, *_ in cursor.description), cursor.fetchone(), strict=True))


def _withhold(conn: sqlite3.Connection, folder: Path) -> None:
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


_TABLES = (
    "drop table if exists temp.leaving_articles",
    "drop table if exists temp.leaving_captures",
    "drop table if exists temp.leaving_records",
    "drop table if exists temp.leaving_count",
    "create temp table leaving_articles (id integer primary key)",
    "create temp table leaving_captures (id integer primary key)",
    "create temp table leaving_count (captures integer not null)",  # before some are kept back
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
_WITHHELD = f"""
    delete from leaving_captures
     where id in (select id from captures where verdict = 'quarantined') or id in {HIDDEN_CAPTURES}
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
_COUNTS = """
    select (select count(*) from leaving_articles) as articles, count(c.id) as captures,
           coalesce(sum(c.record_type = 'revisit'), 0) as revisits, count(*) as records,
           coalesce(sum(r.warc_length), 0) as bytes, (select captures from leaving_count) - count(c.id) as kept_back
      from leaving_records r left join captures c on c.id = r.capture_id
"""
