"""Every kind of ledger line: its fields, and what it does to the database. A new kind is one class in one of these."""

from archive.decisions.crawls import Clock, CrawlStarted, Drift, Gap, LostProperty, RobotsRead, SlotMissed
from archive.decisions.decision import OPERATOR, Decision, Entry, OperatorAct, apply, decision_of, line_of
from archive.decisions.fields import CLOSED, TOP, Origin, RobotsReading
from archive.decisions.presence import (
    Delisted,
    Evidence,
    Probe,
    Redirected,
    Removed,
    Restored,
    Restricted,
    Unlisted,
)
from archive.decisions.reparses import ReparseFinished, ReparseReached, ReparseStarted, ReparseUndone
from archive.decisions.sealing import CrawlFinished, ImportFinished, Loss, Sealing, WarcRange
from archive.decisions.states import CaptureUnread, Edited, FurtherPage, New, Reparsed, SeenAgain, StateMade, StateSeen

__all__ = [
    "CLOSED", "OPERATOR", "TOP", "CaptureUnread", "Clock", "CrawlFinished", "CrawlStarted", "Decision", "Delisted",
    "Drift", "Edited", "Entry", "Evidence", "FurtherPage", "Gap", "ImportFinished", "Loss", "LostProperty", "New",
    "OperatorAct", "Origin", "Probe", "Redirected", "Removed", "ReparseFinished", "ReparseReached", "ReparseStarted",
    "ReparseUndone", "Reparsed", "Restored", "Restricted", "RobotsRead", "RobotsReading", "Sealing", "SeenAgain",
    "SlotMissed", "StateMade", "StateSeen", "Unlisted", "WarcRange", "apply", "decision_of", "line_of",
]  # fmt: skip
