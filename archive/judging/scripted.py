"""Pages that a script renders: counted in a crawl, and told at its end, for no script is run here."""

from collections.abc import Iterator
from dataclasses import dataclass

from archive.settings.source_record import ANY_SITE
from parsers.errors import RENDERED


@dataclass(slots=True)
class Scripted:
    """How many pages of a crawl gave no article for that reason, and one of them."""

    pages: int = 0
    example: str = ""

    def note(self, reason: str, url: str) -> None:
        """One page gave no article, for this reason."""
        if reason.startswith(RENDERED):
            self.pages += 1
            self.example = self.example or url

    def told(self, source: str) -> Iterator[str]:
        """A line, where there was one; of a single address whoever asked for it says so."""
        if self.pages and source not in ANY_SITE:
            pages = f"1 page of {source} is" if self.pages == 1 else f"{self.pages} pages of {source} are"
            yield (
                f"{pages} rendered by a script, such as {self.example}: no script is run here, and without it there is "
                "no text; docs/adding-a-source.md says what helps"
            )
