"""How a seed is read: what every kind of seed shares."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from parsers import Document, ParseError
from parsers.links import Link

Absent = Collection[int]
"""The HTTP statuses by which a page may say that there is none, and which are no fault of its list."""

NEEDED: Absent = ()
NO_SUCH_PAGE: Absent = (404, 410)
PAST_THE_LAST: Absent = [status for status in range(400, 500) if status != 429]  # any, where a list goes on by number


@dataclass(frozen=True, slots=True)
class ListMessage:
    """What goes with the address of a list: headers, and a body of that media type, which makes it a POST."""

    body: str | None = None
    media_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()


GET = ListMessage()

# (url, message, absent); None when the page could not be had.
Read = Callable[[str, ListMessage, Absent], Awaitable[Document | None]]

Unchanged = Callable[[str, datetime], Awaitable[int | None]]
"""(url, lastmod): how many articles a sitemap named that is as it was when it was read; None: it must be read."""

Page = tuple[int, list[Link]]  # how many articles a page of a list names, and the links to those that are wanted


class ListFault(ParseError):  # noqa: N818 a verdict on a page
    """A page of a list that is none; url: its own address, to which the seed may only lead."""

    def __init__(self, reason: str, url: str) -> None:
        super().__init__(reason)
        self.url = url


@dataclass(frozen=True, slots=True)
class ListPart:
    """Links as they were read: of a page of a list, or of a file in several parts.

    named: how many articles stand there. ends: the list or file was read to its end with these links. url: the address
    of the file, or of the list that another led to; "" of a list that is a seed itself. lastmod: when what led to it
    says that it changed last. fault: why it cannot be read, or no further; its neighbours are read all the same.
    elsewhere: what else is named, on hosts that are not declared.
    """

    named: int
    links: list[Link]
    ends: bool = True
    url: str = ""
    lastmod: datetime | None = None
    fault: str | None = None
    elsewhere: tuple[str, ...] = ()


async def never(_url: str, _lastmod: datetime) -> int | None:
    """Whoever knows nothing of earlier readings reads every sitemap."""
    return None


def all_of(links: list[Link]) -> Page:
    return len(links), links


def is_older(link: Link, since: datetime | None) -> bool:
    return since is not None and link.published_at is not None and link.published_at < since
