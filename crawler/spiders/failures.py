"""Failures of a crawl: the first are logged, the others counted; and outages of its hosts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_VISITS = 30
MAX_FAILURES_IN_WINDOW = 20  # in that window; at so many the site counts as down
MIN_SILENT_VISITS = 5  # fewer unanswered visits are no evidence of an outage

Log = Callable[[str], None]


@dataclass(slots=True)
class VisitWindow:
    """The last WINDOW_VISITS visits of a crawl, True if answered. A refusal by robots.txt or our rules is no visit."""

    _answered: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW_VISITS))
    _ever: bool = False

    def note(self, answered: bool) -> None:
        """Add a visit."""
        self._answered.append(answered)
        self._ever = self._ever or answered

    @property
    def outage(self) -> bool:
        """True if the crawl should end: 20 of the last 30 visits failed, in any order."""
        return self._answered.count(False) >= MAX_FAILURES_IN_WINDOW

    @property
    def all_failed(self) -> bool:
        """True if a finished crawl met an outage: five visits or more, and not one answered in the whole crawl."""
        return not self._ever and len(self._answered) >= MIN_SILENT_VISITS


@dataclass(slots=True)
class Silence:
    """The failures before the first answer, held back: one message for all if nothing ever answers, else one each."""

    held: list[tuple[str, Log]] = field(default_factory=list)
    broken: bool = False

    def failed(self, told: str, log: Log) -> None:
        """Note a request without an answer: hold it back, or log it at once if something has answered before."""
        if self.broken:
            log(told)
        else:
            self.held.append((told, log))

    def answered(self) -> None:
        """Note an answer, and log the failures before it one by one."""
        self.broken = True
        held, self.held = self.held, []
        for told, log in held:
            log(told)

    def line(self, source: str) -> str | None:
        """A message that nothing answered, with cause and advice; None if something did, or nothing was asked."""
        if self.broken or not self.held:
            return None
        asked = f"{len(self.held)} addresses" if len(self.held) > 1 else "the only address"
        remedy = f"is this machine online? `thinker doctor {source}` checks each list"
        return f"nothing answered ({asked} asked): {self.held[0][0]}: {remedy}"


MAX_NAMED = 20  # keeps the log short; the end of a crawl reports a site that fails as a whole


@dataclass(slots=True)
class Failures:
    """Logs the first failures of articles, and at the end the number of the others."""

    log: Log
    count: int = 0

    def say(self, line: str) -> None:
        """Count an article that failed; log its line if it is one of the first MAX_NAMED."""
        self.count += 1
        if self.count <= MAX_NAMED:
            self.log(line)

    def end(self) -> None:
        """Log the number of failures that were not logged; nothing if all were."""
        if self.count > MAX_NAMED:
            self.log(f"{self.count - MAX_NAMED} more articles failed")
