"""The memory limit of a crawl: a watch that ends it in order, and a hard limit set in the kernel."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import resource
from contextlib import suppress
from pathlib import Path

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

LOOK_EVERY_SECONDS = 0.25  # a flood of large bodies fills the memory within seconds
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
WALL_FACTOR = 3  # times the limit is the kernel's limit, at which a MemoryError ends the crawl
MMAP_THRESHOLD, LARGE = -3, 1 << 20  # malloc.h: M_MMAP_THRESHOLD, and bytes


logger = logging.getLogger(__name__)


class MemoryWatch:
    """Ends a crawl as `memusage_exceeded` once its process holds more than MEMORY_LIMIT_MB (10^6 bytes).

    Scrapy's own extension looks once a minute, which is too late for a flood of seconds; and it looks at getrusage's
    maximum, which never falls and includes the parent's.
    """

    def __init__(self, crawler: Crawler, limit: int) -> None:
        self._crawler, self._limit = crawler, limit
        self._watch = create_looping_call(self._look)
        crawler.signals.connect(self._begin, signals.spider_opened)
        crawler.signals.connect(self._end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MemoryWatch:
        return cls(crawler, crawler.settings.getint("MEMORY_LIMIT_MB") * 1_000_000)

    def _begin(self) -> None:
        build_wall(self._limit * WALL_FACTOR)
        give_back_large_blocks()
        self._watch.start(LOOK_EVERY_SECONDS, now=True)

    def _end(self) -> None:
        if self._watch.running:
            self._watch.stop()

    def _look(self) -> None:
        engine = self._crawler.engine
        if held() > self._limit and engine is not None:
            self._watch.stop()
            logger.error("the crawl uses more than %d MB of memory and is stopped", self._limit // 1_000_000)
            asyncio.ensure_future(engine.close_spider_async(reason="memusage_exceeded"))  # noqa: RUF006 as spider.end


def held() -> int:
    """The bytes of memory that this process holds right now; 0 on systems without /proc."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES
    except OSError:
        return 0


def build_wall(most: int) -> None:
    """Limit this process's data in the kernel to `most` bytes; a lower limit that is set already stays."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = [limit for limit in (most, soft, hard) if limit != resource.RLIM_INFINITY]
    with suppress(ValueError, OSError):  # not every system has RLIMIT_DATA
        resource.setrlimit(resource.RLIMIT_DATA, (min(allowed), hard))


def give_back_large_blocks() -> None:
    """Make malloc return large blocks to the kernel when they are freed; nothing happens without glibc.

    After one block of 20 MB is freed, glibc's threshold rises, and it keeps all blocks up to that size.
    """
    with suppress(AttributeError, OSError):  # not glibc
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, LARGE)
