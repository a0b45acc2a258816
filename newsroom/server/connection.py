"""The HTTP/1.1 connection: reads requests, answers them in order, and leaves faults to newsroom.faults.

Hand-written on asyncio.Protocol because benchmarks crawl it and because faults need every byte under control.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from newsroom import faults
from newsroom.http import responses
from newsroom.http.answers import TEXT, Request, SitePage, fixed
from newsroom.http.log import Log, LoggedRequest, parse_headers
from newsroom.server import control, hosts
from newsroom.shapes import page_at
from newsroom.site.room import Newsroom

MAX_HEAD, MAX_BODY = 65_536, 4_194_304


@dataclass(slots=True)
class Service:
    """The data that all connections share; `after_answer` is called with the number of requests served so far.

    Those under `/-/` do not count. At the call, the bytes of the last answer may not all be sent.
    """

    room: Newsroom
    log: Log = field(default_factory=Log)
    served: int = 0
    after_answer: Callable[[int], None] | None = None


class ClientConnection(asyncio.Protocol):
    """The connection of one client; requests wait until the answer before them is complete."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.buffer = b""
        self.busy = False  # an answer takes time: a fault or a stream
        self.can_write = asyncio.Event()
        self.can_write.set()
        self.tasks: set[asyncio.Task[None]] = set()

    @property
    def now(self) -> int:
        """The site's own time, in Unix seconds."""
        return self.service.room.now

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio names it)
        for task in self.tasks:
            task.cancel()

    def pause_writing(self) -> None:
        self.can_write.clear()

    def resume_writing(self) -> None:
        self.can_write.set()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self.go_on()

    def go_on(self) -> None:
        """Answer the requests in the buffer, one after the other."""
        while self.buffer and not self.busy and not self.transport.is_closing():
            request = self._next_request()
            if request is None:
                return
            self._answer(request)

    def _next_request(self) -> Request | None:
        """The next whole request, taken from the buffer; None while it is incomplete, and for one that is refused."""
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self.buffer) > MAX_HEAD:
                self.refuse(431, "header fields too large")
            return None
        line, _, head = self.buffer[:end].partition(b"\r\n")
        parts = line.decode("latin-1").split(" ")
        if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
            self.refuse(400, "not an HTTP/1.1 request line")
            return None
        headers = parse_headers(head)
        return self._with_body(Request(parts[0], _path_of(parts[1]), parts[2], headers, head), end + 4)

    def _with_body(self, request: Request, start: int) -> Request | None:
        if "transfer-encoding" in request.headers:
            self.refuse(411, "send Content-Length")
            return None
        declared = request.headers.get("content-length", "0")
        if not (declared.isascii() and declared.isdigit()):
            self.refuse(400, "Content-Length is not a number")
            return None
        end = start + int(declared)
        if end - start > MAX_BODY:
            self.refuse(413, "body too large")
            return None
        if len(self.buffer) < end:
            if "100-continue" in request.headers.get("expect", "") and len(self.buffer) == start:
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return None
        request.body, self.buffer = self.buffer[start:end], self.buffer[end:]
        return request

    def refuse(self, status: int, reason: str) -> None:
        """Answer a request that cannot be read, and close."""
        self.send_page(None, fixed(reason + "\n", TEXT, status), None, keep=False)

    def _answer(self, request: Request) -> None:
        if request.path.startswith("/-/"):
            self.send_page(request, control.page(self.service.room, self.service.log, request), None)
            return
        room = self.service.room
        entry = self.service.log.add(request)
        if room.out:
            self.send_page(request, fixed("503 Service Unavailable\n", TEXT, 503), entry)
        else:
            page = self._page(request)
            fault = room.faults.striking(page.article, page.part, request.target)
            if fault is None:
                self.send_page(request, page, entry)
            else:
                faults.strike(self, request, page, entry, fault)
        self.service.served += 1
        if self.service.after_answer:
            self.service.after_answer(self.service.served)

    def _page(self, request: Request) -> SitePage:
        room = hosts.room_asked(self.service.room, request)
        page = page_at(room, request)
        return hosts.with_crossing_links(page, room.address) if room.crossing else page

    def send_page(
        self, request: Request | None, page: SitePage, entry: LoggedRequest | None, keep: bool = True
    ) -> None:
        """Send a page as HTTP demands: 405 for a method that it lacks, 304 if the client has it, no body for HEAD.

        Its `methods` are those it has. The connection closes afterwards unless `keep` is True and the client keeps it
        alive. entry: takes the status and counts the bytes sent; a stream leaves it unchanged.
        """
        if request and request.method not in page.methods:
            allow = (("Allow", ", ".join(page.methods)),)
            page = SitePage(lambda: b"405 Method Not Allowed\n", TEXT, 405, page.article, headers=allow)
        headers = responses.headers_of(page)
        if keep:
            keep = request is not None and keeps_alive(request)
        if not keep:
            headers.append(("Connection", "close"))
        now = self.now
        if page.stream is not None and request and request.method != "HEAD":
            self.run(self._send_stream(page, headers, keep and request.version == "HTTP/1.1"))
            return
        if request and _is_not_modified(request, page):
            self.send(responses.head(304, headers, now, None), entry, 304)
        else:
            body = b"" if page.stream else page.render()
            top = responses.head(page.status, headers, now, len(body))
            self.send(top if request and request.method == "HEAD" else top + body, entry, page.status)
        if not keep:
            self.transport.close()

    def send(self, data: bytes, entry: LoggedRequest | None, status: int | None = None) -> None:
        """Write bytes; the log entry, if any, counts them and takes the status, if one is given."""
        self.transport.write(data)
        if entry is not None:
            entry.sent += len(data)
            entry.status = status or entry.status

    def run(self, work: Coroutine[object, object, None]) -> None:
        """Run an answer that takes time while this connection waits."""
        self.busy = True
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self.busy = False
        if task.cancelled():
            return
        if task.exception():
            self.transport.abort()
            task.result()  # raises it again, and asyncio prints what a callback raises
        self.go_on()

    async def _send_stream(self, page: SitePage, headers: list[tuple[str, str]], chunked: bool) -> None:
        """Send a long answer, in chunks (RFC 9112 §7.1) or, for old clients, until the connection closes.

        This coroutine returns when all is written; it waits while the client reads slowly.
        """
        if chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        self.transport.write(responses.head(page.status, headers, self.now, None))
        assert page.stream is not None
        for piece in responses.pieces(page.stream):
            self.transport.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            await asyncio.sleep(0)
            await self.can_write.wait()
        if chunked:
            self.transport.write(b"0\r\n\r\n")
        else:
            self.transport.close()


def _is_not_modified(request: Request, page: SitePage) -> bool:
    return request.method in ("GET", "HEAD") and responses.not_modified(request, page)


def keeps_alive(request: Request) -> bool:
    """True if the connection stays open after the request (RFC 9112 §9.3)."""
    wish = request.headers.get("connection", "").lower()
    return "close" not in wish if request.version == "HTTP/1.1" else "keep-alive" in wish


def _path_of(target: str) -> str:
    """Path and query of a request target, which may be a whole address, as for a proxy (RFC 9112 §3.2.2).

    `/` for a target that is neither, such as `*`.
    """
    if target.startswith("/"):
        return target
    _, found, rest = target.partition("://")
    return "/" + rest.partition("/")[2] if found else "/"
