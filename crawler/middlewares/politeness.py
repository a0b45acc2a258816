"""One request at a time to a host that asks for patience: delay, Crawl-delay, Retry-After and backing off."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.middlewares.turns import Turns

BUSY = (429, 503)  # the host asks us to come back later, not only this url
FAILING = (408, 500, 502, 504, *range(520, 525))
RETRIES = 2
LONGEST_WAIT = 120.0  # seconds; a host that asks for more is left alone until the next crawl
LONGEST_CRAWL_DELAY = 60.0
FAULTS = (CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError, ResponseDataLossError)


class HostClosed(IgnoreRequest):
    """The host asked to be left alone for longer than a crawl waits."""


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds a Retry-After header asks for (RFC 9110 §10.2.3: seconds or a date); None when unreadable."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) < 10 else None
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())


@dataclass(slots=True)
class Pace:
    """What one host is due: seconds between requests, and the monotonic time before which none may go out."""

    delay: float
    open_at: float = 0.0
    setbacks: int = 0
    turns: Turns = field(default_factory=Turns)

    def close_for(self, seconds: float) -> None:
        self.open_at = max(self.open_at, monotonic() + seconds)


class Politeness:
    """Stands last before the network, so that whatever passes it is sent at once."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._backoff = max(delay, 0.25)
        self._paces: dict[str, Pace] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Politeness:
        return cls(crawler.settings.getfloat("HOST_DELAY"))

    def slow_down(self, request: Request, crawl_delay: float | None) -> None:
        """Keep at least the Crawl-delay of the host's robots.txt, up to a minute."""
        pace = self._pace(request)
        pace.delay = max(pace.delay, min(crawl_delay or 0.0, LONGEST_CRAWL_DELAY))

    async def process_request(self, request: Request) -> None:
        pace = self._pace(request)
        request.meta["delay"] = pace.delay
        not_before = request.meta.pop("not_before", 0.0)
        if not_before > monotonic():
            await asyncio.sleep(not_before - monotonic())
        if pace.delay:
            await pace.turns.acquire(request.meta.get("urgent", False))
            request.meta["turn"] = True
        try:
            await _opening(pace, request)
        except HostClosed:
            self._done(request, pace)
            raise
        if pace.delay:
            pace.close_for(pace.delay)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        pace = self._pace(request)
        self._done(request, pace)
        if response.status in BUSY:
            self._close(pace, response)
        elif response.status not in FAILING:
            pace.setbacks = 0
            return response
        return self._again(request) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        self._done(request, self._pace(request))
        if isinstance(exception, FAULTS):
            return self._again(request)
        return self._again(request, cost=RETRIES) if isinstance(exception, DownloadTimeoutError) else None

    def _close(self, pace: Pace, response: Response) -> None:
        header = response.headers.get(b"Retry-After")
        asked = retry_after(header.decode("latin-1") if header else None, datetime.now(UTC))
        if asked is not None:
            pace.close_for(asked)
        elif pace.open_at <= monotonic():  # answers that were under way when the host closed count once
            pace.close_for(min(LONGEST_WAIT, self._backoff * 2**pace.setbacks))
            pace.setbacks = min(pace.setbacks + 1, 12)

    def _again(self, request: Request, cost: int = 1) -> Request | None:
        tries = request.meta.get("tries", 0)
        if tries >= RETRIES or self._pace(request).open_at - monotonic() > LONGEST_WAIT:
            return None
        wait = monotonic() + self._backoff * 2**tries
        return request.replace(meta={**request.meta, "tries": tries + cost, "not_before": wait}, dont_filter=True)

    def _pace(self, request: Request) -> Pace:
        host = urlparse_cached(request).netloc
        pace = self._paces.get(host)
        if pace is None:
            pace = self._paces[host] = Pace(self._delay)
        return pace

    def _done(self, request: Request, pace: Pace) -> None:
        if request.meta.pop("turn", False):
            pace.turns.release()


async def _opening(pace: Pace, request: Request) -> None:
    while (wait := pace.open_at - monotonic()) > 0:
        if wait > LONGEST_WAIT:
            raise HostClosed(f"{request.url}: the host asked for {wait:.0f} s of patience; left for a later crawl")
        await asyncio.sleep(wait)
