"""Who reads the pages of a source: the one object between the archive and the parser."""

from dataclasses import dataclass
from datetime import datetime

from archive.captures import ContentError, document, document_of
from archive.judging.readings import PageReader, PageReading, Unread, one_line
from archive.warc import HttpMessage, Record
from parsers import Document

ANY_SITE = ("imported", "fetched")  # of these sources each page's address says whose it is


def site_of(source: str) -> str | None:
    """Whose page classes may read what came from a source; None where each address says whose it is."""
    return None if source in ANY_SITE else source


@dataclass(frozen=True, slots=True)
class SourceReader:
    """Reads what came from one source, as its page classes or, for pages of any site, the general reader read it."""

    pages: PageReader
    source: str | None

    @classmethod
    def of(cls, pages: PageReader, source: str) -> "SourceReader":
        """The reader of a source by its name."""
        return cls(pages, site_of(source))

    def document(self, record: Record) -> Document:
        """The page that a record holds. Raises ContentError and WarcError."""
        return document_of(record, self.source)

    def record(self, record: Record) -> PageReading:
        """What the page in a record says. Raises WarcError, and what the parser's failure raises."""
        try:
            return self.pages.read(self.document(record))
        except ContentError as error:
            return Unread("not_article", one_line(str(error)))

    def message(self, message: HttpMessage, url: str, at: datetime, further: bool = False) -> PageReading:
        """What the page in a response says; `further`: it is not the first one of its article."""
        try:
            return self.pages.read(document(message, url, at, self.source, further))
        except ContentError as error:
            return Unread("not_article", one_line(str(error)))
        except (OSError, MemoryError):
            raise
        except Exception as fault:  # a reader of our own catches what it can; this is what nobody thought of
            return Unread("quarantined", one_line(f"{type(fault).__name__}: {fault}"))
