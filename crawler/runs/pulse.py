"""Whether a crawl goes on: what it asked last, the pauses that hosts asked for, and work that makes no request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Literal

STALL_SECONDS = 120.0
"""Seconds without a request, beyond the longest pause that its hosts asked for, after which a crawl is ended."""
MAX_WORK_SECONDS = 1800.0
"""Seconds of work between two requests at the most: a list of a million addresses takes minutes."""
MAX_URL_CHARACTERS = 300  # characters that are told of an address

Phase = Literal["opening", "crawling", "closing"]
"""Opening catches up what was not entered, closing judges what was missing: both take as long as they take."""


class Pulse:
    """What a crawl does, written by its event loop and read by its watch (process/stall_watch.py) in another thread."""

    def __init__(self) -> None:
        self.phase: Phase = "opening"
        self.requests = 0
        self.asked_at: datetime | None = None
        self.url: str | None = None
        self.turned_at = monotonic()  # when the event loop last came round
        self.works = 0  # how much of the work below has ended
        self._paused_until = 0.0
        self._at_work = 0

    def ask(self, url: str) -> None:
        """A request goes out."""
        self.requests += 1
        self.asked_at, self.url = datetime.now(UTC), url[:MAX_URL_CHARACTERS]

    def pause(self, seconds: float) -> None:
        """A host asks for so many seconds of patience."""
        self._paused_until = max(self._paused_until, monotonic() + seconds)

    @property
    def pause_left(self) -> float:
        """The seconds that are left of the longest pause."""
        return max(0.0, self._paused_until - monotonic())

    @contextmanager
    def working(self) -> Iterator[None]:
        """What is done in the block makes no request: parsing, writing, waiting for the archive."""
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1
            self.works += 1

    @property
    def at_work(self) -> bool:
        """Whether such a block runs."""
        return self._at_work > 0


@dataclass(slots=True)
class Patience:
    """How long a crawl may still go without a request; pure: time comes in steps.

    stall, longest_work: as above. A process that was suspended made no steps, so it is not late when it wakes.
    """

    stall: float
    longest_work: float = MAX_WORK_SECONDS
    _idle: float = 0.0
    _since: float = 0.0

    def step(self, seconds: float, excused: bool, at_work: bool, pause_left: float = 0.0) -> float:
        """So many seconds have passed; the seconds that are left, 0 or less: it has stalled.

        excused: a request was made, or none is wanted in this phase.
        """
        if excused or pause_left > 0:
            self._idle = self._since = 0.0
        else:
            self._since += seconds
            self._idle = 0.0 if at_work else self._idle + seconds
        return min(self.stall - self._idle, self.longest_work - self._since) + pause_left
