"""A site that sends exactly the bytes it was given, also those that no well-behaved server would send."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from socket import SHUT_WR, socket
from socketserver import BaseRequestHandler, ThreadingTCPServer

PARAGRAPH = "长三角一体化发展上升为国家战略以来，相关支撑机制逐步形成，三省一市各扬所长，协同推进重点领域建设。"

Send = Callable[[socket], None]  # answers one request on its connection


@dataclass
class RawSite:
    """A site of raw bytes: its address, its answers by path, and the paths that were asked."""

    address: str = ""
    answers: dict[str, bytes | Send] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def declared(self, home: Path) -> None:
        """Declare it as the source `raw` of a home; its sitemap names every path that ends in .html."""
        host = self.address.removeprefix("http://")
        home.mkdir(exist_ok=True)
        (home / "thinker.toml").write_text(
            f'[sources.raw]\nsitemaps = ["{self.address}/sitemap.xml"]\nscope = "http://{host}/article/.*"\n'
            f'allow = ["{host}"]\ndelay = 0\n'
        )
        self.name_all()

    def name_all(self) -> None:
        """Make the sitemap name every path that ends in .html."""
        urls = "".join(f"<url><loc>{self.address}{path}</loc></url>" for path in self.answers if path.endswith(".html"))
        sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        self.answers["/sitemap.xml"] = reply(sitemap.encode(), "application/xml")


def reply(body: bytes, content_type: str = "text/html; charset=utf-8", *fields: str) -> bytes:
    """An ordinary answer."""
    head = [
        "HTTP/1.1 200 OK",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        *fields,
        "Connection: close",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def article(number: int) -> bytes:
    """The page of an article."""
    title = f"第{number}篇文章谈一体化"
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="2024-04-13T23:01:00+08:00"></head>'
        f"<body><article><h1>{title}</h1>{f'<p>{PARAGRAPH}</p>' * 3}</article></body></html>"
    ).encode()


@contextmanager
def raw_site(answers: Mapping[str, bytes | Send]) -> Iterator[RawSite]:
    """Serve these answers by path, each on a connection of its own, which is closed after it."""
    site = RawSite(answers=dict(answers))

    class Answering(BaseRequestHandler):
        def handle(self) -> None:
            head = b""
            while b"\r\n\r\n" not in head and (more := self.request.recv(65_536)):
                head += more
            if not head:
                return
            path = head.split(b" ")[1].decode()
            site.asked.append(path)
            missing = f"HTTP/1.1 404 {HTTPStatus.NOT_FOUND.phrase}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            answer = site.answers.get(path, missing.encode())
            try:
                if isinstance(answer, bytes):
                    self.request.sendall(answer)
                else:
                    answer(self.request)
                self.request.shutdown(SHUT_WR)
                self.request.settimeout(5)
                while self.request.recv(65_536):  # a close with bytes unread would reset the connection
                    pass
            except OSError:
                pass  # the crawler has had enough

    class Server(ThreadingTCPServer):
        daemon_threads = allow_reuse_address = True
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Answering) as server:
        site.address = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield site
        server.shutdown()
