"""The lines of a reparse: a newer parser reads stored captures again, and its readings may be taken back."""

from pydantic.dataclasses import dataclass

from archive.decisions.decision import Decision, LedgerEntry
from archive.decisions.fields import CLOSED, Moment, RecordId, ReparseId
from archive.decisions.sealing import Sealing
from archive.history import take_back_readings
from archive.rows import advance_reparse, begin_reparse, finish_reparse, mark_reparse_undone


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class ReparseStarted(Decision):
    """A newer parser begins to read the stored captures of a source again."""

    kind = "reparse_started"
    source: str
    reparse: ReparseId
    parser_version: str
    since: Moment | None = None
    """Captures before this moment are not read again."""

    def enter(self, entry: LedgerEntry) -> None:
        begin_reparse(entry.conn, self.reparse, self.source, self.at, self.parser_version, self.since)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class ReparseReached(Decision):
    """Every capture up to this one was read again. A run that was cut short continues after it."""

    kind = "reparse_reached"
    source: str
    reparse: ReparseId
    record_id: RecordId

    def enter(self, entry: LedgerEntry) -> None:
        advance_reparse(entry.conn, self.reparse, self.source, self.record_id)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class ReparseFinished(Sealing):
    """All stored captures were read again."""

    kind = "reparse_finished"
    source: str
    reparse: ReparseId

    def enter(self, entry: LedgerEntry) -> None:
        super().enter(entry)
        finish_reparse(entry.conn, self.reparse, self.source, self.at)


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class ReparseUndone(Decision):
    """What a newer parser read from stored captures is taken back; everything is as before."""

    kind = "reparse_undone"
    source: str
    reparse: ReparseId

    def enter(self, entry: LedgerEntry) -> None:
        mark_reparse_undone(entry.conn, self.reparse, self.source, self.at)
        take_back_readings(entry.conn, entry.folder, self.reparse, self.source)
