"""Ingest: a retrieval becomes a capture, and where something differs a revision and an event."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from archive import Archive
from archive.captures import (
    ContentError,
    Seen,
    Stored,
    Unproved,
    document_of,
    key_of,
    latest_payload,
    revisits_of,
    stored_record,
)
from archive.clock import instant, stamp
from archive.crawls import CrawlSummary, Figures, SourceRecord, about, close_crawl, close_import, open_crawl
from archive.decisions import Clock, Origin
from archive.identity import State
from archive.judging.drift import Layouts
from archive.judging.interpreting import Counts, Interpreter, Outcome
from archive.judging.paged import PagedArticles
from archive.judging.prepare import (
    GOOD,
    Fetched,
    Prepared,
    Reader,
    Reading,
    Unread,
    etag_of_304,
    not_modified_head,
    one_line,
    prepare,
    read_page,
    request_record,
    revisit_profile,
    revisit_record,
)
from archive.judging.presence import absence, judge
from archive.judging.unfinished import Unfinished
from archive.lock import locked
from archive.quarantine import VERSION, Unenterable, enter_again, enter_capture, is_fatal, told
from archive.replaying import catch_up
from archive.replaying.records import CAPTURED, sight_revisits
from archive.search.index import merge
from archive.stores import Stores
from archive.warc import SERVER_NOT_MODIFIED, Record, Sealed, WarcError, common_fields, digest

__all__ = ["Counts", "CrawlSummary", "Fetched", "Ingest", "Outcome", "SourceRecord", "Unfinished"]


WAITING = """
    select c.id, record_id, url, captured_at, crawl_id, k.finished_at from captures c
      left join crawls k on k.id = c.crawl_id
     where c.source = :source and verdict is null and parse_error is null and record_type <> 'revisit'
       and kind = 'article'
     union all
    select id, record_id, url, captured_at, crawl_id, null from captures
     where source = :source and verdict = 'quarantined' and parser_version <> :version
     order by 1
    """
ENDED = "it names a crawl that had ended: no crash leaves such a capture"


@dataclass(frozen=True, slots=True)
class Kept:
    """A response that is kept: its capture, and what is known of it. refers_to: the capture whose bytes came again."""

    record: Record
    seen: Seen
    refers_to: str | None
    reading: Reading | None
    conversion: Sealed | None

    @property
    def holder(self) -> str:
        """The capture that holds the bytes."""
        return self.refers_to or self.record.record_id


class Ingest:
    """The only writer of a source, holding its lock from `with` to its end.

    Raises Locked when another process writes this source.
    """

    def __init__(
        self,
        archive: Archive,
        source: SourceRecord,
        read: Reader = read_page,
        origin: Origin = "site",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.archive, self.source, self.read, self.origin, self.clock = archive, source, read, origin, clock
        self.conn = archive.conn
        self.crawl: str | None = None
        self._not_before: datetime | None = None  # where the clock had been, if it went back
        self._reads_as = (
            None if source.name in ("imported", "fetched") else source.name
        )  # any site: the address decides
        self._lock = locked(archive.home, source.name)

    def __enter__(self) -> Self:
        self._lock.__enter__()
        try:
            catch_up(self.archive, [self.source.name])
            self.stores = Stores(self.archive, self.source.name, self.clock, about(self.source))
            self.interpreter = Interpreter(
                self.stores, self.source.name, self._reads_as, self.origin, self.read, self._layouts()
            )
            self.paged = PagedArticles(self.interpreter, self.read)
            self._decide_waiting()
        except BaseException:
            self._lock.__exit__(None, None, None)
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
            self._lock.__exit__(None, None, None)

    def _layouts(self) -> Layouts:
        return Layouts(self.conn, self.archive.home.captures, self.source.name)

    @property
    def counts(self) -> Counts:
        """The figures so far."""
        return self.interpreter.counts

    def begin_crawl(self, now: datetime, due_at: str | None = None) -> str:
        """Open a crawl: its warcinfo record and ledger line. One that a crash cut short is closed first."""
        if (last := self.stores.ledger.recorded_at) > stamp(now):
            self._not_before = instant(last)
            self.stores.tell(Clock(at=last, source=self.source.name, said=stamp(now)))
        self.crawl, self.interpreter.warcinfo = open_crawl(self.stores, self.source, self._in_order(now), due_at)
        self.commit()
        return self.crawl

    def prepare(self, fetched: Fetched) -> Prepared:
        """What `add` needs of a response beside the database; from any thread, once a crawl has begun."""
        assert self.interpreter.warcinfo is not None
        return prepare(self._dated(fetched), self.interpreter.warcinfo, self._reads_as, self.read)

    def add(self, fetched: Fetched, prepared: Prepared | None = None) -> Outcome:
        """Keep one response and interpret it. Durable after the next `commit`.

        What no rule can take is quarantined. Raises OSError (disk full) and sqlite3.Error; then nothing of the open
        group counts and the Ingest is over.
        """
        came = self._dated(fetched)
        self._ensure_declared(came.captured_at)
        return self._guarded(lambda: self._add(came, prepared))

    def _add(self, fetched: Fetched, prepared: Prepared | None) -> Outcome:
        kept = self._keep(fetched, prepared)
        if fetched.kind != "article":
            return Outcome(fetched.kind)
        if kept.refers_to is not None:
            return self._revisited(fetched, kept, kept.refers_to)
        if kept.reading is None:
            at, record_id = kept.seen.captured_at, kept.record.record_id
            return self.interpreter.missed(fetched.url, absence(fetched.status), at, record_id)
        return self._begun(fetched, kept, kept.reading) or self.interpreter.interpret(
            kept.record, kept.seen, kept.reading, kept.conversion
        )

    def add_page(self, unfinished: Unfinished, fetched: Fetched, prepared: Prepared | None = None) -> Outcome:
        """Keep the response for the next page of an article in pages, and go on with that. Raises as `add`."""
        return self._guarded(lambda: self._add_page(unfinished, self._dated(fetched), prepared))

    def _add_page(self, unfinished: Unfinished, fetched: Fetched, prepared: Prepared | None) -> Outcome:
        kept = self._keep(fetched, prepared)
        if kept.refers_to is None and kept.reading is None:
            return self.give_up(unfinished, f"could not be fetched: HTTP {fetched.status}")
        reading = kept.reading or self.paged.stored(kept.holder)
        return self.paged.go_on(unfinished, kept.record, kept.seen, kept.holder, reading)

    def give_up(self, unfinished: Unfinished, reason: str) -> Outcome:
        """The next page of an article in pages cannot be had; `reason` goes on after its number, in one line."""
        return self.paged.give_up(unfinished, reason)

    def add_resource(self, payload: bytes, content_type: str, url: str, captured_at: datetime) -> Outcome:
        """Keep bytes that came without HTTP (a saved page) and interpret them. Raises as `add`."""
        self._ensure_declared(captured_at)
        return self._guarded(lambda: self._add_resource(payload, content_type, url, captured_at))

    def _add_resource(self, payload: bytes, content_type: str, url: str, captured_at: datetime) -> Outcome:
        payload_digest = digest(payload)
        known = self.conn.execute(
            "select 1 from captures where urlkey = ? and captured_at = ? and source = ? and payload_digest = ?",
            (key_of(url), stamp(captured_at), self.source.name, payload_digest),
        ).fetchone()
        if known:
            return Outcome("seen")
        fields = [
            *common_fields(url, "article", self.interpreter.warcinfo),
            ("WARC-Payload-Digest", payload_digest),
            ("Content-Type", content_type),
        ]
        record = self.stores.record("resource", captured_at, payload, fields)
        return self.interpreter.interpret(record, self._capture(record, url), self._reading(record))

    def missed(self, url: str, reason: str, at: datetime) -> Outcome:
        """No response at all came from a url (time-out, refused connection); `reason` is one line."""
        return self.interpreter.missed(url, "unreachable", stamp(self._in_order(at)), None, reason)

    def commit(self) -> None:
        """Make everything added so far durable: WARC, then ledger, then database."""
        self.stores.commit()

    def finish(self, finish_reason: str, requests: int, errors: int, now: datetime) -> CrawlSummary:
        """Judge what was missing, close the crawl and commit. `errors` are the crawler's own, beside those met here."""
        counts, source = self.counts, self.source
        self.interpreter.settle()
        judge(self.stores, counts.missing, counts.found, source.removal_probes, source.removal_spacing)
        figures = _figures(counts, requests, errors)
        ended = stamp(self._in_order(now))
        layouts = self.interpreter.layouts
        if drift := layouts.findings(str(self.crawl), ended):
            self.stores.tell(drift)
        started = close_crawl(self.stores, str(self.crawl), finish_reason, figures, ended, layouts.coverage())
        self.commit()
        merge(self.conn)
        return CrawlSummary(source.name, finish_reason, **asdict(figures), started_at=started, finished_at=ended)

    def finish_import(self) -> None:
        """Close an import and commit."""
        close_import(self.stores, _figures(self.counts), stamp(self.clock()))
        self.commit()

    def _dated(self, fetched: Fetched) -> Fetched:
        at = self._in_order(fetched.captured_at)
        return fetched if at == fetched.captured_at else replace(fetched, captured_at=at)

    def _in_order(self, at: datetime) -> datetime:
        """Live captures follow one another, also while the clock is behind where it was."""
        return at if self._not_before is None else max(at, self._not_before)

    # -- keeping ----------------------------------------------------------------------------------------------

    def _keep(self, fetched: Fetched, prepared: Prepared | None) -> Kept:
        known = self._latest(fetched)
        payload_digest = prepared.payload_digest if prepared else digest(fetched.payload)
        profile = revisit_profile(fetched, payload_digest, known)
        if profile is not None and known is not None:
            record = self._revisit(fetched, profile, known)
            reading = prepared.reading if prepared else None
            return Kept(record, self._capture(record, fetched.url), known.record_id, reading, None)
        made = prepared or self.prepare(fetched)
        record = self.stores.keep(made.record, fetched.captured_at)
        if made.request:
            self.stores.keep(made.request, fetched.captured_at)
        return Kept(record, self._capture(record, fetched.url), None, made.reading, made.conversion)

    def _latest(self, fetched: Fetched) -> Stored | None:
        try:
            key = key_of(fetched.url)
        except ValueError:
            return None  # the bytes are kept before anybody asks what the address is
        return latest_payload(self.conn, self.source.name, key, etag_of_304(fetched))

    def _revisit(self, fetched: Fetched, profile: str, held: Stored) -> Record:
        self.counts.revisits += 1
        at, warcinfo = fetched.captured_at, self.interpreter.warcinfo
        record = self.stores.keep(revisit_record(fetched, profile, held, warcinfo), at)
        if profile == SERVER_NOT_MODIFIED:
            self.stores.keep(not_modified_head(fetched, record.record_id, warcinfo), at)
        if request := request_record(fetched, record.record_id, warcinfo):
            self.stores.keep(request, at)
        return record

    def _capture(self, record: Record, url: str) -> Seen:
        capture_id, fault = enter_capture(self.conn, record, self.source.name, self.crawl)
        self.counts.captures += 1
        if fault:
            raise Unenterable(fault)
        return Seen(capture_id, self.source.name, url, record.fields["warc-date"])

    # -- what nothing can take --------------------------------------------------------------------------------

    def _guarded(self, step: Callable[[], Outcome]) -> Outcome:
        """Do a step; if it fails for another reason than disk or database, its capture is quarantined instead."""
        before, missing = replace(self.counts), len(self.counts.missing)
        kept: list[Record] = []
        try:
            with self.stores.undoable() as kept:
                return step()
        except Exception as fault:
            if is_fatal(fault) or not any(record.warc_type in CAPTURED for record in kept):
                raise
            del before.missing[missing:]  # the list is shared: a copy at every page would grow with what is missing
            self.interpreter.counts = before
            return self._quarantine(next(record for record in kept if record.warc_type in CAPTURED), told(fault))

    def _quarantine(self, record: Record, reason: str) -> Outcome:
        capture_id, _ = enter_capture(self.conn, record, self.source.name, self.crawl)
        self.counts.captures += 1
        return self.interpreter.quarantine(record, capture_id, reason)

    def _ensure_declared(self, at: datetime) -> None:
        if self.interpreter.warcinfo is None:
            self.interpreter.warcinfo = self.stores.declare(at, about(self.source)).record_id

    # -- interpreting -----------------------------------------------------------------------------------------

    def _reading(self, record: Record) -> Reading:
        try:
            return self.read(document_of(record, self._reads_as))
        except ContentError as error:
            return Unread("not_article", one_line(str(error)))

    def _begun(self, fetched: Fetched | None, kept: Kept, reading: Reading) -> Outcome | None:
        """What follows from the first page of an article in pages; None for any other page."""
        if not isinstance(reading, State) or self.origin != "site":
            return None
        if reading.following is None and not self.paged.knows(kept.holder):
            return None
        first = replace(fetched, payload=b"") if fetched else None
        return self.paged.begin(first, kept.record, kept.seen, kept.holder, reading)

    def _revisited(self, fetched: Fetched, kept: Kept, refers_to: str) -> Outcome:
        if not self.paged.knows(refers_to):
            outcome = self.interpreter.revisited(kept.seen, refers_to)
            if outcome.key is not None:
                return outcome
        # An article in pages, or one that could not be read the last time: the parser failed, or is another now.
        reading = kept.reading or self.paged.stored(refers_to)
        return self._begun(fetched, kept, reading) or self._read_late(kept, refers_to, reading)

    def _read_late(self, kept: Kept, refers_to: str, reading: Reading) -> Outcome:
        if not isinstance(reading, State):
            return Outcome("revisit")
        capture_id, url, at = self.conn.execute(
            "select id, url, captured_at from captures where record_id = ?", (refers_to,)
        ).fetchone()
        record = stored_record(self.conn, self.archive.home.captures, refers_to)
        outcome = self.interpreter.interpret(record, Seen(capture_id, self.source.name, url, at), reading)
        sight_revisits(self.conn, revisits_of(self.conn, refers_to))  # those that came before this one
        self.interpreter.revisited(kept.seen, refers_to)
        return outcome

    def _decide_waiting(self) -> None:
        """Interpret the captures whose decision a crash cut off, or that an earlier version could not take."""
        rows = self.conn.execute(WAITING, {"source": self.source.name, "version": VERSION}).fetchall()
        for capture_id, record_id, url, captured_at, crawl_id, ended in rows:
            self.interpreter.origin = "import" if crawl_id is None else "site"
            try:
                record = stored_record(self.conn, self.archive.home.captures, record_id)
            except (WarcError, Unproved):
                continue  # damaged since: `thinker verify` names it, and what is new must not wait for it
            if ended:
                self.interpreter.quarantine(record, capture_id, ENDED)
            else:
                self._decide_or_quarantine(record, Seen(capture_id, self.source.name, url, captured_at))
        self.commit()
        self.interpreter.origin = self.origin
        self.interpreter.counts, self.interpreter.layouts = Counts(), self._layouts()

    def _decide_or_quarantine(self, record: Record, seen: Seen) -> None:
        try:
            with self.stores.undoable():
                self._decide_late(record, seen)
        except Exception as fault:
            if is_fatal(fault):
                raise
            self.interpreter.quarantine(record, seen.capture_id, told(fault))

    def _decide_late(self, record: Record, seen: Seen) -> None:
        status = enter_again(self.conn, seen.capture_id, record, self.source.name)
        page = record.warc_type != "revisit" and record.fields.get("thinker-kind", "article") == "article"
        answered = record.warc_type == "resource" or status in GOOD
        none = Unread("not_article", f"the answer is no page of an article (HTTP {status})")
        reading = self._reading(record) if page and answered else none
        begun = self._begun(None, Kept(record, seen, None, reading, None), reading)
        if begun is None:
            self.interpreter.interpret(record, seen, reading)
            sight_revisits(self.conn, revisits_of(self.conn, record.record_id))
        elif begun.unfinished is not None:
            self.give_up(begun.unfinished, "was not fetched: the crawl was cut off")


def _figures(counts: Counts, requests: int = 0, errors: int = 0) -> Figures:
    """What was counted here, and the requests and errors that the crawler counted."""
    return Figures(
        requests, counts.captures, counts.revisits, counts.new_articles, counts.new_revisions, counts.errors + errors
    )
