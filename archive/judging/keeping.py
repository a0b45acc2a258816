"""Store a response as records and a capture, before it is interpreted."""

from dataclasses import dataclass

from archive.files import SERVER_NOT_MODIFIED, Record, SealedRecord, digest
from archive.judging.reading import (
    Fetched,
    PageReading,
    Prepared,
    etag_of_304,
    not_modified_head,
    prepare_response,
    request_record,
    revisit_profile,
    revisit_record,
)
from archive.judging.runs import KeptCapture, Session
from archive.rows import CaptureRow, StoredPayload, Unenterable, enter_capture, latest_payload
from archive.rules import key_of


@dataclass(frozen=True, slots=True)
class KeptResponse:
    """A stored response: its capture, the reading of its page, and the conversion record of that reading.

    The conversion record is not yet written. Reading and conversion record stay None if none was made.
    """

    capture: KeptCapture
    reading: PageReading | None
    conversion: SealedRecord | None


def keep(session: Session, fetched: Fetched, prepared: Prepared | None) -> KeptResponse:
    """Write a response as it came, or as a revisit of the address's newest good capture, and enter its capture.

    A revisit: the bytes are the same, or a 304 confirms them. A body that `prepared` marks as not whole makes none.

    Raises Unenterable when no row can hold its values.
    """
    known = _latest(session, fetched)
    payload_digest = prepared.payload_digest if prepared else digest(fetched.payload)
    profile = revisit_profile(fetched, payload_digest, known)
    if profile is not None and known is not None and (prepared is None or prepared.whole):
        return keep_revisit(session, fetched, profile, known, prepared.reading if prepared else None)
    made = prepared or prepare_in(session, fetched)
    record = session.stores.keep(made.record, fetched.captured_at)
    if made.request:
        session.stores.keep(made.request, fetched.captured_at)
    return KeptResponse(enter(session, record, fetched.url), made.reading, made.conversion)


def keep_revisit(
    session: Session, fetched: Fetched, profile: str, held: StoredPayload, reading: PageReading | None = None
) -> KeptResponse:
    """Write a revisit record, as bytes came again or were confirmed (304), and enter the capture.

    profile: that of `revisit_profile`. held: the record with the bytes. Raises Unenterable as `keep`.
    """
    session.counts.revisits += 1
    at, warcinfo, stores = fetched.captured_at, session.warcinfo, session.stores
    record = stores.keep(revisit_record(fetched, profile, held, warcinfo), at)
    if profile == SERVER_NOT_MODIFIED:
        stores.keep(not_modified_head(fetched, record.record_id, warcinfo), at)
    if request := request_record(fetched, record.record_id, warcinfo):
        stores.keep(request, at)
    return KeptResponse(enter(session, record, fetched.url, held.record_id), reading, None)


def prepare_in(session: Session, fetched: Fetched) -> Prepared:
    """Do the part of `keep` that needs no database; callable from any thread once the run has a warcinfo record."""
    assert session.warcinfo is not None
    return prepare_response(fetched, session.warcinfo, session.reader)


def enter(session: Session, record: Record, url: str, refers_to: str | None = None) -> KeptCapture:
    """Enter the capture of a record of this run into the database, and add it to `session.counts.captures`.

    refers_to: for a revisit, the id of the record that holds its bytes. Raises Unenterable if no row can hold its
    values.
    """
    capture_id, fault = enter_capture(session.conn, record, session.source.name, session.crawl)
    session.counts.captures += 1
    if fault:
        raise Unenterable(fault)
    return KeptCapture(record, CaptureRow(capture_id, session.source.name, url, record.fields["warc-date"]), refers_to)


def _latest(session: Session, fetched: Fetched) -> StoredPayload | None:
    try:
        key = key_of(fetched.url)
    except ValueError:
        return None  # not a valid address: the bytes are kept all the same
    return latest_payload(session.conn, session.source.name, key, etag_of_304(fetched))
