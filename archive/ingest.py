"""Ingest: a retrieval becomes a capture, and where something differs a revision and an event."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import parsers
from archive import Archive
from archive.captures import (
    ContentError,
    capture_of,
    document_of,
    insert_capture,
    key_of,
    latest_payload,
    stored_record,
)
from archive.clock import stamp
from archive.crawls import CrawlSummary, Figures, SourceRecord, close_crawl, declare, open_crawl
from archive.drift import Layouts
from archive.identity import State, article_key
from archive.lock import locked
from archive.prepare import (
    GOOD,
    Fetched,
    Prepared,
    Reader,
    Reading,
    Unread,
    common_fields,
    conversion,
    one_line,
    prepare,
    read_page,
)
from archive.presence import Miss, judge, note_sight
from archive.replay import catch_up
from archive.revisions import Seen, digest_at, sight_again
from archive.search_index import merge
from archive.stores import Stores
from archive.warc import IDENTICAL_PAYLOAD, SERVER_NOT_MODIFIED, Record, Sealed, digest, http_block

__all__ = ["CrawlSummary", "Fetched", "Ingest", "Outcome", "SourceRecord"]

OTHER_LAYOUT = "the text differs and so does the layout: no proof of an edit"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a capture turned out to be; `error` is one line when it could not be read."""

    kind: str  # new, edited, seen, revisit, list, not_article, drift, gone, restricted, unreachable
    key: str | None = None
    error: str | None = None


@dataclass(slots=True)
class Counts:
    """The figures of one run."""

    captures: int = 0
    revisits: int = 0
    new_articles: int = 0
    new_revisions: int = 0
    errors: int = 0
    found: int = 0  # articles that answered
    missing: list[Miss] = field(default_factory=list)


class Ingest:
    """The only writer of a source, holding its lock from `with` to its end.

    Raises Locked when another process writes this source.
    """

    def __init__(
        self,
        archive: Archive,
        source: SourceRecord,
        read: Reader = read_page,
        origin: str = "site",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.archive, self.source, self.read, self.origin, self.clock = archive, source, read, origin, clock
        self.conn = archive.conn
        self.counts = Counts()
        self.crawl: str | None = None
        self._warcinfo: str | None = None
        self._reads_as = (
            None if source.name in ("imported", "fetched") else source.name
        )  # any site: the address decides
        self._lock = locked(archive.home, source.name)

    def __enter__(self) -> Self:
        self._lock.__enter__()
        try:
            catch_up(self.archive, [self.source.name])
            self.stores = Stores(self.archive, self.source.name, self.clock)
            self.layouts = Layouts(self.conn, self.archive.home.captures)
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

    def begin_crawl(self, now: datetime, due_at: str | None = None) -> str:
        """Open a crawl: its warcinfo record and ledger line. One that a crash cut short is closed first."""
        self.crawl, self._warcinfo = open_crawl(self.stores, self.source, now, due_at)
        self.commit()
        return self.crawl

    def prepare(self, fetched: Fetched) -> Prepared:
        """What `add` needs of a response beside the database; from any thread, once a crawl has begun."""
        assert self._warcinfo is not None
        return prepare(fetched, self._warcinfo, self._reads_as, self.read)

    def add(self, fetched: Fetched, prepared: Prepared | None = None) -> Outcome:
        """Keep one response and interpret it. Durable after the next `commit`.

        Raises OSError (disk full) and sqlite3.Error; then nothing of the open group counts and the Ingest is over.
        """
        self._ensure_declared(fetched.captured_at)
        known = latest_payload(self.conn, self.source.name, key_of(fetched.url))
        payload_digest = prepared.payload_digest if prepared else digest(fetched.payload)
        profile = _profile(fetched, payload_digest, known)
        if profile is not None and known is not None:
            return self._add_revisit(fetched, profile, *known)
        made = prepared or self.prepare(fetched)
        record = self.stores.keep(made.record, fetched.captured_at)
        seen = self._capture(record, fetched.url)
        if fetched.kind == "list":
            return Outcome("list")
        if made.reading is not None:
            return self._interpret(record, seen, made.reading, made.conversion)
        return self._missed(fetched.url, _absence(fetched.status), seen.captured_at, record.record_id)

    def add_resource(self, payload: bytes, content_type: str, url: str, captured_at: datetime) -> Outcome:
        """Keep bytes that came without HTTP (a saved page) and interpret them."""
        self._ensure_declared(captured_at)
        payload_digest = digest(payload)
        known = self.conn.execute(
            "select 1 from captures where source = ? and url = ? and payload_digest = ? and captured_at = ?",
            (self.source.name, url, payload_digest, stamp(captured_at)),
        ).fetchone()
        if known:
            return Outcome("seen")
        fields = [
            *common_fields(url, "article", self._warcinfo),
            ("WARC-Payload-Digest", payload_digest),
            ("Content-Type", content_type),
        ]
        record = self.stores.record("resource", captured_at, payload, fields)
        return self._interpret(record, self._capture(record, url), self._reading(record))

    def missed(self, url: str, reason: str, at: datetime) -> Outcome:
        """No response at all came from a url (time-out, refused connection); `reason` is one line."""
        return self._missed(url, "unreachable", stamp(at), None, reason)

    def commit(self) -> None:
        """Make everything added so far durable: WARC, then ledger, then database."""
        self.stores.commit()

    def finish(self, finish_reason: str, requests: int, errors: int, now: datetime) -> CrawlSummary:
        """Judge what was missing, close the crawl and commit. `errors` are the crawler's own, beside those met here."""
        counts, source = self.counts, self.source
        judge(self.stores, counts.missing, counts.found, source.removal_probes, source.removal_spacing)
        figures = Figures(
            requests,
            counts.captures,
            counts.revisits,
            counts.new_articles,
            counts.new_revisions,
            counts.errors + errors,
        )
        ended = stamp(now)
        if drift := self.layouts.findings(source.name):
            self.stores.tell("drift", ended, source=source.name, crawl=self.crawl, **drift)
        started = close_crawl(self.stores, str(self.crawl), finish_reason, figures, ended, self.layouts.coverage())
        self.commit()
        merge(self.conn)
        return CrawlSummary(source.name, finish_reason, **asdict(figures), started_at=started, finished_at=ended)

    # -- keeping ----------------------------------------------------------------------------------------------

    def _add_revisit(self, fetched: Fetched, profile: str, refers_to: str, payload_digest: str) -> Outcome:
        fields = [
            *common_fields(fetched.url, fetched.kind, self._warcinfo),
            ("WARC-IP-Address", fetched.ip),
            ("Content-Type", "application/http; msgtype=response"),
            ("WARC-Payload-Digest", payload_digest),
            ("WARC-Profile", profile),
            ("WARC-Refers-To", f"<{refers_to}>"),
        ]
        block = http_block(fetched.status, fetched.headers, b"")
        seen = self._capture(self.stores.record("revisit", fetched.captured_at, block, fields), fetched.url)
        self.counts.revisits += 1
        return Outcome("list") if fetched.kind == "list" else self._revisited(seen, refers_to)

    def _capture(self, record: Record, url: str) -> Seen:
        capture_id = insert_capture(self.conn, capture_of(record, self.source.name, self.crawl))
        self.counts.captures += 1
        return Seen(capture_id, self.source.name, url, record.fields["warc-date"])

    def _ensure_declared(self, at: datetime) -> None:
        if self._warcinfo is None:
            self._warcinfo = declare(self.stores, self.source, at)

    # -- interpreting -----------------------------------------------------------------------------------------

    def _reading(self, record: Record) -> Reading:
        try:
            return self.read(document_of(record, self._reads_as))
        except ContentError as error:
            return Unread("not_article", one_line(str(error)))

    def _interpret(self, record: Record, seen: Seen, reading: Reading, kept: Sealed | None = None) -> Outcome:
        if isinstance(reading, Unread):
            return self._unparsed(record, seen, reading)
        return self._decide(record, seen, reading, kept)

    def _decide(self, record: Record, seen: Seen, state: State, kept: Sealed | None) -> Outcome:
        payload_digest = record.fields.get("warc-payload-digest", "")
        found = self._article_at(seen.url)
        key = found[1] if found else article_key(self.source.name, seen.url, state.article, payload_digest)
        known = self.conn.execute("select id from articles where key = ?", (key,)).fetchone()
        self.counts.found += 1
        if known is None:
            self.layouts.note(state.article)
            self._record_state("new", record, seen, key, state, kept)
            self.counts.new_articles += 1
            return Outcome("new", key)
        same = state.digest in digest_at(self.conn, known[0], seen.captured_at)
        if not self._fits(known[0], record, seen, same):
            return self._unparsed(record, seen, Unread("drift", OTHER_LAYOUT))
        self.layouts.note(state.article)
        note_sight(self.stores, key, seen.captured_at)
        if same:
            version = parsers.PARSER_VERSION
            self.stores.tell("seen", seen.captured_at, key, state.digest, record.record_id, parser_version=version)
            return Outcome("seen", key)
        self._record_state("edited", record, seen, key, state, kept)
        self.counts.new_revisions += 1
        return Outcome("edited", key)

    def _fits(self, article_id: int, record: Record, seen: Seen, same: bool) -> bool:
        """Whether what a page says may count: another text in another layout is no proof of an edit."""
        if self.origin != "site":
            return True
        page = document_of(record, self._reads_as)
        if same:
            self.layouts.glance(article_id, key_of(seen.url), page)
            return True
        return not self.layouts.differs(article_id, key_of(seen.url), page)

    def _record_state(self, kind: str, record: Record, seen: Seen, key: str, state: State, kept: Sealed | None) -> None:
        at = datetime.fromisoformat(seen.captured_at)
        made = kept or conversion(record.record_id, seen.url, at, state, self._warcinfo)
        self.stores.tell(
            kind,
            seen.captured_at,
            key,
            state.digest,
            self.stores.keep(made, at).record_id,
            state,
            capture=record.record_id,
            origin=self.origin,
            parser_version=parsers.PARSER_VERSION,
        )

    def _unparsed(self, record: Record, seen: Seen, unread: Unread) -> Outcome:
        found = self._article_at(seen.url)
        key = found[1] if found else None
        self.stores.tell(
            "unparsed",
            seen.captured_at,
            key,
            record_id=record.record_id,
            reason=unread.reason,
            parser_version=parsers.PARSER_VERSION,
        )
        if unread.kind == "drift" or (unread.kind == "not_article" and key is not None):
            self.layouts.wait(seen.url, unread.reason)
        if unread.kind in ("not_article", "drift"):
            self.counts.errors += 1
            return Outcome(unread.kind, key, unread.reason)
        return self._missed(seen.url, unread.kind, seen.captured_at, record.record_id, unread.reason)

    def _revisited(self, seen: Seen, refers_to: str) -> Outcome:
        article_id = sight_again(self.conn, refers_to, seen)
        if article_id is None:
            return Outcome("revisit")
        (key,) = self.conn.execute("select key from articles where id = ?", (article_id,)).fetchone()
        self.counts.found += 1
        note_sight(self.stores, key, seen.captured_at)
        return Outcome("revisit", key)

    # -- presence ---------------------------------------------------------------------------------------------

    def _missed(self, url: str, outcome: str, at: str, record_id: str | None, reason: str | None = None) -> Outcome:
        found = self._article_at(url)
        if outcome == "unreachable":
            self.counts.errors += 1
        if found is not None:
            self.counts.missing.append(Miss(found[1], outcome, at, record_id))
        return Outcome(outcome, found[1] if found else None, reason)

    def _article_at(self, url: str) -> tuple[int, str] | None:
        row: tuple[int, str] | None = self.conn.execute(
            """
            select a.id, a.key from addresses d join articles a on a.id = d.article_id
             where d.source = ? and d.urlkey = ?
            """,
            (self.source.name, key_of(url)),
        ).fetchone()
        return row

    def _decide_waiting(self) -> None:
        """Interpret the captures whose decision a crash cut off."""
        rows = self.conn.execute(
            """
            select id, record_id, url, captured_at from captures
             where source = ? and parser_version is null and parse_error is null and record_type <> 'revisit'
             order by id
            """,
            (self.source.name,),
        ).fetchall()
        for capture_id, record_id, url, captured_at in rows:
            record = stored_record(self.conn, self.archive.home.captures, record_id)
            if record.fields.get("thinker-kind", "article") == "article":
                seen = Seen(capture_id, self.source.name, url, captured_at)
                self._interpret(record, seen, self._reading(record))
        self.commit()
        self.counts = Counts()


def _profile(fetched: Fetched, payload_digest: str, known: tuple[str, str] | None) -> str | None:
    """The revisit profile (ISO 28500 §6.7.2) when the bytes are those of the newest capture, else None."""
    if known is None:
        return None
    if fetched.status == 304:
        return SERVER_NOT_MODIFIED
    return IDENTICAL_PAYLOAD if fetched.status in GOOD and known[1] == payload_digest else None


def _absence(status: int) -> str:
    match status:
        case 404 | 410:
            return "gone"
        case 401 | 402 | 451:
            return "restricted"
        case _ if 300 <= status < 400:
            return "redirected"
        case _:
            return "unreachable"
