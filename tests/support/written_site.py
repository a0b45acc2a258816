"""A site whose answers a test writes itself: `with serving(answers) as site: …`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from newsroom.process import Site


@dataclass(frozen=True)
class Answer:
    """A status, header lines as they are sent, and a body."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class RawSite:
    """A site whose answers a test writes: its address, and the path and headers of each request so far."""

    address: str
    asked: list[tuple[str, Message]] = field(default_factory=list)

    @property
    def as_declared(self) -> Site:
        """The site as the helpers that declare a source take it."""
        return Site(self.address, 0)


class Server(ThreadingHTTPServer):
    request_queue_size = 64  # with the usual 5, a busy machine lets a connection wait for a second and come last


@contextmanager
def serving(answers: Callable[[str], Answer | None]) -> Iterator[RawSite]:
    """A site on a free port of this machine; a path without an answer gets 404."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, self.headers))
            answer = answers(self.path) or Answer(status=404)
            self.send_response_only(answer.status)
            lines = [*answer.headers, ("Content-Length", str(len(answer.body)))]
            head = "".join(f"{name}: {value}\r\n" for name, value in lines)
            self.end_headers_of(head)
            try:
                self.wfile.write(answer.body)
            except OSError:
                self.close_connection = True  # the client has left

        def end_headers_of(self, head: str) -> None:
            self._headers_buffer.append(head.encode("utf-8", "replace"))  # type: ignore[attr-defined]
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site = RawSite(f"http://127.0.0.1:{server.server_port}")
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield site
        server.shutdown()


TEXT = "".join(
    f"<p>第{number}段。长三角一体化发展上升为国家战略，{'区域协调发展迈出新步伐。' * 8}</p>" for number in range(6)
)


def article(number: int) -> bytes:
    """An article that every parser can read."""
    head = f"<title>第{number}篇谈一体化发展</title><meta charset=utf-8>"
    return f"<html>{head}<h1>第{number}篇谈一体化发展</h1><article>{TEXT}</article></html>".encode()


def listing(count: int) -> bytes:
    """A sitemap of `count` addresses from /article/0.html on."""
    urls = "".join(f"<url><loc>ADDRESS/article/{number}.html</loc></url>" for number in range(count))
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()
