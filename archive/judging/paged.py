"""Articles in several pages: decided once, when the last page has arrived, never from some of the pages.

Page 1 is a capture like any other; each further page has the kind `page` and is never interpreted alone. If an
article breaks off before its last page, page 1 gets the verdict "incomplete", and nothing else is decided.
"""

from dataclasses import replace

from archive.decisions import FurtherPage
from archive.judging.absences import unparsed
from archive.judging.adjacent_captures import neighbours, newest
from archive.judging.known_articles import article_at
from archive.judging.reading import NOWHERE_ELSE, Fetched, PageReading, UnreadPage, one_line
from archive.judging.runs import KeptCapture, Outcome, PageOfArticle, Session, UnfinishedArticle
from archive.judging.shown_states import ShownState, decide, seen_again
from archive.rules import ArticleState, key_of, state_of
from parsers.article import stitched
from parsers.links import MAX_PAGES, page_count, page_number

ALONE = "it is the first page of several, and an import does not put them together"


def is_paged(session: Session, record_id: str) -> bool:
    """True if a capture is the first page of an article that was decided from several pages together.

    False for a revisit.
    """
    sql = "select pages is not null from captures where record_id = ? and record_type <> 'revisit'"
    return bool(session.conn.execute(sql, (record_id,)).fetchone() == (1,))


def begin_pages(
    session: Session, capture: KeptCapture, reading: PageReading, fetched: Fetched | None = None
) -> Outcome | None:
    """Begin an article in pages with its first page; None if the page is to be interpreted alone.

    The outcome is "page" if the next page is to be fetched. If the same bytes were once decided with further pages, and
    have no next page now, the article is decided here. An import fetches nothing: if there is a next page, the outcome
    is "incomplete" for a known article, and None for a new one. fetched: the response that brought the page, if any.
    """
    if not isinstance(reading, ArticleState):
        return None
    if session.origin != "site":
        return _imported(session, capture, reading)
    if reading.following is None and not is_paged(session, capture.holder):
        return None
    first = replace(fetched, payload=b"") if fetched else None
    unfinished = UnfinishedArticle(first, [PageOfArticle(capture, reading)])
    if not _turn(session, unfinished):
        return _decide_stitched(session, unfinished) if is_paged(session, capture.holder) else None
    return Outcome("page", unfinished=unfinished)


def go_on(session: Session, unfinished: UnfinishedArticle, capture: KeptCapture, reading: PageReading) -> Outcome:
    """Add one more page; the outcome is "page" if the next one is to be fetched, else the article is decided.

    A page that cannot be read gives the article up, as `give_up`: the outcome is "incomplete".
    """
    if isinstance(reading, UnreadPage):
        return give_up(session, unfinished, f"could not be read: {reading.reason}")
    unfinished.parts.append(PageOfArticle(capture, reading))
    if _turn(session, unfinished):
        return Outcome("page", unfinished=unfinished)
    return _decide_stitched(session, unfinished)


def give_up(session: Session, unfinished: UnfinishedArticle, reason: str) -> Outcome:
    """Give page 1 the verdict "incomplete" and decide nothing else, because a further page is missing.

    reason: words that can follow "page 3 of 5". Returns the outcome "incomplete".
    """
    first, number = unfinished.parts[0].capture, len(unfinished.parts) + 1
    count = page_count(session.reader.document(session.stored(first.holder)))
    said = one_line(f"page {number}{f' of {count}' if count >= number else ''} {reason}")
    return unparsed(session, first, UnreadPage("incomplete", said))


def _imported(session: Session, capture: KeptCapture, reading: ArticleState) -> Outcome | None:
    """Give an imported page the verdict "incomplete" if it has a next page and its article is known.

    Else None: it is decided alone.
    """
    if reading.following is None or article_at(session, capture.seen.url) is None:
        return None
    return unparsed(session, capture, UnreadPage("incomplete", ALONE))


def _turn(session: Session, unfinished: UnfinishedArticle) -> bool:
    """Set the url and validators of the next page and return True; False if there is no next page to fetch.

    Not fetched is a next page that belongs to another article, does not come after this one, was fetched already, or is
    beyond MAX_PAGES.
    """
    url, had = unfinished.parts[-1].state.following, [part.capture.seen.url for part in unfinished.parts]
    if url is None or len(had) == MAX_PAGES or key_of(url) in set(map(key_of, had)):
        return False
    number = page_number(had[0], url)
    if number is None or number <= (page_number(had[0], had[-1]) or 0):
        return False
    unfinished.url = url
    unfinished.etag, unfinished.last_modified = _validators(session, url)
    return True


def _validators(session: Session, url: str) -> tuple[str | None, str | None]:
    row: tuple[str | None, str | None] | None = session.conn.execute(
        """
        select coalesce(c.etag, held.etag), coalesce(c.last_modified, held.last_modified)
          from captures c left join captures held on held.record_id = c.refers_to
         where c.urlkey = ? and c.source = ? and c.payload_digest is not null and c.status in (200, 203, 304)
           and c.truncated is null
         order by c.captured_at desc, c.id desc limit 1
        """,
        (key_of(url), session.source.name),
    ).fetchone()
    return row or (None, None)


def _decide_stitched(session: Session, unfinished: UnfinishedArticle) -> Outcome:
    first, *further = unfinished.parts
    pages = tuple(_further(part.capture) for part in further)
    if outcome := _seen_again(session, unfinished, pages):
        return outcome
    article = stitched([part.state.article for part in unfinished.parts])
    state = replace(state_of(article, session.reader.version), unmatched=first.state.unmatched)
    whence = unfinished.first.whence if unfinished.first else NOWHERE_ELSE
    return decide(session, ShownState(first.capture, state, pages=pages, whence=whence))


def _seen_again(session: Session, unfinished: UnfinishedArticle, pages: tuple[FurtherPage, ...]) -> Outcome | None:
    """Record the article as seen again if all pages are revisits of the pages of its adjacent capture; else None.

    The adjacent capture is the one before this one, or without one the one after it. The text need not be compared
    then, whatever parser reads it now. The outcome is "seen" or "edited", as that of `seen_again`.
    """
    captures = [part.capture for part in unfinished.parts]
    first = captures[0]
    article = article_at(session, first.seen.url)
    if article is None or not all(capture.record.warc_type == "revisit" for capture in captures):
        return None
    beside = neighbours(session.conn, *article, first.seen.capture_id, first.seen.captured_at)
    if not beside:  # only undated captures so far
        return None
    before = beside[0]
    if [capture.holder for capture in captures] != [page.holder for page in before.pages]:
        return None
    return seen_again(session, article, first, newest(before.readings), pages)


def _further(capture: KeptCapture) -> FurtherPage:
    return FurtherPage(record_id=capture.record.record_id, payload_digest=capture.payload_digest)
