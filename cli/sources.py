"""The sources we know: the command that lists them, and which one an address belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import opening
from cli.common import AsJson, echo_json
from cli.table import say_table

if TYPE_CHECKING:
    from archive.settings import Settings
    from crawler.sources import Source
    from parsers.selectors import Selectors


def owner_of(url: str, settings: Settings) -> Source | None:
    """The declared source whose article it is, else the widest of those on whose hosts the address is, else None."""
    from crawler.sources import all_sources

    here = [each for each in all_sources(settings).values() if each.within(url)]
    return next((each for each in here if each.covers(url)), max(here, key=lambda each: len(each.hosts), default=None))


def selectors_of_sources() -> dict[str, Selectors]:
    """What the declaration of each source selects on its pages, by its name."""
    from crawler.sources import all_sources

    return {source.name: source.selectors for source in all_sources(opening.settings()).values()}


def sources(as_json: AsJson = False) -> None:
    """List the sources we know: built in, and declared in thinker.toml.

    Example: thinker sources --json
    """
    from crawler.sources import all_sources

    known = all_sources(opening.settings())
    if as_json:
        echo_json([source.as_json() for source in known.values()])
        return
    say_table(("source", "homepage", "publisher"), map(_row, known.values()))


def _row(source: Source) -> tuple[str, str, str]:
    unproven = "  (unproven: nobody has seen it read a live page)" if source.unproven else ""
    return source.name, source.homepage, f"{source.publisher}{unproven}"
