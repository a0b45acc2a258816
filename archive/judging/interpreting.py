"""Interpret a page that has just been stored, or whose bytes came again."""

from archive.files import SealedRecord
from archive.history import sight_again
from archive.judging.absences import led_by, unparsed, unparsed_again
from archive.judging.adjacent_captures import newest, readings_at
from archive.judging.comparing import comparable_readings, is_return
from archive.judging.keeping import KeptResponse
from archive.judging.known_articles import KnownArticle, article_at
from archive.judging.paged import begin_pages, is_paged
from archive.judging.presence import note_answer, note_sight, note_witness
from archive.judging.reading import NOWHERE_ELSE, Fetched, PageReading, UnreadPage
from archive.judging.runs import LAYOUT, KeptCapture, Outcome, Session
from archive.judging.shown_states import ShownState, decide, seen_again
from archive.replaying import sight_revisits
from archive.rows import CaptureRow, revisits_of
from archive.rules import ArticleState


def interpret(
    session: Session,
    capture: KeptCapture,
    reading: PageReading,
    fetched: Fetched | None = None,
    conversion: SealedRecord | None = None,
) -> Outcome:
    """Record the state or the verdict that a page shows by itself, not as one of several; returns the outcome.

    fetched: the response that brought it, if any. conversion: the record of the state, if made ahead.
    """
    if isinstance(reading, UnreadPage):
        return unparsed(session, capture, reading, led_by(fetched, reading) if fetched else None)
    whence = fetched.whence if fetched else NOWHERE_ELSE
    return decide(session, ShownState(capture, reading, conversion, whence=whence))


def interpret_revisit(session: Session, kept: KeptResponse, fetched: Fetched, refers_to: str) -> Outcome:
    """Record that a revisit shows what its earlier capture shows; the outcome is "revisit" if nothing new follows.

    refers_to: the record id of the earlier capture. Its page is read now, with the outcome of that, if `_shown_again`
    gives None, or if it is of an article in several pages; of such an article an import records nothing, and the
    outcome is "revisit".
    """
    capture = kept.capture
    if is_paged(session, refers_to):
        if session.origin != "site":
            return Outcome("revisit")  # the further pages of that moment are not known
    elif outcome := _shown_again(session, capture, refers_to):
        return outcome
    # Left: an article in pages, or a page without a reading: the parser failed then, or has another version now.
    reading = kept.reading or session.reader.record(session.stored(refers_to))
    if begun := begin_pages(session, capture, reading, fetched):
        return begun
    if isinstance(reading, ArticleState):
        return _read_late(session, capture, refers_to, reading)
    return unparsed_again(session, capture, reading, led_by(fetched, reading))


def _shown_again(session: Session, capture: KeptCapture, refers_to: str) -> Outcome | None:
    """Record that the article of an earlier capture is seen once more, or that its page of unknown layout came again.

    If the capture before it may show another text, a ledger line says that this one was seen again, and the outcome is
    "edited" if that makes an edit. Else it is "revisit". If the earlier capture shows no article: "revisit" if its page
    was of unknown layout and an article is known at the address; None, with nothing recorded, for any other page.
    """
    seen, found = capture.seen, readings_at(session.conn, refers_to)
    if found is None:
        return _waits_again(session, seen, refers_to)
    article = KnownArticle(found.article_id, found.key)
    session.layouts.answered += 1
    readings = comparable_readings(session, article, seen, refers_to, found.readings)
    if is_return(session.conn, article, seen, readings):
        outcome = seen_again(session, article, capture, newest(readings))
        return outcome if outcome.kind == "edited" else Outcome("revisit", article.key)
    sight_again(session.conn, refers_to, seen)
    note_sight(session, article.key, seen)
    return Outcome("revisit", article.key)


def _waits_again(session: Session, seen: CaptureRow, refers_to: str) -> Outcome | None:
    """Record that bytes with the verdict "layout" came again, so the article still answers; the outcome is "revisit".

    None if the capture `refers_to` has another verdict, or if no article is known at the address.
    """
    row = session.conn.execute("select verdict from captures where record_id = ?", (refers_to,)).fetchone()
    article = article_at(session, seen.url) if row == (LAYOUT,) else None
    if article is None:
        return None
    session.layouts.answered += 1
    note_witness(session, article.key, seen)
    note_answer(session, article.key, seen)
    return Outcome("revisit", article.key)


def _read_late(session: Session, capture: KeptCapture, refers_to: str, state: ArticleState) -> Outcome:
    """Decide an earlier capture whose page gives an article only now; its revisits, this one included, show it too.

    refers_to: the record id of the earlier capture. Returns the outcome of the earlier capture.
    """
    capture_id, url, at = session.conn.execute(
        "select id, url, captured_at from captures where record_id = ?", (refers_to,)
    ).fetchone()
    earlier = KeptCapture(session.stored(refers_to), CaptureRow(capture_id, session.source.name, url, at))
    outcome = interpret(session, earlier, state)
    before = [each for each in revisits_of(session.conn, refers_to) if each != capture.seen.capture_id]
    sight_revisits(session.conn, before)  # without this one: if it has a line of its own it is no further reading
    _shown_again(session, capture, refers_to)
    return outcome
