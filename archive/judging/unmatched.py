"""Selectors that found nothing: counted in a crawl, and told at its end, for the pages are read all the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Unmatched:
    """On how many pages each selector of the declaration found nothing, and one of them."""

    pages: int = 0
    found: dict[str, tuple[int, str]] = field(default_factory=dict)

    def note(self, names: Sequence[str], url: str) -> None:
        """One page was read, and these selectors found nothing on it."""
        self.pages += 1
        for name in names:
            count, first = self.found.get(name, (0, url))
            self.found[name] = count + 1, first

    def told(self, source: str) -> Iterator[str]:
        """A line for each of them."""
        for name, (count, url) in sorted(self.found.items()):
            yield (
                f"sources.{source}.selectors.{name} found nothing on {count} of {self.pages} pages, such as {url}: "
                "the general rules read it there"
            )
