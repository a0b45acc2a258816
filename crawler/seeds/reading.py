"""The types that all kinds of seed share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from parsers import Document, ParseError
from parsers.links import Link

Absent = Collection[int]
"""HTTP statuses that mean that a page does not exist, without a fault of its list."""

NEEDED: Absent = ()
NO_SUCH_PAGE: Absent = (404, 410)
PAST_THE_LAST: Absent = [status for status in range(400, 500) if status != 429]  # any: beyond a numbered list


@dataclass(frozen=True, slots=True)
class ListMessage:
    """The headers of a request for a list, and its body with the body's media type; a body of None makes it a GET."""

    body: str | None = None
    media_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()


GET = ListMessage()

# (url, message, absent): the page, None if it could not be had.
Read = Callable[[str, ListMessage, Absent], Awaitable[Document | None]]

Unchanged = Callable[[str, datetime], Awaitable[int | None]]
"""(url, lastmod): the number of articles of a sitemap or list that is unchanged since it was read; None: read it."""

Page = tuple[int, list[Link]]  # the number of articles on a page, and links to the wanted ones


class ListFault(ParseError):  # noqa: N818 a verdict on a page
    """A page that is not the expected list; url: its own address, which may be another than the seed's."""

    def __init__(self, reason: str, url: str) -> None:
        super().__init__(reason)
        self.url = url


@dataclass(frozen=True, slots=True)
class ListPart:
    """Links of one page of a list, or of a part of a file.

    named: the number of articles there, wanted or not. ends: True for every page, except in seeds that lead to lists
    (`leads_to_lists`): there only for the part that comes after a list or file was read to its end. url: the address of
    that list or file; "" for other seeds without a fault and for an unchanged sitemap. lastmod: its last change by the
    file or list that led to it. fault: the reason that it cannot be read (further); its neighbours are read all the
    same. elsewhere: addresses on hosts that are not declared.
    """

    named: int
    links: list[Link]
    ends: bool = True
    url: str = ""
    lastmod: datetime | None = None
    fault: str | None = None
    elsewhere: tuple[str, ...] = ()


async def never(_url: str, _lastmod: datetime) -> int | None:
    """None, for every address: the default of `unchanged`, with which every sitemap and list is read."""
    return None


def all_of(links: list[Link]) -> Page:
    return len(links), links


def is_older(link: Link, since: datetime | None) -> bool:
    return since is not None and link.published_at is not None and link.published_at < since
