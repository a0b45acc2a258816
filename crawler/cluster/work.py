"""The means of a worker, its work so far, and the records that it writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.files import SealedRecord, digest, http_head, seal
from archive.settings import Settings
from crawler.cluster.order import OrderError, order_of
from crawler.download import Answer
from crawler.frontier import Leased, Orders, RedisHostBook
from crawler.segments import Depot, Spool
from crawler.sources import Source


@dataclass(frozen=True, slots=True)
class Work:
    """The means of a worker. once: it ends when no order has come for a while; else at a signal."""

    settings: Settings
    spool: Spool
    orders: Orders
    depot: Depot
    book: RedisHostBook
    once: bool = False
    quiet: bool = False


@dataclass(slots=True)
class Done:
    """The work of a worker so far: orders fetched and failed, segments shipped, answers that came too late."""

    fetched: int = 0
    failed: int = 0
    segments: int = 0
    late: int = 0
    stopped: bool = False  # by a signal


def settings_of(work: Work, sources: dict[str, Source]) -> dict[str, Any]:
    """The settings that a worker changes in Scrapy; an order has its header fields, and has passed robots.txt."""
    return {
        "HOST_BOOK": work.book,
        "ADDRESS_GUARD_ALLOW": [place for source in sources.values() for place in source.allow],
        "ALLOWED_BY_SOURCE": {source.name: frozenset(source.allow) for source in sources.values()},
        "ADDRESS_GUARD_NEVER": list(work.settings.crawler.never),
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.cluster.guard.WorkerGuard": 50,
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
            "crawler.cluster.polite.WorkerPoliteness": 900,
        },
        "DEFAULT_REQUEST_HEADERS": {},
        "EXTENSIONS": {"crawler.process.memory_watch.MemoryWatch": 0},
    }


def record_of(answer: Answer, at: datetime, warcinfo: str, ip: str | None) -> SealedRecord:
    """The response record of an answer, for a segment."""
    fields = [
        ("WARC-Target-URI", answer.url),
        ("WARC-Warcinfo-ID", f"<{warcinfo}>"),
        ("WARC-IP-Address", ip),
        ("Content-Type", "application/http; msgtype=response"),
        ("WARC-Payload-Digest", digest(answer.body)),
        ("WARC-Truncated", answer.truncated),
    ]
    named = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.fields)
    return seal("response", at, (http_head(answer.status, named), answer.body), fields)


def order_url(leased: Leased) -> str:
    """The url of an order; "" if it cannot be read."""
    try:
        return order_of(leased).request.url
    except OrderError:
        return ""
