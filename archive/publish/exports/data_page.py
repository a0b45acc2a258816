"""The page /data: ready queries, tables, downloads, and examples of the JSON API."""

from __future__ import annotations

import json
import sqlite3
from asyncio import to_thread
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.publish.database.answer_cache import read_once
from archive.publish.database.reading import DATABASE, rows
from archive.publish.exports.downloads import files, public_folder
from archive.publish.formatting import addresses
from archive.publish.formatting.shortened import shortened
from archive.publish.server.rendering import page
from archive.schema import QUERIES, hidden

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MAX_EXAMPLE_CHARACTERS = 700  # of an example's reply
MAX_MONTHS_LISTED = 240  # months of metadata to download


async def show(datasette: Datasette, request: Request) -> Response:
    """`/data`: questions, tables, views, downloads (months, files), examples (an address and its reply)."""
    found = await read_once(datasette, _about_data)
    database = datasette.get_database(DATABASE)
    counts = await database.table_counts(10)
    views = sorted(name for name in await database.view_names() if not hidden(name))
    data = {
        "questions": [{"name": name, **query["titles"]} for name, query in QUERIES.items()],
        "tables": [{"name": name, "rows": count} for name, count in sorted(counts.items()) if not hidden(name)],
        "views": views,
        "months": found["months"],
        "files": [asdict(each) for each in await to_thread(files, public_folder(datasette))],
        "examples": [await _example(datasette, path) for path in found["paths"]],
        "sql": bool(datasette.setting("default_allow_sql")),
    }
    return await page(datasette, request, "about/data", data, years=_by_year(found["months"]))


async def _example(datasette: Datasette, path: str) -> dict[str, str]:
    """A dict of `path`, a path of this site, and `gives`: its reply now, as JSON text of the value as `shortened`.

    A reply that is not JSON is given as it is. Either is cut to MAX_EXAMPLE_CHARACTERS and `…`.
    """
    got = await datasette.client.get(path)
    try:
        told = json.dumps(shortened(got.json()), ensure_ascii=False, indent=1)
    except ValueError:
        told = got.text
    return {"path": path, "gives": told if len(told) <= MAX_EXAMPLE_CHARACTERS else f"{told[:MAX_EXAMPLE_CHARACTERS]}…"}


def _about_data(conn: sqlite3.Connection) -> dict[str, Any]:
    months = rows(conn, _BY_MONTH, (MAX_MONTHS_LISTED,))
    newest = rows(conn, _NEWEST)
    return {"months": months, "paths": _paths(newest[0] if newest else None)}


_BY_MONTH = """select published_month as month, count(*) as articles from articles
                where published_month is not null and state <> 'withdrawn' group by 1 order by 1 desc limit ?"""
_NEWEST = """select key, published_date, article_section from articles
              where date_published_utc is not null and state <> 'withdrawn'
              order by date_published_utc desc, id desc limit 1"""


def _paths(newest: dict[str, Any] | None) -> list[str]:
    fixed = ["/changes.json", "/archive/articles.json?_shape=array&_size=1&_col=key&_col=headline&_col=published_date"]
    if newest is None:
        return fixed
    return [f"/a/{newest['key']}.json", f"{addresses.time(newest['published_date'])}.json", *fixed]


def _by_year(months: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    years: dict[str, list[dict[str, Any]]] = {}
    for month in months:
        years.setdefault(month["month"][:4], []).insert(0, month)
    return years
