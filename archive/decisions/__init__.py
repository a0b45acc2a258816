"""Every kind of ledger line: a class with its fields and its effect on the database."""

# Imported eagerly: a line's kind is known by its class, and lazy loading would register only some classes.
from archive.decisions.acts import Act, Corrected, Hidden, KnownAgain, Merged, Moved, OperatorAct, Split, Undone
from archive.decisions.crawls import Clock, CrawlStarted, Drift, Gap, LostProperty, RobotsRead, SlotMissed
from archive.decisions.decision import OPERATOR, Decision, LedgerEntry, apply, decision_of, line_of
from archive.decisions.event_kinds import event_kinds
from archive.decisions.fields import CLOSED, REASON, TOP, How, Origin, RobotsReading
from archive.decisions.presence import (
    AccessRestricted,
    Delisted,
    Probe,
    ProbeEvidence,
    Redirected,
    Removed,
    Restored,
    Unlisted,
)
from archive.decisions.reparses import ReparseFinished, ReparseReached, ReparseStarted, ReparseUndone
from archive.decisions.sealing import CrawlFinished, ImportFinished, Loss, Sealing, WarcRange
from archive.decisions.states import CaptureUnread, Edited, FurtherPage, New, Reparsed, SeenAgain, StateMade, StateSeen
from archive.decisions.stores import Stores

EVENT_KINDS = event_kinds()  # must follow the imports above, which register the kinds

__all__ = [
    "CLOSED",
    "EVENT_KINDS",
    "OPERATOR",
    "REASON",
    "TOP",
    "AccessRestricted",
    "Act",
    "CaptureUnread",
    "Clock",
    "Corrected",
    "CrawlFinished",
    "CrawlStarted",
    "Decision",
    "Delisted",
    "Drift",
    "Edited",
    "FurtherPage",
    "Gap",
    "Hidden",
    "How",
    "ImportFinished",
    "KnownAgain",
    "LedgerEntry",
    "Loss",
    "LostProperty",
    "Merged",
    "Moved",
    "New",
    "OperatorAct",
    "Origin",
    "Probe",
    "ProbeEvidence",
    "Redirected",
    "Removed",
    "ReparseFinished",
    "ReparseReached",
    "ReparseStarted",
    "ReparseUndone",
    "Reparsed",
    "Restored",
    "RobotsRead",
    "RobotsReading",
    "Sealing",
    "SeenAgain",
    "SlotMissed",
    "Split",
    "StateMade",
    "StateSeen",
    "Stores",
    "Undone",
    "Unlisted",
    "WarcRange",
    "apply",
    "decision_of",
    "line_of",
]  # fmt: skip
