"""Runs one spider in one process, and ends it within seconds of a signal."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Protocol, TypeVar, cast

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from twisted.internet.base import ReactorBase

GRACE_SECONDS = 5.0  # for requests under way after a signal
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stoppable(Protocol):
    """A spider with a finish_reason: the reason that it ends before its time, set to stop it; None while it goes on."""

    finish_reason: str | None


S = TypeVar("S", bound=Spider)


def run_to_the_end(spidercls: type[S], run: object) -> S:
    """Run a spider, made with `run`, until it ends or a signal ends it, and return it with its results.

    Raises the error that kept the spider from starting; a signal raises nothing here.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spidercls)
    task = process.crawl(crawler, run=run)
    before = {number: signal.signal(number, _stopper(process, crawler)) for number in SIGNALS}
    try:
        process.start(install_signal_handlers=False)
    finally:
        _end_threads()
        for number, action in before.items():
            signal.signal(number, action)
    if task.done() and not task.cancelled() and task.exception() is not None:
        raise cast("BaseException", task.exception())
    return cast("S", crawler.spider)


def crash_after(seconds: float) -> None:
    """Return at once; the event loop ends in so many seconds, without waiting for requests held by a silent server."""
    _reactor().callLater(seconds, _reactor().crash)


def in_the_loop(call: Callable[[], None]) -> None:
    """Have the event loop run a call soon; may be called from any thread, and does not wait for it."""
    _reactor().callFromThread(call)


def _end_threads() -> None:
    """Stop the threads that look up names: after a crash of the reactor the process would wait for them."""
    threads = getattr(_reactor(), "threadpool", None)
    if threads is not None:
        threads.stop()


def _stopper(process: AsyncCrawlerProcess, crawler: Crawler) -> signal._HANDLER:
    def stop(_number: int, _frame: FrameType | None) -> None:
        in_the_loop(partial(_stop, process, crawler))

    return stop


def _stop(process: AsyncCrawlerProcess, crawler: Crawler) -> None:
    """End the spider gently, and by force after GRACE_SECONDS; in both cases everything fetched is committed.

    By force at once at a second signal, and before the spider exists.
    """
    spider = cast("Stoppable | None", crawler.spider)
    if spider is None or spider.finish_reason is not None:
        _reactor().crash()
        return
    spider.finish_reason = "stopped"
    asyncio.ensure_future(process.stop())  # noqa: RUF006 the reactor ends with it, or by force
    crash_after(GRACE_SECONDS)


def _reactor() -> ReactorBase:
    """Twisted's reactor; imported late, because the import installs one."""
    from twisted.internet import reactor

    return cast("ReactorBase", reactor)


class NeverBegan(Exception):  # noqa: N818 an answer to a signal, not a fault
    """A signal ended the process before the crawl began, so that it has no figures."""
