"""The outermost ASGI layer: checks host and method, sets headers, and answers errors that nothing else caught."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from datasette.utils.asgi import Request, Response

from archive.publish.database.live_database import by_a_stranger
from archive.publish.messages.refusals import invalid_request
from archive.publish.server import errors
from archive.publish.server.cross_origin import PREFLIGHT, is_data, opened
from archive.publish.server.headers import HEADERS, HSTS
from archive.publish.server.parameters import untracked
from archive.publish.server.public_url import PublicUrl, hostname

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette


Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

PLUGIN = "thinker"
LOCAL = ("127.0.0.1", "localhost", "::1")
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - only compared, never bound here
OWN_SQL = {"sql", "_where"}  # parameters with SQL
MAX_FACETS = 10  # of a table page; each may take half a second of a thread
READING = ("GET", "HEAD")

UNKNOWN_HOST = (
    "This server does not answer for that host name: start it with `thinker serve --public-url URL` or --host NAME, "
    "or list the name in Datasette's metadata under plugins, thinker, hosts.\n"
    "本服务器不以此主机名应答：请用 `thinker serve --public-url URL` 启动。\n"
)


def wrapper(datasette: Datasette) -> Callable[[App], App]:
    """A function that wraps an ASGI app in the checks of this module.

    The wrapped app answers for the host names and the public URL in the plugin's settings, and for LOCAL; requests for
    other hosts get a 421.
    """
    configured = datasette.plugin_config(PLUGIN) or {}
    hosts = {*LOCAL, *configured.get("hosts", [])}
    public = PublicUrl.parse(configured["public_url"]) if configured.get("public_url") else None
    added = [*HEADERS.items(), *([HSTS] if public and public.secure else [])]

    def wrap(app: App) -> App:
        async def guarded(scope: Message, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            reply = _Reply(send, added, public, bodiless=scope["method"] == "HEAD")
            if not _for_us(scope, hosts, public):
                await Response.text(UNKNOWN_HOST, status=421).asgi_send(reply.send)
                return
            if public:
                scope = public.seen_from_outside(dict(scope))
                reply.path = scope["path"]
                if scope["method"] == "OPTIONS" and is_data(reply.path):
                    await Response("", status=204, headers=dict(PREFLIGHT)).asgi_send(reply.send)
                    return
            await _answered(datasette, app, scope, receive, reply)

        return guarded

    return wrap


UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")  # in the target of a redirect


def host_allowed(header: str, hosts: Iterable[str]) -> bool:
    """True if a Host header, without its port, is one of `hosts`, or any IP address if they include 0.0.0.0 or `::`.

    Case and final dots do not matter. This stops DNS rebinding, which needs a foreign name.
    """
    name, ours = hostname(header), {host.lower().rstrip(".") for host in hosts}
    return name in ours or (not ours.isdisjoint(ANY_ADDRESS) and _is_address(name))


def is_loopback(host: str) -> bool:
    """True for `localhost` and loopback addresses: a server that listens there is reached from this machine alone."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _for_us(scope: Message, hosts: set[str], public: PublicUrl | None) -> bool:
    named = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
    if len(named) != 1:
        return False
    allowed = hosts | {public.host} if public else hosts
    return host_allowed(named[0], allowed) or (public is not None and public.names(scope["headers"]))


async def _answered(datasette: Datasette, app: App, scope: Message, receive: Receive, reply: _Reply) -> None:
    """Send the app's reply, or a reply to an error: 405 unless the method is GET or HEAD, 400 for too many facets.

    An address with parameters of trackers redirects to the one without them.

    Any exception, even before routing, is logged, and gets a reply unless the app's has begun. Sets the context
    variable `by_a_stranger` to True if the request has a parameter of OWN_SQL, else to False.
    """
    # Datasette puts a CSRF token into every page; the requests that it would protect are refused here.
    readable = [header for header in scope["headers"] if _can_be_read(*header)]
    request = Request({**scope, "headers": readable, "method": "GET", "csrftoken": str}, receive)
    try:
        await datasette.invoke_startup()
        if scope["method"] not in READING:
            await _refuse_to_write(datasette, request, reply)
            return
        if (kept := untracked(request.query_string)) != request.query_string:
            await _lead_to(request.path, kept).asgi_send(reply.send)
            return
        names = [name for name, _ in parse_qsl(request.query_string, keep_blank_values=True)]
        if sum(name.startswith("_facet") for name in names) > MAX_FACETS:
            raise invalid_request("many_facets", n=MAX_FACETS)
        by_a_stranger.set(not OWN_SQL.isdisjoint(names))
        await app(request.scope, receive, reply.send)
    except Exception as error:
        response = await errors.answer(datasette, request, error)
        if not reply.begun:  # else uvicorn closes the connection, and clients notice that the reply is incomplete
            await response.asgi_send(reply.send)


def _lead_to(path: str, query: str) -> Response:
    local = "/" + path.lstrip("/")  # browsers read what follows two slashes as a host
    return Response.redirect(f"{local}?{query}" if query else local)


def _can_be_read(name: bytes, value: bytes) -> bool:
    """False for a Cookie header that Python rejects or finds empty: one invalid name would make every page fail.

    True for all other headers.
    """
    try:
        return name.lower() != b"cookie" or bool(SimpleCookie(value.decode("latin-1")))
    except CookieError:
        return False


async def _refuse_to_write(datasette: Datasette, request: Request, reply: _Reply) -> None:
    response = await errors.told(datasette, request, errors.PageFault(405, "only_read"))
    response.headers["allow"] = ", ".join(READING)
    await response.asgi_send(reply.send)


class _Reply:
    """The sending side of a request: it adds missing headers, makes redirects safe, and drops the body for HEAD.

    Safe: backslashes and line breaks in the target are percent-encoded, and a path has the public prefix. Replies with
    an ETag may be cached (`_kept_fresh`). With a public URL other origins may read data (`opened`). `begun` is true
    once the app has sent the head. `path` is the one that was asked for, without the public prefix.
    """

    def __init__(self, send: Send, added: list[tuple[str, str]], public: PublicUrl | None, bodiless: bool) -> None:
        self.begun = False
        self.path = ""
        self._public = public
        self._send = send
        self._added = [(name.encode(), value.encode()) for name, value in added]
        self._bodiless = bodiless
        self._head: Message | None = None  # of a reply to HEAD: it waits until the app has ended

    async def send(self, message: Message) -> None:
        """Send an ASGI message on, with its headers or its body adapted."""
        if message["type"] == "http.response.start":
            self.begun = True
            present = {bytes(name).lower() for name, _ in message["headers"]}
            missing = [(name, value) for name, value in self._added if name not in present]
            kept = _kept_fresh([self._outward(header) for header in message["headers"]])
            every = [*kept, *missing]
            message = {**message, "headers": opened(self.path, every) if self._public else every}
            if self._bodiless:
                self._head = message
                return
        elif self._bodiless:
            if message.get("more_body") or self._head is None:
                return
            await self._send(self._head)
            message = {**message, "body": b""}
        await self._send(message)

    def _outward(self, header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        name, value = header
        if name.lower() != b"location":
            return header
        # Browsers read a backslash as a slash, so /\\host leads to another site. A line break would begin a new header.
        target = UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", value.decode("latin-1"))
        if target.startswith("?") or not target:  # Datasette stripped all slashes of `//`: it would lead to itself
            target = f"/{target}"
        return name, (self._public.outer(target) if self._public else target).encode("latin-1")


def _kept_fresh(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers, with `private, no-store` made `private, no-cache` if there is an ETag and no Set-Cookie.

    Datasette sets `no-store` if the request has a cookie.
    """
    names = {name.lower() for name, _ in headers}
    if b"etag" not in names or b"set-cookie" in names:
        return headers
    return [(name, b"private, no-cache" if value == b"private, no-store" else value) for name, value in headers]
