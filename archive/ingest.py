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
    document,
    document_of,
    insert_capture,
    key_of,
    latest_payload,
    stored_record,
)
from archive.clock import stamp
from archive.crawls import CrawlSummary, Figures, SourceRecord, close_crawl, declare, open_crawl
from archive.identity import State, article_key, state_of
from archive.lock import locked
from archive.presence import Miss, judge, note_sight
from archive.replay import catch_up
from archive.revisions import Seen, digest_at, sight_again
from archive.search_index import merge
from archive.stores import Stores
from archive.warc import IDENTICAL_PAYLOAD, SERVER_NOT_MODIFIED, HttpMessage, Record, digest, http_block
from parsers import Article, Document, Gone, NotAnArticle, ParseError, Restricted

__all__ = ["CrawlSummary", "Fetched", "Ingest", "Outcome", "SourceRecord"]

GOOD = frozenset({200, 203})


@dataclass(frozen=True, slots=True)
class Fetched:
    """One response as it came: the payload is as the server encoded it, without transfer coding."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    captured_at: datetime
    kind: str = "article"  # or "list": a page that only leads to articles
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a capture turned out to be; `error` is one line when it could not be read."""

    kind: str  # new, edited, seen, revisit, list, not_article, gone, restricted, unreachable
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
        parse: Callable[[Document], Article] = parsers.parse,
        origin: str = "site",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.archive, self.source, self.parse, self.origin, self.clock = archive, source, parse, origin, clock
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

    def add(self, fetched: Fetched) -> Outcome:
        """Keep one response and interpret it. Durable after the next `commit`.

        Raises OSError (disk full) and sqlite3.Error; then nothing of the open group counts and the Ingest is over.
        """
        known = latest_payload(self.conn, self.source.name, key_of(fetched.url))
        message = HttpMessage(fetched.status, fetched.headers, fetched.payload)
        payload_digest = digest(fetched.payload)
        profile = _profile(fetched, payload_digest, known)
        record = self._store(fetched, message, payload_digest, profile, known)
        capture_id = insert_capture(self.conn, capture_of(record, self.source.name, self.crawl))
        self.counts.captures += 1
        seen = Seen(capture_id, self.source.name, fetched.url, stamp(fetched.captured_at))
        if profile is not None:
            self.counts.revisits += 1
        if fetched.kind == "list":
            return Outcome("list")
        if profile is not None and known is not None:
            return self._revisited(seen, known[0])
        if fetched.status in GOOD:
            return self._read(record, seen, message)
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
            *self._fields(url, "article"),
            ("WARC-Payload-Digest", payload_digest),
            ("Content-Type", content_type),
        ]
        record = self.stores.record("resource", captured_at, payload, fields)
        capture_id = insert_capture(self.conn, capture_of(record, self.source.name, self.crawl))
        self.counts.captures += 1
        return self._interpret(record, Seen(capture_id, self.source.name, url, stamp(captured_at)))

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
        started = close_crawl(self.stores, str(self.crawl), finish_reason, figures, ended)
        self.commit()
        merge(self.conn)
        return CrawlSummary(source.name, finish_reason, **asdict(figures), started_at=started, finished_at=ended)

    # -- keeping ----------------------------------------------------------------------------------------------

    def _store(
        self,
        fetched: Fetched,
        message: HttpMessage,
        payload_digest: str,
        profile: str | None,
        known: tuple[str, str] | None,
    ) -> Record:
        self._ensure_declared(fetched.captured_at)
        fields: list[tuple[str, str | None]] = [
            *self._fields(fetched.url, fetched.kind),
            ("WARC-IP-Address", fetched.ip),
            ("Content-Type", "application/http; msgtype=response"),
        ]
        if profile is None or known is None:
            block = http_block(message.status, message.headers, message.payload)
            fields.append(("WARC-Payload-Digest", payload_digest))
            return self.stores.record("response", fetched.captured_at, block, fields)
        block = http_block(message.status, message.headers, b"")
        fields += [
            ("WARC-Payload-Digest", known[1]),
            ("WARC-Profile", profile),
            ("WARC-Refers-To", f"<{known[0]}>"),
        ]
        return self.stores.record("revisit", fetched.captured_at, block, fields)

    def _fields(self, url: str, kind: str) -> list[tuple[str, str | None]]:
        warcinfo = f"<{self._warcinfo}>" if self._warcinfo else None
        return [("WARC-Target-URI", url), ("WARC-Warcinfo-ID", warcinfo), ("Thinker-Kind", kind)]

    def _ensure_declared(self, at: datetime) -> None:
        if self._warcinfo is None:
            self._warcinfo = declare(self.stores, self.source, at)

    # -- interpreting -----------------------------------------------------------------------------------------

    def _read(self, record: Record, seen: Seen, message: HttpMessage) -> Outcome:
        try:
            page = document(message, seen.url, self._at(record), self._reads_as)
        except ContentError as error:
            return self._unparsed(record, seen, "not_article", str(error))
        return self._parsed(record, seen, page)

    def _interpret(self, record: Record, seen: Seen) -> Outcome:
        try:
            page = document_of(record, self._reads_as)
        except ContentError as error:
            return self._unparsed(record, seen, "not_article", str(error))
        return self._parsed(record, seen, page)

    def _parsed(self, record: Record, seen: Seen, page: Document) -> Outcome:
        try:
            article = self.parse(page)
        except Gone as verdict:
            return self._unparsed(record, seen, "gone", verdict.reason)
        except Restricted as verdict:
            return self._unparsed(record, seen, "restricted", verdict.reason)
        except NotAnArticle as verdict:
            return self._unparsed(record, seen, "not_article", verdict.reason)
        except ParseError as error:
            return self._unparsed(record, seen, "not_article", error.reason)
        except Exception as fault:  # a hostile page may break any parser: the capture is kept, and says so
            return self._unparsed(record, seen, "not_article", f"the parser failed: {type(fault).__name__}: {fault}")
        return self._decide(record, seen, state_of(article, parsers.PARSER_VERSION))

    def _decide(self, record: Record, seen: Seen, state: State) -> Outcome:
        payload_digest = record.fields.get("warc-payload-digest", "")
        found = self._article_at(seen.url)
        key = found[1] if found else article_key(self.source.name, seen.url, state.article, payload_digest)
        known = self.conn.execute("select id from articles where key = ?", (key,)).fetchone()
        self.counts.found += 1
        if known is None:
            self._record_state("new", record, seen, key, state)
            self.counts.new_articles += 1
            return Outcome("new", key)
        note_sight(self.stores, key, seen.captured_at)
        if state.digest in digest_at(self.conn, known[0], seen.captured_at):
            version = parsers.PARSER_VERSION
            self.stores.tell("seen", seen.captured_at, key, state.digest, record.record_id, parser_version=version)
            return Outcome("seen", key)
        self._record_state("edited", record, seen, key, state)
        self.counts.new_revisions += 1
        return Outcome("edited", key)

    def _record_state(self, kind: str, record: Record, seen: Seen, key: str, state: State) -> None:
        fields: list[tuple[str, str | None]] = [
            *self._fields(seen.url, "article"),
            ("WARC-Refers-To", f"<{record.record_id}>"),
            ("Content-Type", "application/json"),
        ]
        conversion = self.stores.record("conversion", self._at(record), state.block, fields)
        self.stores.tell(
            kind,
            seen.captured_at,
            key,
            state.digest,
            conversion.record_id,
            state.article,
            capture=record.record_id,
            origin=self.origin,
            parser_version=parsers.PARSER_VERSION,
        )

    def _unparsed(self, record: Record, seen: Seen, kind: str, reason: str) -> Outcome:
        found = self._article_at(seen.url)
        short = " ".join(reason.split())[:200]
        key = found[1] if found else None
        version = parsers.PARSER_VERSION
        self.stores.tell(
            "unparsed", seen.captured_at, key, record_id=record.record_id, reason=short, parser_version=version
        )
        if kind == "not_article":
            self.counts.errors += 1
            return Outcome(kind, key, short)
        return self._missed(seen.url, kind, seen.captured_at, record.record_id, short)

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
                self._interpret(record, Seen(capture_id, self.source.name, url, captured_at))
        self.commit()
        self.counts = Counts()

    @staticmethod
    def _at(record: Record) -> datetime:
        return datetime.fromisoformat(record.fields["warc-date"])


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
