"""Addresses for machines: is the site well, what may robots read, and what is nobody's business."""

from __future__ import annotations

import json
import sqlite3
import sys
from typing import TYPE_CHECKING

from datasette.utils.asgi import NotFound, Request, Response

from archive.publish.errors import plain
from archive.publish.guard import PLUGIN
from archive.publish.reading import DATABASE, read

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

# Pages may be found; what is endless (searches, pairs of versions) or made for programs is left alone.
_ENDLESS = ("/search", "/phrase", f"/{DATABASE}", "/a/*/diff/", "/-/", "/*.json")


async def healthz(datasette: Datasette) -> Response:
    """`/-/healthz`: 200 when the archive can be read, else 503."""
    try:
        await read(datasette, _readable)
    except (sqlite3.Error, OSError) as error:
        sys.stderr.write(plain(f"thinker: the archive cannot be read: {error}") + "\n")
        return _health(503, ok=False)
    return _health(200, ok=True)


def _readable(conn: sqlite3.Connection) -> None:
    conn.execute("select 1 from articles limit 1").fetchone()


def _health(status: int, ok: bool) -> Response:
    headers = {"cache-control": "no-store"}
    return Response(json.dumps({"ok": ok}), status=status, headers=headers, content_type="application/json")


async def robots(datasette: Datasette) -> Response:
    """`/robots.txt`: a site that names no public address is not meant for search engines."""
    public = (datasette.plugin_config(PLUGIN) or {}).get("public_url")
    forbidden = [datasette.urls.path(path) for path in _ENDLESS] if public else ["/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in forbidden)]
    lines += [f"Sitemap: {public}/sitemap.xml"] if public else []
    return Response.text("".join(f"{line}\n" for line in lines))


async def closed(request: Request) -> Response:
    """What Datasette tells of itself: files' places, threads, settings, plugins, its debugging pages."""
    raise NotFound(f"not open: {request.path}")
