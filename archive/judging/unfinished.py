"""An article in pages that is not whole yet: what has arrived of it, and where it goes on."""

from dataclasses import dataclass

from archive.files.warc import Record
from archive.reading.fetched import Fetched
from archive.rows.captures import CaptureRow
from archive.rules.identity import ArticleState


@dataclass(frozen=True, slots=True)
class PageOfArticle:
    """One page of an article: its capture, the one that holds its bytes (another for a revisit), and what it says."""

    record: Record
    seen: CaptureRow
    holder: str
    state: ArticleState


@dataclass(slots=True)
class Unfinished:
    """An article of which pages are still to come: where the next one is, and the validators of its last visit."""

    first: Fetched | None  # page 1 as it came, without its payload
    parts: list[PageOfArticle]
    url: str = ""
    etag: str | None = None
    last_modified: str | None = None
