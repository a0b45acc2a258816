"""Decide a capture's state: a new article, an edit, a known text, or no proof of an edit."""

import logging
from dataclasses import dataclass

from archive import decisions
from archive.decisions import FurtherPage, StateMade
from archive.files import Record, SealedRecord, digest, instant
from archive.history import conversion_digest_of, keeps_text, state_conversion
from archive.judging.absences import OTHER_LAYOUT, unparsed
from archive.judging.comparing import likeness_to_neighbours
from archive.judging.known_articles import KnownArticle, article_at, article_with, moved_to
from archive.judging.presence import note_sight, note_witness
from archive.judging.reading import NOWHERE_ELSE, UnreadPage, Whence
from archive.judging.runs import LAYOUT, HeldBackCapture, KeptCapture, Outcome, Session
from archive.rows import CaptureRow, fault_text, is_fatal
from archive.rules import ArticleState, article_key, key_of

logger = logging.getLogger(__name__)

STILL_OTHER = "the text is still that of the new layout, which is no proof of an edit"


@dataclass(frozen=True, slots=True)
class ShownState:
    """An article's state and the capture that shows it; for an article in pages, the capture of the first page.

    conversion: the record of the state, if made ahead. pages: the further pages of the article. whence: other addresses
    at which the article may be known.
    """

    capture: KeptCapture
    state: ArticleState
    conversion: SealedRecord | None = None
    pages: tuple[FurtherPage, ...] = ()
    whence: Whence = NOWHERE_ELSE


def decide(session: Session, shown: ShownState, *, certain: bool = False) -> Outcome:
    """Decide and record a state that a capture shows; returns the outcome: "new", "edited", "seen" or "layout".

    "edited" if the article gets a numbered revision; else "seen", as the text is the same, or differs only in form or
    because another parser read it. "layout", and the capture gets that verdict, if `_doubt` says that another text is
    no proof of an edit. certain: it is one, whatever the layout.
    """
    capture, seen, state = shown.capture, shown.capture.seen, shown.state
    session.unmatched.note(state.unmatched, seen.url)
    article = article_at(session, seen.url) or moved_to(session, seen.url, shown.whence, state)
    if article is None:
        payload_digest = capture.record.fields.get("warc-payload-digest", "")
        key = article_key(session.source.name, seen.url, state.article, payload_digest)
        article = article_with(session, key)
        if article is None:
            return _first_seen(session, shown, key)
    session.layouts.answered += not certain
    like = likeness_to_neighbours(session, article, seen, state.digest)
    if like == "same":
        session.layouts.note(state.article)
        if session.origin == "site":
            session.layouts.same(key_of(seen.url), capture.record)
        if keeps_text(session.conn, article.id, state.digest, session.source.name):
            return seen_again(session, article, capture, (session.reader.version, state.digest), shown.pages)
        certain = True  # the text of a key of another source: this chain makes it too, to be replayed by itself
    if not certain and (doubt := _doubt(session, shown)):
        return unparsed(session, capture, UnreadPage(LAYOUT, doubt))
    session.layouts.note(state.article)
    note_sight(session, article.key, seen)
    before = _revisions(session, article)
    _record_state(session, decisions.Reparsed if like == "unknown" else decisions.Edited, shown, article.key)
    return _outcome(session, article, before)


def seen_again(
    session: Session,
    article: KnownArticle,
    capture: KeptCapture,
    reading: tuple[str, str],
    pages: tuple[FurtherPage, ...] = (),
) -> Outcome:
    """Record one more capture of a known state. reading: the parser version and the state's digest.

    The outcome is "edited" if this makes a numbered revision, since another text had come between; else "seen".
    """
    note_sight(session, article.key, capture.seen)
    before = _revisions(session, article)
    version, content_digest = reading
    session.stores.tell(
        decisions.SeenAgain(
            at=capture.seen.captured_at,
            key=article.key,
            content_digest=content_digest,
            payload_digest=capture.payload_digest,
            conversion_digest=conversion_digest_of(session.conn, article.id, content_digest),
            record_id=capture.record.record_id,
            parser_version=version,
            pages=pages,
        )
    )
    return _outcome(session, article, before)


def settle_held_back(session: Session) -> None:
    """Decide each held-back capture as an edit at a crawl's end, unless the other pages point to a redesign.

    After a redesign all keep the verdict "layout"; otherwise one that fails, or now gives no article, keeps it.
    """
    if session.layouts.redesigned():
        return
    for held in session.layouts.held:
        try:
            with session.stores.undoable():
                _settle(session, held)
        except Exception as fault:
            if is_fatal(fault):
                raise
            logger.warning("%s: still held back: %s", held.url, fault_text(fault))
    session.layouts.held.clear()


def _settle(session: Session, held: HeldBackCapture) -> None:
    record = session.stored(held.record_id)
    reading = session.reader.record(record)
    if isinstance(reading, ArticleState):
        seen = CaptureRow(held.capture_id, session.source.name, held.url, held.captured_at)
        decide(session, ShownState(KeptCapture(record, seen), reading), certain=True)
        session.counts.errors -= 1


def _first_seen(session: Session, shown: ShownState, key: str) -> Outcome:
    session.layouts.note(shown.state.article)
    _record_state(session, decisions.New, shown, key)
    session.counts.new_articles += 1
    note_witness(session, key, shown.capture.seen)
    return Outcome("new", key)


def _record_state(session: Session, kind: type[StateMade], shown: ShownState, key: str) -> None:
    record, seen, state = shown.capture.record, shown.capture.seen, shown.state
    at = instant(seen.captured_at)
    conversion = shown.conversion or state_conversion(record.record_id, seen.url, at, state, session.warcinfo)
    session.stores.tell(
        kind(
            at=seen.captured_at,
            key=key,
            content_digest=state.digest,
            payload_digest=shown.capture.payload_digest,
            conversion_digest=digest(state.block),
            record_id=record.record_id,
            conversion=session.stores.keep_derived(conversion, at).record_id,
            origin=session.origin,
            parser_version=session.reader.version,
            pages=shown.pages,
        ),
        state,
    )


def _doubt(session: Session, shown: ShownState) -> str | None:
    """The reason why another text does not count as an edit, or not yet; None if it counts, as always in an import.

    A capture in another layout is also held back, to be decided at the crawl's end; one of an article in several pages
    is not, and just keeps its verdict.
    """
    if session.origin != "site":
        return None
    record, seen = shown.capture.record, shown.capture.seen
    judgement = session.layouts.judge(
        key_of(seen.url), record, lambda before: _shows_other(session, before, shown.state)
    )
    if judgement == "hold" and not shown.pages:
        session.layouts.held.append(HeldBackCapture(record.record_id, seen.capture_id, seen.url, seen.captured_at))
    return {"edit": None, "hold": OTHER_LAYOUT, "wait": STILL_OTHER}[judgement]


def _shows_other(session: Session, before: Record, state: ArticleState) -> bool:
    reading = session.reader.record(before)
    return isinstance(reading, ArticleState) and reading.digest != state.digest


def _revisions(session: Session, article: KnownArticle) -> int:
    (count,) = session.conn.execute("select revisions from articles where id = ?", (article.id,)).fetchone()
    return int(count)


def _outcome(session: Session, article: KnownArticle, before: int) -> Outcome:
    """The outcome "edited" if the article has more numbered revisions than `before`, else "seen".

    Adds the difference to `session.counts.new_revisions`.
    """
    more = max(0, _revisions(session, article) - before)
    session.counts.new_revisions += more
    return Outcome("edited" if more else "seen", article.key)
