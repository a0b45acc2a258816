"""Decide captures left open by a crash, or quarantined by an earlier version."""

from archive.files import VERSION, Record, WarcError
from archive.judging.interpreting import interpret
from archive.judging.paged import begin_pages, give_up
from archive.judging.reading import GOOD, PageReading, UnreadPage
from archive.judging.runs import KeptCapture, Session
from archive.judging.verdicts import quarantine
from archive.replaying import sight_revisits
from archive.rows import CaptureRow, Unproved, enter_again, fault_text, is_fatal, revisits_of

WAITING = """
    select c.id, record_id, url, captured_at, crawl_id, k.finished_at from captures c
      left join crawls k on k.id = c.crawl_id
     where c.source = :source and verdict is null and parse_error is null and record_type <> 'revisit'
       and kind = 'article'
     union all
    select id, record_id, url, captured_at, crawl_id, null from captures
     where source = :source and verdict = 'quarantined' and parser_version <> :version
     order by 1
    """
ENDED = "it names a crawl that had ended: no crash leaves such a capture"
CUT_OFF = "was not fetched: the crawl was cut off"


def take_up(session: Session) -> None:
    """Decide every open capture of this source as if it had just come, outside this run's counts, and commit.

    Open: without a verdict, or quarantined by another version of the program. If its crawl has ended, a capture is not
    decided but quarantined: no crash leaves such. An article with pages still to come is given up. Damaged records are
    passed over.
    """
    asked = {"source": session.source.name, "version": VERSION}
    for capture_id, record_id, url, captured_at, crawl_id, ended in session.conn.execute(WAITING, asked).fetchall():
        try:
            record = session.stored(record_id)
        except (WarcError, Unproved):
            continue  # damaged since: `thinker verify` names it, and new captures must not wait for it
        with session.not_counted("import" if crawl_id is None else "site"):
            if ended:
                quarantine(session, record, capture_id, ENDED)
            else:
                seen = CaptureRow(capture_id, session.source.name, url, captured_at)
                _interpret_or_quarantine(session, KeptCapture(record, seen))
    session.stores.commit()


def _interpret_or_quarantine(session: Session, capture: KeptCapture) -> None:
    try:
        with session.stores.undoable():
            _interpret(session, capture)
    except Exception as fault:
        if is_fatal(fault):
            raise
        quarantine(session, capture.record, capture.seen.capture_id, fault_text(fault))


def _interpret(session: Session, capture: KeptCapture) -> None:
    status = enter_again(session.conn, capture.seen.capture_id, capture.record, session.source.name)
    reading = _reading(session, capture.record, status)
    begun = begin_pages(session, capture, reading)
    if begun is None:
        interpret(session, capture, reading)
        sight_revisits(session.conn, revisits_of(session.conn, capture.record.record_id))
    elif begun.unfinished is not None:
        give_up(session, begun.unfinished, CUT_OFF)


def _reading(session: Session, record: Record, status: int | None) -> PageReading:
    page = record.warc_type != "revisit" and record.fields.get("thinker-kind", "article") == "article"
    if page and (record.warc_type == "resource" or status in GOOD):
        return session.reader.record(record)
    return UnreadPage("not_article", f"the answer is no page of an article (HTTP {status})")
