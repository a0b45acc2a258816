"""Sitemaps of all permanent pages (sitemaps.org): an index, and files of at most 50,000 addresses."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape

from datasette.utils.asgi import Request, Response

from archive.publish.database.reading import read
from archive.publish.formatting import addresses
from archive.publish.messages.refusals import nothing_there
from archive.publish.places.counting import VISIBLE
from archive.publish.places.periods import covered_months
from archive.publish.places.similar_names import NAMES
from archive.publish.server.rendering import CACHING

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MAX_URLS_PER_FILE = 50_000  # the protocol's limit
MAX_NAMES = 10_000  # sources, and columns
LAST = "\U0010ffff"  # sorts after every name
ARTICLES = ""  # the prefix of the parts with articles, as in /sitemap-1.xml
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

Place = tuple[str, str | None]  # a path, and when its page last changed


async def index(datasette: Datasette, request: Request) -> Response:
    """`/sitemap.xml`: the index of all files of `parts`.

    These are `/sitemap-0.xml` and, for articles, people and tags, a file for each range of ids that is not empty.
    """
    places = await read(datasette, _parts)
    return _told(datasette, request, "sitemapindex", "sitemap", [(path, None) for path in places])


def parts(fixed: Sequence[str]) -> Callable[..., Awaitable[Response]]:
    """Return the view of the sitemap files, a function that answers requests for them.

    `/sitemap-0.xml` has the paths in `fixed`, sources, columns, years and months.
    `/sitemap-N.xml` has the articles of the Nth range of 50,000 ids; `/sitemap-people-N.xml` and `/sitemap-tags-N.xml`
    have the pages of names, also in ranges of ids. 404 for an empty range.
    """

    async def part(datasette: Datasette, request: Request) -> Response:
        of, number = request.url_vars["of"] or ARTICLES, int(request.url_vars["number"])
        if of == ARTICLES and not number:
            found = await read(datasette, _fixed, fixed)
        else:
            found = await read(datasette, _within, of, number)
        if not found:
            raise nothing_there("no_such_range", number=number)
        return _told(datasette, request, "urlset", "url", found)

    return part


def _parts(conn: sqlite3.Connection) -> list[str]:
    return ["/sitemap-0.xml", *(f"/sitemap-{of}{number}.xml" for of in _OF for number in _ranges(conn, of))]


def _ranges(conn: sqlite3.Connection, of: str) -> Iterator[int]:
    """Yield the number (from 1) of each range of 50,000 ids in which there is a page; `of` is a key of _OF."""
    (last,) = conn.execute(f"select coalesce(max(id), 0) from {_OF[of].table}").fetchone()
    for number in range(1, -(-last // MAX_URLS_PER_FILE) + 1):
        if conn.execute(f"{_OF[of].sql} limit 1", _range(number)).fetchone():
            yield number


def _within(conn: sqlite3.Connection, of: str, number: int) -> list[Place]:
    kind = _OF[of]
    return list(dict.fromkeys((kind.path(name), at) for name, at in conn.execute(kind.sql, _range(number))))


def _range(number: int) -> tuple[int, int]:
    return (number - 1) * MAX_URLS_PER_FILE, number * MAX_URLS_PER_FILE


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of page that needs several files: its table, the SQL of a range of ids, and the path for a name."""

    table: str
    sql: str  # columns: name, time of the last change
    path: Callable[[str], str]


_OF = {
    ARTICLES: _Kind(
        "articles",
        "select key, shown_at from articles where id > ? and id <= ? and state <> 'withdrawn'",
        lambda key: f"/a/{quote(key, safe='')}",
    ),
    "people-": _Kind(
        "people",
        f"""select name, null from people p where id > ? and id <= ?
               and exists (select 1 from article_people where person_id = p.id and article_id {VISIBLE})""",
        addresses.person,
    ),
    "tags-": _Kind(
        "keywords",
        f"""select name, null from keywords k where id > ? and id <= ?
               and exists (select 1 from article_keywords where keyword_id = k.id and article_id {VISIBLE})""",
        addresses.tag,
    ),
}


def _fixed(conn: sqlite3.Connection, fixed: Sequence[str]) -> list[Place]:
    months = [month for month in covered_months(conn) if conn.execute(_ANY_OF_MONTH, (month,)).fetchone()]
    years = sorted({month[:4] for month in months})
    named = [path(name) for kind, path in _NAMED.items() for name in _names(conn, kind)]
    return [(path, None) for path in (*fixed, *named, *map(addresses.time, (*years, *months)))]


_ANY_OF_MONTH = "select 1 from articles where published_month = ? and state <> 'withdrawn' limit 1"
_NAMED = {"source": addresses.source, "column": addresses.column}
_ANY_OF_NAME = {
    "source": "select 1 from articles where source = ? and state <> 'withdrawn' limit 1",
    "column": "select 1 from articles where article_section = ? and state <> 'withdrawn' limit 1",
}


def _names(conn: sqlite3.Connection, kind: str) -> list[str]:
    """The names of sources (kind `source`) or columns (`column`) with an article that is not withdrawn.

    Only the first MAX_NAMES names of the kind are looked at.
    """
    every = conn.execute(NAMES[kind], {"first": "", "last": LAST, "limit": MAX_NAMES}).fetchall()
    return [name for (name,) in every if name and conn.execute(_ANY_OF_NAME[kind], (name,)).fetchone()]


def _told(datasette: Datasette, request: Request, root: str, element: str, places: Iterable[Place]) -> Response:
    origin = f"{request.scheme}://{request.host}"
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{NAMESPACE}">']
    for path, at in places:
        since = f"<lastmod>{escape(at)}</lastmod>" if at else ""
        lines.append(f"<{element}><loc>{escape(origin + datasette.urls.path(path))}</loc>{since}</{element}>")
    headers = {"cache-control": CACHING["cache-control"]}
    return Response("\n".join([*lines, f"</{root}>\n"]), headers=headers, content_type="application/xml; charset=utf-8")
