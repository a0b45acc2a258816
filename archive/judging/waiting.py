"""What waits for a decision: captures that a crash cut off, or that an earlier version could not take."""

from archive.files import VERSION, Record, WarcError
from archive.judging.interpreting import Interpreter
from archive.judging.paged import PagedArticles
from archive.judging.reading import GOOD, PageReading, UnreadPage
from archive.judging.runs import Session
from archive.replaying import sight_revisits
from archive.rows import CaptureRow, Unproved, enter_again, fault_text, is_fatal, revisits_of, stored_record

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


class UndecidedCaptures:
    """Decides what waits, as it would have been decided when it came."""

    def __init__(self, session: Session, interpreter: Interpreter, paged: PagedArticles) -> None:
        self._session, self._interpreter, self._paged = session, interpreter, paged
        self._conn, self._stores = session.conn, session.stores

    def decide(self) -> None:
        """Decide everything that waits in this source, and commit."""
        asked = {"source": self._session.source.name, "version": VERSION}
        for capture_id, record_id, url, captured_at, crawl_id, ended in self._conn.execute(WAITING, asked).fetchall():
            try:
                record = stored_record(self._conn, self._stores.folder, record_id)
            except (WarcError, Unproved):
                continue  # damaged since: `thinker verify` names it, and what is new must not wait for it
            with self._session.not_counted("import" if crawl_id is None else "site"):
                if ended:
                    self._interpreter.quarantine(record, capture_id, ENDED)
                else:
                    self._decide_or_quarantine(
                        record, CaptureRow(capture_id, self._session.source.name, url, captured_at)
                    )
        self._stores.commit()

    def _decide_or_quarantine(self, record: Record, seen: CaptureRow) -> None:
        try:
            with self._stores.undoable():
                self._decide(record, seen)
        except Exception as fault:
            if is_fatal(fault):
                raise
            self._interpreter.quarantine(record, seen.capture_id, fault_text(fault))

    def _decide(self, record: Record, seen: CaptureRow) -> None:
        status = enter_again(self._conn, seen.capture_id, record, self._session.source.name)
        reading = self._reading(record, status)
        begun = self._paged.begin(None, record, seen, record.record_id, reading)
        if begun is None:
            self._interpreter.interpret(record, seen, reading)
            sight_revisits(self._conn, revisits_of(self._conn, record.record_id))
        elif begun.unfinished is not None:
            self._paged.give_up(begun.unfinished, CUT_OFF)

    def _reading(self, record: Record, status: int | None) -> PageReading:
        page = record.warc_type != "revisit" and record.fields.get("thinker-kind", "article") == "article"
        if page and (record.warc_type == "resource" or status in GOOD):
            return self._session.reader.record(record)
        return UnreadPage("not_article", f"the answer is no page of an article (HTTP {status})")
