"""A feed and its entries as plain values, whichever form they are written in."""

from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One article or one event. Addresses are absolute, moments aware; what the archive does not know is None."""

    id: str
    title: str
    lang: str  # of the title (BCP 47)
    url: str
    updated: datetime  # when the archive wrote down what the entry tells
    published: datetime | None
    summary: str
    content: Markup
    original: str | None = None  # where the publisher has it
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedPage:
    """The rows of a list page; `older` is the feed of what comes after them (RFC 5005 §3)."""

    id: str
    title: str
    subtitle: str
    lang: str  # of the title and of what the archive says in the entries
    author: str
    page: str
    url: str
    first: str | None
    older: str | None
    updated: datetime
    entries: tuple[FeedItem, ...]
