"""Which source an address belongs to, and what the archive is told of a source."""

import json
from urllib.parse import urlsplit

from archive.ingest import SourceRecord
from archive.settings import Settings
from crawler.sources import Source, all_sources


def owner_of(url: str, settings: Settings) -> Source | None:
    """The declared source whose homepage's host the address is on, else None."""
    if url.startswith("urn:"):
        return None
    place = urlsplit(url).netloc.lower().removeprefix("www.")
    known = all_sources(settings).values()
    return next((each for each in known if urlsplit(each.homepage).netloc.lower().removeprefix("www.") == place), None)


def record_of(source: Source) -> SourceRecord:
    """The source as its WARC files declare it."""
    return SourceRecord(
        source.name, source.publisher, source.homepage, source.timezone, source.in_language,
        source.removal_probes, source.removal_spacing, json.dumps(source.as_json(), ensure_ascii=False), source.delay,
    )  # fmt: skip
