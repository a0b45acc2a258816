"""The articles that a crawl could not have: the first are named, the others counted; and hosts that are down."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_VISITS = 30  # visits that are looked at
MAX_FAILURES_IN_WINDOW = 20  # failures among them that one site may have and be well
MIN_SILENT_VISITS = 5  # visits of a crawl in which nothing answered that say something of the site

Log = Callable[[str], None]


@dataclass(slots=True)
class VisitWindow:
    """The last visits of a crawl, True where something answered. What we were refused was no visit."""

    _answered: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW_VISITS))
    _ever: bool = False

    def note(self, answered: bool) -> None:
        """Add a visit."""
        self._answered.append(answered)
        self._ever = self._ever or answered

    @property
    def outage(self) -> bool:
        """Whether to end the crawl: 20 of the last 30 visits failed, whatever came between them."""
        return self._answered.count(False) >= MAX_FAILURES_IN_WINDOW

    @property
    def all_failed(self) -> bool:
        """Whether a crawl that came to its end met an outage all the same: five visits or more, and none answered."""
        return not self._ever and len(self._answered) >= MIN_SILENT_VISITS


@dataclass(slots=True)
class Silence:
    """What failed before anything answered: told as one thing when nothing ever does, else each by itself."""

    held: list[tuple[str, Log]] = field(default_factory=list)
    broken: bool = False

    def failed(self, told: str, log: Log) -> None:
        """A request failed without an answer; log: logs it under the name of the module that asked."""
        if self.broken:
            log(told)
        else:
            self.held.append((told, log))

    def answered(self) -> None:
        """Something answered: what failed before is a matter of its own addresses."""
        self.broken = True
        held, self.held = self.held, []
        for told, log in held:
            log(told)

    def line(self, source: str) -> str | None:
        """That nothing answered, the cause and the remedy; None where something did, or nothing was asked."""
        if self.broken or not self.held:
            return None
        asked = f"{len(self.held)} addresses" if len(self.held) > 1 else "the only address"
        remedy = f"is this machine online? `thinker doctor {source}` asks each list"
        return f"nothing answered ({asked} asked): {self.held[0][0]}: {remedy}"


MAX_NAMED = 20  # a site that fails as a whole is told by its end, and a log is read by people


@dataclass(slots=True)
class Failures:
    """Says each failure of an article, and at the end how many were not said. log: says one line."""

    log: Log
    count: int = 0

    def say(self, line: str) -> None:
        """An article failed."""
        self.count += 1
        if self.count <= MAX_NAMED:
            self.log(line)

    def end(self) -> None:
        """Nothing more fails."""
        if self.count > MAX_NAMED:
            self.log(f"{self.count - MAX_NAMED} more articles failed")
