"""The lines of a crawl: its start, robots.txt, missed slots, a changed layout or clock."""

from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from archive.decisions.decision import Decision, LedgerEntry
from archive.decisions.fields import CLOSED, RENAMED, Code, Count, Digest, Moment, RecordId, RobotsReading
from archive.rows import capture_row, know_source, miss_slot, note_robots


@dataclass(frozen=True, kw_only=True, config=RENAMED)
class Gap(Decision):
    """Slots of a source missed or failed since its last completed crawl, without those of an earlier gap.

    The line is written when the next crawl begins.
    """

    kind, is_event = "gap", True
    source: str
    since: Annotated[Moment, Field(alias="from")]
    """When the last completed crawl began, or the crawl that reported the gap before, if that is later.

    Without either: when the first of these slots was due.
    """
    until: Annotated[Moment, Field(alias="to")]
    """When the crawl that reports the gap began."""
    slots: Count
    missed: Count
    failed: Count
    last_slot: Moment
    """When the last of these slots was due."""

    def enter(self, entry: LedgerEntry) -> None:
        know_source(entry.conn, self.source)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class CrawlStarted(Decision):
    """A crawl began. Its warcinfo record names the source."""

    kind = "crawl_started"
    record_id: RecordId
    crawl: str

    def enter(self, entry: LedgerEntry) -> None:
        """Change nothing: the warcinfo record has already entered the crawl."""


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class RobotsRead(Decision):
    """A crawl read a robots.txt, and asked that host only for what it allows."""

    kind = "robots"
    record_id: RecordId
    payload_digest: Digest
    crawl: str
    reading: RobotsReading
    """rules: its rules apply. allows_all: it answers 4xx. forbids_all: it answers 5xx or cannot be read."""

    def enter(self, entry: LedgerEntry) -> None:
        seen = capture_row(entry.conn, self.record_id, self.payload_digest)
        note_robots(entry.conn, self.crawl, seen.capture_id, self.reading)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class LostProperty:
    """A property that most pages of earlier crawls had, with its share in percent before and now."""

    name: Code
    before: Count
    now: Count


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Drift(Decision):
    """A site changed its layout."""

    kind, is_event = "drift", True
    source: str
    crawl: str
    pages: Count
    """Known articles that answered."""
    other_layout: Count
    waiting: Count
    """Pages that wait for a parser that knows the layout."""
    lost: tuple[LostProperty, ...] = ()

    def enter(self, entry: LedgerEntry) -> None:
        """Change nothing: this kind is only an event, which `apply` enters."""


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class SlotMissed(Decision):
    """A slot of the schedule passed without a crawl."""

    kind = "slot_missed"
    source: str
    due_at: Moment

    def enter(self, entry: LedgerEntry) -> None:
        miss_slot(entry.conn, self.source, self.due_at)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class Clock(Decision):
    """The machine's clock went back. Until it catches up, everything has the last moment of the chain."""

    kind, is_event = "clock", True
    source: str
    said: Moment
    """What the clock said."""

    def enter(self, entry: LedgerEntry) -> None:
        know_source(entry.conn, self.source)
