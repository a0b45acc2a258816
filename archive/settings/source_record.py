"""A source as the archive knows it: whoever declares sources need not load how crawls are written."""

from dataclasses import dataclass

from parsers.selectors import NO_SELECTORS, Selectors

# Of these sources each page's address says whose it is: nobody may declare them.
ANY_SITE = ("imported", "fetched")


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What a WARC file must say of the source it belongs to."""

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
