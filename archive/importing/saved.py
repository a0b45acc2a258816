"""What an import takes: one response, revisit or saved file, and where it lies."""

from dataclasses import dataclass
from datetime import datetime

from archive.importing.records import Again
from archive.reading.fetched import Fetched


@dataclass(frozen=True, slots=True)
class Revisited:
    """Another archive's record that bytes came again: the head of the answer, and whose bytes they are."""

    head: Fetched
    of: Again


@dataclass(frozen=True, slots=True)
class SavedFile:
    """Bytes that came without HTTP. captured_at None: nobody says when they were captured."""

    payload: bytes
    content_type: str
    captured_at: datetime | None


@dataclass(frozen=True, slots=True)
class Saved:
    """One thing to import."""

    path: str
    url: str
    content: Fetched | Revisited | SavedFile
