"""Compare a capture with its neighbours in time; today's parser reads a neighbour again that another one read."""

from collections.abc import Mapping

from archive.files import WarcError
from archive.history import state_id_of
from archive.judging.adjacent_captures import AdjacentCapture, Likeness, likeness, neighbours, shown_by
from archive.judging.known_articles import KnownArticle
from archive.judging.reading import whole_state
from archive.judging.rereading import FurtherReading, tell_reading
from archive.judging.runs import Session
from archive.rows import CaptureRow, Connection, Unproved, is_undated
from archive.rules import ArticleState


def likeness_to_neighbours(session: Session, article: KnownArticle, seen: CaptureRow, digest: str) -> Likeness:
    """Compare the text that today's parser read from a capture, given by its digest, with its neighbours in time.

    "same" if the text is that of one neighbour, else "other" if it differs from one's, else "unknown" (no version read
    both). Before that, today's parser reads each neighbour that only other versions have read, unless one of them read
    this very text there. Without neighbours, and for an undated capture: "same" if the article was ever seen in this
    text, else "other". So a better parser makes no edit.
    """
    now = {session.reader.version: digest}
    alone = is_undated(session.conn, seen.capture_id)
    found = [] if alone else neighbours(session.conn, *article, seen.capture_id, seen.captured_at)
    if not found:
        return "other" if state_id_of(session.conn, article.id, digest) is None else "same"
    alike = {likeness(_read_by_both(session, article, each, digest), now) for each in found}
    return "same" if "same" in alike else "other" if "other" in alike else "unknown"


def is_return(conn: Connection, article: KnownArticle, seen: CaptureRow, readings: Mapping[str, str]) -> bool:
    """True if its key's capture next before the revisit `seen`, or at its moment, is not known to show its text.

    False if there is no such capture. readings: the content digests read from the revisit's bytes, by parser version.
    """
    before = [each for each in neighbours(conn, *article, seen.capture_id, seen.captured_at)
              if each.captured_at <= seen.captured_at]  # fmt: skip
    return bool(before) and likeness(before[0].readings, readings) != "same"


def comparable_readings(
    session: Session, article: KnownArticle, seen: CaptureRow, refers_to: str, readings: Mapping[str, str]
) -> Mapping[str, str]:
    """The content digests read from a revisit's bytes, by parser version; `readings` are those known so far.

    If they cannot be compared with those of some neighbour in time, today's parser reads the revisit's bytes, and then
    each neighbour whose readings still cannot be compared. What it read of the bytes is among those returned.
    """
    beside = neighbours(session.conn, *article, seen.capture_id, seen.captured_at)
    if all(likeness(each.readings, readings) != "unknown" for each in beside):
        return readings
    found = _read_by_both(session, article, shown_by(session.conn, article.id, refers_to), "")
    for each in beside:
        if likeness(each.readings, found) == "unknown":
            _read_by_both(session, article, each, "")
    return found


def _read_by_both(
    session: Session, article: KnownArticle, neighbour: AdjacentCapture, digest: str
) -> Mapping[str, str]:
    """The content digests read from a capture, by parser version, with that of today's parser.

    If today's parser has not read it yet, it does so now, and the ledger gets a line. It does not if another version
    read `digest` already, or if it gets no article from the bytes; then the readings are those known so far.
    """
    readings = neighbour.readings
    if session.reader.version in readings or digest in readings.values():
        return readings
    state = _read_again(session, neighbour)
    if state is None:
        return readings
    reading = FurtherReading(
        article.id, article.key, neighbour.captured_at, neighbour.url, neighbour.pages, state, session.reader.version
    )
    tell_reading(session.stores, session.warcinfo, reading)
    return {**readings, session.reader.version: state.digest}


def _read_again(session: Session, neighbour: AdjacentCapture) -> ArticleState | None:
    """The state that today's parser reads from the stored pages of a capture.

    None if a record is missing or damaged, if a page gives no article, or if only the first of several pages is stored.
    """
    try:
        records = [session.stored(page.holder) for page in neighbour.pages]
        found = [session.reader.record(record) for record in records]
    except (WarcError, Unproved):
        return None  # `thinker verify` names the damage
    return whole_state(found, session.reader.version)
