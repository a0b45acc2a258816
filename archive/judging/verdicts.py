"""Record why a capture gives no article, as a ledger line and a metadata record."""

from archive.decisions import CaptureUnread
from archive.files import VERSION, Record, digest, instant
from archive.history import reason_conversion
from archive.judging.reading import UnreadPage
from archive.judging.runs import KeptCapture, Outcome, Session
from archive.rows import CaptureRow


def record_verdict(
    session: Session, capture: KeptCapture, payload_digest: str, unread: UnreadPage, key: str | None = None
) -> None:
    """Record why a capture gives no article: the verdict in the ledger, the reason in a metadata record.

    key: that of the article known at its address.
    """
    record, seen, at = capture.record, capture.seen, instant(capture.seen.captured_at)
    reason = session.stores.keep_derived(
        reason_conversion(record.record_id, seen.url, at, unread.verdict, unread.reason, session.warcinfo), at
    )
    session.stores.tell(
        CaptureUnread(
            at=seen.captured_at,
            key=key,
            payload_digest=payload_digest,
            conversion_digest=digest(reason.block),
            record_id=record.record_id,
            verdict=unread.verdict,
            metadata=reason.record_id,
            parser_version=VERSION if unread.verdict == "quarantined" else session.reader.version,
        )
    )


def quarantine(session: Session, record: Record, capture_id: int, reason: str) -> Outcome:
    """Record the verdict "quarantined" for a capture that no rule can take; returns the outcome "quarantined".

    The next version of the program tries it again. reason: one line. Counts an error.
    """
    sql = "select url, captured_at, payload_digest from captures where id = ?"  # the record may lack these fields
    url, at, payload_digest = session.conn.execute(sql, (capture_id,)).fetchone()
    capture = KeptCapture(record, CaptureRow(capture_id, session.source.name, url, at))
    record_verdict(session, capture, payload_digest, UnreadPage("quarantined", reason))
    session.counts.errors += 1
    return Outcome("quarantined", None, reason)
