"""Reads list pages: politely, storing each in the archive, and counting failures."""

from __future__ import annotations

import gzip
import logging
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.judging import Fetched, Outcome, opened
from archive.rows import StoredPayload
from archive.rules import host_of
from crawler.download import KEEP_PARTS, fetched
from crawler.middlewares import (
    AddressRefused,
    BudgetSpent,
    HostClosed,
    RobotsRefused,
    Spending,
    conditional_headers,
    with_remedy,
)
from crawler.runs import StorageError
from crawler.seeds import GET, Absent, ListMessage
from crawler.session import list_target
from crawler.sources import Source
from crawler.spiders.failures import Silence
from parsers import Document
from parsers.document import MAX_PAYLOAD_BYTES
from parsers.links import MAX_UNPACKED_BYTES, is_packed

MAX_REDIRECTS = 5  # as RFC 2068 recommended (RFC 9110 §15.4)
CODING = {"Accept-Encoding": "gzip"}  # a large list is unpacked a piece at a time, which needs gzip

logger = logging.getLogger(__name__)
_warn = partial(logger.warning, "%s")


class Stopped(Exception):  # noqa: N818 not an error
    """The crawl ends, so that no further list is read."""


@dataclass(frozen=True, slots=True)
class UnreadList:
    """An address of a list that could not be read, and the cause.

    ill: the site may be down. asked: False only if the request is left to a later crawl, because its host asked us to
    wait or a budget of its host is spent; True in all other cases, also if robots.txt or our own rules forbid the
    request.
    """

    url: str
    cause: str
    ill: bool = True
    asked: bool = True


class Keeper(Protocol):
    """Stores the lists that are read, and gives those of earlier crawls."""

    async def record(self, fetched: Fetched) -> Outcome:
        """Store a response and return its outcome."""
        ...

    async def held_list(self, url: str) -> StoredPayload | None:
        """The newest good capture of a list, which a 304 would confirm; None without one.

        None also if that capture is at another spelling of the address, such as http for https.
        """
        ...

    async def stored_list(self, held: StoredPayload) -> Document | None:
        """A list as it was captured; None, with a warning, when it cannot be read any more."""
        ...


class SeedReader:
    """Reads list pages as documents, and counts the outcomes.

    requests: the number sent; answers: of them answered; readable: of them pages that were read. errors: failures, all
    but waits and spent budgets. record_id: the record of the last page, "" if it was not stored. unread: the lists that
    could not be read. silence: requests that nothing answered. keeper: None if nothing is to be stored. stopped: no
    further list is to be read.
    """

    def __init__(self, crawler: Crawler, source: Source, keeper: Keeper | None, silence: Silence | None = None) -> None:
        self._crawler = crawler
        self._source = source
        self._keeper = keeper
        self.stopped = False
        self.requests = 0
        self.answers = 0
        self.readable = 0
        self.refused = 0  # by robots.txt
        self.barred = 0  # by us
        self.waiting = 0
        self.spent = 0  # not asked: the budget of their host's day is spent
        self.errors = 0
        self.record_id = ""
        self.unread: list[UnreadList] = []
        self.silence = silence or Silence()
        self.spending = Spending(frozenset(map(crawler.settings["HOSTS"].name, source.places)))

    async def read(self, url: str, message: ListMessage, absent: Absent) -> Document | None:
        """Fetch a page of a list, store it, and return it as a document; None, with a warning, if it cannot be read.

        After a 304 the stored capture is returned. absent: statuses that mean, without a warning, that there is no such
        page, as after the last page of a list. Raises Stopped, BudgetSpent if no host may be asked any more, and
        StorageError.
        """
        if not self._source.within(url):
            self.failed(url, f"its host is not among the hosts of {self._source.name}: name it in `hosts`", ill=False)
            return None
        lost = False  # True if the capture that a 304 confirms cannot be read
        for _ in range(MAX_REDIRECTS + 1):
            held = await self._keeper.held_list(url) if self._keeper and message.body is None and not lost else None
            response = await self._download(url, message, held)
            if response is None:
                return None
            page = fetched(response, "list")
            if self._keeper is not None:
                self.record_id = (await self._keeper.record(page)).record_id or ""
                if held is not None and page.status == 304:
                    if document := await self._keeper.stored_list(held):
                        self.readable += 1
                        return document
                    lost = True
                    continue
            target = list_target(response, self._source)
            if target is None:
                return None if page.status in absent else self._document(page, optional=bool(absent))
            url, message = target, redirected(message, response.status, url, target)
        self.failed(url, f"more than {MAX_REDIRECTS} redirects")
        return None

    def failed(self, url: str, cause: str, ill: bool = True, error: Exception | None = None) -> None:
        """Count and log a page of a list that gave nothing. ill: its site may be down. error: the exception, if any."""
        logger.warning("%s: %s", url, with_remedy(cause, error, self._source))
        self._count(url, cause, ill)

    def _count(self, url: str, cause: str, ill: bool = True) -> None:
        self.errors += 1
        self.unread.append(UnreadList(url, cause, ill))

    async def _download(self, url: str, message: ListMessage, held: StoredPayload | None) -> Response | None:
        if self.stopped:
            raise Stopped
        request = list_request(url, message, held)
        try:
            response = await self._crawler.engine.download_async(request)
        except BudgetSpent as error:
            self.spending.note(error)
            if self.spending.over:
                raise
            logger.warning("%s: %s", url, error)
            self.spent += 1
            self.unread.append(UnreadList(url, str(error), asked=False))
            return None
        except StorageError:
            raise
        except HostClosed as error:
            logger.warning("%s", error)
            self.waiting += 1
            self.unread.append(UnreadList(url, str(error), asked=False))
            return None
        except RobotsRefused as error:
            self.refused += 1
            self.failed(url, _cause(url, error), ill=False)
            return None
        except AddressRefused as error:
            self.barred += 1
            self.failed(url, _cause(url, error), ill=False, error=error)
            return None
        except Exception as error:  # one seed's failure must not end the others
            cause = _cause(url, error)
            self.requests += 1
            self.silence.failed(f"{url}: {cause}", _warn)
            self._count(url, cause)
            return None
        self.silence.answered()
        self.requests += 1
        self.answers += 1
        return response

    def _document(self, page: Fetched, optional: bool) -> Document | None:
        if page.status not in (200, 203):
            place = page.header("location") if 300 <= page.status < 400 else None
            where = f" to {place[:300]}, which is not followed" if place else ""
            self.failed(page.url, f"HTTP {page.status}{where}")
            return None
        content = opened(page)
        packed = content.large and is_packed(page.payload)  # a large sitemap is read a piece at a time
        fault = content.cut.said if content.cut else content.fault
        if fault and not packed:
            self.failed(page.url, fault)
            return None
        payload = page.payload if packed else content.content
        if (not payload or payload.isspace()) and not optional:
            self.failed(page.url, "the answer is empty")
            return None
        self.readable += 1
        return Document(_packed(payload), page.header("content-type"), page.url, page.captured_at, self._source.name)


def _cause(url: str, error: Exception) -> str:
    """The reason of a failure, without the address in front."""
    return (str(error) or type(error).__name__).removeprefix(f"{url}: ")


def redirected(message: ListMessage, status: int, url: str, target: str) -> ListMessage:
    """The message to send to the target of a redirect; after 301, 302 and 303 it has no body, so it is a GET.

    Its own headers are left out if the target is on another host (RFC 9110 §15.4).
    """
    if host_of(url) != host_of(target):
        message = replace(message, headers=())
    return replace(message, body=None, media_type="") if status in (301, 302, 303) else message


def list_request(url: str, message: ListMessage = GET, held: StoredPayload | None = None) -> Request:
    """A GET of a list, or a POST of the message's body; held: the capture that a 304 would confirm."""
    validators = conditional_headers(held.etag, held.last_modified) if held else {}
    posted = message.body is not None
    return Request(
        url,
        method="POST" if posted else "GET",
        body=message.body or b"",
        headers={
            **dict(message.headers),
            **CODING,
            **validators,
            **({"Content-Type": message.media_type} if posted else {}),
        },
        callback=NO_CALLBACK,
        meta={**KEEP_PARTS, "most": MAX_UNPACKED_BYTES},
        dont_filter=True,
    )


def _packed(payload: bytes) -> bytes:
    """A sitemap of more than MAX_PAYLOAD_BYTES compressed with gzip; any other payload unchanged.

    It saves memory while the sitemap is read a piece at a time. A sitemap has `urlset` in its first 1,000 bytes.
    """
    if len(payload) <= MAX_PAYLOAD_BYTES or b"urlset" not in payload[:1000].lower():
        return payload
    return gzip.compress(payload, 1)
