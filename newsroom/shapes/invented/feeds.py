"""Feeds of the ordinary site for machines: RSS, sitemaps, the news sitemap and robots.txt.

RSS 2.0; sitemaps.org 0.9 with children of a thousand addresses by number, so that only the last child
changes when something is published; Google's news sitemap 0.9 (articles of the last two days); RFC 9309.
"""

from collections.abc import Callable, Iterable
from html import escape

from newsroom.http.answers import TEXT, XML, Request, SitePage, whole_number
from newsroom.shapes.invented.ordinary import display_title
from newsroom.shapes.parts.common import SITE_NAME
from newsroom.site.room import DEFAULT_ROBOTS, Newsroom
from newsroom.stories.dates import http_date, iso, parse_clock
from newsroom.stories.story import Head

PER_CHILD = 1000
FEED_ITEMS = 50
NEWS_SECONDS, NEWS_ENTRIES = 2 * 86_400, 1000


def feed(room: Newsroom, _request: Request) -> SitePage:
    """`/feed.xml`: RSS with the articles at the newest fifty places; unlisted ones are left out."""
    return _xml(room, "feed", lambda: _feed_body(room))


def _feed_body(room: Newsroom) -> str:
    dated = _dated(room)
    items = "".join(_item(room, room.head(number), dated) for number in room.newest(0, FEED_ITEMS))
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>{SITE_NAME}</title><link>{room.address}/</link><description>最新文章</description>"
        f'<atom:link href="{room.address}/feed.xml" rel="self" type="application/rss+xml"/>\n'
        f"{items}</channel></rss>\n"
    )


def _dated(room: Newsroom) -> bool:
    return "feeds" not in room.undated


def _item(room: Newsroom, head: Head, dated: bool) -> str:
    url = f"{room.address}/article/{head.number}.html"
    date = f"<pubDate>{http_date(parse_clock(head.date_published))}</pubDate>" if dated else ""
    return (
        f"<item><title>{escape(display_title(head))}</title><link>{url}</link>"
        f'<guid isPermaLink="true">{url}</guid>{date}'
        f"<category>{escape(head.article_section)}</category>"
        f"<description>{escape(head.summary)}</description></item>\n"
    )


def sitemap_index(room: Newsroom, _request: Request) -> SitePage:
    """`/sitemap.xml`: an index of the child sitemaps; if lists are dated, each has the time of its last change."""
    return _xml(room, "sitemap", lambda: _index_body(room))


def _index_body(room: Newsroom) -> str:
    changed = _changed_children(room)
    children = sorted({*range(1, -(-room.articles // PER_CHILD) + 1), *(_child_of(extra) for extra in room.extras)})
    times = (changed.get(child) or room.published(min(child * PER_CHILD, room.articles)) for child in children)
    entries = "".join(
        f"<sitemap><loc>{room.address}/sitemap-{child}.xml</loc>{_lastmod(room, at)}</sitemap>\n"
        for child, at in zip(children, times, strict=True)
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</sitemapindex>\n'


def _lastmod(room: Newsroom, at: int) -> str:
    return f"<lastmod>{iso(at)}</lastmod>" if _dated(room) else ""


def _child_of(number: int) -> int:
    return -(-number // PER_CHILD)


def _changed_children(room: Newsroom) -> dict[int, int]:
    """By number of a child sitemap the moment of the last event that names one of its articles; others are left out."""
    numbers = ((event.arguments.get("article"), event.at) for event in room.events)
    return {_child_of(number): at for number, at in numbers if isinstance(number, int)}


def sitemap(room: Newsroom, request: Request) -> SitePage | None:
    """`/sitemap-K.xml`: the listed articles numbered (K-1)*1000+1 to K*1000; None if no article has such a number."""
    child = whole_number(request.path[9:-4]) if request.path.endswith(".xml") else None
    if child is None or not (child <= _child_of(room.articles) or child in map(_child_of, room.extras)):
        return None
    return _xml(room, f"sitemap-{child}", lambda: _sitemap_body(room, _numbers(room, child)))


def _numbers(room: Newsroom, child: int) -> list[int]:
    first = (child - 1) * PER_CHILD + 1
    own = range(first, min(first + PER_CHILD, room.articles + 1))
    extras = sorted(extra for extra in room.extras if _child_of(extra) == child)
    return [number for number in (*own, *extras) if room.condition(number).listed]


def _sitemap_body(room: Newsroom, numbers: Iterable[int]) -> str:
    start = f"<url><loc>{room.address}/article/"
    entries = "".join(
        f"{start}{number}.html</loc>{_lastmod(room, room.modified(number))}</url>\n" for number in numbers
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'


def news_sitemap(room: Newsroom, _request: Request) -> SitePage:
    """`/news-sitemap.xml`: the articles published in the two days before `room.listed`, at most a thousand.

    `listed` is the moment of the last event on an article, `lists` or `hosts`; without any, that of the site's clock.
    """
    return _xml(room, "news", lambda: _news_body(room))


def _news_body(room: Newsroom) -> str:
    recent = (number for number in room.newest(0, NEWS_ENTRIES) if room.published(number) > room.listed - NEWS_SECONDS)
    entries = "".join(_news(room, room.head(number)) for number in recent)
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{entries}</urlset>\n'
    )


def _news(room: Newsroom, head: Head) -> str:
    language = "zh-cn" if head.language == "zh" else "en"
    return (
        f"<url><loc>{room.address}/article/{head.number}.html</loc><news:news><news:publication>"
        f"<news:name>{SITE_NAME}</news:name><news:language>{language}</news:language></news:publication>"
        f"<news:publication_date>{head.date_published}</news:publication_date>"
        f"<news:title>{escape(display_title(head))}</news:title></news:news></url>\n"
    )


def robots(room: Newsroom, _request: Request) -> SitePage:
    """`/robots.txt`: allows everything but `/-/` and names the sitemaps, until an event replaces its text."""
    maps = f"\nSitemap: {room.address}/sitemap.xml\nSitemap: {room.address}/news-sitemap.xml\n"
    text = DEFAULT_ROBOTS + maps if room.robots is None else room.robots
    return SitePage(text.encode, content_type=TEXT)


def _xml(room: Newsroom, name: str, body: Callable[[], str]) -> SitePage:
    return SitePage(
        lambda: b'<?xml version="1.0" encoding="UTF-8"?>\n' + body().encode(),
        content_type=XML,
        etag=f"{room.seed:x}-{name}-{room.listed:x}-{room.clock:x}-{room.articles:x}",
        modified=room.listed,
    )


EXACT = {
    "/feed.xml": feed,
    "/sitemap.xml": sitemap_index,
    "/news-sitemap.xml": news_sitemap,
    "/robots.txt": robots,
}
PREFIXES = (("/sitemap-", sitemap),)
