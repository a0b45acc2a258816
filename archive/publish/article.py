"""One article as it reads now or read in a version, with its versions and where they come from."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

from datasette.utils.asgi import Request, Response

from archive.articles import link_key
from archive.publish.errors import missing
from archive.publish.history import (
    article_row,
    captures_of,
    count_captures,
    events_of,
    plain_version,
    told_versions,
    version_named,
    version_path,
    versions_of,
)
from archive.publish.reading import MissingError, read, rows
from archive.publish.rendering import page, wants_json
from archive.publish.shown import DIGITS
from archive.revisions import article_json

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

SEEN = ("source", "first_seen_at", "last_seen_at", "first_missed_at", "revisions")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph of the body, in reading order."""

    kind: Literal["heading", "paragraph"]
    text: str


async def show(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY`"""
    return await _show(datasette, request, None)


async def show_version(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY/v/DIGEST`; `/a/KEY/v/3` leads there."""
    return await _show(datasette, request, request.url_vars["version"])


async def _show(datasette: Datasette, request: Request, named: str | None) -> Response:
    key = key_of(request)
    try:
        found = await read(datasette, article, key, named, wants_json(request))
    except MissingError as reason:
        return await missing(datasette, request, reason)
    if found["state"] == "withdrawn":
        return await page(datasette, request, "withdrawn", found, status=410)
    if named and len(named) < DIGITS:
        return Response.redirect(
            datasette.urls.path(version_path(key, found["version"]) + (request.url_vars["as"] or ""))
        )
    back = [each for version in found["versions"] for each in version["absences"] if each["kind"] == "restored"]
    return await page(datasette, request, "article", found, article=found, blocks=blocks(found), returns=back)


def key_of(request: Request) -> str:
    """The article key in the address; registered routes get it still percent-encoded."""
    return unquote(request.url_vars["key"])


def article(conn: sqlite3.Connection, key: str, named: str | None, whole: bool) -> dict[str, Any]:
    """The article object of house.md §5 as it is now or in a version, with all that is known of it.

    versions (latest first), events (as recorded), captures (oldest first); of a withdrawn one nothing but that it is.
    The page for readers only says how many captures there are: not `whole`, for there may be thousands.
    Raises MissingError.
    """
    row = article_row(conn, key)
    if row["state"] == "withdrawn":
        return {"key": key, "state": "withdrawn"}
    versions = versions_of(conn, row["id"])
    version = version_named(versions, named) if named else None
    text = article_json(conn, row["id"], version["state_id"] if version else None)
    found = {
        **text,
        **{name: row[name] for name in SEEN},
        "related": _related(conn, row["source"], text["related"]),
        "version": plain_version(version) if version else None,
        "versions": told_versions(conn, row["id"], versions),
        "captures_count": count_captures(conn, row["id"]),
    }
    return found | {"events": events_of(conn, row["id"]), "captures": captures_of(conn, row["id"])} if whole else found


def blocks(article: dict[str, Any]) -> list[Block]:
    """Paragraphs with each heading before the paragraph it stands before, or in place of the one it is."""
    headings = list(zip(article["heading_positions"], article["headings"], strict=False))
    found: list[Block] = []
    for position, paragraph in enumerate(article["paragraphs"]):
        here = [text for at, text in headings if at == position]
        found += [Block("heading", text) for text in here]
        found += [Block("paragraph", paragraph)] if paragraph not in here else []
    return found + [Block("heading", text) for at, text in headings if at >= len(article["paragraphs"])]


def _related(conn: sqlite3.Connection, source: str, links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The related articles, each with the key of our copy, if there is one to read; of two the same source's."""
    urlkeys = [link_key(link["url"]) for link in links]
    known = {row["urlkey"]: row["key"] for row in rows(conn, _COPIES, (json.dumps(urlkeys), source))}
    return [link | {"key": known.get(urlkey)} for link, urlkey in zip(links, urlkeys, strict=True)]


_COPIES = """
    select d.urlkey, a.key
      from json_each(?) as wanted
      join sources as s
      join addresses as d on d.source = s.name and d.urlkey = wanted.value
      join articles as a on a.id = d.article_id
     where a.state <> 'withdrawn'
     order by s.name = ?
"""
