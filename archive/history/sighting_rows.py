"""File the reading in a ledger line, or a revisit, as sightings."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.history.listed import note_section
from archive.history.sightings import SightingRow, in_bytes, insert, note_seen, readings_of
from archive.rows import CaptureRow, Connection


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """The reading that a ledger line records.

    again: the line says that the capture had been read before; else `file_reading` looks for earlier readings.
    reparse: the id of the reparse that read it, if one did.
    """

    recorded_at: str
    digest: str
    previous_digest: str | None
    parser_version: str
    again: bool = False
    reparse: str | None = None


@dataclass(frozen=True, slots=True)
class ReadCapture:
    """A capture and its reading by a line. pages: the captures of the further pages of an article in pages."""

    seen: CaptureRow
    line: ReadingLine
    key_number: int | None = None  # of the key in the line; None if the line makes the article
    pages: Sequence[CaptureRow] = ()


def file_reading(conn: Connection, article_id: int, state_id: int, read: ReadCapture) -> list[SightingRow]:
    """File the reading of a capture by a ledger line; returns the sightings it makes, that of the capture first.

    A revisit shares the readings of the capture that it refers to, and a further reading of a capture holds for its
    revisits too. An article in pages has only the readings of its own lines: its first page says nothing of the others.
    """
    seen, line, pages = read.seen, read.line, read.pages
    capture = _capture(conn, seen.capture_id)
    prior = readings_of(conn, seen.capture_id)
    held = [] if pages or capture.holder is None else readings_of(conn, capture.holder)
    again = line.again or bool(prior) or any(each.again and each.parser_version == line.parser_version for each in held)
    own = SightingRow(
        seen.captured_at, seen.capture_id, line.parser_version, state_id, "reparse" if again else capture.origin,
        1 if pages else None, line.reparse, line.recorded_at, in_bytes(line.digest), in_bytes(line.previous_digest),
        capture.undated, read.key_number,
    )  # fmt: skip
    if any(each.parser_version == line.parser_version for each in prior):
        own = replace(own, replaces=True)
    others = [each for each in held if each.parser_version != line.parser_version]
    filed = [
        own,
        *_further(own, pages),
        *([] if prior else _of_revisit(others, seen, capture)),
        *(_of_revisits(conn, own) if prior and not pages else ()),
    ]
    insert(conn, article_id, filed)
    note_section(conn, article_id, filed)
    note_seen(conn, article_id, seen, capture.undated, own.key_number)
    return filed


def file_revisit(conn: Connection, refers_to: str, seen: CaptureRow) -> tuple[int, list[SightingRow]] | None:
    """File a revisit that has no ledger line; returns the article's row id and the sightings it makes.

    refers_to: the record id of the earlier capture. None, with nothing written, if that shows no article, or is a
    further page of one.
    """
    row = conn.execute(
        """
        select c.id, g.article_id from captures c join sightings g on g.capture_id = c.id
         where c.record_id = ? and (g.page is null or g.page = 1) limit 1
        """,
        (refers_to,),
    ).fetchone()
    if row is None:
        return None
    capture = _capture(conn, seen.capture_id)
    filed = _of_revisit(readings_of(conn, row[0]), seen, capture)
    insert(conn, row[1], filed)
    note_section(conn, row[1], filed)
    note_seen(conn, row[1], seen, capture.undated, filed[0].key_number)
    return row[1], filed


@dataclass(frozen=True, slots=True)
class _Capture:
    origin: str
    undated: bool
    holder: int | None  # of a revisit, unless it is of an article in pages: the capture that holds its bytes


def _capture(conn: sqlite3.Connection, capture_id: int) -> _Capture:
    imported, undated, holder = conn.execute(
        """
        select c.crawl_id is null, c.dating = 'unknown',
               iif(c.record_type = 'revisit' and held.pages is null, held.id, null)
          from captures c left join captures held on held.record_id = c.refers_to
         where c.id = ?
        """,
        (capture_id,),
    ).fetchone()
    return _Capture("import" if imported else "site", bool(undated), holder)


def _of_revisit(held: Sequence[SightingRow], seen: CaptureRow, capture: _Capture) -> list[SightingRow]:
    return [
        SightingRow(
            seen.captured_at, seen.capture_id, each.parser_version, each.state_id,
            each.origin if each.again else capture.origin, None, each.reparse, key_number=each.key_number,
        )
        for each in held
    ]  # fmt: skip


def _of_revisits(conn: sqlite3.Connection, own: SightingRow) -> list[SightingRow]:
    """The same further reading for each filed revisit of the capture that has none by this parser version."""
    rows = conn.execute(
        """
        select distinct v.captured_at, v.id
          from captures c
          join captures v on v.refers_to = c.record_id
          join sightings g on g.capture_id = v.id and (g.page is null or g.page = 1)
         where c.id = ? and c.pages is null and c.record_type <> 'revisit'
           and not exists (select 1 from sightings has where has.capture_id = v.id and has.parser_version = ?)
        """,
        (own.capture_id, own.parser_version),
    )
    return [
        SightingRow(
            at, capture_id, own.parser_version, own.state_id, own.origin, None, own.reparse, key_number=own.key_number
        )
        for at, capture_id in rows.fetchall()
    ]


def _further(own: SightingRow, pages: Sequence[CaptureRow]) -> list[SightingRow]:
    return [
        replace(own, captured_at=page.captured_at, capture_id=page.capture_id, page=number)
        for number, page in enumerate(pages, start=2)
    ]
