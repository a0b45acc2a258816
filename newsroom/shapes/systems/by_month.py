"""A news site below /bymonth without feed and lists: sitemaps by month, and articles described in JSON-LD.

Follows sitemaps.org 0.9 (an index, lastmod, files in gzip) and schema.org's NewsArticle. INFERRED: the addresses, and
that the months before the newest are in gzip. It imitates no single site.
"""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape

from newsroom.http.answers import XML, Request, SitePage
from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.policy_sites import Leaf, NeighbourSite
from newsroom.shapes.systems import publishing
from newsroom.site.room import Newsroom
from newsroom.stories.dates import SHANGHAI, iso
from newsroom.stories.story import Story

PREFIX = "/bymonth"
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_CHILD = re.compile(r"/sitemap-(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])\.xml(?:\.gz)?")

Month = tuple[int, int]


def _address(room: Newsroom, number: int) -> str:
    return f"/{policy_sites.first_day(room, number):%Y/%m/%d}/{policy_sites.FIRST_ID + number}.html"


def _render(story: Story, _leaf: Leaf) -> str:
    described = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "datePublished": story.date_published,
        "author": [{"@type": "Person", "name": story.speaker or story.author}],
        "articleSection": story.article_section,
        "keywords": list(story.keywords),
        "publisher": {"@type": "Organization", "name": "江海观察"},
    }
    told = json.dumps(described, ensure_ascii=False).replace("<", "\\u003c")
    body = (
        f"<article><h1>{escape(story.headline)}</h1>\n"
        f'<p class="byline">{policy_sites.shown(story)} {policy_sites.author(story)}</p>\n'
        f'<div class="article-body">{policy_sites.body(story)}</div></article>'
    )
    head = f'<script type="application/ld+json">{told}</script>\n'
    return policy_sites.PAGE.format(title=f"{escape(story.headline)} - 江海观察", head=head, body=body)


SITE = NeighbourSite(
    prefix=PREFIX,
    lists={},
    address=_address,
    named=re.compile(r"/\d{4}/\d\d/\d\d/(?P<n>\d+)\.html"),
    render=_render,
    entry=policy_sites.entry,
)


def answer(room: Newsroom, request: Request) -> SitePage | None:
    """The index, the sitemap of a month or the article that a request asks for, or None."""
    path = request.path.removeprefix(PREFIX)
    if path == "/sitemap.xml":
        return _index(room)
    child = _CHILD.fullmatch(path)
    return _child(room, (int(child["year"]), int(child["month"])), path) if child else SITE.answer(room, request)


def _index(room: Newsroom) -> SitePage:
    def body() -> bytes:
        children = "".join(
            f"<sitemap><loc>{room.address}{PREFIX}{_name(room, month)}</loc>"
            f"<lastmod>{iso(changed)}</lastmod></sitemap>\n"
            for month in _months(room)
            if (changed := _changed(room, month))
        )
        return _file(f'<sitemapindex xmlns="{_NAMESPACE}">\n{children}</sitemapindex>\n')

    return SitePage(body, XML, etag=f"bymonth-index-{room.listed:x}", modified=room.listed)


def _child(room: Newsroom, month: Month, path: str) -> SitePage | None:
    changed = _changed(room, month) if path == _name(room, month) else None
    if changed is None:
        return None

    def body() -> bytes:
        items = (publishing.item(room, SITE, each) for each in _numbers(room, month) if room.condition(each).listed)
        entries = "".join(
            f"<url><loc>{room.address}{each.path}</loc><lastmod>{iso(each.modified)}</lastmod></url>\n"
            for each in items
        )
        plain = _file(f'<urlset xmlns="{_NAMESPACE}">\n{entries}</urlset>\n')
        return gzip.compress(plain, mtime=0) if path.endswith(".gz") else plain

    kind = "application/gzip" if path.endswith(".gz") else XML
    return SitePage(body, kind, etag=f"bymonth-{month[0]}-{month[1]}-{changed:x}", modified=changed)


def _file(text: str) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode()


def _name(room: Newsroom, month: Month) -> str:
    newest = next(_months(room))
    return f"/sitemap-{month[0]}-{month[1]:02}.xml" + ("" if month == newest else ".gz")


def _month_of(moment: int) -> Month:
    day = datetime.fromtimestamp(moment, SHANGHAI)
    return day.year, day.month


def _months(room: Newsroom) -> Iterator[Month]:
    """Yield (year, month) from the month of the newest article back to that of the oldest, without gaps."""
    newest = max([room.published(room.articles), *map(room.published, room.extras)])
    (year, month), oldest = _month_of(newest), _month_of(room.published(1))
    while (year, month) >= oldest:
        yield year, month
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def _numbers(room: Newsroom, month: Month) -> list[int]:
    """The numbers of the articles that appeared in a month, also unlisted ones, found by arithmetic."""
    start = datetime(*month, 1, tzinfo=SHANGHAI)
    end = (start + timedelta(days=31)).replace(day=1)
    first, last = (room.calendar.last_before(int(moment.astimezone(UTC).timestamp())) for moment in (start, end))
    return [*range(first + 1, last + 1), *(n for n in room.extras if _month_of(room.published(n)) == month)]


def _changed(room: Newsroom, month: Month) -> int | None:
    """The moment (Unix seconds) of the last event on a month's articles or last publication; None without articles."""
    numbers = _numbers(room, month)
    touched = (event.at for number in numbers for event in room.history(number)[-1:])
    return max(room.published(numbers[-1]), *touched, 0) if numbers else None
