"""The progress of a crawl: the pages that are stored, and an estimate of the total."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from archive.files import Progress, unheard

LOOK_EVERY_SECONDS = 0.2  # as often as the bar is drawn (cli/terminal/progress.py)
MAX_SHARE_OF_TIME = 100  # one part in so many for looks: counting a million addresses takes long


@dataclass(slots=True)
class CrawlProgress:
    """Reports a crawl's pages, with a total that is counted anew now and then.

    The total is the number known at the last count: it grows as lists are read, so the remaining time is an estimate.
    It is never below the number done, and None while nothing is known to be ahead.
    """

    progress: Progress
    _recorded: int = 0  # in the archive's thread
    _kept: int = 0
    _total: int | None = None
    _next: float = 0.0

    def look(self, ahead: Callable[[], int | None]) -> None:
        """Count a recorded page, and now and then take the total anew from `ahead`, which counts the pages to come.

        Reports nothing: `count_page` does. `ahead` is never called if nobody listens.
        """
        self._recorded += 1
        began = monotonic()
        if self.progress is unheard or began < self._next:
            return
        left = ahead()
        self._total = None if left is None else self._recorded + left
        ended = monotonic()
        self._next = ended + max(LOOK_EVERY_SECONDS, MAX_SHARE_OF_TIME * (ended - began))

    def count_page(self) -> None:
        """Report one more stored page, with the total at the last count."""
        self._kept += 1
        self.progress(self._kept, None if self._total is None else max(self._total, self._kept))
