"""Every kind of ledger line: its fields, and what it does to the database. A new kind is one class in this file."""

from collections.abc import Sequence
from dataclasses import dataclass as plain
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from archive import captures, crawl_rows, derived, presence_rows, record_rows, reparse_rows, revisions, taking_back
from archive.captures import Unproved
from archive.connection import Connection
from archive.events import NEVER_ASKED, Standing
from archive.filing import Told
from archive.identity import ArticleState
from archive.ledger import LedgerError, Line, canonical
from archive.states import MadeState
from archive.verdicts import Verdict
from archive.versions import NEWER, OtherVersion
from archive.warc_files import source_of

CLOSED = ConfigDict(extra="forbid", use_attribute_docstrings=True)
RENAMED = ConfigDict(**CLOSED, validate_by_name=True, validate_by_alias=True)  # fields that Python cannot call so
TOP = ("at", "key", "content_digest", "payload_digest", "conversion_digest", "record_id")  # the rest is the detail

ArticleKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,150}$")]
WarcName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*-\d{8}T\d{6}Z-\d{5,}\.warc\.gz$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
RecordId = Annotated[str, StringConstraints(pattern=r"^urn:uuid:[0-9a-f-]{36}$")]
ReparseId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
Count = Annotated[int, Field(ge=0, lt=1 << 53, strict=True)]
RobotsReading = Literal["rules", "allows_all", "forbids_all"]
Origin = Literal["site", "import", "reparse", "operator"]


@plain(frozen=True, slots=True)
class Entry:
    """A line on its way into the database. state: what its conversion record keeps, where it is at hand."""

    conn: Connection
    folder: Path  # of the captures
    line: Line
    state: ArticleState | None = None


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Decision:
    """One decision; a subclass with a `kind` is a kind of ledger line."""

    KINDS: ClassVar[dict[str, type["Decision"]]] = {}
    kind: ClassVar[str]
    is_event: ClassVar[bool] = False  # it is told to readers too, as a row of `events`

    at: Moment
    """When it happened: the capture's moment, or the slot's."""
    key: ArticleKey | None = None
    """The article."""
    content_digest: Digest | None = None
    """SHA-256 of what makes the article's state."""
    payload_digest: Digest | None = None
    """SHA-256 of the body that the capture holds or repeats, as the server sent it."""
    conversion_digest: Digest | None = None
    """SHA-256 of the block of the record that keeps what was read from the capture."""
    record_id: RecordId | None = None
    """The capture that shows it, or the warcinfo record of a crawl."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if "kind" in cls.__dict__:
            Decision.KINDS[cls.kind] = cls

    def enter(self, entry: Entry) -> int | None:
        """Do to the database what the line says; the revision that it makes or names, if any. Raises Unproved."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class FurtherPage:
    """A page of an article in pages, behind the first."""

    record_id: RecordId
    payload_digest: Digest


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class StateSeen(Decision):
    """A capture shows a state of an article."""

    key: ArticleKey
    content_digest: Digest
    payload_digest: Digest
    conversion_digest: Digest
    record_id: RecordId
    parser_version: str
    pages: tuple[FurtherPage, ...] = ()
    """Of an article in pages: the captures of the others."""
    reparse: ReparseId | None = None
    """The run that read stored captures again, if one did."""

    def enter(self, entry: Entry) -> int:
        seen = captures.seen_in(entry.conn, self.record_id, self.payload_digest)
        if self.reparse:
            reparse_rows.note_before(entry.conn, self.reparse, [seen.capture_id])
        captures.note_read(entry.conn, seen.capture_id, self.parser_version)
        pages = [captures.seen_in(entry.conn, page.record_id, page.payload_digest) for page in self.pages]
        if self.reparse:
            reparse_rows.note_before(entry.conn, self.reparse, [page.capture_id for page in pages])
        for page in pages:
            captures.note_read(entry.conn, page.capture_id, self.parser_version)
        if pages:
            captures.note_pages(entry.conn, seen.capture_id, len(pages) + 1)
        return self.file(entry, seen, pages)

    def file(self, entry: Entry, seen: captures.CaptureRow, pages: Sequence[captures.CaptureRow]) -> int:
        """Put the captures under their state; returns the revision."""
        raise NotImplementedError

    def told(self, line: Line) -> Told:
        """What the line says of the reading."""
        return Told(line.recorded_at, line.digest, line.previous_digest, self.parser_version, reparse=self.reparse)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class StateMade(StateSeen):
    """A state that was not known, or not of its neighbours in time; a conversion record keeps it."""

    conversion: RecordId
    """The WARC record that keeps the normalised article."""
    origin: Origin

    def told(self, line: Line) -> Told:
        return replace(super().told(line), again=self.origin == "reparse" or self.kind == Reparsed.kind)

    def made(self, entry: Entry) -> MadeState:
        state = entry.state or derived.kept_state(entry.conn, entry.folder, self.conversion, self.conversion_digest)
        if state.digest != self.content_digest:
            raise Unproved(f"record {self.conversion} keeps another text than content_digest says")
        return MadeState(state, entry.line.recorded_at, self.parser_version, self.conversion, self.conversion_digest)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class New(StateMade):
    """An article was seen for the first time."""

    kind = "new"

    def enter(self, entry: Entry) -> int:
        revision_id = super().enter(entry)
        if not captures.was_asked_for(entry.conn, self.record_id):
            presence_rows.note_standing(entry.conn, _article(entry, self.key), NEVER_ASKED)
        return revision_id

    def file(self, entry: Entry, seen: captures.CaptureRow, pages: Sequence[captures.CaptureRow]) -> int:
        return revisions.add_article(entry.conn, self.key, self.made(entry), seen, self.told(entry.line), pages)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Edited(StateMade):
    """A known article showed another state. Whether that is an edit follows from all sightings together."""

    kind = "edited"

    def file(self, entry: Entry, seen: captures.CaptureRow, pages: Sequence[captures.CaptureRow]) -> int:
        article_id = _article(entry, self.key)
        return revisions.add_state(entry.conn, article_id, self.made(entry), seen, self.told(entry.line), pages)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Reparsed(Edited):
    """Another parser read a capture otherwise: a state that is no edit by the site."""

    kind, is_event = "reparsed", True


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class SeenAgain(StateSeen):
    """Other bytes showed a known state, the same bytes one that had been left, or another parser read the same."""

    kind = "seen"

    def file(self, entry: Entry, seen: captures.CaptureRow, pages: Sequence[captures.CaptureRow]) -> int:
        article_id = _article(entry, self.key)
        told = self.told(entry.line)
        revision_id = revisions.add_sighting(entry.conn, article_id, self.content_digest, seen, told, pages)
        if revision_id is None:
            raise Unproved(f"{self.key} has no state {self.content_digest}")
        return revision_id


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class CaptureUnread(Decision):
    """A capture shows no article; the metadata record says why in words, the line in codes only."""

    kind = "unread"
    payload_digest: Digest
    conversion_digest: Digest
    record_id: RecordId
    verdict: Verdict
    metadata: RecordId
    """The WARC record that holds the reason in words."""
    parser_version: str

    def enter(self, entry: Entry) -> None:
        seen = captures.seen_in(entry.conn, self.record_id, self.payload_digest)
        reason = derived.kept_reason(entry.conn, entry.folder, self.metadata, self.conversion_digest)
        captures.note_unread(entry.conn, seen.capture_id, self.verdict, reason, self.parser_version)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Evidence:
    """One of the probes that a judgement rests on."""

    at: Moment
    outcome: Code
    capture: RecordId | None = None
    """The record that shows what stood in the article's place."""
    witness: RecordId | None = None
    """The record of another article of the host that answered about then."""


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Probe(Decision):
    """An address did not show its article, or does so again; what that means is not decided yet."""

    kind = "probe"
    key: ArticleKey
    outcome: Code
    """found, answered, listed, gone, redirected, restricted or unreachable."""
    standing: Standing
    """state, misses, first_missed_at and last_missed_at after it."""
    last_seen_at: Moment
    witness: RecordId | None = None
    """The record of another article of the host that answered about then."""
    uncounted: Code | None = None
    """Why the probe did not count; left out where it did."""
    evidence: tuple[Evidence, ...] = ()
    """Of a judgement: the probes that it rests on, this one the last."""

    def enter(self, entry: Entry) -> None:
        article_id = _article(entry, self.key)
        presence_rows.note_standing(entry.conn, article_id, self.standing)
        counted = self.uncounted or ("unreachable" if self.outcome == "unreachable" else "yes")
        presence_rows.note_probe(entry.conn, article_id, self.at, self.outcome, counted, self.record_id, self.witness)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Removed(Probe):
    """Enough probes found the article gone."""

    kind, is_event = "removed", True


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Redirected(Probe):
    """Enough probes were sent elsewhere."""

    kind, is_event = "redirected", True


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Restricted(Probe):
    """Enough probes met a login, or a price."""

    kind, is_event = "restricted", True


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Restored(Probe):
    """An article that was judged gone is there again, or one that was delisted is listed again."""

    kind, is_event = "restored", True


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Unlisted:
    """A reading of a list that did not show an article in its place."""

    at: Moment
    capture: RecordId
    """The record of the list, or of the page of it where the place is."""
    before: ArticleKey | None = None
    """The nearest article before it, which the last reading that had it showed too; none was ever read there."""
    after: ArticleKey | None = None
    """The nearest one behind it."""


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Delisted(Decision):
    """The article answers, and crawl after crawl no list shows it between its neighbours any more."""

    kind, is_event = "delisted", True
    key: ArticleKey
    standing: Standing
    last_seen_at: Moment
    last_listed_at: Moment
    listed_in: RecordId
    """The record of the list, or the page of it, that showed it last."""
    unlisted: tuple[Unlisted, ...]
    """The first readings that did not."""

    def enter(self, entry: Entry) -> None:
        presence_rows.note_standing(entry.conn, _article(entry, self.key), self.standing)


@dataclass(frozen=True, kw_only=True, config=RENAMED)
class Gap(Decision):
    """Slots of a source that were missed or failed since its last crawl that was done, told when the next begins."""

    kind, is_event = "gap", True
    source: str
    since: Annotated[Moment, Field(alias="from")]
    """When the last crawl that was done began, or the first of these slots was due."""
    until: Annotated[Moment, Field(alias="to")]
    """When the crawl that tells it began."""
    slots: Count
    missed: Count
    failed: Count
    last_slot: Moment
    """When the last of them was due."""

    def enter(self, entry: Entry) -> None:
        crawl_rows.know_source(entry.conn, self.source)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class CrawlStarted(Decision):
    """A crawl began; its warcinfo record says of what."""

    kind = "crawl_started"
    record_id: RecordId
    crawl: str

    def enter(self, entry: Entry) -> None:
        """The warcinfo record has entered the crawl."""


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class RobotsRead(Decision):
    """A crawl read a robots.txt, and asked of that host what it allows."""

    kind = "robots"
    record_id: RecordId
    payload_digest: Digest
    crawl: str
    reading: RobotsReading
    """Its rules; all is allowed, for it answers 4xx; or nothing is, for it answers 5xx or cannot be read."""

    def enter(self, entry: Entry) -> None:
        seen = captures.seen_in(entry.conn, self.record_id, self.payload_digest)
        crawl_rows.note_robots(entry.conn, self.crawl, seen.capture_id, self.reading)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class WarcRange:
    """Bytes of a WARC file: `tail -c +FIRST_BYTE FILE | head -c LENGTH | sha256sum` gives sha256."""

    file: WarcName
    first_byte: Annotated[int, Field(ge=1, lt=1 << 53, strict=True)]
    """Counted from 1, as tail does."""
    length: Count
    sha256: Hex


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Sealing(Decision):
    """The end of a run, which commits to every byte written since the last one."""

    captures: Count
    revisits: Count
    new_articles: Count
    new_revisions: Count
    errors: Count
    files: tuple[WarcRange, ...] = ()
    """What was appended to each WARC file."""

    def enter(self, entry: Entry) -> None:
        if any(source_of(each.file) != entry.line.chain for each in self.files):
            raise Unproved("it names files of another source")
        record_rows.enter_ranges(entry.conn, self.files, entry.line.digest)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class CrawlFinished(Sealing):
    """A crawl ended; one that was killed is closed by the next."""

    kind = "crawl_finished"
    crawl: str
    finish_reason: Code
    outcome: Literal["done", "late", "failed"]
    requests: Count
    articles_seen: Count | None = None
    """Articles that answered or, not being due, are listed; left out where only a part was looked for."""
    fields: crawl_rows.FieldCoverage | None = None
    """How many pages were read, and how many of them had each property."""

    def enter(self, entry: Entry) -> None:
        super().enter(entry)
        crawl_rows.finish(entry.conn, self)
        if self.fields:
            crawl_rows.cover_fields(entry.conn, self.crawl, self.fields)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class ImportFinished(Sealing):
    """An import into a source ended."""

    kind = "import_finished"


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class ReparseStarted(Decision):
    """A newer parser begins to read the stored captures of a source again."""

    kind = "reparse_started"
    source: str
    reparse: ReparseId
    parser_version: str
    since: Moment | None = None
    """Captures before it are left as they are."""

    def enter(self, entry: Entry) -> None:
        reparse_rows.begin(entry.conn, self.reparse, self.source, self.at, self.parser_version, self.since)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class ReparseReached(Decision):
    """Every capture up to this one was read again; a run that is cut short goes on behind it."""

    kind = "reparse_reached"
    source: str
    reparse: ReparseId
    record_id: RecordId

    def enter(self, entry: Entry) -> None:
        reparse_rows.reach(entry.conn, self.reparse, self.source, self.record_id)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class ReparseFinished(Sealing):
    """All stored captures were read again."""

    kind = "reparse_finished"
    source: str
    reparse: ReparseId

    def enter(self, entry: Entry) -> None:
        super().enter(entry)
        reparse_rows.finish(entry.conn, self.reparse, self.source, self.at)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class ReparseUndone(Decision):
    """What a newer parser had read from stored captures is taken back; everything is as before."""

    kind = "reparse_undone"
    source: str
    reparse: ReparseId

    def enter(self, entry: Entry) -> None:
        reparse_rows.undo(entry.conn, self.reparse, self.source, self.at)
        taking_back.take_back(entry.conn, self.reparse, self.source)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class LostProperty:
    """A property that most pages of earlier crawls had, and its share in percent before and now."""

    name: Code
    before: Count
    now: Count


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Drift(Decision):
    """A site changed its layout."""

    kind, is_event = "drift", True
    source: str
    crawl: str
    pages: Count
    """Known articles that answered."""
    other_layout: Count
    waiting: Count
    """Pages that wait for a parser that knows the layout."""
    lost: tuple[LostProperty, ...] = ()

    def enter(self, entry: Entry) -> None:
        """The event is all."""


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class SlotMissed(Decision):
    """A slot of the schedule passed without a crawl."""

    kind = "slot_missed"
    source: str
    due_at: Moment

    def enter(self, entry: Entry) -> None:
        crawl_rows.miss_slot(entry.conn, self.source, self.due_at)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Loss(Decision):
    """Bytes of a file are gone or are not what was written; the operator accepted it and goes on."""

    kind, is_event = "loss", True
    source: str
    file: str
    first_byte: Annotated[int, Field(ge=1, lt=1 << 53, strict=True)]
    """Where it begins, counted from 1."""
    bytes: Count
    """How many are gone or false; 0: nobody knows."""
    how: Literal["missing", "altered"]
    head: Digest | None = None
    """The last line of the chain that the database had applied, where it is known."""
    found: Hex | None = None
    """SHA-256 of what stands there instead: a ledger line, or the bytes of a range."""
    files: tuple[WarcRange, ...] = ()
    """What is left of the ranges that earlier lines named in this file."""

    def enter(self, entry: Entry) -> None:
        crawl_rows.know_source(entry.conn, self.source)
        record_rows.replace_ranges(entry.conn, self.file, self.first_byte, self.files, entry.line.digest)
        if self.how == "altered":
            captures.distrust(entry.conn, self.file, self.first_byte - 1, self.bytes)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Clock(Decision):
    """The machine's clock had gone back: until it catches up, everything is dated with the chain's last moment."""

    kind, is_event = "clock", True
    source: str
    said: Moment
    """What the clock said."""

    def enter(self, entry: Entry) -> None:
        crawl_rows.know_source(entry.conn, self.source)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class OperatorAct(Decision):
    """What an operator did to one source: replayed when that chain is whole, and only if it holds the head."""

    chain: str
    head: Digest
    """The last line of that chain when the operator acted."""


def line_of(decision: Decision, chain: str, recorded_at: str) -> Line:
    """The decision as a line that is not sealed yet; what has its default is left out of the detail."""
    adapter = _adapter(decision.kind)
    detail = adapter.dump_python(decision, mode="json", by_alias=True, exclude=set(TOP), exclude_defaults=True)
    top = {name: getattr(decision, name) for name in TOP}
    return Line(chain=chain, recorded_at=recorded_at, kind=decision.kind, detail=detail, **top)


def decision_of(line: Line) -> Decision:
    """What a line decides. Raises OtherVersion for an unknown kind, LedgerError for fields it does not have."""
    where = f"{line.chain}.jsonl, line {line.digest}"
    kind = Decision.KINDS.get(line.kind)
    if kind is None:
        raise OtherVersion(f"{where}: the kind {line.kind!r} is unknown: {NEWER}")
    try:
        return kind(**line.detail, **{name: getattr(line, name) for name in TOP})
    except (ValidationError, TypeError) as error:
        raise LedgerError(f"{where}: not a line of kind {line.kind}: {' '.join(str(error).split())[:200]}") from None


def apply(entry: Entry, decision: Decision) -> int | None:
    """Enter a decision; returns the revision that it makes or names.

    Raises Unproved when the captures do not bear it out.
    """
    revision_id = decision.enter(entry)
    if decision.is_event:
        _insert_event(entry, revision_id)
    return revision_id


@cache
def _adapter(kind: str) -> TypeAdapter[Decision]:
    return TypeAdapter(Decision.KINDS[kind])


def _article(entry: Entry, key: str) -> int:
    row = entry.conn.execute("select id, source from articles where key = ?", (key,)).fetchone()
    if row is None:
        raise Unproved(f"no earlier line makes the article {key}")
    if row[1] != entry.line.chain:
        raise Unproved(f"the article {key} is not of this chain's source")
    return int(row[0])


def _insert_event(entry: Entry, revision_id: int | None) -> None:
    line = entry.line
    known = entry.conn.execute("select id, source from articles where key = ?", (line.key,)).fetchone()
    article_id, source = known or (None, line.detail["source"])
    entry.conn.execute(
        """
        insert into events (at, recorded_at, source, article_id, kind, revision_id, detail, previous_digest, digest)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            line.at, line.recorded_at, source, article_id, line.kind, revision_id, canonical(line.detail),
            line.previous_digest, line.digest,
        ),
    )  # fmt: skip
