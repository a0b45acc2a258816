"""What commits to the bytes that were written: the end of a run, and the loss of some of them."""

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
    """The end of a run, which commits to every byte written since the last one."""

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
    """A crawl ended; one that was killed is closed by the next."""

    kind = "crawl_finished"
    crawl: str
    finish_reason: Code
    outcome: Ended
    requests: Count
    articles_seen: Count | None = None
    """Articles that answered or, not being due, are listed; left out where only a part was looked for."""
    articles_asked: Count | None = None
    """Known articles that were due and whose turn came, answered or not; left out of a crawl that was killed."""
    articles_answered: Count | None = None
    """Articles that answered with their text, or that it is as it was; left out by earlier versions."""
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
    """Bytes of a file are gone or are not what was written; the operator accepted it and goes on."""

    kind, is_event = "loss", True
    source: str
    file: str
    first_byte: Annotated[int, Field(ge=1, lt=1 << 53, strict=True)]
    """Where it begins, counted from 1."""
    bytes: Count
    """How many are gone or false; 0: nobody knows."""
    how: How
    head: Digest | None = None
    """The last line of the chain that the database had applied, where it is known."""
    found: Hex | None = None
    """SHA-256 of what stands there instead: a ledger line, or the bytes of a range."""
    files: tuple[WarcRange, ...] = ()
    """What is left of the ranges that earlier lines named in this file."""

    def enter(self, entry: LedgerEntry) -> None:
        know_source(entry.conn, self.source)
        replace_ranges(entry.conn, self.file, self.first_byte, self.files, entry.line.digest)
        if self.how == "altered":
            distrust(entry.conn, self.file, self.first_byte - 1, self.bytes)
