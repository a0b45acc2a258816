"""A site of a few fixed pages on loopback, and a source of one's own that starts there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from support.journeys import Thinker

from newsroom.process import Site

TEXT = "<p>" + "改革开放以来，我们取得了很大的成就。" * 20 + "</p>"


@dataclass
class Pages:
    """The pages by path, and the requests so far."""

    address: str
    pages: dict[str, tuple[int, dict[str, str], bytes]]
    asked: list[str]

    def put(self, path: str, body: str | bytes = b"", status: int = 200, **headers: str) -> None:
        payload = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, payload)

    def put_articles(self, *numbers: int) -> None:
        for number in numbers:
            self.put(f"/article/{number}", f"<h1>第{number}篇文章的题目</h1>{TEXT}<p>这是第{number}篇。</p>")


class Server(ThreadingHTTPServer):
    request_queue_size = 64  # with the usual 5, a busy machine lets a connection wait for a second and come last


@contextmanager
def serving() -> Iterator[Pages]:
    """The site while it runs; a path without a page answers 404."""
    site = Pages("", {}, [])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, headers, body = site.pages.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = Server(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


def town(home: Path, pages: Pages, *also: Site, more: str = "", **seeds: str) -> Thinker:
    """A home whose source `town` starts at a site's pages and may reach other sites as well."""
    allow = json.dumps([each.address.removeprefix("http://") for each in (pages, *also)])
    said = "".join(f'{kind} = ["{pages.address}{path}"]\n' for kind, path in seeds.items())
    home.mkdir(parents=True, exist_ok=True)
    (home / "thinker.toml").write_text(
        f'[sources.town]\nhomepage = "{pages.address}"\n{said}scope = "https?://.+/article/.+"\ndelay = 0\n'
        f"allow = {allow}\n{more}"
    )
    return Thinker(home)
