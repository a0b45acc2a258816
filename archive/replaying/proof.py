"""Proof: every row that follows from captures and ledger, compared with a replay of them."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from archive.files import Database, Meter, Progress, unheard
from archive.migrations import migrate
from archive.properties import PROPERTIES, columns
from archive.replaying.catching_up import replay
from archive.replaying.damage import Damages
from archive.replaying.fixity import FixityFault, unreadable
from archive.rows import Archive, chain_names, connect, not_entered
from archive.rules import adopt, warning

MAX_FAULTS_PER_TABLE = 20  # faults reported per table
SORTED_ON_DISK = "pragma temp_store=file"  # whole texts are sorted: in memory that took 1.2 GB for 100,000
INDEXES = ("article_words", "revision_words")
WORDS = "select term || ' ' || col as name, doc, cnt from temp.{}_words order by 1, 2, 3"

Row = tuple[Any, ...]
_ARTICLE = "(select key from articles where id = {}.article_id)"
_KEY = "(select key from keys where number = {}.key_number) as key"
_CRAWL = "(select key from crawls where id = {}.crawl_id)"
_STATE = (
    "(select a.key || ' ' || s.content_digest from states s join articles a on a.id = s.article_id where s.id = {})"
)
_CAPTURE = "(select record_id from captures where id = {}.capture_id)"
_PLACE = "(select key from articles where id = r.article_id) || ' ' || printf('%06d', r.position)"
_REVISION = f"(select {_PLACE} from revision_records r where r.id = {{}}.revision_id)"


def prove(archive: Archive, scratch: Path, progress: Progress = unheard) -> tuple[FixityFault, ...]:
    """Replay the files into a database under `scratch`, and return the faults: in the files, and rows that differ.

    The archive is not changed. At most 20 faults are given of each table.

    The archive's database is read at one moment, and the files up to the bytes it had applied then, so a crawl may go
    on. progress counts the bytes replayed.
    """
    archive.conn.execute(SORTED_ON_DISK)
    archive.conn.execute("begin")
    try:
        return tuple(_faults(archive, scratch, progress))
    except sqlite3.DatabaseError as error:
        return (unreadable(error),)
    finally:
        archive.conn.execute("rollback")


def _faults(archive: Archive, scratch: Path, progress: Progress) -> Iterator[FixityFault]:
    yield from faults_within(archive.conn)
    if said := warning(archive.conn):
        yield _fault("rules", said)
        return
    with closing(connect(scratch / "proof.db")) as conn:
        conn.execute("pragma journal_mode=off")
        conn.execute("pragma synchronous=off")
        conn.execute(SORTED_ON_DISK)
        database = Database(conn)
        migrate(database)
        adopt(conn)
        yield from _schema(archive.conn, conn)
        yield from _replayed(archive, Archive(archive.home, database), progress)
        for name, size in not_entered(archive).items():
            yield _fault(
                "lag",
                f"{size} bytes of {name}'s captures and ledger are not in the database yet; the next crawl adds them",
            )
        yield from differing_rows(archive.conn, conn)


def differing_rows(stored: sqlite3.Connection, fresh: sqlite3.Connection) -> Iterator[FixityFault]:
    """Yield a fault for each proved row, and each word of an index, that differs between two databases.

    `fresh` has what the files bear out. At most MAX_FAULTS_PER_TABLE of each table.
    """
    for table, sql in PROVED.items():
        yield from islice(_compared(table, stored.execute(sql), fresh.execute(sql)), MAX_FAULTS_PER_TABLE)
    for index in INDEXES:
        yield from islice(_compared(index, _words(stored, index), _words(fresh, index)), MAX_FAULTS_PER_TABLE)


def faults_within(stored: sqlite3.Connection) -> Iterator[FixityFault]:
    """Yield a fault for each finding of SQLite's own checks, MAX_FAULTS_PER_TABLE of each check at most."""
    for (said,) in islice(stored.execute(f"pragma integrity_check({MAX_FAULTS_PER_TABLE})"), MAX_FAULTS_PER_TABLE):
        if said != "ok":
            yield _fault("database", said)
    for table, row, parent, _ in islice(stored.execute("pragma foreign_key_check"), MAX_FAULTS_PER_TABLE):
        yield _fault("row", f"{table} {'row' if row is None else row}: it refers to a missing row of {parent}")


def _schema(stored: sqlite3.Connection, fresh: sqlite3.Connection) -> Iterator[FixityFault]:
    """Yield a fault for each table, index, view and trigger that differs from that in `fresh`, is missing or extra.

    At most MAX_FAULTS_PER_TABLE.
    """
    sql = "select type || ' ' || name, tbl_name, sql from sqlite_schema order by 1"
    yield from islice(_compared("schema", stored.execute(sql), fresh.execute(sql)), MAX_FAULTS_PER_TABLE)


def _words(conn: sqlite3.Connection, index: str) -> sqlite3.Cursor:
    """A row for each word of a search index and each column: (name, number of rows, number of occurrences).

    The name is the word and the column in one text, `养老 headline`.
    """
    conn.execute(f"create virtual table temp.{index}_words using fts5vocab(main, {index}, 'col')")
    return conn.execute(WORDS.format(index))


def _replayed(archive: Archive, fresh: Archive, progress: Progress) -> Iterator[FixityFault]:
    """Replay the files into the fresh database, and yield a fault for every contradiction in them."""
    rows = archive.conn.execute("select kind, name, bytes from applied").fetchall()
    limits = {name if kind == "warc" else f"{name}.jsonl": size for kind, name, size in rows}
    met = {name: Damages(archive.home, name, accept=True) for name in chain_names(archive.home)}
    fresh.conn.execute("begin immediate")
    replay(fresh, met, Meter(progress, sum(limits.values())), limits)
    fresh.conn.commit_group()
    for damages in met.values():
        yield from (FixityFault(each.file, each.offset, each.how, each.text) for each in damages.found)
        yield from (FixityFault(each.file, each.offset, "replay", each.text) for each in damages.unable)
        if damages.unproved and not damages.accepted:
            each = damages.unproved
            yield FixityFault(each.file, each.offset, "replay", each.text)


def _compared(table: str, stored: sqlite3.Cursor, proved: sqlite3.Cursor) -> Iterator[FixityFault]:
    """Yield a fault for each row that differs between two results of one query, or that only one of them has.

    Both are in the order of their first column, which names the row. The number of faults is not limited here.
    """
    names = [column[0] for column in stored.description]
    ours: Row | None = next(stored, None)
    theirs: Row | None = next(proved, None)
    while ours is not None or theirs is not None:
        if ours == theirs:
            ours, theirs = next(stored, None), next(proved, None)
        elif ours is not None and (theirs is None or ours[0] < theirs[0]):
            yield _fault("row", f"{table} {ours[0]}: this row is in no file")
            ours = next(stored, None)
        elif theirs is not None and (ours is None or theirs[0] < ours[0]):
            yield _fault("row", f"{table} {theirs[0]}: the row is missing")
            theirs = next(proved, None)
        elif ours and theirs:
            differ = [name for name, one, other in zip(names, ours, theirs, strict=True) if one != other]
            yield _fault("row", f"{table} {ours[0]}: {', '.join(differ)} differ from the files")
            ours, theirs = next(stored, None), next(proved, None)


def _fault(kind: str, detail: str) -> FixityFault:
    return FixityFault("archive.db", 0, kind, detail)


def _count(columns: str) -> int:
    while (outer := re.sub(r"\([^()]*\)", "", columns)) != columns:
        columns = outer
    return columns.count(",") + 1


def _named(expression: str, columns: str, table: str) -> str:
    """The SQL that lists a table's rows by name; rows that share a name are ordered by their columns.

    In a database that was tampered with any value may be null or no text; the name is text all the same.
    """
    order = ", ".join(str(number) for number in range(1, _count(columns) + 2))
    return f"select cast(coalesce({expression}, '(no name)') as text) as name, {columns} from {table} order by {order}"


PROVED = {
    "sources": _named("name", "publisher, homepage, timezone, in_language", "sources"),
    "crawls": _named(
        "key",
        "source, due_at, started_at, finished_at, finish_reason, requests, captures, revisits, new_articles, "
        "new_revisions, errors, articles_seen, articles_asked, articles_answered, is_single",
        "crawls",
    ),
    "coverage": _named(
        "source || ' ' || due_at", f"started_at, finished_at, outcome, {_CRAWL.format('c')} as crawl", "coverage c"
    ),
    "field_coverage": _named(f"{_CRAWL.format('f')} || ' ' || property", "pages, filled", "field_coverage f"),
    "crawl_robots": _named(f"{_CRAWL.format('r')} || ' ' || {_CAPTURE.format('r')}", "reading", "crawl_robots r"),
    "captures": _named(
        "record_id",
        f"source, {_CRAWL.format('c')} as crawl, url, urlkey, captured_at, status, mimetype, record_type, "
        "payload_digest, refers_to, etag, last_modified, warc_file, warc_offset, warc_length, kind, pages, verdict, "
        "parser_version, parse_error, truncated, dating, listed_section",
        "captures c",
    ),
    "warc_records": _named(
        "warc_file || ' ' || printf('%015d', warc_offset)",
        "warc_length, record_id, warc_type, sha256",
        "warc_records",
    ),
    "warc_ranges": _named(
        "warc_file || ' ' || printf('%015d', first_byte)", "length, sha256, line_digest", "warc_ranges"
    ),
    "applied": _named("kind || ' ' || name", "bytes, head", "applied"),
    "articles": _named(
        "key",
        f"{', '.join(column.name for column in columns())}, source, url, first_seen_at, last_seen_at, "
        "first_missed_at, last_missed_at, misses, unjudged_since, state, revisions, shown_at, content_digest, details, "
        "withdrawn_by",
        "articles",
    ),
    "addresses": _named(
        "source || ' ' || urlkey",
        f"{_ARTICLE.format('d')} as article, {_KEY.format('d')}, url, first_seen_at, last_seen_at",
        "addresses d",
    ),
    "keys": _named(
        "key",
        f"{_ARTICLE.format('k')} as article, source, state, misses, first_missed_at, last_missed_at, unjudged_since",
        "keys k",
    ),
    "acts": _named(
        "digest", "chain, at, recorded_at, kind, key, record_id, by, reason, note, detail, undone_by", "acts"
    ),
    "joins": _named(
        "act || ' ' || (select min(key) || ' ' || max(key) from keys where number in (j.number, j.other))",
        "parted_by",
        "joins j",
    ),
    "hidden_keys": _named("key", "act", "hidden_keys"),
    "hidden_texts": _named(f"kind || ' ' || digest || ' ' || {_ARTICLE.format('h')}", "digest", "hidden_texts h"),
    "corrections": _named(
        "act",
        f"{_KEY.format('c')}, property, value, value_digest, at, row_number() over (order by id) as place",
        "corrections c",
    ),
    "article_media": _named(
        f"{_ARTICLE.format('m')} || ' ' || printf('%06d', position)", "url, kind, caption", "article_media m"
    ),
    "related_records": _named(
        f"{_ARTICLE.format('l')} || ' ' || printf('%06d', position)",
        "url, urlkey, headline, teaser",
        "related_records l",
    ),
    "keywords": _named("name || ' ' || coalesce(in_language, '')", "in_language", "keywords"),
    "article_keywords": _named(
        f"{_ARTICLE.format('k')} || ' ' || printf('%06d', position)",
        "(select name || ' ' || coalesce(in_language, '') from keywords where id = k.keyword_id) as keyword",
        "article_keywords k",
    ),
    "people": _named("name", "biography, biography_at", "people"),
    "article_people": _named(
        f"{_ARTICLE.format('p')} || ' ' || role || ' ' || printf('%06d', position)",
        "(select name from people where id = p.person_id) as person",
        "article_people p",
    ),
    "states": _named(
        f"{_ARTICLE.format('s')} || ' ' || content_digest",
        f"{_KEY.format('s')}, headline, parser_version, recorded_at, conversion_id, conversion_digest",
        "states s",
    ),
    "other_conversions": _named(
        f"{_ARTICLE.format('o')} || ' ' || content_digest || ' ' || conversion_id",
        f"{_KEY.format('o')}, parser_version, recorded_at, conversion_digest",
        "other_conversions o",
    ),
    "state_texts": _named(
        _STATE.format("t.state_id"),
        f"{_ARTICLE.format('t')} as article, "
        f"{', '.join(each.name for each in PROPERTIES if each.in_state_texts)}, details",
        "state_texts t",
    ),
    "sightings": _named(
        f"{_CAPTURE.format('g')} || ' ' || parser_version",
        f"{_ARTICLE.format('g')} as article, {_KEY.format('g')}, captured_at, "
        f"{_STATE.format('g.state_id')} as state, origin, page, reparse, "
        f"{_REVISION.format('g')} as revision, recorded_at, hex(digest) as line, "
        "hex(previous_digest) as previous, undated",
        "sightings g",
    ),
    "revision_records": _named(
        _PLACE,
        f"run, number, captured_at, recorded_at, {_CAPTURE.format('r')} as capture, "
        f"{_STATE.format('r.state_id')} as state, origin, parser_version, significance, "
        f"{_STATE.format('r.before_id')} as before, {_STATE.format('r.after_id')} as after",
        "revision_records r",
    ),
    "change_records": _named(
        f"{_REVISION.format('c')} || ' ' || property",
        "significance, id - 100 * revision_id as place",
        "change_records c",
    ),
    "reparses": _named(
        "id || ' ' || source",
        "started_at, parser_version, since, (select record_id from captures where id = r.through) as through, "
        "finished_at, undone_at",
        "reparses r",
    ),
    "reparsed_captures": _named(
        "reparse || ' ' || (select record_id from captures where id = f.capture_id)",
        "verdict, parse_error, parser_version, pages",
        "reparsed_captures f",
    ),
    "events": _named(
        "coalesce(digest, (select key from articles where id = e.article_id) || ' ' || at)",
        f"at, recorded_at, source, {_ARTICLE.format('e')} as article, {_KEY.format('e')}, kind, detail, digest, "
        f"previous_digest, "
        f"{_REVISION.format('e')} as revision",
        "events e",
    ),
    "probes": _named(
        f"{_ARTICLE.format('p')} || ' ' || at",
        f"{_KEY.format('p')}, outcome, counted, (select record_id from captures where id = p.capture_id) as capture, "
        "(select record_id from captures where id = p.witness_id) as witness",
        "probes p",
    ),
    "article_words": _named(
        "coalesce((select key from articles where search_id = s.id), 'row ' || s.id)", "sz", "article_words_docsize s"
    ),
    "revision_words": _named(
        f"coalesce({_STATE.format('d.id')}, 'row ' || d.id)",
        "sz",
        "revision_words_docsize d",
    ),
}
