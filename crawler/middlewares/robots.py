"""robots.txt, obeyed as RFC 9309 says, also when many requests wait for it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.decisions import RobotsReading
from archive.files import ContentError, decoded
from archive.judging import Fetched
from crawler.download import KEEP_PARTS, REDIRECTS, Answer, fetched
from crawler.middlewares.budget import BudgetSpent
from crawler.middlewares.politeness import HostClosed, Politeness
from crawler.middlewares.robots_txt import FORBIDDEN, MAX_ROBOTS_BYTES, Rules, allowed, product_token, text_of
from crawler.runs import StorageError

__all__ = ["Robots", "RobotsRefused", "RobotsUnreachable", "allowed"]

MAX_REDIRECTS = 5  # RFC 9309 §2.3.1.2
# Uncompressed, because only the beginning is read, and part of a compressed file is unreadable.
HEADERS = {"Accept": "text/plain, */*;q=0.5", "Accept-Encoding": "identity"}
NOT_HAD = "robots.txt could not be fetched: "

Listener = Callable[[Fetched, RobotsReading | None], Awaitable[None]]


class RobotsRefused(IgnoreRequest):
    """The site's robots.txt forbids this url."""


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be had, or was answered by 5xx or 429, which forbids everything (RFC 9309 §2.3.1.4)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a host's robots.txt. rules None: it could not be had, and nothing may be asked; reason says why."""

    rules: Rules | None
    reason: str


class Robots:
    """Asks once for the robots.txt of each scheme and host, and lets every other request wait for that one answer.

    Scrapy's own middleware (2.14 to 2.19) lets waiting requests through: only the first waiter gets the parser.
    listener gets every answer with its reading (None: a redirect, or a cut answer), before any request that depends on
    it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._token = product_token(crawler.settings["USER_AGENT"])
        self._policies: dict[str, asyncio.Task[Policy]] = {}
        self.listener: Listener | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("robots_txt"):
            return
        policy = await self._policy(request)
        if policy.rules is None:
            raise RobotsUnreachable(f"{request.url}: {policy.reason}")
        if not policy.rules.allow(request.url):
            raise RobotsRefused(f"{request.url}: refused by robots.txt")

    def refuses(self, url: str) -> bool:
        """True if the rules in its host's robots.txt forbid a url, as far as this crawl has read them. Asks nothing.

        False without rules, also if robots.txt could not be had, although nothing may be asked then.
        """
        task = self._policies.get(_host(url))
        rules = task.result().rules if task and task.done() and not task.cancelled() and not task.exception() else None
        return rules is not None and not rules.allow(url)

    async def _policy(self, request: Request) -> Policy:
        host = _host(request.url)
        task = self._policies.get(host)
        if task is None:
            task = self._policies[host] = asyncio.ensure_future(self._ask(f"{host}/robots.txt", request))
        try:
            # One waiter that is cancelled must not cancel the answer of the others.
            return task.result() if task.done() else await asyncio.shield(task)
        except BudgetSpent:
            if self._policies.get(host) is task:  # a new article may have room where a known one has none
                del self._policies[host]
            raise

    async def _ask(self, url: str, request: Request) -> Policy:
        try:
            response = await self._download(url, request)
        except (StorageError, HostClosed, BudgetSpent):
            raise
        except Exception as error:  # without the rules nothing may be asked
            return Policy(None, f"{NOT_HAD}{str(error) or type(error).__name__}")
        reading, text = read_answer(response)
        await self._hand_on(response, reading)
        if _is_no_answer(response):
            return Policy(None, f"robots.txt answers {response.status}")
        found = Rules(text, self._token)
        politeness = self._crawler.get_downloader_middleware(Politeness)
        if politeness is not None:
            politeness.slow_down(request, found.crawl_delay)
        return Policy(found, "")

    async def _download(self, url: str, wanted: Request) -> Response:
        """Fetch a robots.txt, following redirects, and asking again if the connection broke within an answer.

        Each redirect and cut answer goes to the listener; the returned answer does not. Raises ValueError after more
        than MAX_REDIRECTS redirects and cut answers together, or for a redirect to a scheme other than http and https;
        and BudgetSpent, without a request, if the budget would have no room left for the wanted request.
        """
        for _ in range(MAX_REDIRECTS + 1):
            # A larger file is cut, not refused: its beginning is enough (RFC 9309 §2.5).
            meta = {"robots_txt": True, "enough": MAX_ROBOTS_BYTES, **KEEP_PARTS}
            meta |= {"with_it": 1, "recheck": wanted.meta.get("recheck", False)}
            request = Request(url, headers=HEADERS, meta=meta, callback=NO_CALLBACK, dont_filter=True)
            response = await self._crawler.engine.download_async(request)
            if response.status < 300 and cast("Answer", response).truncated == "disconnect":
                await self._hand_on(response, None)
                continue
            location = response.headers.get(b"Location") if response.status in REDIRECTS else None
            if not location:
                return response
            await self._hand_on(response, None)
            url = urljoin(url, location.decode("latin-1"))
            if urlsplit(url).scheme not in ("http", "https"):
                break
        raise ValueError(
            f"more than {MAX_REDIRECTS} redirects or cut answers, or one that cannot be followed, last of {url}"
        )

    async def _hand_on(self, response: Response, reading: RobotsReading | None) -> None:
        if self.listener is not None:
            await self.listener(fetched(response, "robots"), reading)


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def read_answer(response: Response) -> tuple[RobotsReading, str]:
    """The reading of an answer (RFC 9309 §2.3.1), and the text of the rules that hold.

    forbids_all, with the text FORBIDDEN: status 5xx or 429, or a body that cannot be decompressed. allows_all, with the
    text "": any other status from 300 on, such as 404 or a redirect without a target. rules: all others.
    """
    if _is_no_answer(response):
        return "forbids_all", FORBIDDEN
    if response.status >= 300:
        return "allows_all", ""
    headers = {"Content-Encoding": (response.headers.get(b"Content-Encoding") or b"").decode("latin-1")}
    try:
        return "rules", text_of(decoded(response.body, headers))
    except ContentError:
        return "forbids_all", FORBIDDEN  # unreadable rules permit nothing


def _is_no_answer(response: Response) -> bool:
    """True if the server failed (RFC 9309 §2.3.1.4) or asks for patience (429, RFC 6585 §4)."""
    return response.status >= 500 or response.status == 429
