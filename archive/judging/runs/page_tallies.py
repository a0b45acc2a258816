"""Counts of a crawl that are reported at its end: pages that a script renders, selectors that found nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.settings import ANY_SITE
from parsers.errors import RENDERED


@dataclass(slots=True)
class UnmatchedSelectors:
    """The number of pages read, and of those on which each declared selector found nothing, with an example."""

    pages: int = 0
    found: dict[str, tuple[int, str]] = field(default_factory=dict)

    def note(self, names: Sequence[str], url: str) -> None:
        """Count a page, and the selectors that found nothing on it; `names` is empty if all found something."""
        self.pages += 1
        for name in names:
            count, first = self.found.get(name, (0, url))
            self.found[name] = count + 1, first

    def lines(self, source: str) -> Iterator[str]:
        """Yield one line of text for each selector that found nothing on some page.

        It gives the name of the selector, the number of such pages, and the url of one as an example.
        """
        for name, (count, url) in sorted(self.found.items()):
            yield (
                f"sources.{source}.selectors.{name} matches nothing on {count} of {self.pages} pages, such as {url}; "
                "the general rules were used there"
            )


@dataclass(slots=True)
class ScriptedPages:
    """The number of a crawl's pages that gave no article because a script renders them, with an example."""

    pages: int = 0
    example: str = ""

    def note(self, reason: str, url: str) -> None:
        """Count a page that gave no article, if its reason begins with RENDERED: a script renders it."""
        if reason.startswith(RENDERED):
            self.pages += 1
            self.example = self.example or url

    def lines(self, source: str) -> Iterator[str]:
        """Yield one line of text if pages were counted.

        Nothing for a source of ANY_SITE, whose pages are fetched singly: the caller reports the reason itself.
        """
        if self.pages and source not in ANY_SITE:
            pages = f"1 page of {source} is" if self.pages == 1 else f"{self.pages} pages of {source} are"
            yield (
                f"{pages} rendered by a script, such as {self.example}: scripts are not run, so there is no text; "
                "see docs/adding-a-source.md"
            )
