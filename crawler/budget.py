"""What one crawl may ask of its source: so many pages, so many bytes, so many seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from scrapy.exceptions import IgnoreRequest


class BudgetSpent(IgnoreRequest):
    """The crawl has asked for all that it may; the text says of what."""


@dataclass(slots=True)
class Budget:
    """A budget (None: no end to it) and what is spent of it.

    pages counts every request that is sent, lists and second tries too, and is never passed. size counts the bytes of
    bodies as sent; seconds run from the first request. What is under way when these two are spent still comes.
    """

    pages: int | None = None
    size: int | None = None
    seconds: float | None = None
    clock: Callable[[], float] = monotonic
    _pages: int = 0
    _size: int = 0
    _began: float | None = None

    def check(self) -> None:
        """Raise BudgetSpent when nothing may be asked any more."""
        for spent, limit, what in self._spent():
            if limit is not None and spent >= limit:
                raise BudgetSpent(f"the budget of {limit:g} {what} is spent")

    def ask(self) -> None:
        """A request goes out. Raises BudgetSpent."""
        self.check()
        self._began = self.clock() if self._began is None else self._began
        self._pages += 1

    def got(self, size: int) -> None:
        """A body of so many bytes came."""
        self._size += size

    def _spent(self) -> tuple[tuple[float, float | None, str], ...]:
        elapsed = 0.0 if self._began is None else self.clock() - self._began
        return (
            (self._pages, self.pages, "pages"),
            (self._size, self.size, "bytes"),
            (elapsed, self.seconds, "seconds"),
        )
