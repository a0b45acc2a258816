"""Every page that stays, for search engines (sitemaps.org): an index, and files of at most 50,000 addresses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape

from datasette.utils.asgi import NotFound, Request, Response

from archive.publish import addresses
from archive.publish.places.listing import newest_id
from archive.publish.places.periods import covered_months
from archive.publish.reading import read
from archive.publish.rendering import CACHING

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MOST = 50_000  # addresses of a file, by the protocol
FIXED = ("/", "/changes", "/removed", "/browse", "/data", "/about", "/status")
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

Place = tuple[str, str | None]  # an address, and since when it reads so


async def index(datasette: Datasette, request: Request) -> Response:
    """`/sitemap.xml`: one file for the fixed pages and times, and one for each range of articles that holds any."""
    numbers = await read(datasette, _numbers)
    return _told(datasette, request, "sitemapindex", "sitemap", [(f"/sitemap-{n}.xml", None) for n in numbers])


async def part(datasette: Datasette, request: Request) -> Response:
    """`/sitemap-0.xml` the fixed pages, columns and times; `/sitemap-N.xml` the Nth 50,000 articles."""
    number = int(request.url_vars["number"])
    found = await read(datasette, _articles, number) if number else await read(datasette, _fixed)
    if not found:
        raise NotFound(f"no such range: {number}")
    return _told(datasette, request, "urlset", "url", found)


def _numbers(conn: sqlite3.Connection) -> list[int]:
    return [0, *range(1, -(-newest_id(conn) // MOST) + 1)]


def _articles(conn: sqlite3.Connection, number: int) -> list[Place]:
    found = conn.execute(
        "select key, shown_at from articles where id > ? and id <= ? and state <> 'withdrawn' order by id",
        ((number - 1) * MOST, number * MOST),
    )
    return [(f"/a/{quote(key, safe='')}", at) for key, at in found]


def _fixed(conn: sqlite3.Connection) -> list[Place]:
    months = covered_months(conn)
    years = sorted({month[:4] for month in months})
    return [(path, None) for path in (*FIXED, *map(addresses.time, (*years, *months)))]


def _told(datasette: Datasette, request: Request, root: str, element: str, places: Iterable[Place]) -> Response:
    origin = f"{request.scheme}://{request.host}"
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{NAMESPACE}">']
    for path, at in places:
        since = f"<lastmod>{escape(at)}</lastmod>" if at else ""
        lines.append(f"<{element}><loc>{escape(origin + datasette.urls.path(path))}</loc>{since}</{element}>")
    headers = {"cache-control": CACHING["cache-control"]}
    return Response("\n".join([*lines, f"</{root}>\n"]), headers=headers, content_type="application/xml; charset=utf-8")
