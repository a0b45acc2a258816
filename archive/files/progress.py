"""How far a long piece of work has come, and how a count reads in English."""

from dataclasses import dataclass
from typing import Protocol


class Progress(Protocol):
    """Hears what is done, and of how much, in the work's own unit; total None: nobody knows. It is called often."""

    def __call__(self, done: int, total: int | None, /) -> None: ...


def unheard(_done: int, _total: int | None, /) -> None:
    """Where nobody waits."""


@dataclass(slots=True)
class Meter:
    """Adds up what is done of a whole, and tells it."""

    progress: Progress = unheard
    total: int | None = None
    done: int = 0

    def add(self, amount: int) -> None:
        """So much more is done."""
        self.done += amount
        self.report()

    def report(self, beyond: int = 0) -> None:
        """What is done, and what is `beyond` it in a part that is under way."""
        self.progress(self.done + beyond, self.total)


def counted(count: int, noun: str, many: str | None = None) -> str:
    """The count with its noun: `1 revision`, `2 revisions`, `1,234 articles`; many: a plural that takes more than s."""
    return f"{count:,} {noun if count == 1 else many or f'{noun}s'}"
