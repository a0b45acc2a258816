"""The pulse of a crawl: its last request, the pauses that hosts asked for, and work without requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Literal

STALL_SECONDS = 120.0
"""A crawl without a request for so long, beyond the longest pause of its hosts, is ended."""
MAX_WORK_SECONDS = 1800.0
"""The most seconds of work between two requests: a list of a million addresses takes minutes."""
MAX_URL_CHARACTERS = 300  # of an address in a pulse

Phase = Literal["opening", "crawling", "closing"]
"""Opening catches up with the WARC files, closing judges missing articles: both may take any time."""


class Pulse:
    """The state of a crawl: written by its event loop, read in another thread by its watch (process/stall_watch.py)."""

    def __init__(self) -> None:
        self.phase: Phase = "opening"
        self.requests = 0
        self.asked_at: datetime | None = None
        self.url: str | None = None
        self.turned_at = monotonic()  # the last turn of the event loop
        self.works = 0  # number of `working` blocks that have ended
        self._paused_until = 0.0
        self._at_work = 0

    def ask(self, url: str) -> None:
        """Note a request that goes out."""
        self.requests += 1
        self.asked_at, self.url = datetime.now(UTC), url[:MAX_URL_CHARACTERS]

    def pause(self, seconds: float) -> None:
        """Note that a host asks for so many seconds of patience."""
        self._paused_until = max(self._paused_until, monotonic() + seconds)

    @property
    def pause_left(self) -> float:
        """The seconds until the last of the noted pauses ends; 0 if all have ended."""
        return max(0.0, self._paused_until - monotonic())

    @contextmanager
    def working(self) -> Iterator[None]:
        """Mark the block as work without requests: parsing, writing, waiting for the archive. Blocks may overlap."""
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1
            self.works += 1

    @property
    def at_work(self) -> bool:
        """True while a block of `working` runs."""
        return self._at_work > 0


@dataclass(slots=True)
class Patience:
    """Counts how long a crawl may still go without a request; pure: time comes in steps.

    stall: the most seconds in a row with neither a request nor work; longest_work: the most without a request. A
    suspended process makes no steps, so it is not late when it wakes.
    """

    stall: float
    longest_work: float = MAX_WORK_SECONDS
    _idle: float = 0.0
    _since: float = 0.0

    def step(self, seconds: float, excused: bool, at_work: bool, pause_left: float = 0.0) -> float:
        """Add so many seconds, and return the seconds that are left; 0 or less: it has stalled.

        excused: a request was made, or none is wanted in this phase; then the count starts anew, as if no second had
        passed. pause_left: the seconds that a host's pause still lasts; above 0 the count starts anew too, and they are
        added to the result. at_work: these seconds were work without requests.
        """
        if excused or pause_left > 0:
            self._idle = self._since = 0.0
        else:
            self._since += seconds
            self._idle = 0.0 if at_work else self._idle + seconds
        return min(self.stall - self._idle, self.longest_work - self._since) + pause_left
