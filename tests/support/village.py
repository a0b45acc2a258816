"""A village of hosts with one article each, and a hub whose list names them: `with village(24) as there: …`."""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Literal

from support.fixed_pages import TEXT

Kind = Literal["own list", "no list", "stale list"]
Answer = tuple[int, dict[str, str], str]

SHELL = "<title>页面不存在</title><h1>404</h1><p>您访问的页面不存在。</p>"
LOGIN = "<title>登录</title><h1>请登录</h1><p>本文仅限会员阅读，请登录后继续。</p>"
WAYS: dict[str, tuple[str, Answer]] = {  # by way: the event that is judged, and the answer in the article's place
    "404": ("removed", (404, {}, "")),
    "410": ("removed", (410, {}, "")),
    "shell": ("removed", (200, {}, SHELL)),
    "front": ("redirected", (302, {"Location": "/"}, "")),
    "login": ("restricted", (200, {}, LOGIN)),
}


@dataclass
class House:
    """A host with one article."""

    number: int
    kind: Kind
    address: str = ""
    gone: str | None = None  # which of WAYS, while it is
    way: str | None = None  # which one it was
    since: datetime | None = None
    back: datetime | None = None

    @property
    def url(self) -> str:
        return f"{self.address}/article/{self.number}"

    def answer(self, path: str, weather: str) -> Answer:
        if weather == "503":
            return 503, {}, ""
        if weather == "everything at 404":
            return 404, {}, ""
        if path == f"/article/{self.number}":
            if weather == "articles at 404":
                return 404, {}, ""
            return WAYS[self.gone][1] if self.gone else (200, {}, f"<h1>第{self.number}篇文章的题目</h1>{TEXT}")
        if path == "/list" and self.kind != "no list":
            named = "" if self.gone and self.kind == "own list" else f"<a href=/article/{self.number}>第一篇</a>"
            return 200, {}, f"<title>全部文章</title>{named}"
        return (200, {}, "<title>首页</title><a href=/list>全部文章</a>") if path == "/" else (404, {}, "")


@dataclass
class Village:
    """The houses, the hub's address and the weather: calm, or one of three ways of an outage."""

    houses: list[House]
    hub: str = ""
    weather: str = "calm"
    hub_fails: bool = False
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def hub_answer(self, path: str) -> Answer:
        if path != "/list":
            return 404, {}, ""
        if self.weather in ("503", "everything at 404") or self.hub_fails:
            return 500, {}, ""
        standing = [house for house in self.houses if not house.gone]
        return 200, {}, "".join(f"<a href={house.url}>第{house.number}篇文章的题目</a>" for house in standing)

    def take_away(self, count: int) -> None:
        fresh = [house for house in self.houses if house.since is None]
        for house in self.chance.sample(fresh, min(count, len(fresh))):
            house.way = house.gone = self.chance.choice(list(WAYS))
            house.since = now()

    def bring_back(self, count: int) -> None:
        gone = [house for house in self.houses if house.gone]
        for house in self.chance.sample(gone, min(count, len(gone))):
            house.gone, house.back = None, now()


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@contextmanager
def village(count: int) -> Iterator[Village]:
    """The servers of all houses and of the hub while they run."""
    kinds: list[Kind] = ["own list", "no list", "stale list"]
    there = Village([House(number, kinds[number % 3]) for number in range(1, count + 1)])
    with ExitStack() as servers:
        there.hub = servers.enter_context(_serving(there, None))
        for house in there.houses:
            house.address = servers.enter_context(_serving(there, house))
        yield there


@contextmanager
def _serving(there: Village, house: House | None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = there.hub_answer(self.path) if house is None else house.answer(self.path, there.weather)
            status, headers, body = found
            payload = f"<meta charset=utf-8>{body}".encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(payload))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
