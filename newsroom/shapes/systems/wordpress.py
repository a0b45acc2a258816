"""A site made with WordPress below /wordpress: its REST interface, its RSS and its articles.

Follows developer.wordpress.org/rest-api: /wp-json/wp/v2/posts with page (from 1), per_page (10, at most 100), _fields,
X-WP-Total and X-WP-TotalPages; after the last page HTTP 400, rest_post_invalid_page_number. WordPress's own
wp-includes/feed-rss2.php: /feed/, its items, ?paged=2, 404 after the last; dates and validators of feeds. The starter
theme (Automattic/_s, inc/template-tags.php): entry-title, time.entry-date, author vcard, rel="category tag",
entry-content. INFERRED: the permalinks by date, that pages and JSON have no validators, the links to older posts.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any

from newsroom.http.answers import JSON, Request, SitePage, fixed, whole_number
from newsroom.shapes.parts import common, policy_sites
from newsroom.shapes.parts.policy_sites import Leaf, NeighbourSite
from newsroom.shapes.systems import publishing
from newsroom.shapes.systems.publishing import NAME, Item, author, pub_date, slug
from newsroom.site.room import Newsroom
from newsroom.stories.dates import SHANGHAI
from newsroom.stories.story import COLUMNS, Story

PER_PAGE, MAX_PER_PAGE, IN_FEED = 10, 100, 10
PREFIX = "/wordpress"
_BEHIND = "The page number requested is larger than the number of pages available."
_NAMESPACES = "".join(
    f'\n xmlns:{name}="{address}"'
    for name, address in (
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("atom", "http://www.w3.org/2005/Atom"),
    )
)


def _address(room: Newsroom, number: int) -> str:
    return f"/{policy_sites.first_day(room, number):%Y/%m/%d}/post-{policy_sites.FIRST_ID + number}/"


def _render(story: Story, _leaf: Leaf) -> str:
    title, who, section = escape(story.headline), escape(author(story)), escape(story.article_section)
    tags = ", ".join(f'<a href="{PREFIX}/tag/{slug(word)}/" rel="tag">{escape(word)}</a>' for word in story.keywords)
    day = f"{datetime.fromisoformat(story.date_published):%B %-d, %Y}"
    return _PAGE.format(
        title=title, who=who, section=section, tags=tags, day=day, id=policy_sites.FIRST_ID + story.number,
        prefix=PREFIX, name=NAME, category=slug(story.article_section), moment=story.date_published,
        text=publishing.paragraphs(story),
    )  # fmt: skip


_PAGE = """<!DOCTYPE html>
<html lang="en-US"><head><meta charset="UTF-8"><title>{title} &#8211; {name}</title>
<link rel="alternate" type="application/rss+xml" title="{name} &raquo; Feed" href="{prefix}/feed/">
<link rel="https://api.w.org/" href="{prefix}/wp-json/"></head>
<body class="post-template-default single single-post postid-{id} single-format-standard">
<div id="page" class="site"><header id="masthead" class="site-header"><p class="site-title"><a href="{prefix}/" rel="home">{name}</a></p>
</header>
<main id="primary" class="site-main"><article id="post-{id}" class="post-{id} post type-post status-publish format-standard hentry">
<header class="entry-header"><h1 class="entry-title">{title}</h1>
<div class="entry-meta"><span class="posted-on">Posted on <a href="#" rel="bookmark"><time class="entry-date published updated" datetime="{moment}">{day}</time></a></span><span class="byline"> by <span class="author vcard"><a class="url fn n" href="{prefix}/author/{id}/">{who}</a></span></span></div></header>
<div class="entry-content">
{text}</div>
<footer class="entry-footer"><span class="cat-links">Posted in <a href="{prefix}/category/{category}/" rel="category tag">{section}</a></span><span class="tags-links">Tagged {tags}</span></footer>
</article>
<div id="comments" class="comments-area"><h3 id="reply-title" class="comment-reply-title">Leave a Reply</h3><p>You must be logged in to post a comment.</p></div>
</main>
<aside id="secondary" class="widget-area"><section class="widget"><h2 class="widget-title">Archives</h2><ul><li><a href="{prefix}/2026/11/">November 2026</a></li></ul></section></aside>
<footer id="colophon" class="site-footer">Proudly powered by WordPress</footer></div>
</body></html>
"""  # noqa: E501 a template's line stays one

SITE = NeighbourSite(
    prefix=PREFIX,
    lists={},
    address=_address,
    named=re.compile(r"/\d{4}/\d\d/\d\d/post-(?P<n>\d+)/"),
    render=_render,
    entry=policy_sites.entry,
    validators=False,
    language="en",
)


def answer(room: Newsroom, request: Request) -> SitePage | None:
    """The JSON, the feed or the article that a request asks for, or None."""
    path = request.path.removeprefix(PREFIX)
    if path == "/wp-json/wp/v2/posts":
        return _posts(room, request.query)
    return _feed(room, request.query) if path == "/feed/" else SITE.answer(room, request)


def _posts(room: Newsroom, query: dict[str, str]) -> SitePage:
    page, per_page = (
        whole_number(query.get(name, str(usual))) for name, usual in (("page", 1), ("per_page", PER_PAGE))
    )
    if page is None or per_page is None or per_page > MAX_PER_PAGE:
        return _error("rest_invalid_param", "Invalid parameter(s): page, per_page")
    if page > (pages := publishing.pages_of(room, per_page)):
        return _error("rest_post_invalid_page_number", _BEHIND)
    names = query.get("_fields", "").split(",") if "_fields" in query else None

    def body() -> bytes:
        posts = (_post(room, each) for each in publishing.listed(room, SITE, page, per_page))
        return json.dumps([{k: v for k, v in post.items() if names is None or k in names} for post in posts]).encode()

    return SitePage(body, JSON, headers=(("X-WP-Total", str(room.total)), ("X-WP-TotalPages", str(pages))))


def _post(room: Newsroom, item: Item) -> dict[str, Any]:
    head, moment = item.head, datetime.fromtimestamp(item.published, SHANGHAI)
    return {
        "id": policy_sites.FIRST_ID + head.number,
        "date": f"{moment:%Y-%m-%dT%H:%M:%S}",
        "date_gmt": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        "modified_gmt": f"{datetime.fromtimestamp(item.modified, UTC):%Y-%m-%dT%H:%M:%S}",
        "slug": f"post-{policy_sites.FIRST_ID + head.number}",
        "status": "publish",
        "type": "post",
        "link": room.address + item.path,
        "title": {"rendered": escape(head.headline)},
        "content": {"rendered": publishing.paragraphs(room.story(head.number, "en")), "protected": False},
        "excerpt": {"rendered": f"<p>{escape(head.summary)}</p>\n", "protected": False},
        "author": 1,
        "categories": [COLUMNS.index(head.column) + 1],
    }


def _error(code: str, message: str) -> SitePage:
    return fixed(json.dumps({"code": code, "message": message, "data": {"status": 400}}), JSON, status=400)


def _feed(room: Newsroom, query: dict[str, str]) -> SitePage:
    page = whole_number(query.get("paged", "1"))
    if page is None or page > publishing.pages_of(room, IN_FEED):
        return common.missing(404)
    return publishing.rss(room, f"{PREFIX}/feed/{page}", _items(room, page), _NAMESPACES)


def _items(room: Newsroom, page: int) -> Iterator[str]:
    for item in publishing.listed(room, SITE, page, IN_FEED):
        head = item.head
        yield (
            f"<item><title>{escape(head.headline)}</title><link>{room.address}{item.path}</link>{pub_date(item.published)}"
            f"<dc:creator><![CDATA[{author(head)}]]></dc:creator><category><![CDATA[{head.article_section}]]></category>"
            + "".join(f"<category><![CDATA[{word}]]></category>" for word in head.keywords)
            + f'<guid isPermaLink="false">{room.address}{PREFIX}/?p={policy_sites.FIRST_ID + head.number}</guid>'
            f"<description><![CDATA[{head.summary}]]></description></item>\n"
        )
