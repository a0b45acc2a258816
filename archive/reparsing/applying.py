"""Apply a better parser's readings to the ledger, in groups of which a kill costs one; and take them back."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import parsers
from archive.answers import Unknown
from archive.decisions import New, ReparseFinished, ReparseReached, ReparseStarted, ReparseUndone, Stores
from archive.files import Progress, digest, locked, stamp, unheard
from archive.history import state_conversion
from archive.judging import FurtherReading, PageReaders, ParserPool, about, last_edition, tell_reading, with_edition
from archive.reparsing.comparing import ReparseFinding, findings
from archive.reparsing.reporting import ReparseReport
from archive.reparsing.selecting import ReparseCandidate, Selection, how_many
from archive.replaying import catch_up_held, sight_revisits
from archive.rows import (
    Archive,
    article_id_of,
    free_reparse_id,
    hasten_address,
    revisits_of,
    sources_of_reparse,
    unfinished_reparse,
)
from archive.rules import key_of
from archive.settings import SourceRecord
from parsers.selectors import NO_SELECTORS, Selectors

CAPTURES_PER_TRANSACTION = 200  # per transaction


def propose(
    archive: Archive, asked: Selection, progress: Progress = unheard, readers: PageReaders | None = None
) -> ReparseReport:
    """Read with today's parser the captures that `candidates` selects, and report the results and differences.

    Nothing is changed. progress counts captures. readers: what reads the pages (None: a ParserPool of `asked.workers`).
    Raises Unknown as `_selectors`.
    """
    selectors = _selectors(archive.conn, asked)
    report = ReparseReport(asked.source, parsers.version_of(selectors))
    total = how_many(archive.conn, asked.source, asked.since)
    with _readers(asked, readers) as used:
        for finding in findings(archive.conn, archive.home.captures, asked, selectors, 0, used):
            report.note(finding)
            progress(report.captures, total)
    return report


def apply(
    archive: Archive,
    asked: Selection,
    reparse: str,
    clock: Callable[[], datetime],
    progress: Progress = unheard,
    readers: PageReaders | None = None,
) -> ReparseReport:
    """Record today's readings where they differ or find an article, and report them as `propose` does.

    If a run of the same parser and the same `since` is unfinished, it is continued under its own id, and the report is
    of the rest. Else `reparse` is the id, with `-2` (or `-3` …) added if the source has a reparse of that id. Every
    earlier text keeps its permalink. Raises Unknown as `_selectors`, and Locked when another process writes the source.
    """
    with _writing(archive, asked.source, clock) as stores:
        selectors = _selectors(archive.conn, asked)
        version = parsers.version_of(selectors)
        begun = unfinished_reparse(archive.conn, asked.source, version, asked.since)
        name = begun.id if begun else free_reparse_id(archive.conn, reparse, asked.source)
        run = _ReparseRun(stores, name, asked, version, clock)
        if begun is None:
            run.begin()
        with _readers(asked, readers) as used:
            after = begun.through if begun else 0
            total = how_many(archive.conn, asked.source, asked.since, after)
            for finding in findings(archive.conn, archive.home.captures, asked, selectors, after, used):
                run.take(finding)
                progress(run.report.captures, total)
        run.finish()
    return run.report


def undo(archive: Archive, reparse: str, clock: Callable[[], datetime]) -> list[str]:
    """Take back all readings of a reparse; returns the sources in which this was done, sorted.

    Sources that took it back before are left out. Raises Unknown if no source is left, also at a second call; and
    Locked if another process writes a source: in the sources before it the reparse stays taken back.
    """
    sources = sources_of_reparse(archive.conn, reparse)
    if not sources:
        raise Unknown(f"no reparse {reparse!r} to undo; {_known(archive.conn)}")
    for source in sources:
        with _writing(archive, source, clock) as stores:
            stores.tell(ReparseUndone(at=stamp(clock()), source=source, reparse=reparse))
            stores.commit()
    return sources


class _ReparseRun:
    """A reparse being applied to one source."""

    def __init__(
        self, stores: Stores, reparse: str, asked: Selection, parser_version: str, clock: Callable[[], datetime]
    ) -> None:
        self.report = ReparseReport(asked.source, parser_version, reparse)
        self._stores, self._reparse, self._asked, self._clock = stores, reparse, asked, clock
        self._version = parser_version
        self._warcinfo = stores.declare(clock(), about(_declared(stores.conn, asked.source), reparse=reparse)).record_id
        self._last: ReparseCandidate | None = None

    def begin(self) -> None:
        self._stores.tell(
            ReparseStarted(
                at=self._now(), source=self._asked.source, reparse=self._reparse, since=self._asked.since,
                parser_version=self._version,
            )
        )  # fmt: skip
        self._stores.commit()

    def take(self, finding: ReparseFinding) -> None:
        """Count a finding, record its state (if it has one) in the ledger, and commit after every 200 findings.

        If a capture newly shows an article, its revisits are filed too.
        """
        self.report.note(finding)
        if finding.state is not None:
            self._tell(finding)
        if finding.kind == "found":
            sight_revisits(self._stores.conn, revisits_of(self._stores.conn, finding.candidate.pages[0].record_id))
        self._last = finding.candidate
        if self.report.captures % CAPTURES_PER_TRANSACTION == 0:
            self._reach()

    def finish(self) -> None:
        self._reach()
        report = self.report
        self._stores.tell(
            ReparseFinished(
                at=self._now(), source=self._asked.source, reparse=self._reparse, captures=report.captures, revisits=0,
                new_articles=report.found, new_revisions=0, errors=report.damaged, files=self._stores.unsealed(),
            )
        )  # fmt: skip
        self._stores.commit()

    def _reach(self) -> None:
        if self._last is not None:
            self._stores.tell(
                ReparseReached(
                    at=self._now(), source=self._asked.source, reparse=self._reparse,
                    record_id=self._last.pages[0].record_id,
                )
            )  # fmt: skip
        self._stores.commit()

    def _tell(self, finding: ReparseFinding) -> None:
        candidate, key, state = finding.candidate, str(finding.key), finding.state
        assert state is not None
        article_id = article_id_of(self._stores.conn, key)
        if article_id is None:
            self._tell_new(finding)
            return
        reading = FurtherReading(
            article_id, key, candidate.captured_at, candidate.url, candidate.pages, state,
            self._version, self._reparse,
        )  # fmt: skip
        tell_reading(self._stores, self._warcinfo, reading)

    def _tell_new(self, finding: ReparseFinding) -> None:
        candidate, state = finding.candidate, finding.state
        assert state is not None
        page, at = candidate.pages[0], datetime.fromisoformat(candidate.captured_at)
        made = self._stores.keep_derived(state_conversion(page.record_id, candidate.url, at, state, self._warcinfo), at)
        decision = New(
            at=candidate.captured_at, key=str(finding.key), content_digest=state.digest,
            payload_digest=page.payload_digest, conversion_digest=digest(state.block), record_id=page.record_id,
            conversion=made.record_id, origin="reparse", parser_version=self._version, reparse=self._reparse,
        )  # fmt: skip
        self._stores.tell(decision, state)
        hasten_address(self._stores.conn, self._asked.source, key_of(candidate.url), self._now())

    def _now(self) -> str:
        return stamp(self._clock())


@contextmanager
def _readers(asked: Selection, given: PageReaders | None) -> Iterator[PageReaders]:
    """The readers that the caller gives, which it closes itself; else parser processes of this run."""
    if given is not None:
        yield given
        return
    with ParserPool(asked.workers) as pool:
        yield pool


@contextmanager
def _writing(archive: Archive, source: str, clock: Callable[[], datetime]) -> Iterator[Stores]:
    with locked(archive.home, source):
        catch_up_held(archive, source)
        stores = Stores(archive, source, clock, about(_declared(archive.conn, source)))
        try:
            yield stores
        finally:
            stores.close()


def _declared(conn: sqlite3.Connection, source: str) -> SourceRecord:
    """A source as the database describes it; with its name alone if the database does not know it."""
    sql = "select name, publisher, homepage, timezone, in_language from sources where name = ?"
    row = conn.execute(sql, (source,)).fetchone()
    return SourceRecord(*row) if row else SourceRecord(source)


def _selectors(conn: sqlite3.Connection, asked: Selection) -> Selectors:
    """The selectors of the source's current declaration, with their edition number (see `with_edition`).

    No selectors if the source is not declared now; raises Unknown if it was then last read with selectors.
    """
    if asked.selectors is not None:
        return with_edition(conn, asked.source, asked.selectors)
    last, digests = last_edition(conn, asked.source)
    if last and NO_SELECTORS.digest not in digests:
        raise Unknown(
            f"{asked.source} was parsed with selectors and is no longer declared: declare it in thinker.toml, "
            "with or without selectors"
        )
    return with_edition(conn, asked.source, NO_SELECTORS)


def _known(conn: sqlite3.Connection) -> str:
    rows = conn.execute("select distinct id from reparses where undone_at is null order by id desc limit 5").fetchall()
    return "known: " + ", ".join(each for (each,) in rows) if rows else "none has been applied"
