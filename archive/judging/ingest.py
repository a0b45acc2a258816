"""Ingest: a retrieval becomes a capture, and where something differs a revision and an event."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import ClassVar, Self

from archive.decisions import Origin, Stores
from archive.files import CAPTURED, Record, locked, stamp
from archive.judging.interpreting import Interpreter
from archive.judging.keeping import KeptResponse, keep, prepare_in
from archive.judging.paged import PagedArticles
from archive.judging.reading import (
    Fetched,
    PageParser,
    PageReader,
    PageReading,
    Prepared,
    SourceReader,
    UnreadPage,
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
from archive.judging.waiting import UndecidedCaptures
from archive.replaying import catch_up_held, claimed, sight_revisits
from archive.rows import (
    Archive,
    CaptureRow,
    enter_capture,
    fault_text,
    is_fatal,
    revisits_of,
    stored_record,
)
from archive.rules import ArticleState, Missing, host_of, key_of, outcome_led, outcome_of
from archive.settings import SourceRecord


class Ingest:
    """The only writer of a source, holding its lock from `with` to its end: what crawls and imports share.

    pages: reads pages in place of the parser's own process. Raises Locked when another process writes this source.
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
        self._own = PageParser() if pages is None else None
        self._pages = pages or self._own
        self._clock_said: str | None = None  # where it is behind the chain's last line
        self._lock = locked(archive.home, source.name)

    def __enter__(self) -> Self:
        self._lock.__enter__()
        try:
            catch_up_held(self.archive, self.source.name)
            self._begin()
        except BaseException:
            self._let_go()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.commit()
        finally:
            self.stores.close()
            self._let_go()

    def _begin(self) -> None:
        assert self._pages is not None
        self.stores = Stores(self.archive, self.source.name, self.clock, about(self.source))
        # Asked before anything is decided here, which is later than the moment at which a crawl says that it began.
        if (said := stamp(self.clock())) < self.stores.ledger.recorded_at:
            self._clock_said = said
        selectors = with_edition(self.conn, self.source.name, self.source.selectors)
        reader = SourceReader.of(self._pages, self.source.name, selectors)
        self.session = Session(self.source, self.stores, reader, self.ORIGIN)
        self.interpreter = Interpreter(self.session)
        self.paged = PagedArticles(self.session, self.interpreter)
        UndecidedCaptures(self.session, self.interpreter, self.paged).decide()

    def _let_go(self) -> None:
        if self._own is not None:
            self._own.close()
        self._lock.__exit__(None, None, None)

    @property
    def counts(self) -> Counts:
        """The figures so far."""
        return self.session.counts

    def prepare(self, fetched: Fetched) -> Prepared:
        """What `add` needs of a response beside the database; from any thread, once a crawl has begun."""
        return prepare_in(self.session, self._dated(fetched))

    def add(self, fetched: Fetched, prepared: Prepared | None = None) -> Outcome:
        """Keep one response and interpret it. Durable after the next `commit`.

        What no rule can take is quarantined. Raises OSError (disk full) and sqlite3.Error; then nothing of the open
        group counts and the Ingest is over.
        """
        came = self._dated(fetched)
        self._ensure_declared(came.captured_at)
        return self._guarded(lambda: self._add(came, prepared))

    def _add(self, fetched: Fetched, prepared: Prepared | None) -> Outcome:
        kept = keep(self.session, fetched, prepared)
        if fetched.kind != "article":
            return Outcome(fetched.kind, record_id=kept.record.record_id)
        if fetched.delay:
            self.session.witnesses.slow(host_of(fetched.url), fetched.delay)
        return self._led_to(fetched, kept, self._shown(fetched, kept))

    def _shown(self, fetched: Fetched, kept: KeptResponse) -> Outcome:
        if kept.refers_to is not None:
            return self._revisited(fetched, kept, kept.refers_to)
        if kept.reading is None:
            outcome = outcome_of(fetched.status, fetched.leads)
            return self.interpreter.missed(fetched.url, outcome, kept.seen, kept.record)
        return self._begun(fetched, kept, kept.reading) or self.interpreter.interpret(
            kept.record, kept.seen, kept.reading, kept.conversion, _led(fetched, kept.reading), fetched.whence
        )

    def add_page(self, unfinished: UnfinishedArticle, fetched: Fetched, prepared: Prepared | None = None) -> Outcome:
        """Keep the response for the next page of an article in pages, and go on with that. Raises as `add`."""
        return self._guarded(lambda: self._add_page(unfinished, self._dated(fetched), prepared))

    def _add_page(self, unfinished: UnfinishedArticle, fetched: Fetched, prepared: Prepared | None) -> Outcome:
        kept = keep(self.session, fetched, prepared)
        if kept.refers_to is None and kept.reading is None:
            return self.give_up(unfinished, f"could not be fetched: HTTP {fetched.status}")
        reading = kept.reading or self.paged.stored(kept.holder)
        outcome = self.paged.go_on(unfinished, kept.record, kept.seen, kept.holder, reading)
        return self._led_to(unfinished.first, kept, outcome) if unfinished.first else outcome

    def _led_to(self, fetched: Fetched, kept: KeptResponse, outcome: Outcome) -> Outcome:
        """What a response says of the article that was asked for, where redirects led to it."""
        sought = fetched.sought
        if sought is None or key_of(sought) == key_of(fetched.url):
            return outcome
        record = kept.record if kept.refers_to is None else self.paged.record(kept.refers_to)
        return self.interpreter.led_elsewhere(sought, kept.seen, record, outcome)

    def give_up(self, unfinished: UnfinishedArticle, reason: str) -> Outcome:
        """The next page of an article in pages cannot be had; `reason` goes on after its number, in one line."""
        return self.paged.give_up(unfinished, reason)

    def commit(self) -> None:
        """Make everything added so far durable: WARC, then ledger, then database."""
        self.stores.commit()

    def _dated(self, fetched: Fetched) -> Fetched:
        """The response with the moment under which it is kept."""
        return fetched

    # -- what nothing can take --------------------------------------------------------------------------------

    def _guarded(self, step: Callable[[], Outcome]) -> Outcome:
        """Do a step; if it fails for another reason than disk or database, its capture is quarantined instead."""
        before, missing = self.session.counted(), len(self.counts.missing)
        kept: list[Record] = []
        try:
            with self.stores.undoable() as kept:
                return step()
        except Exception as fault:
            if is_fatal(fault) or not any(record.warc_type in CAPTURED for record in kept):
                raise
            self.session.uncount(before, missing)
            return self._quarantine(next(record for record in kept if record.warc_type in CAPTURED), fault_text(fault))

    def _quarantine(self, record: Record, reason: str) -> Outcome:
        capture_id, _ = enter_capture(self.conn, record, self.source.name, self.session.crawl)
        self.counts.captures += 1
        return self.interpreter.quarantine(record, capture_id, reason)

    def _ensure_declared(self, at: datetime) -> None:
        if self.session.warcinfo is None:
            said = about(self.source, ledger=claimed(self.conn, self.source.name))
            self.session.warcinfo = self.stores.declare(at, said).record_id

    # -- interpreting -----------------------------------------------------------------------------------------

    def _begun(self, fetched: Fetched, kept: KeptResponse, reading: PageReading) -> Outcome | None:
        first = replace(fetched, payload=b"")
        return self.paged.begin(first, kept.record, kept.seen, kept.holder, reading)

    def _revisited(self, fetched: Fetched, kept: KeptResponse, refers_to: str) -> Outcome:
        if not self.paged.knows(refers_to):
            outcome = self.interpreter.revisited(kept.record, kept.seen, refers_to)
            if outcome is not None:
                return outcome
        # An article in pages, or one that could not be read the last time: the parser failed, or is another now.
        reading = kept.reading or self.paged.stored(refers_to)
        return self._begun(fetched, kept, reading) or self._read_late(fetched, kept, refers_to, reading)

    def _read_late(self, fetched: Fetched, kept: KeptResponse, refers_to: str, reading: PageReading) -> Outcome:
        if not isinstance(reading, ArticleState):
            holder = self.paged.record(refers_to)
            return self.interpreter.unread_again(kept.record, kept.seen, holder, reading, _led(fetched, reading))
        capture_id, url, at = self.conn.execute(
            "select id, url, captured_at from captures where record_id = ?", (refers_to,)
        ).fetchone()
        record = stored_record(self.conn, self.archive.home.captures, refers_to)
        outcome = self.interpreter.interpret(record, CaptureRow(capture_id, self.source.name, url, at), reading)
        before = [each for each in revisits_of(self.conn, refers_to) if each != kept.seen.capture_id]
        sight_revisits(self.conn, before)  # this one may have a line of its own, which is no further reading
        self.interpreter.revisited(kept.record, kept.seen, refers_to)
        return outcome


def _led(fetched: Fetched, reading: PageReading) -> Missing | None:
    """What it means for an article where its page sends the reader on, as a redirect does."""
    leads_to = reading.leads_to if isinstance(reading, UnreadPage) else None
    return outcome_led(fetched.leading(leads_to)) if leads_to else None


def figures_of(counts: Counts, requests: int = 0, errors: int = 0) -> CrawlFigures:
    """What was counted here, and the requests and errors that the crawler counted."""
    return CrawlFigures(
        requests, counts.captures, counts.revisits, counts.new_articles, counts.new_revisions, counts.errors + errors
    )
