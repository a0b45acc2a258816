"""Read a page as a state of an article, or as the reason why it gives none."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import parsers
from archive.files import ContentError, CutShort, Record
from archive.rows import document_of
from archive.rules import ArticleState, Verdict, state_of
from archive.settings import ANY_SITE
from parsers import Blocked, Document, Gone, LayoutChanged, ParseError, Restricted, reader
from parsers.article import stitched
from parsers.links import following_page
from parsers.scaffold import sent_on_to
from parsers.selectors import NO_SELECTORS, Selectors

VERDICTS: tuple[tuple[type[ParseError], Verdict], ...] = (
    (Gone, "gone"),
    (Restricted, "restricted"),
    (Blocked, "blocked"),
    (LayoutChanged, "layout"),
    (ParseError, "not_article"),
)
EDITION = re.compile(r"\+sel(\d{1,9})\.(\w+)$")
# The versions that read the newest articles, the last crawls and the reparses: all of history would be slow.
READ_BY = """
    select parser_version from (
        select g.parser_version from articles a join sightings g on g.article_id = a.id
         where a.source = :source order by a.id desc limit 500)
    union select parser_version from (
        select c.parser_version from crawls w join captures c on c.crawl_id = w.id
         where w.source = :source and c.parser_version is not null order by w.id desc, c.id desc limit 500)
    union select parser_version from reparses where source = :source and undone_at is null
    """


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """The reason why a page gave no article: the verdict, and one line for people.

    leads_to: the address to which a page without an article sends its reader by itself, as a redirect does.
    """

    verdict: Verdict
    reason: str
    leads_to: str | None = None


PageReading = ArticleState | UnreadPage


class PageReader(Protocol):
    """A reader of pages, callable from any thread."""

    def read(self, page: Document) -> PageReading:
        """The reading of a page. Raises OSError when no page can be read at all; then the page is not the cause."""

    def close(self) -> None:
        """Release its resources."""


def read_page(page: Document) -> PageReading:
    """The reading of a page: the state of an article, or the verdict and the reason why it gives none.

    A page on which the parser fails with an unexpected error gets the verdict "crashed".
    """
    try:
        state = state_of(parsers.parse(page), parsers.version_of(page.selectors))
        following = following_page(page)
        missed = reader.unmatched(page) if page.selectors else ()  # loaded with the first page
        return replace(state, following=following, unmatched=missed) if following or missed else state
    except ParseError as error:
        return _unread(page, error)
    except Exception as fault:
        return UnreadPage("crashed", one_line(f"the parser failed: {type(fault).__name__}: {fault}"))


def _unread(page: Document, error: ParseError) -> UnreadPage:
    """The verdict and the reason for a page without an article.

    leads_to, the address to which the page sends its reader, is set only with "not_article": the other verdicts already
    name the cause.
    """
    verdict = next(verdict for kind, verdict in VERDICTS if isinstance(error, kind))
    leads_to = None
    if verdict == "not_article":
        with suppress(ParseError):  # a page without a tree
            leads_to = sent_on_to(page)
    return UnreadPage(verdict, one_line(error.reason), leads_to)


def whole_state(readings: Sequence[PageReading], parser_version: str) -> ArticleState | None:
    """The state that the readings of all pages of an article make together; that of a single page is returned as it is.

    None if a page gives no article, or if there is only one and it has a next page. parser_version: that of the parser
    that read all of them.
    """
    states = [each for each in readings if isinstance(each, ArticleState)]
    if len(states) < len(readings) or (len(states) == 1 and states[0].following):
        return None
    if len(states) == 1:
        return states[0]
    return state_of(stitched([each.article for each in states]), parser_version)


def one_line(reason: str) -> str:
    """A reason as the archive stores it: on one line, cut off after 200 characters without a mark."""
    return " ".join(reason.split())[:200]


def site_of(source: str) -> str | None:
    """The source itself, whose page classes read its pages; None for a source of ANY_SITE: the address decides."""
    return None if source in ANY_SITE else source


@dataclass(frozen=True, slots=True)
class SourceReader:
    """Reads pages of one source, with its page classes or, for sources of any site, by the page's address."""

    pages: PageReader
    source: str | None
    selectors: Selectors = NO_SELECTORS

    @classmethod
    def of(cls, pages: PageReader, source: str, selectors: Selectors = NO_SELECTORS) -> "SourceReader":
        """The reader of a source by its name, with the selectors of its declaration."""
        return cls(pages, site_of(source), selectors)

    @property
    def version(self) -> str:
        """The parser version of its readings: "8", or with the edition of its selectors "8+sel1.0a1b2c"."""
        return parsers.version_of(self.selectors)

    def document(self, record: Record) -> Document:
        """The page that a record holds. Raises ContentError and WarcError."""
        return document_of(record, self.source, self.selectors)

    def record(self, record: Record) -> PageReading:
        """The reading of the page in a record. Raises WarcError, and OSError as `PageReader.read` does.

        A body that is only a part is "incomplete", one that cannot be decoded "not_article".
        """
        try:
            return self.pages.read(self.document(record))
        except CutShort as error:
            return UnreadPage("incomplete", one_line(str(error)))
        except ContentError as error:
            return UnreadPage("not_article", one_line(str(error)))

    def content(
        self, content: bytes, content_type: str | None, url: str, at: datetime, further: bool = False
    ) -> PageReading:
        """The reading of a response's content. further: it is a later page of its article.

        An unexpected error gives the verdict "quarantined". Raises OSError as `PageReader.read` does, and MemoryError.
        """
        try:
            return self.pages.read(Document(content, content_type, url, at, self.source, further, self.selectors))
        except (OSError, MemoryError):
            raise
        except Exception as fault:  # unexpected: a reader of ours turns its own faults into an UnreadPage
            return UnreadPage("quarantined", one_line(f"{type(fault).__name__}: {fault}"))


def with_edition(conn: sqlite3.Connection, source: str, selectors: Selectors) -> Selectors:
    """The selectors with their edition: the source's last one if it had the same selectors, else the next number.

    Empty selectors get 0 if the source never had others.
    """
    last, digests = last_edition(conn, source)
    same = selectors.digest in digests or (not last and not selectors)
    return replace(selectors, edition=last if same else last + 1)


def last_edition(conn: sqlite3.Connection, source: str) -> tuple[int, frozenset[str]]:
    """The number of the last edition of a source's selectors, and the digests recorded with that number.

    Usually one digest. (0, empty) if none of the versions in READ_BY had selectors.
    """
    read_by = (version for (version,) in conn.execute(READ_BY, {"source": source}))
    known = [(int(found[1]), found[2]) for version in read_by if (found := EDITION.search(version))]
    last = max((edition for edition, _ in known), default=0)
    return last, frozenset(digest for edition, digest in known if edition == last)
