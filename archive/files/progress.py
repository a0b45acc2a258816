"""Progress of long work, and counts in English."""

from dataclasses import dataclass
from typing import Protocol


class Progress(Protocol):
    """Callback with (done, total) in the work's own unit, total None if unknown. It is called often."""

    def __call__(self, done: int, total: int | None, /) -> None: ...


def unheard(_done: int, _total: int | None, /) -> None:
    """Do nothing: the `Progress` of callers that show none."""


@dataclass(slots=True)
class Meter:
    """Adds up the work done and reports it."""

    progress: Progress = unheard
    total: int | None = None
    done: int = 0

    def add(self, amount: int) -> None:
        """Add to the work done, and report it."""
        self.done += amount
        self.report()

    def report(self, beyond: int = 0) -> None:
        """Report the work done plus `beyond`, the part done of a step that `add` has not counted yet."""
        self.progress(self.done + beyond, self.total)


def counted(count: int, noun: str, many: str | None = None) -> str:
    """The count with its noun: `1 revision`, `2 revisions`, `1,234 articles`; many: an irregular plural."""
    return f"{count:,} {noun if count == 1 else many or f'{noun}s'}"
