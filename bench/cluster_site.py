"""A site of pages of some 40 kB for bench/cluster.py: a sitemap, articles, and 304 for those that ask by ETag.

python bench/cluster_site.py 2000
"""

import random
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from texts import Texts

CHARACTERS = 1_500
LINKS = 120  # of a page to lists and other articles, as menus and side columns have them
SITEMAPS = (10, 50_000)  # addresses of two more sitemaps, whose other pages do not exist


class Server(ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = True


def pages(count: int) -> list[bytes]:
    """The pages, each another one."""
    found = list(Texts().articles(count, CHARACTERS))
    chance = random.Random(1)
    script = "".join(f"var v{chance.randrange(10**6)}='{chance.randrange(10**9):x}';" for _ in range(450))
    headlines = [headline for headline, _ in found]
    return [_page(number, found[number], chance.choices(headlines, k=LINKS), script) for number in range(count)]


def _page(number: int, article: tuple[str, str], others: list[str], script: str) -> bytes:
    headline, body = article
    at = f"2024-{1 + number % 12:02}-{1 + number % 28:02} 10:{number % 60:02}"
    links = "".join(
        f'<li class="item"><a href="/list/{at[:4]}/{place}" target="_blank" title="{other}">{other}</a></li>\n'
        for place, other in enumerate(others)
    )
    told = "".join(f"<p>{part}</p>\n" for part in body.split("\n"))
    return (
        f"<html><head><meta charset=utf-8><title>{headline}</title><script>{script}</script></head><body>"
        f"<ul>{links}</ul><h1>{headline}</h1><div>{at}</div><article>{told}</article></body></html>"
    ).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers with pages that are made before the first request."""

    protocol_version = "HTTP/1.1"
    pages: list[bytes]

    def do_GET(self) -> None:
        name = self.path.strip("/").removesuffix(".html")
        kind, _, number = name.partition("/")
        if kind == "sitemap":
            self._answer(200, self._sitemap(int(number.removesuffix(".xml"))), "application/xml")
        elif kind == "article" and int(number) < len(self.pages):
            tag = f'"{number}"'
            known = self.headers.get("If-None-Match") == tag
            self._answer(304 if known else 200, b"" if known else self.pages[int(number)], "text/html", tag)
        else:
            self._answer(404, b"", "text/html")

    def _sitemap(self, count: int) -> bytes:
        address = f"http://{self.headers['Host']}"
        urls = "".join(f"<url><loc>{address}/article/{number}.html</loc></url>" for number in range(count))
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()

    def _answer(self, status: int, body: bytes, kind: str, tag: str = "") -> None:
        fields = f"Content-Type: {kind}\r\n" + (f"ETag: {tag}\r\n" if tag else "")
        length = "" if status == 304 else f"Content-Length: {len(body)}\r\n"
        self.wfile.write(f"HTTP/1.1 {status} Told\r\n{fields}{length}\r\n".encode() + body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def main() -> None:
    Handler.pages = pages(int(sys.argv[1]))
    with Server(("127.0.0.1", 0), Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__" and sys.argv[1:]:
    main()
