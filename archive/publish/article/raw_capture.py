"""Sends the bytes of one capture as the publisher sent them, as a download and never as a page of this site.

A content coding such as gzip is kept, so that the digest matches the archive's; the file's name has its ending.
"""

from __future__ import annotations

import asyncio
import base64
import re
import sqlite3
from collections.abc import Iterator, Mapping
from mimetypes import guess_extension
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from datasette.utils.asgi import Request, Response

from archive.files import Home, StoredBytes, WarcError, stored_bytes
from archive.publish.article.capture import capture
from archive.publish.article.hidden_names import HiddenArticles, hidden_articles, is_kept_back
from archive.publish.article.history import article_row, require_elsewhere
from archive.publish.article.memento import addresses, headers_of
from archive.publish.database.reading import DATABASE, MissingError, NoCaptureError, read, rights_of, rows
from archive.publish.server import errors
from archive.publish.server.guard import Send
from archive.publish.server.request_urls import key_of
from archive.settings import TextMode

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

POLICY = "sandbox; default-src 'none'"  # no script in it runs, and it shares no origin with the site
_CODINGS = {"": "", "identity": "", "gzip": ".gz", "x-gzip": ".gz", "br": ".br", "zstd": ".zst", "deflate": ".zz"}
_NAME = re.compile(r"[^A-Za-z0-9.-]+")
_VISIBLE = re.compile(r"[\x20-\x7e]{1,200}")


class Streamed(Response):  # type: ignore[misc] # Datasette has no types
    """A reply whose body is read while it is sent; if reading fails, the connection is closed early."""

    def __init__(self, pieces: Iterator[bytes], headers: dict[str, str]) -> None:
        super().__init__("", headers=headers, content_type="application/octet-stream")
        self._pieces = pieces

    async def asgi_send(self, send: Send) -> None:
        """Send the head and then each piece; overrides Datasette's method."""
        headers = {**self.headers, "content-type": self.content_type}
        told = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": told})
        while (piece := await asyncio.to_thread(next, self._pieces, None)) is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def show(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY/capture/RECORD_ID`: the bytes of a capture, always as a download of type `application/octet-stream`.

    404 without such a capture of the article, or if its file is not on this machine; 500 if the file is damaged; 410 if
    the article was withdrawn, or if the bytes name another one that was. 403 if texts of its source do not leave the
    site whole.
    """
    key, record = key_of(request), unquote(request.url_vars["record"])
    try:
        found, hidden = await read(datasette, _found, key, record)
    except MissingError as reason:
        return await errors.missing(datasette, request, reason)
    return await _sent(
        datasette, request, found, hidden, headers_of(addresses(datasette, request, key, found["url"]), found)
    )


async def show_any(datasette: Datasette, request: Request) -> Response:
    """`/capture/RECORD_ID/bytes`: the same for a capture of any kind, also of a list or a robots.txt.

    410 if the capture shows a withdrawn article, comes from its address or names it. Also for lists and other captures
    without an article while an article of the source is withdrawn: no comparison finds all forms of its words.
    """
    try:
        _, found, hidden = await read(datasette, capture_with_bytes, unquote(request.url_vars["record"]))
    except MissingError as reason:
        return await errors.missing(datasette, request, reason)
    return await _sent(datasette, request, found, hidden, {})


async def _sent(
    datasette: Datasette, request: Request, found: dict[str, Any], hidden: HiddenArticles, headers: dict[str, str]
) -> Response:
    """The reply with the bytes of a capture and further headers, or why they cannot be sent."""
    if strictest(datasette, found) != "full":
        return await errors.told(datasette, request, errors.PageFault(403, "bytes_not_shown"))
    try:
        stored = await asyncio.to_thread(bytes_shown, captures_folder(datasette), found, hidden)
    except OSError as error:
        return await _without_bytes(datasette, request, errors.PageFault(404, "no_bytes"), error)
    except WarcError as error:
        return await _without_bytes(datasette, request, errors.PageFault(500, "damaged_bytes"), error)
    if stored is None:
        return await errors.told(datasette, request, errors.PageFault(410, "bytes_withdrawn"))
    return Streamed(stored.pieces, {**headers, **_headers(found, stored)})


def strictest(datasette: Datasette, found: Mapping[str, Any]) -> TextMode:
    """The mode of a capture, a row of `capture_with_bytes`: how much of its text leaves the site.

    The bytes of a revisit may be those of another source: the stricter word of the two holds.
    """
    rights = rights_of(datasette)
    return rights.strictest(filter(None, (found["source"], found["held_source"])))


async def _without_bytes(datasette: Datasette, request: Request, fault: errors.PageFault, error: Exception) -> Response:
    """The reply that shows why a capture's bytes cannot be sent; also writes one line to standard error."""
    errors.log(request.method, request.path, fault, error)
    return await errors.told(datasette, request, fault)


def captures_folder(datasette: Datasette) -> Path:
    """The folder of capture files beside the served database; it may not exist."""
    return Home(Path(datasette.get_database(DATABASE).path).parent).captures


def bytes_shown(folder: Path, found: Mapping[str, Any], hidden: HiddenArticles) -> StoredBytes | None:
    """The bytes of a capture, a row of `capture_with_bytes`; None if they are kept back or name a withdrawn article.

    Raises as `stored_bytes`.
    """
    place = str(found["warc_file"]), found["warc_offset"] or 0, found["warc_length"] or 0
    if found.get("kept_back") or is_kept_back(hidden, folder, *place):
        return None
    return stored_bytes(folder / place[0], *place[1:])


def _found(conn: sqlite3.Connection, key: str, record: str) -> tuple[dict[str, Any], HiddenArticles]:
    """The row of a capture that shows the article or came from a probe for it, and all withdrawn articles.

    The row has the file and offset of the capture's bytes, for a revisit those of the capture that it refers to, None
    if that is unknown. Raises OtherKeyError if an article that was one with this one has the capture, MissingError
    for an unknown article, NoCaptureError without such a capture, or if these bytes also show a withdrawn article, and
    WithdrawnError for a withdrawn article.
    """
    row = article_row(conn, key)
    found = rows(conn, _CAPTURE, {"record": record, "article": row["id"]})
    if not found:
        sql = """select 1 from sightings g join captures c on c.id = g.capture_id
                  where g.article_id = ? and c.record_id = ?"""
        require_elsewhere(conn, row["id"], sql, (record,))
        raise NoCaptureError(record)
    return {"key": key, "state": row["state"], **found[0]}, hidden_articles(conn)


def capture_with_bytes(conn: sqlite3.Connection, record: str) -> tuple[dict[str, Any], dict[str, Any], HiddenArticles]:
    """The capture object of a capture of any kind, and like `_found` its row and all withdrawn articles.

    Raises as `capture`.
    """
    told = capture(conn, record)
    key = told["article"]["key"] if told["article"] else f"{told['source']}-{told['kind']}"
    (held,) = rows(conn, _HELD + "where c.record_id = ?", (record,))
    return told, {"key": key, "kept_back": told["kept_back"], **held}, hidden_articles(conn)


_HELD = """
    select c.source, held.source as held_source, c.captured_at, c.dating, c.url, c.mimetype, c.payload_digest,
           held.warc_file, held.warc_offset, held.warc_length
      from captures c
      left join captures held
        on held.record_id = iif(c.record_type = 'revisit', c.refers_to, c.record_id) and held.record_type <> 'revisit'
"""
_CAPTURE = f"""{_HELD}
     where c.record_id = :record
       and (exists (select 1 from sightings s where s.capture_id = c.id and s.article_id = :article)
            or exists (select 1 from probes p where p.article_id = :article and p.capture_id = c.id))
       and not exists (select 1 from sightings s join articles a on a.id = s.article_id
                        where s.capture_id in (c.id, held.id) and a.state = 'withdrawn')
"""


def _headers(found: dict[str, Any], stored: StoredBytes) -> dict[str, str]:
    said = {f"x-archive-orig-{name}": stored.head.header(name) or "" for name in ("content-type", "content-encoding")}
    return {
        "content-security-policy": POLICY,
        "content-disposition": f'attachment; filename="{_file_name(found, stored)}"',
        "content-length": str(stored.size),
        "cache-control": "no-cache",
        **_digest(found["payload_digest"]),
        **{name: value for name, value in said.items() if _VISIBLE.fullmatch(value)},
    }


def _digest(found: str | None) -> dict[str, str]:
    """A dict of the Repr-Digest header (RFC 9530 §3) for a payload digest; {} unless it is `sha256:…`."""
    kind, _, digits = (found or "").partition(":")
    whole = base64.b64encode(bytes.fromhex(digits)).decode() if kind == "sha256" else ""
    return {"repr-digest": f"sha-256=:{whole}:"} if whole else {}


def _file_name(found: dict[str, Any], stored: StoredBytes) -> str:
    """A file name such as `newsroom-1-20240416T010000Z.html`, with a second ending for a content coding.

    The ending of an unknown media type is left out; that of an unknown coding is `.coded`.
    """
    coding = (stored.head.header("content-encoding") or "").strip().lower()
    at = _NAME.sub("", found["captured_at"].replace("-", ""))
    ending = (guess_extension(found["mimetype"] or "") or "") + _CODINGS.get(coding, ".coded")
    return f"{_NAME.sub('-', found['key'])}-{at}{ending}"
