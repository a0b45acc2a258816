"""A finished file as a reply: sent in pieces, with its size and digest; one at a time for each client."""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from datasette.utils.asgi import Request, Response

from archive.publish.database.sql_sandbox import TooBusy
from archive.publish.server.guard import PLUGIN, Send
from archive.publish.server.rendering import CACHING

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MAX_IN_MEMORY = 1 << 20  # of a file; a larger one waits on disk until it is sent
PIECE = 1 << 16
MAX_AT_ONCE = 4  # files that are made or sent
MAX_NAME_CHARACTERS = 40
_UNSAFE = re.compile(r"[^\w-]+")

_busy: set[object] = set()  # a client for each file under way


@contextmanager
def turn(datasette: Datasette, request: Request) -> Iterator[object]:
    """Yield the turn of a client; raise TooBusy while it has another, or while MAX_AT_ONCE are under way.

    Behind a proxy all requests come from one address: there only MAX_AT_ONCE counts. The turn ends with the block if
    it fails, else with `ended`.
    """
    public = (datasette.plugin_config(PLUGIN) or {}).get("public_url")
    client = object() if public else (request.scope.get("client") or ("",))[0]
    if client in _busy or len(_busy) >= MAX_AT_ONCE:
        raise TooBusy
    _busy.add(client)
    try:
        yield client
    except BaseException:
        ended(client)
        raise


def ended(client: object) -> None:
    """End the turn of a client."""
    _busy.discard(client)


def spool() -> IO[bytes]:
    """An empty file that is kept in memory while it is small."""
    return SpooledTemporaryFile(MAX_IN_MEMORY)


class SentFile(Response):  # type: ignore[misc] # Datasette has no types
    """A reply with a file, which it closes.

    The turn of its client ends before the last piece, for with that the client may ask for its next file.
    """

    def __init__(self, file: IO[bytes], size: int, digest: bytes, name: str, kind: str, client: object) -> None:
        headers = {
            "cache-control": CACHING["cache-control"],
            "content-length": str(size),
            "content-disposition": _disposition(name),
            "repr-digest": f"sha-256=:{b64encode(digest).decode()}:",
        }
        super().__init__("", headers=headers, content_type=kind)
        self._file, self._size, self._client = file, size, client

    async def asgi_send(self, send: Send) -> None:
        """Send the head and then each piece; overrides Datasette's method."""
        headers = {**self.headers, "content-type": self.content_type}
        remaining = self._size
        try:
            told = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
            await send({"type": "http.response.start", "status": self.status, "headers": told})
            while piece := await asyncio.to_thread(self._file.read, PIECE):
                remaining -= len(piece)
                if remaining <= 0:
                    self._end()
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._file.close()
            self._end()

    def _end(self) -> None:
        """End the turn once: afterwards it may be that of the client's next file."""
        client, self._client = self._client, None
        if client is not None:
            ended(client)


def safe(name: str) -> str:
    """A name as a part of a file's name: letters, digits, `_` and `-` of any script, at most MAX_NAME_CHARACTERS."""
    return _UNSAFE.sub("-", name)[:MAX_NAME_CHARACTERS].strip("-") or "articles"


def _disposition(name: str) -> str:
    """The header for a file of that name, which is also given in ASCII for old clients (RFC 6266)."""
    plain = name.encode("ascii", "ignore").decode().strip("-") or "articles"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
