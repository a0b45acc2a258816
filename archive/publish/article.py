"""One article as it reads now or read in a version, with its versions and where they come from."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, unquote

from datasette.utils.asgi import Request, Response

from archive.publish.reading import MissingError, read
from archive.publish.rendering import missing, page
from archive.publish.shown import short_digest
from archive.revisions import article_json

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

DIGITS = 12  # of a content digest in a permalink


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
        found = await read(datasette, _article, key, named)
    except MissingError as reason:
        return await missing(datasette, request, str(reason))
    if found["state"] == "withdrawn":
        return await page(datasette, request, "withdrawn", found, status=410)
    version = found["version"]
    if named and len(named) < DIGITS and isinstance(version, sqlite3.Row):
        return Response.redirect(datasette.urls.path(version_path(key, version)))
    return await page(datasette, request, "article", found)


def key_of(request: Request) -> str:
    """The article key in the address; registered routes get it still percent-encoded."""
    return unquote(request.url_vars["key"])


def version_path(key: str, version: sqlite3.Row) -> str:
    """The permalink of a version."""
    return f"/a/{quote(key)}/v/{short_digest(version['content_digest'])}"


def article_row(conn: sqlite3.Connection, key: str) -> sqlite3.Row:
    """The article without its texts. Raises MissingError."""
    row = conn.execute(
        """select id, key, source, url, headline, state, in_language, date_published, date_precision,
                  first_seen_at, last_seen_at, first_missed_at, revisions
             from articles where key = ?""",
        (key,),
    ).fetchone()
    if row is None:
        raise MissingError(key)
    found: sqlite3.Row = row
    return found


def versions_of(conn: sqlite3.Connection, article_id: int) -> list[sqlite3.Row]:
    """Every version, the latest first."""
    return conn.execute(
        """select r.id, r.number, r.captured_at, s.content_digest, r.origin, r.significance, r.parser_version,
                  r.state_id, (select content_digest from states where id = r.before_id) as before,
                  s.content_digest = a.content_digest and r.run = max(r.run) over () as current,
                  (select group_concat(property) from change_records c where c.revision_id = r.id) as properties
             from revision_records r
             join states s on s.id = r.state_id
             join articles a on a.id = r.article_id
            where r.article_id = ?
            order by r.position desc""",
        (article_id,),
    ).fetchall()


def version_named(versions: list[sqlite3.Row], name: str) -> sqlite3.Row:
    """The version of that number, or whose digest begins so (12 hex digits at least). Raises MissingError."""
    for version in reversed(versions):
        digest = version["content_digest"].rpartition(":")[2]
        if digest.startswith(name) if len(name) >= DIGITS else str(version["number"] or "") == name:
            return version
    raise MissingError(name)


def blocks(article: dict[str, Any]) -> list[Block]:
    """Paragraphs with each heading before the paragraph it stands before, or in place of the one it is."""
    headings = list(zip(article["heading_positions"], article["headings"], strict=False))
    found: list[Block] = []
    for position, paragraph in enumerate(article["paragraphs"]):
        here = [text for at, text in headings if at == position]
        found += [Block("heading", text) for text in here]
        found += [Block("paragraph", paragraph)] if paragraph not in here else []
    return found + [Block("heading", text) for at, text in headings if at >= len(article["paragraphs"])]


def _article(conn: sqlite3.Connection, key: str, named: str | None) -> dict[str, object]:
    row = article_row(conn, key)
    if row["state"] == "withdrawn":
        return {"row": row, "state": "withdrawn"}
    versions = versions_of(conn, row["id"])
    version = version_named(versions, named) if named else None
    text = article_json(conn, row["id"], version["state_id"] if version else None)
    return {
        "row": row,
        "state": row["state"],
        "versions": versions,
        "version": version,
        "article": text,
        "blocks": blocks(text),
        "captures": _count_captures(conn, row["id"]),
    }


def _count_captures(conn: sqlite3.Connection, article_id: int) -> int:
    return int(
        conn.execute(
            "select count(distinct capture_id) from sightings where article_id = ?",
            (article_id,),
        ).fetchone()[0]
    )
