"""Absences: an article's address shows no article, leads elsewhere or does not answer."""

from archive.files import ContentError
from archive.history import headlines_of
from archive.judging.known_articles import KnownArticle, article_at
from archive.judging.moving import tell_led
from archive.judging.presence import note_answer, note_headline, note_missing, note_witness
from archive.judging.reading import MAX_BYTES_HERE, Fetched, PageReading, UnreadPage
from archive.judging.runs import LAYOUT, KeptCapture, Outcome, Session
from archive.judging.verdicts import record_verdict
from archive.rules import ANSWERED, UNUSABLE, Missing, key_of, outcome_led
from parsers import ParseError, reader

MISSING: dict[str, Missing] = {"gone": "gone", "restricted": "restricted", "blocked": "unreachable"}
ENDS: dict[str, Missing] = {  # outcomes at the end of redirects; any other means that they led to something else
    "gone": "gone", "restricted": "restricted",
    **dict.fromkeys(("unreachable", "incomplete", "crashed", "quarantined"), "unreachable"),
}  # fmt: skip
OTHER_LAYOUT = "the text differs and so does the layout: no proof of an edit"


def unparsed(session: Session, capture: KeptCapture, unread: UnreadPage, led: Missing | None = None) -> Outcome:
    """Record a page that gives no article: the verdict in the ledger, the reason in a metadata record.

    led: the outcome for the article if the page sends its reader on. With it, the article at this address counts as
    missing with this outcome; with the verdict "gone", "restricted" or "blocked" it counts as missing with the outcome
    "gone", "restricted" or "unreachable"; both as in `missed`. Any other verdict is itself the kind of the outcome, and
    counts as an error; with a verdict of ANSWERED the article counts as answering.
    """
    session.scripted.note(unread.reason, capture.seen.url)
    article = article_at(session, capture.seen.url)
    key = article.key if article else None
    record_verdict(session, capture, capture.payload_digest, unread, key)
    if led is not None:
        return missed(session, capture, led, unread.reason)
    if key is not None and unread.verdict in ANSWERED:
        _answered_otherwise(session, capture, unread, key)
    if unread.verdict in UNUSABLE:
        session.counts.errors += 1
        return Outcome(unread.verdict, key, unread.reason)
    return missed(session, capture, MISSING[unread.verdict], unread.reason)


def unparsed_again(session: Session, capture: KeptCapture, unread: UnreadPage, led: Missing | None = None) -> Outcome:
    """Count an article as missing or answering, as `unparsed` would, because a page without an article came again.

    The verdict stands, so no line repeats it. The outcome is that of `missed` where the article is missing, else
    "revisit", which is no error; with the reason if no article is known there.
    """
    url = capture.seen.url
    session.scripted.note(unread.reason, url)
    outcome = led or MISSING.get(unread.verdict)
    if outcome is not None:
        return missed(session, capture, outcome, unread.reason)
    article = article_at(session, url)
    if article is not None and unread.verdict in ANSWERED:
        note_answer(session, article.key, capture.seen)
    return Outcome("revisit", article.key) if article else Outcome("revisit", None, unread.reason)


def missed(session: Session, capture: KeptCapture, outcome: Missing, reason: str | None = None) -> Outcome:
    """Note that the article of a capture's address is missing; the crawl's end judges it.

    The outcome is of the kind `outcome`, even if no article is known there, or if `_note_absent` finds its headline on
    the page and notes no miss. "unreachable" counts as an error.
    """
    article = article_at(session, capture.seen.url)
    if outcome == "unreachable":
        session.counts.errors += 1
    if article is not None:
        _note_absent(session, article, capture, capture.seen.url, outcome)
    return Outcome(outcome, article.key if article else None, reason)


def unanswered(session: Session, url: str, at: str, reason: str) -> Outcome:
    """Count an error, as no response came from a url, and note that its article, if any, is unreachable.

    Returns the outcome "unreachable".
    """
    article = article_at(session, url)
    session.counts.errors += 1
    if article is not None:
        note_missing(session, article.key, url, "unreachable", at, None)
    return Outcome("unreachable", article.key if article else None, reason)


def led_elsewhere(session: Session, fetched: Fetched, capture: KeptCapture, outcome: Outcome) -> Outcome:
    """Note that the requested article is missing if redirects ended elsewhere; returns the outcome for it.

    outcome: that of the capture at the end of the redirects. It is returned unchanged if no known article was
    redirected, if its key is that of the requested article, if its kind is "page", if the article moved there (see
    `tell_led`), or if `_note_absent` finds the article's headline at the end.
    Else the kind is "redirected", or by ENDS "gone", "restricted" or "unreachable".
    """
    sought = fetched.whence.sought
    if sought is None or key_of(sought) == key_of(fetched.url):
        return outcome
    article = article_at(session, sought)
    if article is None or outcome.key == article.key or outcome.kind == "page":
        return outcome
    way = ENDS.get(outcome.kind, "redirected")
    if way == "redirected" and outcome.key is not None and tell_led(session, article.key, outcome.key):
        return outcome
    if _note_absent(session, article, capture, sought, way):
        return Outcome(way, article.key, outcome.error)
    return outcome


def led_by(fetched: Fetched, reading: PageReading) -> Missing | None:
    """The outcome for the article at an address that answered with an `UnreadPage` that has a `leads_to`.

    "restricted" if it leads to a login, "unreachable" if it cannot be followed, else "redirected". None for the state
    of an article, and for a page that sends its reader nowhere. fetched: the response, against whose address `leads_to`
    is read.
    """
    leads_to = reading.leads_to if isinstance(reading, UnreadPage) else None
    return outcome_led(fetched.leading(leads_to)) if leads_to else None


def _note_absent(session: Session, article: KnownArticle, capture: KeptCapture, url: str, outcome: Missing) -> bool:
    """Note that an article is missing at a url and return True.

    False if `outcome` is "gone" or "redirected" and the page there shows its headline: that is noted as an answer.
    """
    if outcome in ("gone", "redirected") and _shows_headline(session, article, capture):
        note_headline(session, article.key, capture.seen)
        return False
    note_missing(session, article.key, url, outcome, capture.seen.captured_at, capture.record.record_id)
    return True


def _shows_headline(session: Session, article: KnownArticle, capture: KeptCapture) -> bool:
    """True if a page shows a headline that its article has or had.

    False for a page above MAX_BYTES_HERE, one in JSON, and one that cannot be decoded.
    """
    headlines = headlines_of(session.conn, session.stores.folder, article.id)
    holder = session.stored(capture.refers_to) if capture.refers_to else capture.record
    try:
        page = session.reader.document(holder)
        return len(page.payload) <= MAX_BYTES_HERE and reader.shows_headline(page, headlines)
    except (ContentError, ParseError):
        return False  # unreadable by the parser as well


def _answered_otherwise(session: Session, capture: KeptCapture, unread: UnreadPage, key: str) -> None:
    """Note that a known article answered with a page that gave none: not missing, and not proved to be back.

    With the verdict "layout" it is also a witness for other articles of its host.
    """
    if unread.verdict == LAYOUT:
        note_witness(session, key, capture.seen)
    note_answer(session, key, capture.seen)
    if unread.reason != OTHER_LAYOUT:
        session.layouts.unread += 1
    session.layouts.example = session.layouts.example or capture.record.record_id
