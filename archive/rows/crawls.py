"""The rows of sources, crawls and slots, from warcinfo records and the lines of a run."""

import sqlite3
from dataclasses import dataclass
from typing import Literal, Protocol

from archive.files import Record, instant, warc_fields
from archive.settings import SourceRecord

Done = Literal["done", "late"]
Undone = Literal["missed", "failed"]
Outcome = Literal[Done, Undone]  # of a slot, from the best to the worst
Ended = Literal[Done, "failed"]  # of a crawl, which is never missed

LATE_SECONDS = 60.0  # a crawl that starts later than this after its slot is late


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """The number of pages that a crawl read, and `filled`: the number of those that have a property, by its name."""

    pages: int
    filled: dict[str, int]


class Finished(Protocol):
    """The fields of the line that ends a crawl."""

    @property
    def at(self) -> str: ...
    @property
    def crawl(self) -> str: ...
    @property
    def finish_reason(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def requests(self) -> int: ...
    @property
    def captures(self) -> int: ...
    @property
    def revisits(self) -> int: ...
    @property
    def new_articles(self) -> int: ...
    @property
    def new_revisions(self) -> int: ...
    @property
    def errors(self) -> int: ...
    @property
    def articles_seen(self) -> int | None: ...
    @property
    def articles_asked(self) -> int | None: ...
    @property
    def articles_answered(self) -> int | None: ...


def apply_warcinfo(conn: sqlite3.Connection, record: Record) -> str | None:
    """Enter the source and the crawl that a warcinfo record declares; returns the crawl's key.

    None if the record declares no crawl, as that of an import; the source is entered then too. Nothing is entered, and
    None returned, if another program wrote the record. A source that has a row gets the fields of this record; a crawl
    keeps its row.
    """
    said = warc_fields(record.block)
    if "source" not in said or ("crawl" in said and "started" not in said):
        return None  # written by another program
    conn.execute(
        """
        insert into sources (name, publisher, homepage, timezone, in_language) values (?, ?, ?, ?, ?)
        on conflict (name) do update set publisher = excluded.publisher, homepage = excluded.homepage,
            timezone = excluded.timezone, in_language = excluded.in_language
        """,
        tuple(said.get(name) for name in ("source", "publisher", "homepage", "timezone", "in-language")),
    )
    if "crawl" in said:
        conn.execute(
            "insert or ignore into crawls (key, source, due_at, started_at, is_single) values (?, ?, ?, ?, ?)",
            (said["crawl"], said["source"], said.get("due"), said["started"], said.get("single") == "yes" or None),
        )
    return said.get("crawl")


def finish_crawl(conn: sqlite3.Connection, crawl: Finished) -> None:
    """Enter a crawl's figures and the outcome of its slot; a crawl without a slot counts as one at its start.

    An outcome that the slot had is replaced. A crawl of single addresses has no outcome: it covers nothing.
    """
    conn.execute(
        """
        update crawls set finished_at = ?, finish_reason = ?, requests = ?, captures = ?, revisits = ?,
               new_articles = ?, new_revisions = ?, errors = ?, articles_seen = ?, articles_asked = ?,
               articles_answered = ?
         where key = ?
        """,
        (
            crawl.at, crawl.finish_reason, crawl.requests, crawl.captures, crawl.revisits, crawl.new_articles,
            crawl.new_revisions, crawl.errors, crawl.articles_seen, crawl.articles_asked, crawl.articles_answered,
            crawl.crawl,
        ),
    )  # fmt: skip
    conn.execute(
        """
        insert or replace into coverage (source, due_at, started_at, finished_at, outcome, crawl_id)
        select source, coalesce(due_at, started_at), started_at, finished_at, ?, id from crawls
         where key = ? and is_single is null
        """,
        (crawl.outcome, crawl.crawl),
    )


def note_robots(conn: sqlite3.Connection, crawl: str, capture_id: int, reading: str) -> None:
    """Enter the capture of the robots.txt that a crawl obeyed; reading: `rules`, `allows_all` or `forbids_all`."""
    conn.execute(
        "insert or ignore into crawl_robots select id, ?, ? from crawls where key = ?", (capture_id, reading, crawl)
    )


def cover_fields(conn: sqlite3.Connection, crawl: str, fields: FieldCoverage) -> None:
    """Enter the number of a crawl's pages with each property."""
    conn.executemany(
        "insert or replace into field_coverage select id, ?, ?, ? from crawls where key = ?",
        [(name, fields.pages, filled, crawl) for name, filled in fields.filled.items()],
    )


def miss_slot(conn: sqlite3.Connection, source: str, due_at: str) -> None:
    """Enter a slot that passed without a crawl; one that has an outcome keeps it."""
    know_source(conn, source)
    conn.execute(
        "insert or ignore into coverage (source, due_at, outcome) values (?, ?, 'missed')",
        (source, due_at),
    )


def know_source(conn: sqlite3.Connection, source: str) -> None:
    """Enter a source of which only the name is known; one that has a row keeps it."""
    conn.execute("insert or ignore into sources (name) values (?)", (source,))


def known_source(conn: sqlite3.Connection, name: str) -> SourceRecord:
    """A source as the latest of its WARC files declares it. Raises TypeError if the archive has none of that name."""
    sql = "select name, publisher, homepage, timezone, in_language from sources where name = ?"
    return SourceRecord(*conn.execute(sql, (name,)).fetchone())


def articles_seen(conn: sqlite3.Connection, crawl: str) -> int:
    """The number of articles seen by a crawl: those that answered with a text or a 304, and those on its lists.

    Each counts once. Of the lists, only live articles count, and only at addresses that this crawl did not fetch.
    """
    row: tuple[int] = conn.execute(
        """
        select count(*) from (
            select g.article_id
              from crawls r
              join captures c on c.crawl_id = r.id
              join sightings g on g.capture_id = c.id
             where r.key = :crawl
             union
            select d.article_id
              from crawls r
              join lists l on l.source = r.source and l.crawl = r.key
              join listed p on p.list_id = l.id and p.last is null
              join addresses d on d.source = l.source and d.urlkey = p.urlkey
              join articles a on a.id = d.article_id and a.state = 'live'
             where r.key = :crawl
               and p.urlkey not in (select c.urlkey from crawls r join captures c on c.crawl_id = r.id
                                     where r.key = :crawl))
        """,
        {"crawl": crawl},
    ).fetchone()
    return row[0]


def articles_answered(conn: sqlite3.Connection, crawl: str) -> int:
    """The number of articles that answered a crawl: with a text, with a 304, or in a layout that waits for a parser."""
    row: tuple[int] = conn.execute(
        """
        select count(*) from (
            select g.article_id
              from crawls r
              join captures c on c.crawl_id = r.id
              join sightings g on g.capture_id = c.id
             where r.key = :crawl
             union
            select d.article_id
              from crawls r
              join captures c on c.crawl_id = r.id
              left join captures h on h.record_id = c.refers_to
              join addresses d on d.source = c.source and d.urlkey = c.urlkey
             where r.key = :crawl and coalesce(c.verdict, h.verdict) = 'layout')
        """,
        {"crawl": crawl},
    ).fetchone()
    return row[0]


def captures_by_kind(conn: sqlite3.Connection, crawl: str) -> dict[str, int]:
    """The number of captures of each kind that a crawl made; kinds without one are left out."""
    rows = conn.execute(
        """
        select c.kind, count(*)
          from crawls r
          join captures c on c.crawl_id = r.id
         where r.key = :crawl
         group by c.kind order by c.kind
        """,
        {"crawl": crawl},
    )
    return dict(rows.fetchall())


def falls_short(finish_reason: str, seen: int | None, expected: int) -> bool:
    """True if a crawl that finished saw fewer articles than `expected`.

    Also if one that spent its budget saw none at all (a trap, or a wall) where some are expected. False if `seen` is
    None: it looked only for a part.
    """
    if seen is None:
        return False
    return seen < expected if finish_reason == "finished" else finish_reason == "budget" and seen == 0 < expected


def crawl_outcome(started_at: str, due_at: str | None, finish_reason: str) -> Ended:
    """The coverage word for a crawl.

    "failed" unless it finished or came to its limit or budget; "late" if it started more than LATE_SECONDS after its
    slot; else "done".
    """
    if finish_reason not in ("finished", "limit", "budget"):
        return "failed"
    late = due_at is not None and (instant(started_at) - instant(due_at)).total_seconds() > LATE_SECONDS
    return "late" if late else "done"
