"""The common parts of the shapes of publishing systems: lists of all articles in pages, RSS, the blocks of a page.

Each system is a site below a prefix of its own, which stands for its host: the paths that a system writes from its root
begin with the prefix.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from newsroom.http.answers import XML, SitePage
from newsroom.shapes.parts.policy_sites import NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.dates import http_date
from newsroom.stories.story import Head, Story

NAME = "Jianghai Observer"


@dataclass(frozen=True, slots=True)
class Item:
    """An article on a list; path: with the prefix of its site; published, modified: in Unix seconds.

    The title and the other properties are in `head`.
    """

    head: Head
    path: str
    published: int
    modified: int


def listed(room: Newsroom, site: NeighbourSite, page: int = 1, per_page: int | None = None) -> Iterator[Item]:
    """Yield the articles on a page of the list of all, newest first; unlisted ones are left out. per_page None: all."""
    start = (page - 1) * per_page if per_page is not None else 0
    for number in room.newest(start, per_page):
        yield item(room, site, number)


def item(room: Newsroom, site: NeighbourSite, number: int) -> Item:
    """An article as an item of a list."""
    path = site.prefix + site.address(room, number)
    return Item(room.head(number, site.language), path, room.published(number), room.modified(number))


def pages_of(room: Newsroom, per_page: int) -> int:
    """The number of pages of the list of all articles, at least 1."""
    return max(1, -(-room.total // per_page))


def rss(room: Newsroom, path: str, items: Iterable[str], namespaces: str = "", about: str = "") -> SitePage:
    """An RSS 2.0 feed of these <item> elements, with ETag and Last-Modified; path: of the feed, for its ETag.

    namespaces: attributes of the <rss> element, as text; about: the feed's description.
    """

    def body() -> str:
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"{namespaces}>\n<channel><title>{NAME}</title>'
            f"<link>{room.address}</link><description>{about}</description><language>en-US</language>\n"
            + "".join(items)
            + "</channel></rss>\n"
        )

    return SitePage(lambda: body().encode(), XML, etag=f"{path[1:]}-{room.listed:x}", modified=room.listed)


def pub_date(published: int) -> str:
    """The element <pubDate> for a moment in Unix seconds: `<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>`."""
    return f"<pubDate>{http_date(published)}</pubDate>"


def author(head: Head) -> str:
    """The name of the speaker, else of the reporter, else ""."""
    return head.speaker or head.author or ""


def slug(text: str) -> str:
    """The words of a text in lower case, joined by hyphens, for an address.

    A word is a run of letters and digits, Chinese characters among them; all others only separate words.
    """
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def paragraphs(story: Story) -> str:
    """The HTML of the text: its paragraphs as <p>, with headings as <h2> between them."""
    parts = [f"<p>{escape(line, quote=False)}</p>\n" for line in story.paragraphs]
    for place, text in reversed(story.headings):
        parts.insert(place, f"<h2>{escape(text, quote=False)}</h2>\n")
    return "".join(parts)
