"""Select the stored captures that a better parser reads again, with their readings so far."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.files import ContentError, WarcError
from archive.judging import CapturedPage, pages_of, readings_at
from archive.rows import Unproved, document_of, stored_record
from archive.rules import ANSWERED
from parsers import Document
from parsers.selectors import NO_SELECTORS, Selectors

CAPTURES_PER_QUERY = 500  # per query
# Captures that gave an article, and those that gave none because no parser could read them. Pages that said the article
# is gone, restricted or blocked were probes, judged when they came. A truncated page shows nothing. A revisit shares
# the readings of its bytes; only for an article in pages may the further pages show another text.
CHOSEN = f"""
    from captures
     where source = :source and id > :after and captured_at >= :since and kind = 'article'
       and (record_type <> 'revisit' and (status is null or status in (200, 203))
            or record_type = 'revisit' and pages is not null and exists (
                select 1 from sightings g join revision_records r on r.id = g.revision_id
                 where g.capture_id = captures.id and r.capture_id = captures.id))
       and verdict in {("article", *ANSWERED, "incomplete")} and truncated is null
       and not (exists (select 1 from hidden_keys) and exists (
           select 1 from sightings g join articles a on a.id = g.article_id
            where g.capture_id = captures.id and a.withdrawn_by is not null))
    """
CANDIDATES = f"select id, record_id, url, captured_at, payload_digest {CHOSEN} order by id limit :batch"


@dataclass(frozen=True, slots=True)
class Selection:
    """The captures to read again: those of a source, captured at `since` or later (None: all).

    workers: how many parsers of this machine read, unless other readers are given.
    """

    source: str
    since: str | None = None
    workers: int = 1
    selectors: Selectors | None = NO_SELECTORS  # of its declaration; None: the source is not declared any more


@dataclass(frozen=True, slots=True)
class ReparseCandidate:
    """A capture to read again: its row and its pages, and in `readings` what parsers have read from it.

    `readings` has the digest of the text that was read, by parser version. `key` is that under which the capture was
    filed. If the capture gave no article, `readings` is empty, and the row id and the key are missing (None).
    """

    capture_id: int
    url: str
    captured_at: str
    article_id: int | None
    key: str | None
    readings: dict[str, str]  # content digest by parser version; empty: it gave no article
    pages: tuple[CapturedPage, ...]


def candidates(
    conn: sqlite3.Connection, source: str, since: str | None, after: int, parser_version: str
) -> Iterator[ReparseCandidate]:
    """Yield the captures of CHOSEN from which this parser version has read no article yet, in the order of arrival.

    Those from which it reads none are yielded again each time. after: only those with a higher row id. since: only
    those captured at that moment or later.
    """
    while True:
        asked = {"source": source, "after": after, "since": since or "", "batch": CAPTURES_PER_QUERY}
        rows = conn.execute(CANDIDATES, asked).fetchall()
        if not rows:
            return
        for row in rows:
            found = _candidate(conn, *row)
            if parser_version not in found.readings:
                yield found
        after = rows[-1][0]


def how_many(conn: sqlite3.Connection, source: str, since: str | None, after: int = 0) -> int:
    """The number of a source's captures that `candidates` looks at; it then yields only some of these.

    Captures that today's parser has read already count too. after: only those with a higher row id. since: only those
    captured at that moment or later.
    """
    asked = {"source": source, "after": after, "since": since or ""}
    count: int = conn.execute(f"select count(*) {CHOSEN}", asked).fetchone()[0]
    return count


def documents(
    conn: sqlite3.Connection, folder: Path, site: str | None, selectors: Selectors, candidate: ReparseCandidate
) -> list[Document]:
    """The captured pages of a candidate. Raises Unproved, WarcError and ContentError if they cannot be read."""
    return [document_of(stored_record(conn, folder, page.holder), site, selectors) for page in candidate.pages]


UNREADABLE = (Unproved, WarcError, ContentError)


def _candidate(
    conn: sqlite3.Connection, capture_id: int, record_id: str, url: str, captured_at: str, payload_digest: str
) -> ReparseCandidate:
    known = readings_at(conn, record_id)
    if known is None:
        alone = (CapturedPage(record_id, payload_digest, record_id),)
        return ReparseCandidate(capture_id, url, captured_at, None, None, {}, alone)
    pages = pages_of(conn, known.article_id, captured_at, capture_id)
    return ReparseCandidate(capture_id, url, captured_at, known.article_id, known.key, dict(known.readings), pages)
