"""Articles in several pages: decided once, when the last page has arrived, and never from a part of them.

Page 1 is a capture like any other, each further page one of kind `page`, which says nothing alone. Whatever cuts an
article off before its last page leaves its captures and no decision; page 1 then waits for the next crawl.
"""

from dataclasses import replace

from archive.decisions import FurtherPage
from archive.files import Record
from archive.judging.adjacent_captures import neighbours, newest
from archive.judging.interpreting import Interpreter
from archive.judging.reading import Fetched, PageReading, UnreadPage, Whence, one_line
from archive.judging.runs import Outcome, PageOfArticle, Session, UnfinishedArticle
from archive.rows import CaptureRow, stored_record
from archive.rules import ArticleState, key_of, state_of
from parsers.article import stitched
from parsers.links import MAX_PAGES, page_count, page_number

ALONE = "it is the first page of several, and an import does not put them together"


class PagedArticles:
    """Follows the articles in pages of one source."""

    def __init__(self, session: Session, interpreter: Interpreter) -> None:
        self._session, self._interpreter = session, interpreter
        self._conn = session.conn

    def knows(self, holder: str) -> bool:
        """Whether a capture is the first page of an article that was decided from several."""
        sql = "select pages is not null from captures where record_id = ? and record_type <> 'revisit'"
        return bool(self._conn.execute(sql, (holder,)).fetchone() == (1,))

    def begin(
        self, first: Fetched | None, record: Record, seen: CaptureRow, holder: str, reading: PageReading
    ) -> Outcome | None:
        """What follows from the first page of an article in pages; None for any other page.

        first: the response, without its payload.
        """
        if not isinstance(reading, ArticleState):
            return None
        if self._session.origin != "site":
            return self._imported(record, seen, reading)
        if reading.following is None and not self.knows(holder):
            return None
        unfinished = UnfinishedArticle(first, [PageOfArticle(record, seen, holder, reading)])
        if not self._turn(unfinished):
            return self._decide(unfinished) if self.knows(holder) else None
        return Outcome("page", unfinished=unfinished)

    def _imported(self, record: Record, seen: CaptureRow, reading: ArticleState) -> Outcome | None:
        """An import brings pages one by one: the first page alone is no other text of an article that is known."""
        if reading.following is None or self._interpreter.article_at(seen.url) is None:
            return None
        return self._interpreter.unparsed(record, seen, UnreadPage("incomplete", ALONE))

    def go_on(
        self, unfinished: UnfinishedArticle, record: Record, seen: CaptureRow, holder: str, reading: PageReading
    ) -> Outcome:
        """One more page has arrived: the next one is wanted, or the article is decided."""
        if isinstance(reading, UnreadPage):
            return self.give_up(unfinished, f"could not be read: {reading.reason}")
        unfinished.parts.append(PageOfArticle(record, seen, holder, reading))
        return Outcome("page", unfinished=unfinished) if self._turn(unfinished) else self._decide(unfinished)

    def give_up(self, unfinished: UnfinishedArticle, reason: str) -> Outcome:
        """A further page cannot be had: nothing is decided from the pages before it, and page 1 says why."""
        first, number = unfinished.parts[0], len(unfinished.parts) + 1
        count = page_count(self._session.reader.document(self.record(first.holder)))
        told = one_line(f"page {number}{f' of {count}' if count >= number else ''} {reason}")
        return self._interpreter.unparsed(first.record, first.seen, UnreadPage("incomplete", told))

    def stored(self, holder: str) -> PageReading:
        """What a page says whose bytes came with an earlier capture."""
        return self._session.reader.record(self.record(holder))

    def _turn(self, unfinished: UnfinishedArticle) -> bool:
        """Find the next page: of the same article, after this one, and not yet had."""
        url, parts = unfinished.parts[-1].state.following, unfinished.parts
        if url is None or len(parts) == MAX_PAGES or key_of(url) in {key_of(part.seen.url) for part in parts}:
            return False
        first = parts[0].seen.url
        number = page_number(first, url)
        if number is None or number <= (page_number(first, parts[-1].seen.url) or 0):
            return False
        unfinished.url = url
        unfinished.etag, unfinished.last_modified = self._validators(url)
        return True

    def _validators(self, url: str) -> tuple[str | None, str | None]:
        row: tuple[str | None, str | None] | None = self._conn.execute(
            """
            select coalesce(c.etag, held.etag), coalesce(c.last_modified, held.last_modified)
              from captures c left join captures held on held.record_id = c.refers_to
             where c.urlkey = ? and c.source = ? and c.payload_digest is not null and c.status in (200, 203, 304)
               and c.truncated is null
             order by c.captured_at desc, c.id desc limit 1
            """,
            (key_of(url), self._session.source.name),
        ).fetchone()
        return row or (None, None)

    def _decide(self, unfinished: UnfinishedArticle) -> Outcome:
        first, *further = unfinished.parts
        pages = [_further(part) for part in further]
        outcome = self._seen_again(unfinished, pages)
        if outcome is None:
            article = stitched([part.state.article for part in unfinished.parts])
            state = replace(state_of(article, self._session.reader.version), unmatched=first.state.unmatched)
            whence = unfinished.first.whence if unfinished.first else Whence()
            outcome = self._interpreter.decide(first.record, first.seen, state, pages=pages, whence=whence)
        return outcome

    def _seen_again(self, unfinished: UnfinishedArticle, pages: list[FurtherPage]) -> Outcome | None:
        """The same bytes as those that came last: no parser has a say then, as with any other revisit."""
        first = unfinished.parts[0]
        found = self._interpreter.article_at(first.seen.url)
        if found is None or not all(part.record.warc_type == "revisit" for part in unfinished.parts):
            return None
        beside = neighbours(self._conn, found[0], first.seen.capture_id, first.seen.captured_at)
        if not beside:  # so far it was only received undated
            return None
        before = beside[0]
        if [part.holder for part in unfinished.parts] != [page.holder for page in before.pages]:
            return None
        version, digest = newest(before.readings)
        return self._interpreter.sighted(first.record, first.seen, *found, digest, pages, version)

    def record(self, holder: str) -> Record:
        """The record that holds a page's bytes."""
        return stored_record(self._conn, self._session.stores.folder, holder)


def _further(part: PageOfArticle) -> FurtherPage:
    fields = part.record.fields
    return FurtherPage(record_id=part.record.record_id, payload_digest=fields["warc-payload-digest"])
