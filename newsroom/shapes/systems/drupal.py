"""A site made with Drupal below /drupal: a view with a pager, RSS, JSON:API and nodes.

Follows Drupal's own source: the pager of its theme Olivero (templates/navigation/pager.html.twig) and of Views
(SqlBase.php: pages counted from 0, one after the last shows the last); JSON:API (OffsetPage.php: page[offset],
page[limit], at most 50; links.next.href; attributes.created, .path.alias; fields[node--article]); a node
(content/node.html.twig, field--node--field-tags.html.twig); field--name-uid and field--name-created as on published
pages, since 10.1 with <time datetime>. INFERRED: the paths of the view and of the nodes, the crumbs that follow from
them, the content of RSS items, ETag and Last-Modified of Drupal's page cache.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote

from newsroom.http.answers import Request, SitePage, whole_number
from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.policy_sites import Leaf, NeighbourSite
from newsroom.shapes.systems import publishing
from newsroom.shapes.systems.publishing import NAME, Item, author, pub_date, slug
from newsroom.site.room import Newsroom
from newsroom.stories.story import Story, column_of

PER_PAGE, MAX_PAGE_LIMIT, IN_FEED = 10, 50, 10
PREFIX = "/drupal"
JSON_API = "application/vnd.api+json"


def _address(_room: Newsroom, number: int) -> str:
    return f"/news/{column_of(number).name}/{policy_sites.FIRST_ID + number}"


def _render(story: Story, _leaf: Leaf) -> str:
    moment = datetime.fromisoformat(story.date_published)
    tags = "".join(
        f'<li class="field--tags__item"><a href="{PREFIX}/tags/{slug(word)}" hreflang="en">{escape(word)}</a></li>'
        for word in story.keywords
    )
    return _PAGE.format(
        title=escape(story.headline), who=escape(author(story)), section=escape(story.article_section),
        column=story.column.name, tags=tags, moment=story.date_published, prefix=PREFIX, name=NAME,
        long=f"{moment:%A, %B %-d, %Y - %H:%M}", day=f"{moment:%-d %B, %Y}", text=publishing.paragraphs(story),
        id=policy_sites.FIRST_ID + story.number,
    )  # fmt: skip


_PAGE = """<!DOCTYPE html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="Generator" content="Drupal 11 (https://www.drupal.org)">
<link rel="canonical" href="{prefix}/news/{column}/{id}"><title>{title} | {name}</title></head>
<body class="path-node page-node-type-article">
<a href="#main-content" class="visually-hidden focusable skip-link">Skip to main content</a>
<header class="site-header"><a href="{prefix}/" rel="home" class="site-branding__name">{name}</a></header>
<div class="region region--breadcrumb"><nav class="breadcrumb" role="navigation" aria-labelledby="system-breadcrumb"><h2 id="system-breadcrumb" class="visually-hidden">Breadcrumb</h2><div class="breadcrumb__content"><ol class="breadcrumb__list"><li class="breadcrumb__item"><a href="{prefix}/" class="breadcrumb__link">Home</a></li><li class="breadcrumb__item"><a href="{prefix}/news" class="breadcrumb__link">News</a></li><li class="breadcrumb__item"><a href="{prefix}/news/{column}" class="breadcrumb__link">{section}</a></li></ol></div></nav></div>
<main role="main"><a id="main-content" tabindex="-1"></a>
<div id="block-olivero-page-title" class="block block-core block-page-title-block"><h1 class="title page-title"><span class="field field--name-title field--type-string field--label-hidden">{title}</span></h1></div>
<div id="block-olivero-content" class="block block-system block-system-main-block"><article data-history-node-id="{id}" class="node node--type-article node--promoted node--view-mode-full">
<header><div class="node__meta"><span>By <span class="node__author"><span class="field field--name-uid field--type-entity-reference field--label-hidden"><span class="username">{who}</span></span></span>, <span class="field field--name-created field--type-created field--label-hidden"><time datetime="{moment}" title="{long}" class="datetime">{day}</time></span></span></div></header>
<div class="node__content"><div class="text-content clearfix field field--name-body field--type-text-with-summary field--label-hidden field__item">{text}</div>
<div class="field field--name-field-tags field--type-entity-reference field--label-inline field--tags"><h3 class="field__label field--tags__label">Tags</h3><ul class="links field__items field--tags__items">{tags}</ul></div></div>
</article></div></main>
<footer class="site-footer">Powered by Drupal</footer>
</body></html>
"""  # noqa: E501 a template's line stays one

SITE = NeighbourSite(
    prefix=PREFIX,
    lists={},
    address=_address,
    named=re.compile(r"/news/[a-z]+/(?P<n>\d+)"),
    render=_render,
    entry=policy_sites.entry,
    language="en",
)


def answer(room: Newsroom, request: Request) -> SitePage | None:
    """The view, the feed, the JSON or the node that a request asks for, or None."""
    path = request.path.removeprefix(PREFIX)
    if path == "/news":
        return _view(room, request.query.get("page", "0"))
    if path == "/rss.xml":
        return publishing.rss(room, request.path, _items(room))
    return _collection(room, request.query) if path == "/jsonapi/node/article" else SITE.answer(room, request)


def _view(room: Newsroom, asked: str) -> SitePage:
    last = publishing.pages_of(room, PER_PAGE) - 1
    page = min(whole_number(asked) or 0, last)

    def body() -> bytes:
        rows = "".join(_row(each) for each in publishing.listed(room, SITE, page + 1, PER_PAGE))
        return _VIEW.format(name=NAME, prefix=PREFIX, rows=rows, pager=_pager(page, last)).encode()

    return SitePage(body, etag=f"drupal-view-{page}-{room.listed:x}", modified=room.listed)


def _row(item: Item) -> str:
    return (
        '<div class="views-row"><article class="node node--type-article node--view-mode-teaser">'
        f'<h2 class="node__title"><a href="{item.path}" rel="bookmark">{escape(item.head.headline)}</a></h2>'
        f"<p>{escape(item.head.summary)}</p></article></div>\n"
    )


def _pager(page: int, last: int) -> str:
    numbers = "".join(
        f'<li class="pager__item"><a href="?page={n}" title="Go to page {n + 1}">{n + 1}</a></li>'
        for n in range(last + 1)
    )
    following = (
        f'<li class="pager__item pager__item--next"><a href="?page={page + 1}" title="Go to next page" rel="next">'
        '<span class="visually-hidden">Next page</span><span aria-hidden="true">next ›</span></a></li>'
    )
    return f'<nav class="pager" role="navigation"><ul>{numbers}{following if page < last else ""}</ul></nav>'


_VIEW = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>News | {name}</title></head>
<body><header><a href="{prefix}/">{name}</a></header>
<main><h1 class="title page-title">News</h1><div class="views-element-container"><div class="view view-news">
{rows}{pager}
<div class="feed-icons"><a href="{prefix}/rss.xml" class="feed-icon">Subscribe to News</a></div></div></div></main>
</body></html>
"""


def _items(room: Newsroom) -> Iterator[str]:
    for item in publishing.listed(room, SITE, 1, IN_FEED):
        yield (
            f"<item><title>{escape(item.head.headline)}</title><link>{room.address}{item.path}</link>"
            f"<description>{escape(item.head.summary)}</description>{pub_date(item.published)}"
            f'<guid isPermaLink="false">{policy_sites.FIRST_ID + item.head.number} at {room.address}</guid></item>\n'
        )


def _collection(room: Newsroom, query: dict[str, str]) -> SitePage:
    limit = min(MAX_PAGE_LIMIT, whole_number(query.get("page[limit]")) or MAX_PAGE_LIMIT)
    offset = whole_number(query.get("page[offset]")) or 0
    names = query.get("fields[node--article]")

    def body() -> bytes:
        items = publishing.listed(room, SITE, 1, room.total) if offset < room.total else iter(())
        rows = [_resource(each, names) for place, each in enumerate(items) if offset <= place < offset + limit]
        links = {"self": {"href": room.address + PREFIX + _query(query, offset, limit)}}
        if offset + limit < room.total:
            links["next"] = {"href": room.address + PREFIX + _query(query, offset + limit, limit)}
        about = {"version": "1.1", "meta": {"links": {"self": {"href": "http://jsonapi.org/format/1.1/"}}}}
        return json.dumps({"jsonapi": about, "data": rows, "links": links}).encode()

    etag = f"drupal-collection-{offset}-{limit}-{room.listed:x}"
    return SitePage(body, JSON_API, etag=etag, modified=room.listed)


def _query(query: dict[str, str], offset: int, limit: int) -> str:
    wanted = query | {"page[offset]": str(offset), "page[limit]": str(limit)}
    return "/jsonapi/node/article?" + "&".join(f"{quote(k, safe='')}={quote(v)}" for k, v in wanted.items())


def _resource(item: Item, names: str | None) -> dict[str, Any]:
    id_ = policy_sites.FIRST_ID + item.head.number
    attributes = {
        "drupal_internal__nid": id_,
        "langcode": "en",
        "status": True,
        "title": item.head.headline,
        "created": datetime.fromtimestamp(item.published, UTC).isoformat(),
        "changed": datetime.fromtimestamp(item.modified, UTC).isoformat(),
        "path": {"alias": item.path, "pid": id_, "langcode": "en"},
    }
    told = {name: value for name, value in attributes.items() if names is None or name in names.split(",")}
    return {"type": "node--article", "id": f"00000000-0000-4000-8000-{id_:012}", "attributes": told}
