"""What every reply carries and which requests are answered at all: headers, hosts, methods."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette


Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Callable[[], Awaitable[Message]], Send], Awaitable[None]]

PLUGIN = "thinker"
LOCAL = ("127.0.0.1", "localhost", "::1")
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared with, never bound here

UNKNOWN_HOST = (
    "This server does not answer for that host name: start it with `thinker serve --host NAME`, "
    "or list the name in Datasette's metadata under plugins, thinker, hosts."
)

# Our own pages need nothing but their stylesheet; Datasette's templates hold scripts and styles inline.
STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
DATASETTE = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# Datasette's own pages do not say what language they are in, so that Chinese would get any region's glyphs.
NO_LANGUAGE = (b"<!DOCTYPE html>\n<html>", b'<!DOCTYPE html>\n<html lang="en">')
HEADERS = {
    "content-security-policy": DATASETTE,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def wrapper(datasette: Datasette) -> Callable[[App], App]:
    """The ASGI middleware; further host names come from the plugin's setting `hosts`."""
    configured = (datasette.plugin_config(PLUGIN) or {}).get("hosts", [])
    hosts = {*LOCAL, *configured}

    def wrap(app: App) -> App:
        async def guarded(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            answer = _with_headers(send, bodiless=scope["method"] == "HEAD")
            refusal = _refusal(scope, hosts)
            if refusal:
                await _refuse(answer, *refusal)
            else:
                await app({**scope, "method": "GET"}, receive, answer)

        return guarded

    return wrap


def host_allowed(header: str, hosts: Iterable[str]) -> bool:
    """Whether a Host header (RFC 9110 §7.2) names us; DNS rebinding needs a name of its own."""
    try:
        name = (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return False
    return name in hosts or (any(host in ANY_ADDRESS for host in hosts) and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _refusal(scope: Message, hosts: set[str]) -> tuple[int, str] | None:
    named = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
    if len(named) != 1 or not host_allowed(named[0], hosts):
        return 421, UNKNOWN_HOST
    if scope["method"] not in ("GET", "HEAD"):
        return 405, "This archive is read-only: GET and HEAD only."
    return None


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"allow", b"GET, HEAD")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{reason}\n".encode()})


def _with_headers(send: Send, bodiless: bool) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {bytes(name).lower() for name, _ in message["headers"]}
            ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            added = [(name, value) for name, value in ours if name not in present]
            message = {**message, "headers": [*message["headers"], *added]}
        else:
            body = b"" if bodiless else message.get("body", b"")
            message = {**message, "body": body.replace(*NO_LANGUAGE, 1) if body.startswith(NO_LANGUAGE[0]) else body}
        await send(message)

    return answer
