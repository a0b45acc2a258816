"""Interpreting: what a capture shows becomes a state of an article, a sighting, or the reason why it is neither."""

import logging
from collections.abc import Sequence

from archive import decisions
from archive.decisions import FurtherPage, StateMade
from archive.files import VERSION, ContentError, Record, SealedRecord, digest, instant
from archive.history import conversion_digest_of, reason_conversion, sight_again, state_conversion, state_id_of
from archive.judging.adjacent_captures import newest, readings_at
from archive.judging.comparing import comparable_readings, is_return, likeness_to_neighbours
from archive.judging.presence import note_answer, note_headline, note_missing, note_sight, note_witness
from archive.judging.reading import MAX_BYTES_HERE, PageReading, UnreadPage, Whence
from archive.judging.runs import LAYOUT, HeldBackCapture, Outcome, Session
from archive.rows import CaptureRow, fault_text, is_fatal, stored_record
from archive.rules import (
    ANSWERED,
    UNUSABLE,
    ArticleState,
    Missing,
    adds_query,
    article_key,
    has_identity,
    is_same_path,
    key_of,
)
from parsers import ParseError
from parsers.reader import shows_headline

logger = logging.getLogger(__name__)

MISSING: dict[str, Missing] = {"gone": "gone", "restricted": "restricted", "blocked": "unreachable"}
ENDS: dict[str, Missing] = {  # of redirects, where another end means that they led to something else
    "gone": "gone", "restricted": "restricted",
    **dict.fromkeys(("unreachable", "incomplete", "crashed", "quarantined"), "unreachable"),
}  # fmt: skip
NOWHERE_ELSE = Whence()
OTHER_LAYOUT = "the text differs and so does the layout: no proof of an edit"
STILL_OTHER = "the text is still that of the new layout, which is no proof of an edit"


class Interpreter:
    """Decides what captures of one source show, tells the ledger, and counts in the session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.stores, self.conn = session.stores, session.conn

    def interpret(
        self,
        record: Record,
        seen: CaptureRow,
        reading: PageReading,
        kept: SealedRecord | None = None,
        led: Missing | None = None,
        whence: Whence = NOWHERE_ELSE,
    ) -> Outcome:
        """A page that is a whole article, or none. led: what it means where the page sends its reader on."""
        if isinstance(reading, UnreadPage):
            return self.unparsed(record, seen, reading, led)
        return self.decide(record, seen, reading, kept, whence=whence)

    def settle(self) -> None:
        """At a crawl's end: what was held back is an edit where the other pages show that the layout is read well."""
        name = self.session.source.name
        for line in (*self.session.unmatched.told(name), *self.session.scripted.told(name)):
            logger.warning("%s", line)
        if self.session.layouts.redesigned():
            return
        for held in self.session.layouts.held:
            try:
                with self.stores.undoable():
                    self._settle(held)
            except Exception as fault:
                if is_fatal(fault):
                    raise
                logger.warning("%s: still held back: %s", held.url, fault_text(fault))
        self.session.layouts.held.clear()

    def _settle(self, held: HeldBackCapture) -> None:
        record = stored_record(self.conn, self.stores.folder, held.record_id)
        reading = self.session.reader.record(record)
        if isinstance(reading, ArticleState):
            seen = CaptureRow(held.capture_id, self.session.source.name, held.url, held.captured_at)
            self.decide(record, seen, reading, certain=True)
            self.session.counts.errors -= 1

    def decide(
        self,
        record: Record,
        seen: CaptureRow,
        state: ArticleState,
        kept: SealedRecord | None = None,
        pages: Sequence[FurtherPage] = (),
        *,
        certain: bool = False,
        whence: Whence = NOWHERE_ELSE,
    ) -> Outcome:
        """A state that a capture shows; of an article in pages the first one's, and `pages` are the others."""
        self.session.unmatched.note(state.unmatched, seen.url)
        payload_digest = record.fields.get("warc-payload-digest", "")
        found = self.article_at(seen.url) or self._moved(whence, seen, state)
        key = found[1] if found else article_key(self.session.source.name, seen.url, state.article, payload_digest)
        known = self.conn.execute("select id from articles where key = ?", (key,)).fetchone()
        if known is None:
            self.session.layouts.note(state.article)
            self._record_state(decisions.New, record, seen, key, state, kept, pages)
            self.session.counts.new_articles += 1
            note_witness(self.session, key, seen)
            return Outcome("new", key)
        self.session.layouts.answered += not certain
        like = likeness_to_neighbours(self.session, known[0], key, seen, state.digest)
        if like == "same":
            self.session.layouts.note(state.article)
            if self.session.origin == "site":
                self.session.layouts.same(key_of(seen.url), record)
            return self.sighted(record, seen, known[0], key, state.digest, pages)
        if not certain and (doubt := self._doubt(record, seen, state, bool(pages))):
            return self.unparsed(record, seen, UnreadPage(LAYOUT, doubt))
        self.session.layouts.note(state.article)
        note_sight(self.session, key, seen)
        before = self._revisions(known[0])
        kind = decisions.Edited if like == "other" else decisions.Reparsed
        self._record_state(kind, record, seen, key, state, kept, pages)
        return Outcome("edited" if self._count_since(before, known[0]) else "seen", key)

    def sighted(
        self,
        record: Record,
        seen: CaptureRow,
        article_id: int,
        key: str,
        digest: str,
        pages: Sequence[FurtherPage] = (),
        parser_version: str | None = None,
    ) -> Outcome:
        """One more capture of a known state; parser_version: who read the same bytes, where nobody does so now."""
        note_sight(self.session, key, seen)
        before = self._revisions(article_id)
        self.stores.tell(
            decisions.SeenAgain(
                at=seen.captured_at,
                key=key,
                content_digest=digest,
                payload_digest=_payload_digest(record),
                conversion_digest=conversion_digest_of(self.conn, article_id, digest),
                record_id=record.record_id,
                parser_version=parser_version or self.session.reader.version,
                pages=tuple(pages),
            )
        )
        return Outcome("edited" if self._count_since(before, article_id) else "seen", key)

    def unparsed(self, record: Record, seen: CaptureRow, unread: UnreadPage, led: Missing | None = None) -> Outcome:
        """A page that gives no article: the verdict goes to the ledger, the reason to a record of its own."""
        self.session.scripted.note(unread.reason, seen.url)
        found = self.article_at(seen.url)
        key = found[1] if found else None
        self._record_verdict(record, seen, key, unread)
        if led is not None:
            return self.missed(seen.url, led, seen, record, unread.reason)
        if key is not None and unread.verdict in ANSWERED:
            self._answered_otherwise(key, record, seen, unread)
        if unread.verdict in UNUSABLE:
            self.session.counts.errors += 1
            return Outcome(unread.verdict, key, unread.reason)
        return self.missed(seen.url, MISSING[unread.verdict], seen, record, unread.reason)

    def quarantine(self, record: Record, capture_id: int, reason: str) -> Outcome:
        """A capture that no rule can take: a newer version tries it again."""
        sql = "select url, captured_at, payload_digest from captures where id = ?"  # the record may lack them
        url, at, payload_digest = self.conn.execute(sql, (capture_id,)).fetchone()
        unread = UnreadPage("quarantined", reason)
        self._record_verdict(
            record, CaptureRow(capture_id, self.session.source.name, url, at), None, unread, payload_digest
        )
        self.session.counts.errors += 1
        return Outcome("quarantined", None, reason)

    def revisited(self, record: Record, seen: CaptureRow, refers_to: str) -> Outcome | None:
        """The bytes of an earlier capture once more; None where that one shows no article.

        A line says so only where another text had come between.
        """
        found = readings_at(self.conn, refers_to)
        if found is None:
            return self._waits_again(seen, refers_to)
        article_id, readings = found
        (key,) = self.conn.execute("select key from articles where id = ?", (article_id,)).fetchone()
        self.session.layouts.answered += 1
        readings = comparable_readings(self.session, article_id, key, seen, refers_to, readings)
        if is_return(self.conn, article_id, seen, readings):
            version, digest = newest(readings)
            outcome = self.sighted(record, seen, article_id, key, digest, parser_version=version)
            return outcome if outcome.kind == "edited" else Outcome("revisit", key)
        sight_again(self.conn, refers_to, seen)
        note_sight(self.session, key, seen)
        return Outcome("revisit", key)

    def unread_again(
        self, record: Record, seen: CaptureRow, holder: Record, unread: UnreadPage, led: Missing | None = None
    ) -> Outcome:
        """The same bytes as a page that gave no article: what they say of it they say again."""
        self.session.scripted.note(unread.reason, seen.url)
        if led is not None:
            return self.missed(seen.url, led, seen, holder, unread.reason, record.record_id)
        if unread.verdict in MISSING:
            return self.missed(seen.url, MISSING[unread.verdict], seen, holder, unread.reason, record.record_id)
        found = self.article_at(seen.url)
        if found is not None and unread.verdict in ANSWERED:
            note_answer(self.session, found[1], seen)
        return Outcome("revisit", found[1] if found else None)

    def missed(
        self,
        url: str,
        outcome: Missing,
        seen: CaptureRow,
        record: Record,
        reason: str | None = None,
        shown_by: str | None = None,
    ) -> Outcome:
        """What came from a url is no article; where it does not show its headline, the crawl's end judges that.

        record: what holds the page; shown_by: the record of this capture, where it is another.
        """
        found = self.article_at(url)
        if outcome == "unreachable":
            self.session.counts.errors += 1
        if found is not None and outcome in ("gone", "redirected") and self._shows_headline(found[0], record):
            note_headline(self.session, found[1], seen)
        elif found is not None:
            note_missing(self.session, found[1], url, outcome, seen.captured_at, shown_by or record.record_id)
        return Outcome(outcome, found[1] if found else None, reason)

    def unanswered(self, url: str, at: str, reason: str) -> Outcome:
        """Nothing came from a url."""
        found = self.article_at(url)
        self.session.counts.errors += 1
        if found is not None:
            note_missing(self.session, found[1], url, "unreachable", at, None)
        return Outcome("unreachable", found[1] if found else None, reason)

    def led_elsewhere(self, url: str, seen: CaptureRow, record: Record, outcome: Outcome) -> Outcome:
        """What stands where redirects ended that began at a url: that its article is there or missing."""
        found = self.article_at(url)
        if found is None or outcome.key == found[1] or outcome.kind == "page":
            return outcome
        way = ENDS.get(outcome.kind, "redirected")
        if way in ("gone", "redirected") and self._shows_headline(found[0], record):
            note_headline(self.session, found[1], seen)
            return outcome
        (record_id,) = self.conn.execute("select record_id from captures where id = ?", (seen.capture_id,)).fetchone()
        note_missing(self.session, found[1], url, way, seen.captured_at, record_id)
        return Outcome(way, found[1], outcome.error)

    def article_at(self, url: str) -> tuple[int, str] | None:
        """Row id and key of the article that is known under a url."""
        row: tuple[int, str] | None = self.conn.execute(
            """
            select a.id, a.key from addresses d join articles a on a.id = d.article_id
             where d.source = ? and d.urlkey = ?
            """,
            (self.session.source.name, key_of(url)),
        ).fetchone()
        return row

    def _moved(self, whence: Whence, seen: CaptureRow, state: ArticleState) -> tuple[int, str] | None:
        """The article that stands at an unknown address now, and stood at the same path of another host.

        Its old address leads here, perhaps with a query added, or this very text was seen there. A page that names its
        article itself is believed.
        """
        if has_identity(state.article):
            return None
        sought = whence.sought
        if sought is not None and (is_same_path(sought, seen.url) or adds_query(seen.url, sought)):
            return self.article_at(sought)
        there = filter(None, map(self.article_at, whence.twins))
        return next((each for each in there if state_id_of(self.conn, each[0], state.digest) is not None), None)

    def _revisions(self, article_id: int) -> int:
        (count,) = self.conn.execute("select revisions from articles where id = ?", (article_id,)).fetchone()
        return int(count)

    def _count_since(self, before: int, article_id: int) -> bool:
        """Whether what was told made one more numbered revision; the run counts it."""
        more = max(0, self._revisions(article_id) - before)
        self.session.counts.new_revisions += more
        return more > 0

    def _doubt(self, record: Record, seen: CaptureRow, state: ArticleState, in_pages: bool) -> str | None:
        """Why another text does not count as an edit, or not yet."""
        if self.session.origin != "site":
            return None
        judgement = self.session.layouts.judge(key_of(seen.url), record, lambda before: self._says_other(before, state))
        if judgement == "hold" and not in_pages:
            self.session.layouts.held.append(
                HeldBackCapture(record.record_id, seen.capture_id, seen.url, seen.captured_at)
            )
        return {"edit": None, "hold": OTHER_LAYOUT, "wait": STILL_OTHER}[judgement]

    def _says_other(self, before: Record, state: ArticleState) -> bool:
        reading = self.session.reader.record(before)
        return isinstance(reading, ArticleState) and reading.digest != state.digest

    def _answered_otherwise(self, key: str, record: Record, seen: CaptureRow, unread: UnreadPage) -> None:
        """A known article answered with a page that gave none: it is not missing, and not proved to be back."""
        if unread.verdict == LAYOUT:
            note_witness(self.session, key, seen)
        note_answer(self.session, key, seen)
        if unread.reason != OTHER_LAYOUT:
            self.session.layouts.unread += 1
        self.session.layouts.example = self.session.layouts.example or record.record_id

    def _waits_again(self, seen: CaptureRow, refers_to: str) -> Outcome | None:
        """The same bytes as a page that waits for a parser which knows its layout: the article is still there."""
        row = self.conn.execute("select verdict from captures where record_id = ?", (refers_to,)).fetchone()
        found = self.article_at(seen.url) if row == (LAYOUT,) else None
        if found is None:
            return None
        self.session.layouts.answered += 1
        note_witness(self.session, found[1], seen)
        note_answer(self.session, found[1], seen)
        return Outcome("revisit", found[1])

    def _shows_headline(self, article_id: int, record: Record) -> bool:
        """Whether a page shows a headline that its article has or had; of large pages nobody looks."""
        rows = self.conn.execute("select distinct headline from revisions where article_id = ?", (article_id,))
        try:
            page = self.session.reader.document(record)
            return len(page.payload) <= MAX_BYTES_HERE and shows_headline(page, [headline for (headline,) in rows])
        except (ContentError, ParseError):
            return False  # nobody can read it

    def _record_state(
        self,
        kind: type[StateMade],
        record: Record,
        seen: CaptureRow,
        key: str,
        state: ArticleState,
        kept: SealedRecord | None,
        pages: Sequence[FurtherPage],
    ) -> None:
        at = instant(seen.captured_at)
        made = self.stores.keep_derived(
            kept or state_conversion(record.record_id, seen.url, at, state, self.session.warcinfo), at
        )
        decision = kind(
            at=seen.captured_at,
            key=key,
            content_digest=state.digest,
            payload_digest=_payload_digest(record),
            conversion_digest=digest(state.block),
            record_id=record.record_id,
            conversion=made.record_id,
            origin=self.session.origin,
            parser_version=self.session.reader.version,
            pages=tuple(pages),
        )
        self.stores.tell(decision, state)

    def _record_verdict(
        self, record: Record, seen: CaptureRow, key: str | None, unread: UnreadPage, payload_digest: str | None = None
    ) -> None:
        at = instant(seen.captured_at)
        sealed = reason_conversion(record.record_id, seen.url, at, unread.verdict, unread.reason, self.session.warcinfo)
        said = self.stores.keep_derived(sealed, at)
        self.stores.tell(
            decisions.CaptureUnread(
                at=seen.captured_at,
                key=key,
                payload_digest=payload_digest or _payload_digest(record),
                conversion_digest=digest(said.block),
                record_id=record.record_id,
                verdict=unread.verdict,
                metadata=said.record_id,
                parser_version=VERSION if unread.verdict == "quarantined" else self.session.reader.version,
            )
        )


def _payload_digest(record: Record) -> str:
    return record.fields["warc-payload-digest"]
