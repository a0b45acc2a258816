"""Ingest: a retrieval becomes a capture and, where the text differs, a revision and an event."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from types import TracebackType
from typing import ClassVar, ParamSpec, Self

from archive.decisions import Origin, Stores
from archive.files import CAPTURED, Record, locked, stamp
from archive.judging.absences import led_elsewhere, missed
from archive.judging.interpreting import interpret, interpret_revisit
from archive.judging.keeping import KeptResponse, keep, prepare_in
from archive.judging.paged import begin_pages, give_up, go_on
from archive.judging.reading import (
    Fetched,
    PageParser,
    PageReader,
    Prepared,
    SourceReader,
    with_edition,
)
from archive.judging.runs import (
    Counts,
    CrawlFigures,
    Outcome,
    Session,
    UnfinishedArticle,
    about,
)
from archive.judging.verdicts import quarantine
from archive.judging.waiting import take_up
from archive.replaying import catch_up_held, claimed
from archive.rows import (
    Archive,
    enter_capture,
    fault_text,
    is_fatal,
    note_plain_addresses,
)
from archive.rules import host_of, outcome_of
from archive.settings import SourceRecord

P = ParamSpec("P")


class Ingest:
    """The only writer of a source, which holds the source's lock inside `with`: the base class of crawls and imports.

    Entering catches up the database and decides the captures left open; leaving commits unless an error was raised.
    pages: the reader of pages; None: a `PageParser`. `with` raises Locked if another process writes this source, and as
    `catch_up_held`.
    """

    ORIGIN: ClassVar[Origin]

    def __init__(
        self,
        archive: Archive,
        source: SourceRecord,
        pages: PageReader | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.archive, self.source, self.clock = archive, source, clock
        self.conn = archive.conn
        self._clock_said: str | None = None  # the clock's moment, if it is behind the chain's last line
        self._pages = pages
        self._held = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as held:
            held.enter_context(locked(self.archive.home, self.source.name))
            pages = self._pages or held.enter_context(closing(PageParser()))
            catch_up_held(self.archive, self.source.name)
            self._begin(pages)
            self._held = held.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.commit()
        finally:
            self.stores.close()
            self._held.close()

    def _begin(self, pages: PageReader) -> None:
        self.stores = Stores(self.archive, self.source.name, self.clock, about(self.source))
        # Read the clock before `take_up` appends lines: those have later moments than the one at which a crawl begins.
        if (said := stamp(self.clock())) < self.stores.ledger.recorded_at:
            self._clock_said = said
        if self.source.drop_parameters:
            note_plain_addresses(self.conn, self.source.name, self.source.drop_parameters)
        selectors = with_edition(self.conn, self.source.name, self.source.selectors)
        reader = SourceReader.of(pages, self.source.name, selectors)
        self.session = Session(self.source, self.stores, reader, self.ORIGIN)
        take_up(self.session)

    @property
    def counts(self) -> Counts:
        """The counts so far."""
        return self.session.counts

    def prepare(self, fetched: Fetched) -> Prepared:
        """Do the part of `add` that needs no database; callable from any thread once a crawl has begun."""
        return prepare_in(self.session, self._dated(fetched))

    def add(self, fetched: Fetched, prepared: Prepared | None = None) -> Outcome:
        """Keep one response and interpret it. Durable after the next `commit`.

        A list, robots.txt or hop is only kept: the outcome has the response's `kind` and the record id. prepared: the
        result of `prepare`, if it was called. A response that no rule can take is quarantined, which is the outcome.
        Raises OSError (disk full), MemoryError, sqlite3.Error, and any error before the response is written; the open
        group is lost then and the Ingest cannot be used any more.
        """
        came = self._dated(fetched)
        self._ensure_declared(came.captured_at)
        return self._guarded(self._add, came, prepared)

    def _add(self, fetched: Fetched, prepared: Prepared | None) -> Outcome:
        kept = keep(self.session, fetched, prepared)
        if fetched.kind != "article":
            return Outcome(fetched.kind, record_id=kept.capture.record.record_id)
        if fetched.delay:
            self.session.witnesses.slow(host_of(fetched.url), fetched.delay)
        return led_elsewhere(self.session, fetched, kept.capture, self._shown(fetched, kept))

    def _shown(self, fetched: Fetched, kept: KeptResponse) -> Outcome:
        session, capture, reading = self.session, kept.capture, kept.reading
        if capture.refers_to is not None:
            return interpret_revisit(session, kept, fetched, capture.refers_to)
        if reading is None:
            return missed(session, capture, outcome_of(fetched.status, fetched.leads))
        begun = begin_pages(session, capture, reading, fetched)
        return begun or interpret(session, capture, reading, fetched, kept.conversion)

    def add_page(self, unfinished: UnfinishedArticle, fetched: Fetched, prepared: Prepared | None = None) -> Outcome:
        """Keep the response for the next page of an article in pages, and go on with the article. Raises as `add`.

        The outcome is "page" if one more page is to be fetched, "incomplete" if this one has no text (HTTP 404, say) or
        cannot be read, else that of the article.
        """
        return self._guarded(self._add_page, unfinished, self._dated(fetched), prepared)

    def _add_page(self, unfinished: UnfinishedArticle, fetched: Fetched, prepared: Prepared | None) -> Outcome:
        kept = keep(self.session, fetched, prepared)
        capture, first = kept.capture, unfinished.first
        if capture.refers_to is None and kept.reading is None:
            return self.give_up(unfinished, f"could not be fetched: HTTP {fetched.status}")
        reading = kept.reading or self.session.reader.record(self.session.stored(capture.holder))
        outcome = go_on(self.session, unfinished, capture, reading)
        return led_elsewhere(self.session, first, capture, outcome) if first else outcome

    def give_up(self, unfinished: UnfinishedArticle, reason: str) -> Outcome:
        """Give up an article whose next page cannot be fetched: its first page only gets the verdict "incomplete".

        Returns the outcome "incomplete", which counts as an error.

        reason: words that can follow "page 3 of 5", such as "could not be fetched: HTTP 500".
        """
        return give_up(self.session, unfinished, reason)

    def commit(self) -> None:
        """Make everything added so far durable: WARC, then ledger, then database."""
        self.stores.commit()

    def _dated(self, fetched: Fetched) -> Fetched:
        """The response with the moment under which it is stored: here its own."""
        return fetched

    # -- quarantine -------------------------------------------------------------------------------------------

    def _guarded(self, step: Callable[P, Outcome], *args: P.args, **kwargs: P.kwargs) -> Outcome:
        """Do a step and return its outcome; if it fails, undo it and quarantine the first capture that it made.

        The outcome of a failed step is "quarantined".

        Raises the error if the disk, the memory or the database failed (`is_fatal`), or if the step made no capture.
        """
        before, missing = self.session.counted(), len(self.counts.missing)
        kept: list[Record] = []
        try:
            with self.stores.undoable() as kept:
                return step(*args, **kwargs)
        except Exception as fault:
            if is_fatal(fault) or not any(record.warc_type in CAPTURED for record in kept):
                raise
            self.session.uncount(before, missing)
            return self._quarantine(next(record for record in kept if record.warc_type in CAPTURED), fault_text(fault))

    def _quarantine(self, record: Record, reason: str) -> Outcome:
        capture_id, _ = enter_capture(self.conn, record, self.source.name, self.session.crawl)
        self.counts.captures += 1
        return quarantine(self.session, record, capture_id, reason)

    def _ensure_declared(self, at: datetime) -> None:
        if self.session.warcinfo is None:
            said = about(self.source, ledger=claimed(self.conn, self.source.name))
            self.session.warcinfo = self.stores.declare(at, said).record_id


def figures_of(counts: Counts, requests: int = 0, errors: int = 0) -> CrawlFigures:
    """The figures of a run: its counts and the crawler's requests; errors are its own and the crawler's together."""
    return CrawlFigures(
        requests, counts.captures, counts.revisits, counts.new_articles, counts.new_revisions, counts.errors + errors
    )
