"""Lines that commit to the bytes written: the end of a run, and the loss of some of them."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from archive.decisions.decision import Decision, LedgerEntry
from archive.decisions.fields import CLOSED, Code, Count, Digest, Hex, How, WarcName
from archive.files import all_files_of, source_of
from archive.rows import (
    Ended,
    FieldCoverage,
    Unproved,
    cover_fields,
    distrust,
    enter_ranges,
    finish_crawl,
    know_source,
    replace_ranges,
)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class WarcRange:
    """Bytes of a WARC file: `tail -c +FIRST_BYTE FILE | head -c LENGTH | sha256sum` gives sha256."""

    file: WarcName
    first_byte: Annotated[int, Field(ge=1, lt=1 << 53, strict=True)]
    """Counted from 1, as tail does."""
    length: Count
    sha256: Hex


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Sealing(Decision):
    """The common fields of lines that end a run (a crawl, an import, a reparse): its figures and its bytes.

    The line commits to all bytes appended to the source's WARC files since the line before that did so.
    """

    captures: Count
    revisits: Count
    new_articles: Count
    new_revisions: Count
    errors: Count
    files: tuple[WarcRange, ...] = ()
    """What was appended to each WARC file."""

    def enter(self, entry: LedgerEntry) -> None:
        if any(source_of(each.file) != entry.line.chain for each in self.files):
            raise Unproved("it names files of another source")
        there = any((entry.folder / each.file).exists() for each in self.files)
        if self.files and not there and not all_files_of(entry.folder, entry.line.chain):
            raise Unproved(f"no file of {entry.line.chain} is in captures: it may be the chain of another home")
        enter_ranges(entry.conn, self.files, entry.line.digest)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class CrawlFinished(Sealing):
    """A crawl ended. The next crawl writes this line for a crawl that was killed."""

    kind = "crawl_finished"
    crawl: str
    finish_reason: Code
    outcome: Ended
    requests: Count
    articles_seen: Count | None = None
    """Articles that answered, and live ones that lists name and the crawl did not fetch.

    Left out if the crawl looked for a part or was killed.
    """
    articles_asked: Count | None = None
    """Known articles that were due and asked, answered or not; left out of a crawl that was killed."""
    articles_answered: Count | None = None
    """Articles that answered with text, 304 (unchanged) or an unknown layout; left out by earlier versions."""
    fields: FieldCoverage | None = None
    """How many pages were read, and how many of them had each property."""

    def enter(self, entry: LedgerEntry) -> None:
        super().enter(entry)
        finish_crawl(entry.conn, self)
        if self.fields:
            cover_fields(entry.conn, self.crawl, self.fields)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class ImportFinished(Sealing):
    """An import into a source ended."""

    kind = "import_finished"


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Loss(Decision):
    """Bytes of a file are lost or altered, and the operator accepted the loss."""

    kind, is_event = "loss", True
    source: str
    file: str
    first_byte: Annotated[int, Field(ge=1, lt=1 << 53, strict=True)]
    """The first lost byte, counted from 1."""
    bytes: Count
    """How many bytes are lost or altered; 0 if that is unknown."""
    how: How
    head: Digest | None = None
    """The last line of the chain that the database had applied, if known."""
    found: Hex | None = None
    """SHA-256 of the bytes that stand there now: a ledger line, or a range of a file."""
    files: tuple[WarcRange, ...] = ()
    """What is left of the ranges that earlier lines named in this file."""

    def enter(self, entry: LedgerEntry) -> None:
        know_source(entry.conn, self.source)
        replace_ranges(entry.conn, self.file, self.first_byte, self.files, entry.line.digest)
        if self.how == "altered":
            distrust(entry.conn, self.file, self.first_byte - 1, self.bytes)
