"""Comparing: a capture with those next to it in time, which today's parser reads again where another one had."""

from collections.abc import Mapping
from dataclasses import replace

import parsers
from archive import decisions
from archive.captures import Seen, Unproved, stored_record
from archive.clock import instant
from archive.connection import Connection
from archive.derived import conversion
from archive.identity import State, state_of
from archive.judging.neighbours import Likeness, Neighbour, likeness, neighbours
from archive.judging.session import Session
from archive.states import conversion_digest_of, state_id_of
from archive.warc import WarcError
from archive.warc import digest as digest_of
from parsers.stitching import stitched


def likeness_to_neighbours(session: Session, article_id: int, key: str, seen: Seen, digest: str) -> Likeness:
    """Whether a capture shows what one next to it does. A better parser makes no edit: it reads both."""
    now = {parsers.PARSER_VERSION: digest}
    found = neighbours(session.conn, article_id, seen.capture_id, seen.captured_at)
    alike = {likeness(_read_by_both(session, article_id, key, each, digest), now) for each in found}
    return "same" if "same" in alike else "other" if "other" in alike else "unknown"


def is_return(conn: Connection, article_id: int, seen: Seen, readings: Mapping[str, str]) -> bool:
    """Whether the bytes of an earlier capture came again after others that showed another text."""
    before = [each for each in neighbours(conn, article_id, seen.capture_id, seen.captured_at)
              if each.captured_at <= seen.captured_at]  # fmt: skip
    return bool(before) and likeness(before[0].readings, readings) != "same"


def _read_by_both(session: Session, article_id: int, key: str, neighbour: Neighbour, digest: str) -> Mapping[str, str]:
    """What was read from a neighbour; today's parser reads it too, where another one read something else."""
    readings = neighbour.readings
    if parsers.PARSER_VERSION in readings or digest in readings.values():
        return readings
    state = _read_again(session, neighbour)
    if state is None:
        return readings
    _tell(session, article_id, key, neighbour, state)
    return {**readings, parsers.PARSER_VERSION: state.digest}


def _read_again(session: Session, neighbour: Neighbour) -> State | None:
    """What today's parser reads from stored bytes; None when they cannot be read."""
    try:
        records = [stored_record(session.conn, session.stores.folder, page.holder) for page in neighbour.pages]
        found = [session.reader.record(record) for record in records]
    except (WarcError, Unproved):
        return None  # `thinker verify` names the damage
    states = [each for each in found if isinstance(each, State)]
    if len(states) < len(found) or (len(found) == 1 and states[0].following):
        return None
    return (
        states[0] if len(states) == 1 else state_of(stitched([each.article for each in states]), parsers.PARSER_VERSION)
    )


def _tell(session: Session, article_id: int, key: str, neighbour: Neighbour, state: State) -> None:
    """Say what today's parser reads from a capture that another one had read."""
    first, *further = neighbour.pages
    if not further and first.holder != first.record_id:
        first = replace(first, record_id=first.holder)  # its revisits have the readings of the bytes that they repeat
    (at, url) = session.conn.execute(
        "select captured_at, url from captures where record_id = ?", (first.record_id,)
    ).fetchone()
    seen = {
        "at": at, "key": key, "content_digest": state.digest, "payload_digest": first.payload_digest,
        "record_id": first.record_id, "parser_version": parsers.PARSER_VERSION,
        "pages": tuple(
            decisions.FurtherPage(record_id=page.record_id, payload_digest=page.payload_digest) for page in further
        ),
    }  # fmt: skip
    if state_id_of(session.conn, article_id, state.digest) is not None:
        kept = conversion_digest_of(session.conn, article_id, state.digest)
        session.stores.tell(decisions.SeenAgain(conversion_digest=kept, **seen))
        return
    made = session.stores.keep_derived(
        conversion(first.record_id, url, instant(at), state, session.warcinfo), instant(at)
    )
    session.stores.tell(
        decisions.Reparsed(
            conversion=made.record_id, conversion_digest=digest_of(state.block), origin="reparse", **seen
        ),
        state,
    )
