"""Compare each stored capture's reading with today's parser's reading."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import parsers
from archive.history import article_in, state_id_of
from archive.judging import PageReaders, PageReading, Question, newest, site_of, whole_state
from archive.reparsing.selecting import UNREADABLE, ReparseCandidate, Selection, candidates, documents
from archive.rules import BESIDE, ArticleState, article_key, differences, learned
from parsers import Document
from parsers.selectors import Selectors

# same: the text is unchanged (differences name new values beside it); other: the text differs;
# found: a capture without an article gives one; lost: one with an article gives none (it stays as it is);
# none: still no article; damaged: the bytes cannot be read.
Change = Literal["same", "other", "found", "lost", "none", "damaged"]
Difference = tuple[str, str | None, str | None]  # property, before, after


@dataclass(frozen=True, slots=True)
class ReparseFinding:
    """A capture, the result of reading it again, the state to record, if any, and the differences."""

    candidate: ReparseCandidate
    kind: Change
    key: str | None = None  # of the article; None for the kinds none and damaged
    state: ArticleState | None = None
    differences: tuple[Difference, ...] = ()


def findings(
    conn: sqlite3.Connection,
    folder: Path,
    asked: Selection,
    selectors: Selectors,
    after: int,
    readers: PageReaders,
) -> Iterator[ReparseFinding]:
    """Yield a finding for each capture of a source that `candidates` selects, in the order of arrival.

    after: the row id of a capture; only later ones are read.
    """
    version = parsers.version_of(selectors)
    waiting = candidates(conn, asked.source, asked.since, after, version)
    for candidate, readings in readers.read(_asked(conn, folder, site_of(asked.source), selectors, waiting)):
        yield _found(conn, asked.source, candidate, readings, version)


def _asked(
    conn: sqlite3.Connection, folder: Path, site: str | None, selectors: Selectors, found: Iterator[ReparseCandidate]
) -> Iterator[Question[ReparseCandidate]]:
    """Yield each capture with its pages; with no page if the bytes are damaged, which `thinker verify` reports."""
    for candidate in found:
        pages: list[Document] = []
        with suppress(*UNREADABLE):
            pages = documents(conn, folder, site, selectors, candidate)
        yield candidate, pages


def _found(
    conn: sqlite3.Connection, source: str, candidate: ReparseCandidate, readings: Sequence[PageReading], version: str
) -> ReparseFinding:
    if not readings:
        return ReparseFinding(candidate, "damaged")
    state = whole_state(readings, version)
    if candidate.article_id is None or candidate.key is None:
        return ReparseFinding(candidate, "none") if state is None else _first(conn, source, candidate, state)
    if state is None:
        return ReparseFinding(candidate, "lost", candidate.key)
    _, before = newest(candidate.readings)
    known = state_id_of(conn, candidate.article_id, before)
    assert known is not None
    if state.digest == before:
        told = state if _is_uncompared(conn, candidate.article_id) else None
        new = learned(article_in(conn, known), state.article) if _has_more(state) else ()
        return ReparseFinding(candidate, "same", candidate.key, told, tuple(new))
    return ReparseFinding(
        candidate, "other", candidate.key, state, tuple(differences(article_in(conn, known), state.article))
    )


def _has_more(state: ArticleState) -> bool:
    """True if the article has a property of BESIDE, one that is stored beside its state and not in it."""
    return any(getattr(state.article, name) for name in BESIDE)


def _is_uncompared(conn: sqlite3.Connection, article_id: int) -> bool:
    """True if an article has two successive captures of which no parser version read both."""
    sql = "select 1 from revision_records where article_id = ? and run > 0 and number is null and before_id is null"
    return conn.execute(sql, (article_id,)).fetchone() is not None


def _first(conn: sqlite3.Connection, source: str, candidate: ReparseCandidate, state: ArticleState) -> ReparseFinding:
    row = conn.execute(
        """
        select k.key from captures c
          join addresses d on d.source = c.source and d.urlkey = c.urlkey join keys k on k.number = d.key_number
         where c.id = ?
        """,
        (candidate.capture_id,),
    ).fetchone()
    key = row[0] if row else article_key(source, candidate.url, state.article, candidate.pages[0].payload_digest)
    return ReparseFinding(candidate, "found", key, state)
