"""The lines on the content of a capture: a state of an article, new or known, or no article."""

from dataclasses import replace

from pydantic.dataclasses import dataclass

from archive.decisions.decision import Decision, LedgerEntry, key_of_line
from archive.decisions.fields import CLOSED, ArticleKey, Digest, Origin, RecordId, ReparseId
from archive.files import LedgerLine
from archive.history import (
    MadeState,
    ReadCapture,
    ReadingLine,
    add_article,
    add_sighting,
    add_state,
    kept_reason,
    kept_state,
)
from archive.rows import (
    Unproved,
    capture_row,
    note_capture_read,
    note_capture_unread,
    note_page_count,
    note_readings_before,
    note_standing_of,
    was_asked_for,
)
from archive.rules import NEVER_ASKED, Verdict


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class FurtherPage:
    """A further page of an article in several pages."""

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

    def enter(self, entry: LedgerEntry) -> int | None:
        seen = capture_row(entry.conn, self.record_id, self.payload_digest)
        if self.reparse:
            note_readings_before(entry.conn, self.reparse, [seen.capture_id])
        note_capture_read(entry.conn, seen.capture_id, self.parser_version)
        pages = [capture_row(entry.conn, page.record_id, page.payload_digest) for page in self.pages]
        if self.reparse:
            note_readings_before(entry.conn, self.reparse, [page.capture_id for page in pages])
        for page in pages:
            note_capture_read(entry.conn, page.capture_id, self.parser_version)
        if pages:
            note_page_count(entry.conn, seen.capture_id, len(pages) + 1)
        return self.file(entry, ReadCapture(seen, self.reading(entry.line), pages=pages))

    def file(self, entry: LedgerEntry, read: ReadCapture) -> int | None:
        """Store that the capture, with its further pages if any, shows this state; returns the id of its revision.

        None if the article is hidden.

        Each subclass does so in its own way.
        """
        raise NotImplementedError

    def reading(self, line: LedgerLine) -> ReadingLine:
        """The reading that the line records, for the rows of its sightings."""
        return ReadingLine(
            line.recorded_at, line.digest, line.previous_digest, self.parser_version, reparse=self.reparse
        )


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class StateMade(StateSeen):
    """A state that was not known, or not of its neighbours in time; a conversion record keeps it."""

    conversion: RecordId
    """The WARC record that keeps the normalised article."""
    origin: Origin

    def reading(self, line: LedgerLine) -> ReadingLine:
        return replace(super().reading(line), again=self.origin == "reparse" or self.kind == Reparsed.kind)

    def made(self, entry: LedgerEntry) -> MadeState:
        state = entry.state or kept_state(entry.conn, entry.folder, self.conversion, self.conversion_digest)
        if state.digest != self.content_digest:
            raise Unproved(f"record {self.conversion} keeps another text than content_digest says")
        return MadeState(state, entry.line.recorded_at, self.parser_version, self.conversion, self.conversion_digest)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class New(StateMade):
    """An article was seen for the first time."""

    kind = "new"

    def enter(self, entry: LedgerEntry) -> int | None:
        revision_id = super().enter(entry)
        if not was_asked_for(entry.conn, self.record_id):
            note_standing_of(entry.conn, key_of_line(entry, self.key).number, NEVER_ASKED)
        return revision_id

    def file(self, entry: LedgerEntry, read: ReadCapture) -> int | None:
        return add_article(entry.conn, self.key, self.made(entry), read)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Edited(StateMade):
    """A known article showed another state. All its sightings together decide whether that is an edit."""

    kind = "edited"

    def file(self, entry: LedgerEntry, read: ReadCapture) -> int | None:
        known = key_of_line(entry, self.key)
        return add_state(entry.conn, known.article_id, self.made(entry), replace(read, key_number=known.number))


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Reparsed(Edited):
    """Another parser read a capture differently. This state is no edit by the site."""

    kind, is_event = "reparsed", True


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class SeenAgain(StateSeen):
    """A known state was seen again: in other bytes, after another state, or by another parser."""

    kind = "seen"

    def file(self, entry: LedgerEntry, read: ReadCapture) -> int | None:
        known = key_of_line(entry, self.key)
        read = replace(read, key_number=known.number)
        return add_sighting(entry.conn, known.article_id, self.content_digest, read)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class CaptureUnread(Decision):
    """A capture shows no article. The metadata record says why in words, the line only in codes."""

    kind = "unread"
    payload_digest: Digest
    conversion_digest: Digest
    record_id: RecordId
    verdict: Verdict
    metadata: RecordId
    """The WARC record that holds the reason in words."""
    parser_version: str

    def enter(self, entry: LedgerEntry) -> None:
        seen = capture_row(entry.conn, self.record_id, self.payload_digest)
        reason = kept_reason(entry.conn, entry.folder, self.metadata, self.conversion_digest)
        note_capture_unread(entry.conn, seen.capture_id, self.verdict, reason, self.parser_version)
