"""The outcome of a response, and the counts of a run."""

from dataclasses import dataclass, field
from typing import Literal

from archive.files import Record
from archive.judging.reading import Fetched
from archive.judging.runs.witnesses import Miss
from archive.rows import CaptureRow
from archive.rules import UNUSABLE, ArticleState, Missing, Verdict

# page: one of an article in pages whose next page is to be fetched; hop: a redirect that is followed
Kind = Literal["new", "edited", "seen", "revisit", "list", "page", "hop", "robots"] | Missing | Verdict
ERRORS: frozenset[Kind] = frozenset(("unreachable", *UNUSABLE))  # kinds that count as errors of a crawl


@dataclass(frozen=True, slots=True)
class KeptCapture:
    """A capture that is on disk: its record and its row.

    refers_to: for a revisit, the id of the record that holds its bytes.
    """

    record: Record
    seen: CaptureRow
    refers_to: str | None = None

    @property
    def holder(self) -> str:
        """The id of the record that holds its bytes."""
        return self.refers_to or self.record.record_id

    @property
    def payload_digest(self) -> str:
        """The payload digest in its record."""
        return self.record.fields["warc-payload-digest"]


@dataclass(frozen=True, slots=True)
class PageOfArticle:
    """One page of an article: its capture and its reading."""

    capture: KeptCapture
    state: ArticleState


@dataclass(slots=True)
class UnfinishedArticle:
    """An article with pages still to come: the url of the next one, and the validators for requesting it.

    etag, last_modified: of that page's last capture; None without one.
    """

    first: Fetched | None  # page 1 as it came, without its payload; None if a crash had left it
    parts: list[PageOfArticle]
    url: str = ""
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a response: its kind, and the key of the article, if known.

    error: the reason, in one line, if a page gave no article or no response came; None if only the status says so.
    """

    kind: Kind
    key: str | None = None
    error: str | None = None
    unfinished: UnfinishedArticle | None = None  # of a page: the article whose next page is to be fetched
    record_id: str | None = None  # of a list, robots.txt or hop: its record


@dataclass(slots=True)
class Counts:
    """The counts of one run, and `missing`: each probe of it that did not find an article."""

    captures: int = 0
    revisits: int = 0
    new_articles: int = 0
    new_revisions: int = 0
    errors: int = 0
    missing: list[Miss] = field(default_factory=list)
