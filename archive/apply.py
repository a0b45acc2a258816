"""What each record and ledger line does to the database: the one way in, live and in a replay."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive.articles import article_id_of
from archive.captures import stored_record
from archive.clock import instant
from archive.connection import Connection
from archive.identity import State, kept_state
from archive.ledger import Line, canonical
from archive.revisions import Seen, add_article, add_revision, add_sighting
from archive.warc import Record

EVENTS = frozenset(
    {
        "new",
        "edited",
        "removed",
        "delisted",
        "restored",
        "redirected",
        "restricted",
        "gap",
        "drift",
        "reparsed",
    }
)
LATE_SECONDS = 60.0  # a crawl that starts later than this after its slot is late


def apply_warcinfo(conn: sqlite3.Connection, record: Record) -> str | None:
    """Enter the source and the crawl that a warcinfo record declares; returns the crawl's key."""
    said = warcinfo_fields(record.block)
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
            "insert or ignore into crawls (key, source, due_at, started_at) values (?, ?, ?, ?)",
            (said["crawl"], said["source"], said.get("due"), said["started"]),
        )
    return said.get("crawl")


def warcinfo_fields(block: bytes) -> dict[str, str]:
    """The named fields of a warcinfo block (application/warc-fields), names in lower case."""
    pairs = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def apply_record(conn: sqlite3.Connection, record: Record) -> None:
    """Enter where a record lies and the digest of its compressed bytes."""
    place = record.place
    conn.execute(
        "insert into warc_records values (?, ?, ?, ?, ?, ?)",
        (place.warc_file, place.offset, place.length, record.record_id, record.warc_type, place.sha256),
    )


def apply_line(conn: Connection, folder: Path, line: Line, state: State | None = None) -> int | None:
    """Do to the database what a ledger line says; returns the revision id where it makes or names one.

    The state of a `new` or `edited` line is read back from its conversion record when it is not given.
    Raises KeyError for a line whose capture, article or kind the archive does not know.
    """
    revision_id = None
    if line.kind in ("new", "edited"):
        revision_id = _state(conn, line, state or _conversion(conn, folder, line))
    else:
        PLAIN[line.kind](conn, line)
    if line.kind in EVENTS:
        _insert_event(conn, line, revision_id)
    return revision_id


def _state(conn: Connection, line: Line, state: State) -> int:
    seen = _seen(conn, line)
    _note_parser(conn, seen.capture_id, line)
    if line.kind == "new":
        revision_id = add_article(conn, line, state, seen)
    else:
        revision_id = add_revision(conn, _article_id(conn, line), line, state, seen)
    _show_pages(conn, revision_id, seen.capture_id, line)
    return revision_id


def _seen_again(conn: sqlite3.Connection, line: Line) -> None:
    seen = _seen(conn, line)
    _note_parser(conn, seen.capture_id, line)
    revision_id = add_sighting(conn, _article_id(conn, line), str(line.content_digest), seen)
    _show_pages(conn, revision_id, seen.capture_id, line)


def _show_pages(conn: sqlite3.Connection, revision_id: int, first: int, line: Line) -> None:
    """File the further pages under the state that was stitched from them, and note that the first has such."""
    pages = line.detail.get("pages")
    if not pages:
        return
    for record_id in pages:
        (capture_id,) = conn.execute("select id from captures where record_id = ?", (record_id,)).fetchone()
        conn.execute("insert or ignore into revision_captures values (?, ?)", (revision_id, capture_id))
        _note_parser(conn, capture_id, line)
    conn.execute(
        """
        update captures set pages = ?1
         where id = ?2 or record_id = (select refers_to from captures where id = ?2)
        """,
        (len(pages) + 1, first),
    )


def _unparsed(conn: sqlite3.Connection, line: Line) -> None:
    conn.execute(
        "update captures set parse_error = ?, verdict = ?, parser_version = ? where record_id = ?",
        (line.detail["reason"], line.detail["verdict"], line.detail["parser_version"], line.record_id),
    )


def _standing(conn: sqlite3.Connection, line: Line) -> None:
    told = line.detail["standing"]
    conn.execute(
        """
        update articles set state = :state, misses = :misses, first_missed_at = :first_missed_at,
               last_missed_at = :last_missed_at where id = :id
        """,
        {**told, "id": _article_id(conn, line)},
    )


def _nothing(_conn: sqlite3.Connection, _line: Line) -> None:
    """A crawl that began was entered by its warcinfo record; a drift is an event and no more."""


def _crawl_finished(conn: sqlite3.Connection, line: Line) -> None:
    told = line.detail
    conn.execute(
        """
        update crawls set finished_at = :finished_at, finish_reason = :finish_reason, requests = :requests,
               captures = :captures, revisits = :revisits, new_articles = :new_articles,
               new_revisions = :new_revisions, errors = :errors where key = :crawl
        """,
        {**told, "finished_at": line.at},
    )
    conn.execute(
        """
        insert or replace into coverage (source, due_at, started_at, finished_at, outcome, crawl_id)
        select source, coalesce(due_at, started_at), started_at, finished_at, ?, id from crawls where key = ?
        """,
        (told["outcome"], told["crawl"]),
    )
    if "fields" in told:
        _field_coverage(conn, told["crawl"], told["fields"])


def _field_coverage(conn: sqlite3.Connection, crawl: str, fields: dict[str, Any]) -> None:
    conn.executemany(
        "insert or replace into field_coverage select id, ?, ?, ? from crawls where key = ?",
        [(name, fields["pages"], filled, crawl) for name, filled in fields["filled"].items()],
    )


def _slot_missed(conn: sqlite3.Connection, line: Line) -> None:
    conn.execute("insert or ignore into sources (name) values (?)", (line.detail["source"],))
    conn.execute(
        "insert or ignore into coverage (source, due_at, outcome) values (?, ?, 'missed')",
        (line.detail["source"], line.detail["due_at"]),
    )


PLAIN: dict[str, Callable[[sqlite3.Connection, Line], None]] = {
    "seen": _seen_again,
    "unparsed": _unparsed,
    "probe": _standing,
    "removed": _standing,
    "redirected": _standing,
    "restricted": _standing,
    "restored": _standing,
    "crawl_started": _nothing,
    "drift": _nothing,
    "crawl_finished": _crawl_finished,
    "slot_missed": _slot_missed,
}


def _conversion(conn: sqlite3.Connection, folder: Path, line: Line) -> State:
    """The state that the conversion record of a line holds."""
    return kept_state(stored_record(conn, folder, str(line.record_id)).block, str(line.content_digest))


def outcome_of(started_at: str, due_at: str | None, finish_reason: str) -> str:
    """The coverage word for a crawl: failed, late or done."""
    if finish_reason not in ("finished", "limit"):
        return "failed"
    late = due_at is not None and (instant(started_at) - instant(due_at)).total_seconds() > LATE_SECONDS
    return "late" if late else "done"


def _seen(conn: sqlite3.Connection, line: Line) -> Seen:
    record_id = line.detail.get("capture", line.record_id)
    row = conn.execute("select id, source, url, captured_at from captures where record_id = ?", (record_id,)).fetchone()
    if row is None:
        raise KeyError(record_id)
    return Seen(*row)


def _note_parser(conn: sqlite3.Connection, capture_id: int, line: Line) -> None:
    conn.execute(
        "update captures set parser_version = ?, parse_error = null, verdict = null where id = ?",
        (line.detail["parser_version"], capture_id),
    )


def _article_id(conn: sqlite3.Connection, line: Line) -> int:
    found = article_id_of(conn, str(line.key))
    if found is None:
        raise KeyError(line.key)
    return found


def _insert_event(conn: sqlite3.Connection, line: Line, revision_id: int | None) -> None:
    known = conn.execute("select id, source from articles where key = ?", (line.key,)).fetchone()
    article = known or (None, line.detail["source"])
    conn.execute(
        """
        insert into events (at, recorded_at, source, article_id, kind, revision_id, detail, previous_digest, digest)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            line.at, line.recorded_at, article[1], article[0], line.kind, revision_id, canonical(line.detail),
            line.previous_digest, line.digest,
        ),
    )  # fmt: skip
