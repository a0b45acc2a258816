"""A feed and its entries, independent of the format."""

from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One article or one event. Addresses are absolute, datetimes aware.

    None stands for an unknown `published`, and as `original` for no safe address; events never have one.
    """

    id: str
    title: str
    lang: str  # of the title (BCP 47)
    url: str
    updated: datetime  # when the archive recorded the article's latest event, or this event; EPOCH if unknown
    published: datetime | None  # when the publisher published the article, or the event happened
    summary: str  # "" for an article
    content: Markup
    original: str | None = None  # the publisher's address
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page of a feed. All addresses are absolute.

    `page` is the address of the HTML page, and `url` that of this page of the feed. `first` is the address of the
    feed's first page (None on it), `older` that of the next page (RFC 5005 §3; None on the last).
    """

    id: str
    title: str
    subtitle: str
    lang: str  # of the title and of the archive's own words in entries
    author: str
    page: str
    url: str
    first: str | None
    older: str | None
    updated: datetime  # of the latest entry; EPOCH without entries
    entries: tuple[FeedItem, ...]
