"""Who reads the pages of a source: the one object between the archive and the parser."""

from dataclasses import dataclass
from datetime import datetime

import parsers
from archive.files.contents import ContentError, CutShort
from archive.files.warc import Record
from archive.reading.readings import PageReader, PageReading, Unread, one_line
from archive.rows.captures import document_of
from archive.settings.source_record import ANY_SITE
from parsers import Document
from parsers.selectors import NO_SELECTORS, Selectors


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
            return Unread("incomplete", one_line(str(error)))
        except ContentError as error:
            return Unread("not_article", one_line(str(error)))

    def content(
        self, content: bytes, content_type: str | None, url: str, at: datetime, further: bool = False
    ) -> PageReading:
        """What the content of a response says; `further`: it is not the first page of its article."""
        try:
            return self.pages.read(Document(content, content_type, url, at, self.source, further, self.selectors))
        except (OSError, MemoryError):
            raise
        except Exception as fault:  # a reader of our own catches what it can; this is what nobody thought of
            return Unread("quarantined", one_line(f"{type(fault).__name__}: {fault}"))
