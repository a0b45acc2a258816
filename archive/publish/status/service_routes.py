"""Addresses for machines: /-/healthz, /robots.txt, and Datasette's internal pages, which are closed."""

from __future__ import annotations

import json
import sqlite3
import sys
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.publish.database.reading import DATABASE, read
from archive.publish.messages.refusals import invalid_request, nothing_there
from archive.publish.server.errors import plain
from archive.publish.server.guard import PLUGIN
from archive.publish.server.parameters import takes
from archive.publish.status.status_page import health

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

# Closed to robots: endless pages (searches, pairs of versions, captures) and data for programs.
ENDLESS = ("/search", "/phrase", f"/{DATABASE}", "/a/*/diff/", "/capture/", "/-/", "/*.json")
# Filters can be combined without end, and sitemaps have what their lists lead to. Of two rules that fit an address the
# longer one holds (RFC 9309 §2.2.2): those of ENDLESS over OPEN.
FILTERED = ("/*?", "/*?ui*&")
OPEN = ("/*?ui", "/a/*/v/*?at")  # a page in another language, and the permalink of a text that came back


@takes("deep", free=True)  # monitors add what they like
async def healthz(datasette: Datasette, request: Request) -> Response:
    """`/-/healthz`: 200 if the archive can be read, else 503.

    With `?deep=1` also 503 if a health rule is broken, or if the scheduler has run at some time but is down now; the
    body, JSON with `ok`, then also has the results of the rules and the running crawls, if they can be read. 400 for
    another `deep` than 0 or 1.
    """
    deep = request.args.get("deep") or "0"
    if deep not in ("0", "1"):
        raise invalid_request("no_deep", text=deep[:40])
    try:
        found = await read(datasette, health if deep == "1" else _readable)
    except (sqlite3.Error, OSError) as error:
        sys.stderr.write(plain(f"thinker: the archive cannot be read: {error}") + "\n")
        found = {"ok": False}
    headers = {"cache-control": "no-store"}
    status = 200 if found["ok"] else 503
    return Response(json.dumps(found), status=status, headers=headers, content_type="application/json")


def _readable(conn: sqlite3.Connection) -> dict[str, Any]:
    conn.execute("select 1 from articles limit 1").fetchone()
    return {"ok": True}


async def robots(datasette: Datasette) -> Response:
    """`/robots.txt`: a site without a public URL is closed to robots as a whole.

    Else only endless pages, such as searches and filtered lists, and data for programs are closed, and the sitemap is
    named.
    """
    public = (datasette.plugin_config(PLUGIN) or {}).get("public_url")
    if not public:
        return Response.text("User-agent: *\nDisallow: /\n")
    lines = [
        "User-agent: *",
        *(f"Disallow: {datasette.urls.path(path)}" for path in (*ENDLESS, *FILTERED)),
        *(f"Allow: {datasette.urls.path(path)}" for path in OPEN),
        f"Sitemap: {public}/sitemap.xml",
    ]
    return Response.text("".join(f"{line}\n" for line in lines))


@takes(free=True)  # not found in any case
async def closed(request: Request) -> Response:
    """Raise NotFound, always: the view of Datasette's pages about its files, threads, settings, plugins, debugging."""
    raise nothing_there("not_open", path=request.path)
