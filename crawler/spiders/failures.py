"""The articles that a crawl could not have: the first ones are named, the others counted."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.spiders.outages import Tell

MAX_NAMED = 20  # a site that fails as a whole is told by its end, and a log is read by people


@dataclass(slots=True)
class Failures:
    """Says each failure of an article, and at the end how many were not said. tell: says one line."""

    tell: Tell
    count: int = 0

    def say(self, line: str) -> None:
        """An article failed."""
        self.count += 1
        if self.count <= MAX_NAMED:
            self.tell(line)

    def end(self) -> None:
        """Nothing more fails."""
        if self.count > MAX_NAMED:
            self.tell(f"{self.count - MAX_NAMED} more articles failed")
