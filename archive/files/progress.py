"""How far a long piece of work has come, as whoever waits for it hears it."""

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
        self.tell()

    def tell(self, beyond: int = 0) -> None:
        """What is done, and what is `beyond` it in a part that is under way."""
        self.progress(self.done + beyond, self.total)
