"""Ingest: a retrieval becomes a capture, and where something differs a revision and an event."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from archive.decisions import Clock, Origin, RobotsReading, Stores
from archive.files import CAPTURED, HEADER, Record, common_fields, digest, instant, locked, read_http, stamp
from archive.judging.interpreting import Interpreter
from archive.judging.keeping import KeptResponse, enter, keep, keep_revisit, prepare_in
from archive.judging.paged import PagedArticles
from archive.judging.presence import (
    FailedList,
    Listing,
    Lists,
    Vouching,
    candidates,
    doubted,
    is_held_up,
    judge,
    note_failed_lists,
    other_addresses,
    seen_elsewhere,
    shown_by_unchanged,
)
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
    CrawlSummary,
    Outcome,
    Session,
    UnfinishedArticle,
    about,
    close_crawl,
    close_import,
    gap_before,
    open_crawl,
    robots_read,
)
from archive.judging.waiting import UndecidedCaptures
from archive.replaying import catch_up_held, claimed, sight_revisits
from archive.rows import (
    Archive,
    CaptureRow,
    StoredPayload,
    articles_answered,
    articles_seen,
    captures_by_kind,
    enter_capture,
    fault_text,
    is_fatal,
    is_held,
    payload_at,
    revisits_of,
    stored_record,
)
from archive.rules import ArticleState, Missing, host_of, key_of, outcome_led, outcome_of
from archive.search import merge
from archive.settings import SourceRecord


class Ingest:
    """The only writer of a source, holding its lock from `with` to its end.

    pages: who reads pages, where it is not the parser's own process. Raises Locked when another process writes this
    source.
    """

    def __init__(
        self,
        archive: Archive,
        source: SourceRecord,
        pages: PageReader | None = None,
        origin: Origin = "site",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.archive, self.source, self.origin, self.clock = archive, source, origin, clock
        self.conn = archive.conn
        self._own = PageParser() if pages is None else None
        self._pages = pages or self._own
        self._failed_lists: list[FailedList] = []
        self._clock_said: str | None = None  # where it is behind the chain's last line
        self._not_before: datetime | None = None  # where the clock had been, if it went back
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
        self.session = Session(self.source, self.stores, reader, self.origin)
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

    def begin_crawl(self, now: datetime, due_at: str | None = None, reads_lists: bool = True) -> str:
        """Open a crawl: its warcinfo record and ledger line. One that a crash cut short is closed first.

        reads_lists: it will read every list from its first page to its last.
        """
        if self._clock_said is not None:
            last = self.stores.ledger.recorded_at
            self._not_before = instant(last)
            self.stores.tell(Clock(at=last, source=self.source.name, said=self._clock_said))
        started = self._in_order(now)
        crawl, self.session.warcinfo = open_crawl(self.stores, self.source, started, due_at)
        self.session.crawl, self.vouching = crawl, Vouching(self.session, reads_lists)
        self.lists = Lists(self.session, self.vouching)
        if gap := gap_before(self.conn, self.source.name, stamp(started), due_at):
            self.stores.tell(gap)
        self.commit()
        return crawl

    def prepare(self, fetched: Fetched) -> Prepared:
        """What `add` needs of a response beside the database; from any thread, once a crawl has begun."""
        return prepare_in(self.session, self._dated(fetched))

    def add(self, fetched: Fetched, prepared: Prepared | None = None) -> Outcome:
        """Keep one response and interpret it. Durable after the next `commit`.

        What no rule can take is quarantined. Raises OSError (disk full) and sqlite3.Error; then nothing of the open
        group counts and the Ingest is over.
        """
        came = self._dated(fetched)
        if self.origin == "import" and self._holds(came.url, came.captured_at, digest(came.payload)):
            return Outcome("seen")
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

    def bytes_of(self, url: str, at: str | None, before: datetime) -> StoredPayload | None:
        """The capture that holds the bytes of an address at a moment (None: the last one before another)."""
        return payload_at(self.conn, self.source.name, key_of(url), at, stamp(before))

    def payload(self, held: StoredPayload) -> bytes:
        """The bytes of a capture, in their content coding. Raises WarcError."""
        record = stored_record(self.conn, self.archive.home.captures, held.record_id)
        return record.block if record.warc_type == "resource" else read_http(record.block).payload

    def add_revisit(self, fetched: Fetched, profile: str, held: StoredPayload) -> Outcome:
        """Keep another archive's record that the bytes of a capture came again (ISO 28500 §6.7).

        fetched: its head, without a payload. Raises as `add`.
        """
        if self._holds(fetched.url, fetched.captured_at, held.payload_digest):
            return Outcome("seen")
        self._ensure_declared(fetched.captured_at)
        return self._guarded(lambda: self._add_revisit(fetched, profile, held))

    def _add_revisit(self, fetched: Fetched, profile: str, held: StoredPayload) -> Outcome:
        kept = keep_revisit(self.session, fetched, profile, held)
        return self._revisited(fetched, kept, held.record_id)

    def add_resource(self, payload: bytes, content_type: str, url: str, captured_at: datetime | None) -> Outcome:
        """Keep bytes that came without HTTP (a saved page) and interpret them. Raises as `add`.

        captured_at None: nobody says when they were captured, and the row has the moment of now.
        """
        if self._holds(url, captured_at, digest(payload)):
            return Outcome("seen")
        at = captured_at or self.clock()
        named = [("Content-Type", content_type), (HEADER, "stated" if captured_at else "unknown")]
        self._ensure_declared(at)
        return self._guarded(lambda: self._add_resource(payload, named, url, at))

    def _add_resource(self, payload: bytes, named: list[tuple[str, str]], url: str, captured_at: datetime) -> Outcome:
        fields = [
            *common_fields(url, "article", self.session.warcinfo),
            ("WARC-Payload-Digest", digest(payload)),
            *named,
        ]
        record = self.stores.record("resource", captured_at, payload, fields)
        seen, reading = enter(self.session, record, url), self.session.reader.record(record)
        begun = self.paged.begin(None, record, seen, record.record_id, reading)
        return begun or self.interpreter.interpret(record, seen, reading)

    def missed(self, url: str, reason: str, at: datetime) -> Outcome:
        """No response at all came from a url (time-out, refused connection); `reason` is one line."""
        return self.interpreter.unanswered(url, stamp(self._in_order(at)), reason)

    def list_failed(self, failed: FailedList) -> None:
        """A list could not be read: for some crawls nothing is judged on a host whose list fell silent."""
        self._failed_lists.append(failed)

    def unchanged_list(self, url: str, lastmod: datetime) -> int | None:
        """How many articles a list shows that has not changed since it was read whole; None: it must be read.

        lastmod: what its index says of its last change. The list counts as shown in this crawl, not as read again.
        """
        return shown_by_unchanged(self.session, url, stamp(lastmod), self._in_order(self.clock()))

    def note_list(self, listing: Listing) -> list[str]:
        """Compare a list with what it showed before; the urlkeys that it leaves out and that should be asked for."""
        return self.lists.note(listing)

    def note_robots(self, record_id: str, reading: RobotsReading) -> None:
        """A robots.txt was read: its capture stands for what this crawl may fetch. Durable after the next `commit`."""
        assert self.session.crawl is not None
        self.stores.tell(robots_read(self.conn, self.session.crawl, record_id, reading))

    def other_addresses(self, url: str) -> list[str]:
        """Urlkeys where the article of a missing address stood too, and that this crawl has not asked."""
        return other_addresses(self.session, url)

    def is_seen_elsewhere(self, url: str) -> bool:
        """Whether the article of an address was seen at another one by a later crawl than any that saw it here."""
        return seen_elsewhere(self.session, url)

    def knows(self, urlkey: str) -> bool:
        """Whether an article is known under an urlkey."""
        sql = "select 1 from addresses where source = ? and urlkey = ?"
        return self.conn.execute(sql, (self.source.name, urlkey)).fetchone() is not None

    def key_at(self, url: str) -> str | None:
        """The key of the article that is known under an address."""
        found = self.interpreter.article_at(url)
        return found[1] if found else None

    def doubted(self) -> list[tuple[str, datetime]]:
        """Urlkeys of what this crawl missed and nobody can judge yet, and from when on another probe counts."""
        return list(doubted(self.session))

    def witnesses(self, url: str) -> Iterator[tuple[str, str]]:
        """Articles to ask for the sake of one that is missing, as key and urlkey, the likeliest first; mostly none."""
        host = host_of(url)
        return candidates(self.session, host) if self.session.witnesses.wanted(host) else iter(())

    def ask(self, url: str, key: str) -> None:
        """One of the articles that `witnesses` gave for the address is asked."""
        self.session.witnesses.ask(host_of(url), key)

    def front_of(self, url: str) -> str | None:
        """The front page to ask about the host of a url that is missing, where nothing else can vouch; else None."""
        found = self.interpreter.article_at(url)
        missed = (each for each in reversed(self.counts.missing) if found is not None and each.key == found[1])
        miss = next(missed, None)
        front = self.vouching.front_of(miss, url) if miss is not None else None
        return None if front and is_held_up(self.session, self._failed_lists, host_of(url)) else front

    def note_front(self, url: str, record_id: str) -> None:
        """The front page that `front_of` gave for a url answered with what this record keeps."""
        self.vouching.saw_front(host_of(url), record_id)

    def commit(self) -> None:
        """Make everything added so far durable: WARC, then ledger, then database."""
        self.stores.commit()

    def finish(
        self,
        finish_reason: str,
        requests: int,
        errors: int,
        now: datetime,
        whole: bool = False,
        lists_read: bool = True,
        asked: int = 0,
    ) -> CrawlSummary:
        """Judge what was missing, close the crawl and commit. `errors` are the crawler's own, beside those met here.

        whole: all that the lists show was looked for, so that it can be said how many articles the source has.
        lists_read: no list was left out, so that what one of them does not show can be judged. asked: known articles
        that were due and whose turn came.
        """
        counts, source = self.counts, self.source
        self.interpreter.settle()
        note_failed_lists(self.session, self._failed_lists, lists_read)
        self.vouching.reads_lists &= lists_read
        unjudged = judge(self.session, self.vouching)
        if lists_read:  # what one list leaves out another may show
            self.lists.judge()
        crawl = str(self.session.crawl)
        figures = replace(
            _figures(counts, requests, errors),
            articles_seen=articles_seen(self.conn, crawl) if whole else None,
            articles_asked=asked,
            articles_answered=articles_answered(self.conn, crawl),
        )
        ended = stamp(self._in_order(now))
        layouts = self.session.layouts
        if drift := layouts.findings(str(self.session.crawl), ended):
            self.stores.tell(drift)
        started = close_crawl(self.stores, str(self.session.crawl), finish_reason, figures, ended, layouts.coverage())
        self.commit()
        merge(self.conn)
        return CrawlSummary(
            source.name, finish_reason, **asdict(figures), started_at=started, finished_at=ended, unjudged=unjudged,
            by_kind=captures_by_kind(self.conn, crawl),
        )  # fmt: skip

    def finish_import(self) -> None:
        """Close an import and commit."""
        close_import(self.stores, _figures(self.counts), stamp(self.clock()))
        self.commit()

    def _holds(self, url: str, at: datetime | None, payload_digest: str) -> bool:
        try:
            return is_held(self.conn, self.source.name, url, stamp(at) if at else None, payload_digest)
        except ValueError:
            return False  # an address that is none: the bytes are kept all the same

    def _dated(self, fetched: Fetched) -> Fetched:
        at = self._in_order(fetched.captured_at)
        return fetched if at == fetched.captured_at else replace(fetched, captured_at=at)

    def _in_order(self, at: datetime) -> datetime:
        """Live captures follow one another, also while the clock is behind where it was."""
        return at if self._not_before is None else max(at, self._not_before)

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
        if self.origin == "import" and self.paged.knows(refers_to):
            return Outcome("revisit")  # what its further pages said then is not known
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


def _figures(counts: Counts, requests: int = 0, errors: int = 0) -> CrawlFigures:
    """What was counted here, and the requests and errors that the crawler counted."""
    return CrawlFigures(
        requests, counts.captures, counts.revisits, counts.new_articles, counts.new_revisions, counts.errors + errors
    )
