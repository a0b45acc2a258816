"""What a page says: a state of an article, or why it gives none; by the parser that a source's declaration asks for."""

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
from parsers import Blocked, Document, Gone, LayoutChanged, ParseError, Restricted
from parsers.article import stitched
from parsers.links import following_page
from parsers.reader import unmatched
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
# What read its newest articles, its last crawls and its reparses; the whole history would be long to ask for.
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
    """Why a page gave no article: the verdict, and one line for people.

    leads_to: the address that a page without an article sends its reader on to by itself, as a redirect does.
    """

    verdict: Verdict
    reason: str
    leads_to: str | None = None


PageReading = ArticleState | UnreadPage


class PageReader(Protocol):
    """Whoever reads pages; from any thread."""

    def read(self, page: Document) -> PageReading:
        """What a page says. Raises OSError when nothing can be read at all: no page is to blame for that."""

    def close(self) -> None:
        """Let go of what it holds."""


def read_page(page: Document) -> PageReading:
    """What a page says. A hostile page may break any parser: then that is the reason, for the capture is kept."""
    try:
        state = state_of(parsers.parse(page), parsers.version_of(page.selectors))
        following = following_page(page)
        missed = unmatched(page) if page.selectors else ()
        return replace(state, following=following, unmatched=missed) if following or missed else state
    except ParseError as error:
        return _unread(page, error)
    except Exception as fault:
        return UnreadPage("crashed", one_line(f"the parser failed: {type(fault).__name__}: {fault}"))


def _unread(page: Document, error: ParseError) -> UnreadPage:
    """Why a page gave none; what says itself that it is gone, or for members, says more than where it leads."""
    verdict = next(verdict for kind, verdict in VERDICTS if isinstance(error, kind))
    leads_to = None
    if verdict == "not_article":
        with suppress(ParseError):  # a page without a tree
            leads_to = sent_on_to(page)
    return UnreadPage(verdict, one_line(error.reason), leads_to)


def whole_state(readings: Sequence[PageReading], parser_version: str) -> ArticleState | None:
    """The state that all pages of an article make, read by one parser.

    None where one cannot be read, or another should follow.
    """
    states = [each for each in readings if isinstance(each, ArticleState)]
    if len(states) < len(readings) or (len(states) == 1 and states[0].following):
        return None
    if len(states) == 1:
        return states[0]
    return state_of(stitched([each.article for each in states]), parser_version)


def one_line(reason: str) -> str:
    """A reason as the archive keeps it: one line of at most 200 characters."""
    return " ".join(reason.split())[:200]


def site_of(source: str) -> str | None:
    """Whose page classes may read what came from a source; None where each address says whose it is."""
    return None if source in ANY_SITE else source


@dataclass(frozen=True, slots=True)
class SourceReader:
    """Reads what came from one source, as its page classes or, for pages of any site, the general reader read it."""

    pages: PageReader
    source: str | None
    selectors: Selectors = NO_SELECTORS

    @classmethod
    def of(cls, pages: PageReader, source: str, selectors: Selectors = NO_SELECTORS) -> "SourceReader":
        """The reader of a source by its name, and the selectors of its declaration."""
        return cls(pages, site_of(source), selectors)

    @property
    def version(self) -> str:
        """The parser version of what it reads."""
        return parsers.version_of(self.selectors)

    def document(self, record: Record) -> Document:
        """The page that a record holds. Raises ContentError and WarcError."""
        return document_of(record, self.source, self.selectors)

    def record(self, record: Record) -> PageReading:
        """What the page in a record says. Raises WarcError, and what the parser's failure raises."""
        try:
            return self.pages.read(self.document(record))
        except CutShort as error:
            return UnreadPage("incomplete", one_line(str(error)))
        except ContentError as error:
            return UnreadPage("not_article", one_line(str(error)))

    def content(
        self, content: bytes, content_type: str | None, url: str, at: datetime, further: bool = False
    ) -> PageReading:
        """What the content of a response says; `further`: it is not the first page of its article."""
        try:
            return self.pages.read(Document(content, content_type, url, at, self.source, further, self.selectors))
        except (OSError, MemoryError):
            raise
        except Exception as fault:  # a reader of our own catches what it can; this is what nobody thought of
            return UnreadPage("quarantined", one_line(f"{type(fault).__name__}: {fault}"))


def with_edition(conn: sqlite3.Connection, source: str, selectors: Selectors) -> Selectors:
    """The selectors with their edition: the last one's where it had the same, else the next. None so far: 0."""
    last, digests = last_edition(conn, source)
    same = selectors.digest in digests or (not last and not selectors)
    return replace(selectors, edition=last if same else last + 1)


def last_edition(conn: sqlite3.Connection, source: str) -> tuple[int, frozenset[str]]:
    """The last edition of a source's selectors, and the digests that bear its number; 0 and none without any."""
    read_by = (version for (version,) in conn.execute(READ_BY, {"source": source}))
    known = [(int(found[1]), found[2]) for version in read_by if (found := EDITION.search(version))]
    last = max((edition for edition, _ in known), default=0)
    return last, frozenset(digest for edition, digest in known if edition == last)
