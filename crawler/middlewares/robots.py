"""robots.txt, obeyed as RFC 9309 says, also when many requests wait for it at once."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from archive.captures import ContentError, decoded
from crawler.middlewares.politeness import Politeness
from crawler.responses import REDIRECTS

LARGEST = 512 * 1024  # bytes; RFC 9309 §2.5 asks for at least 500 KiB
HOPS = 5  # RFC 9309 §2.3.1.2
FIELD = re.compile(r"^\s*([A-Za-z_-]+)\s*:")
AGENT = re.compile(r"^(\s*user-?agent\s*:\s*[a-z_-]+).*", re.IGNORECASE)
KNOWN = {"user-agent", "useragent", "disallow", "allow", "sitemap", "sitemaps", "site-map"} | {
    "crawl-delay", "request-rate", "visit-time", "host", "dissallow", "dissalow", "disalow", "diasllow", "disallaw",
}  # fmt: skip


class RobotsRefused(IgnoreRequest):
    """The site's robots.txt forbids this url."""


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be had, which forbids everything (RFC 9309 §2.3.1.4)."""


def allowed(robots_txt: str, user_agent: str, url: str) -> bool:
    """Whether a robots.txt lets a user agent fetch a url (RFC 9309)."""
    return rules(robots_txt).can_fetch(url, user_agent)


def rules(robots_txt: str) -> Protego:
    """The rules of a robots.txt.

    Two things that protego reads otherwise than RFC 9309 are put right before: an unknown line between two
    user-agent lines must not split their group (§2.2.4), and an agent is named by its product token (§2.2.1).
    """
    lines = (AGENT.sub(r"\1", line) for line in robots_txt.splitlines() if not _unknown(line))
    return Protego.parse("\n".join(lines))


def _unknown(line: str) -> bool:
    field = FIELD.match(line)
    return field is not None and field[1].lower() not in KNOWN


@dataclass(frozen=True, slots=True)
class Policy:
    """What a host's robots.txt came to; rules None: it could not be had, and reason says why."""

    rules: Protego | None
    reason: str


class Robots:
    """Asks once for the robots.txt of each host, and lets every other request wait for that one answer.

    Scrapy's own middleware (2.14 to 2.19) lets through what waits: only the first waiter gets the parser.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = crawler.settings["USER_AGENT"]
        self._policies: dict[str, asyncio.Task[Policy]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("robots_txt"):
            return
        policy = await self._policy(request)
        if policy.rules is None:
            raise RobotsUnreachable(f"{request.url}: {policy.reason}")
        if not policy.rules.can_fetch(request.url, self._agent):
            raise RobotsRefused(f"{request.url}: refused by robots.txt")

    async def _policy(self, request: Request) -> Policy:
        parts = urlparse_cached(request)
        host = f"{parts.scheme}://{parts.netloc}"
        task = self._policies.get(host)
        if task is None:
            task = self._policies[host] = asyncio.ensure_future(self._ask(f"{host}/robots.txt", request))
        # One waiter that is cancelled must not cancel the answer of the others.
        return task.result() if task.done() else await asyncio.shield(task)

    async def _ask(self, url: str, request: Request) -> Policy:
        try:
            response = await self._download(url)
        except Exception as error:  # whatever kept us from the rules keeps us from the site
            return Policy(None, f"robots.txt cannot be had: {str(error) or type(error).__name__}")
        if response.status >= 500 or response.status == 429:
            return Policy(None, f"robots.txt answers {response.status}")
        found = rules(_text(response) if response.status < 300 else "")
        politeness = self._crawler.get_downloader_middleware(Politeness)
        if politeness is not None:
            politeness.slow_down(request, found.crawl_delay(self._agent))
        return Policy(found, "")

    async def _download(self, url: str) -> Response:
        for _ in range(HOPS + 1):
            request = Request(url, meta={"robots_txt": True}, callback=NO_CALLBACK, dont_filter=True)
            response = await self._crawler.engine.download_async(request)
            location = response.headers.get(b"Location") if response.status in REDIRECTS else None
            if not location:
                return response
            url = urljoin(url, location.decode("latin-1"))
            if urlsplit(url).scheme not in ("http", "https"):
                break
        raise ValueError(f"more than {HOPS} redirects or none that can be followed, last to {url}")


def _text(response: Response) -> str:
    headers = {"Content-Encoding": (response.headers.get(b"Content-Encoding") or b"").decode("latin-1")}
    try:
        return decoded(response.body, headers)[:LARGEST].decode("utf-8-sig", "replace")
    except ContentError:
        return "User-agent: *\nDisallow: /"  # rules that cannot be read are not a permission
