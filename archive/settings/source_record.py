"""A source as the archive knows it, apart from its crawl settings, so that readers need not load the crawler."""

import re
from dataclasses import dataclass

from parsers.selectors import NO_SELECTORS, Selectors

# Sources whose pages may be of any site, each known by its address: they cannot be declared.
SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
ANY_SITE = ("imported", "fetched")


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source as its WARC files describe it, also with the settings that the archive needs, such as removal_probes."""

    name: str
    publisher: str | None = None
    homepage: str | None = None
    timezone: str | None = None
    in_language: str | None = None
    removal_probes: int = 3
    removal_spacing: float = 86_400.0  # seconds
    declaration: str = "{}"  # JSON
    delay: float = 0.0  # seconds between two requests to a host
    selectors: Selectors = NO_SELECTORS
    drop_parameters: tuple[str, ...] = ()
