"""A site made with Hugo below /hugo: its feed, its sitemap, lists in pages and articles.

Follows the templates that Hugo brings along (tpl/tplimpl/embedded/templates: rss.xml with every page unless a limit is
set, sitemap.xml with the lists too, _partials/pagination.html, whose link to the next page is » and says so in
aria-label, _partials/opengraph.html, alias.html: /posts/page/1/ leads to /posts/) and those of its theme PaperMod
(post-title, post-meta with the author between dots, post-content, post-tags, JSON-LD with keywords and crumbs).
INFERRED: that the posts stand in a folder for each section, ETag and Last-Modified as of files.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from html import escape

from newsroom.http.answers import XML, Request, SitePage, fixed, whole_number
from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.policy_sites import Leaf, NeighbourSite
from newsroom.shapes.systems import publishing
from newsroom.shapes.systems.publishing import NAME, Item, author, pub_date, slug
from newsroom.site.room import Newsroom
from newsroom.stories.dates import iso
from newsroom.stories.story import COLUMNS, Story, column_of

PER_PAGE = 10  # Hugo's own default (pagination.pagerSize)
PREFIX = "/hugo"
_ATOM = ' xmlns:atom="http://www.w3.org/2005/Atom"'


def _address(_room: Newsroom, number: int) -> str:
    return f"/posts/{column_of(number).name}/post-{policy_sites.FIRST_ID + number}/"


def _render(story: Story, _leaf: Leaf) -> str:
    moment = datetime.fromisoformat(story.date_published)
    tags = "".join(f'<li><a href="{PREFIX}/tags/{slug(tag)}/">{escape(tag)}</a></li>' for tag in story.keywords)
    return _PAGE.format(
        title=escape(story.headline), who=escape(author(story)), day=f"{moment:%B %-d, %Y}", tags=tags, name=NAME,
        full=f"{moment:%Y-%m-%d %H:%M:%S %z} CST", moment=story.date_published, prefix=PREFIX,
        crumbs=_script(_crumbs(story)), posting=_script(_posting(story)), text=publishing.paragraphs(story),
        section=escape(story.article_section), column=story.column.name,
    )  # fmt: skip


def _crumbs(story: Story) -> dict[str, object]:
    names = ("Posts", story.article_section, story.headline)
    items = [{"@type": "ListItem", "position": place, "name": name} for place, name in enumerate(names, 1)]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def _posting(story: Story) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": story.headline,
        "keywords": list(story.keywords),
        "datePublished": story.date_published,
        "author": {"@type": "Person", "name": author(story)},
        "publisher": {"@type": "Organization", "name": NAME},
    }


def _script(value: object) -> str:
    told = json.dumps(value).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{told}</script>'


_PAGE = """<!DOCTYPE html>
<html lang="en" dir="auto"><head><meta charset="utf-8"><title>{title} | {name}</title>
<meta property="og:site_name" content="{name}"><meta property="og:title" content="{title}">
<meta property="og:type" content="article"><meta property="article:section" content="posts"><meta property="article:published_time" content="{moment}">
<link rel="alternate" type="application/rss+xml" href="{prefix}/index.xml">
{crumbs}
{posting}</head>
<body><header class="header"><nav class="nav"><div class="logo"><a href="{prefix}/">{name}</a></div></nav></header>
<main class="main"><article class="post-single"><header class="post-header">
<div class="breadcrumbs"><a href="{prefix}/">Home</a>&nbsp;»&nbsp;<a href="{prefix}/posts/">Posts</a>&nbsp;»&nbsp;<a href="{prefix}/posts/{column}/">{section}</a></div>
<h1 class="post-title entry-hint-parent">{title}</h1>
<div class="post-meta"><span title='{full}'>{day}</span>&nbsp;·&nbsp;<span>{who}</span></div></header>
<div class="post-content">{text}</div>
<footer class="post-footer"><ul class="post-tags">{tags}</ul></footer></article></main>
<footer class="footer"><span>&copy; 2026 <a href="{prefix}/">{name}</a></span> · <span>Powered by <a href="https://gohugo.io/" rel="noopener noreferrer">Hugo</a></span></footer>
</body></html>
"""  # noqa: E501 a template's line stays one

SITE = NeighbourSite(
    prefix=PREFIX,
    lists={},
    address=_address,
    named=re.compile(r"/posts/[a-z]+/post-(?P<n>\d+)/"),
    render=_render,
    entry=policy_sites.entry,
    language="en",
)


def answer(room: Newsroom, request: Request) -> SitePage | None:
    """The feed, the sitemap, the list or the article that a request asks for, or None."""
    path = request.path.removeprefix(PREFIX)
    if path == "/index.xml":
        return publishing.rss(room, request.path, _items(room), _ATOM, f"Recent content on {NAME}")
    if path == "/sitemap.xml":
        return _sitemap(room)
    if path == "/posts/":
        return _list(room, 1)
    if path == "/posts/page/1/":
        return fixed(_ALIAS.format(address=f"{room.address}{PREFIX}/posts/"))
    page = whole_number(path[12:-1]) if path.startswith("/posts/page/") and path.endswith("/") else None
    return _list(room, page) if page is not None else SITE.answer(room, request)


def _items(room: Newsroom) -> Iterator[str]:
    for item in publishing.listed(room, SITE):
        url = room.address + item.path
        yield (
            f"<item><title>{escape(item.head.headline)}</title><link>{url}</link>{pub_date(item.published)}"
            f"<guid>{url}</guid><description>{escape(item.head.summary)}</description></item>\n"
        )


def _sitemap(room: Newsroom) -> SitePage:
    def body() -> bytes:
        lists = ["/", "/posts/", *(f"/posts/{column.name}/" for column in COLUMNS)]
        found = [(f"{PREFIX}{path}", room.listed) for path in lists]
        found += [(item.path, item.modified) for item in publishing.listed(room, SITE)]
        entries = "".join(
            f"<url><loc>{room.address}{path}</loc><lastmod>{iso(at)}</lastmod></url>\n" for path, at in found
        )
        about = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
        return (
            f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<urlset {about}>\n{entries}</urlset>\n'.encode()
        )

    return SitePage(body, XML, etag=f"hugo-sitemap-{room.listed:x}", modified=room.listed)


def _list(room: Newsroom, page: int) -> SitePage | None:
    if page > (pages := publishing.pages_of(room, PER_PAGE)):
        return None

    def body() -> bytes:
        entries = "".join(_entry(each) for each in publishing.listed(room, SITE, page, PER_PAGE))
        before, after = (_turn(page + by, pages, label, sign) for by, label, sign in _TURNS)
        pager = f'<ul class="pagination pagination-default">{before}{after}</ul>'
        return _LISTING.format(name=NAME, entries=entries, pager=pager).encode()

    return SitePage(body, etag=f"hugo-list-{page}-{room.listed:x}", modified=room.listed)


_TURNS = ((-1, "Previous", "&laquo;"), (1, "Next", "&raquo;"))


def _turn(page: int, pages: int, label: str, sign: str) -> str:
    if not 1 <= page <= pages:
        return ""
    place = f"{PREFIX}/posts/" + (f"page/{page}/" if page > 1 else "")
    shown = f'<span aria-hidden="true">{sign}</span>'
    return f'<li class="page-item"><a href="{place}" aria-label="{label}" class="page-link">{shown}</a></li>'


def _entry(item: Item) -> str:
    title = escape(item.head.headline)
    return (
        f'<article class="post-entry"><h2>{title}</h2><p>{escape(item.head.summary)}</p>'
        f'<a class="entry-link" aria-label="post link to {title}" href="{item.path}"></a></article>\n'
    )


_ALIAS = """<!DOCTYPE html>
<html lang="en"><head><title>{address}</title><link rel="canonical" href="{address}"><meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={address}"></head></html>
"""
_LISTING = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Posts | {name}</title></head>
<body><main class="main"><header class="page-header"><h1>Posts</h1></header>
{entries}<footer class="page-footer">{pager}</footer></main></body></html>
"""
