"""How many pages a crawl will have kept, as far as anybody can know: what is kept, and what is known to be ahead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from archive.files import Progress, unheard

LOOK_EVERY_SECONDS = 0.2  # seconds between two looks
MAX_SHARE_OF_TIME = 100  # a look may take this part of the time: among a million addresses it is made the more rarely


@dataclass(slots=True)
class CrawlProgress:
    """Tells of a crawl's pages, and now and then looks at what is ahead of it.

    The total is what was known at the last look, so it grows as lists are read and the time that remains is an
    estimate; it is never below what is done, and None as long as nothing is known to be ahead.
    """

    progress: Progress
    _recorded: int = 0  # in the archive's thread
    _kept: int = 0
    _total: int | None = None
    _next: float = 0.0

    def look(self, ahead: Callable[[], int | None]) -> None:
        """A page was recorded; `ahead` says how many more will be. Of a crawl that nobody watches it is not asked."""
        self._recorded += 1
        began = monotonic()
        if self.progress is unheard or began < self._next:
            return
        left = ahead()
        self._total = None if left is None else self._recorded + left
        ended = monotonic()
        self._next = ended + max(LOOK_EVERY_SECONDS, MAX_SHARE_OF_TIME * (ended - began))

    def count_page(self) -> None:
        """A page is kept."""
        self._kept += 1
        self.progress(self._kept, None if self._total is None else max(self._total, self._kept))
