"""The scheduler's heartbeat: once a minute it writes its state, its crawls and the health rules."""

import asyncio
import os
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import ParamSpec, TypeVar

from archive.answers import Verdict
from archive.files import Home, stamp
from archive.rows import connect_to_read
from archive.settings import load_settings
from crawler.sources import all_sources
from schedules.children import say
from schedules.crawls import Crawls
from schedules.health import check, cluster_health
from schedules.slots import Book

BEAT_EVERY_SECONDS = 60.0  # readers miss it after two minutes (archive/answers/heartbeat.py)

P = ParamSpec("P")
T = TypeVar("T")


async def beat_on(crawls: Crawls, every: float = BEAT_EVERY_SECONDS) -> None:
    """Write a heartbeat now and every so many seconds; when cancelled, write that the scheduler was stopped in order.

    The rules are checked at the same time in another thread; when a check has ended, the next heartbeat starts another.
    Neither a long check nor a locked schedule.db delays a slot or a heartbeat. A trouble is printed once while it
    lasts.
    """
    began, checking = stamp(datetime.now(UTC)), None
    try:
        while True:
            await _written(crawls, began)
            if checking is None or checking.done():
                checking = asyncio.ensure_future(_looked(crawls))
            await asyncio.sleep(every)
    finally:
        if checking is not None:
            checking.cancel()
        await _written(crawls, began, stopped=True)


async def _written(crawls: Crawls, began: str, stopped: bool = False) -> None:
    running = [] if stopped else crawls.under_way()
    try:
        await in_a_thread(crawls.book.beat, os.getpid(), began, datetime.now(UTC), running, stopped)
        crawls.note_trouble("heartbeat", None)
    except Exception as error:  # crawls go on, and the next heartbeat tries again
        crawls.note_trouble("heartbeat", f"the heartbeat cannot be written: {error}")


async def _looked(crawls: Crawls) -> None:
    """Take in what waits in the cluster for no crawl, and then check the rules."""
    try:
        for line in await in_a_thread(late_lines, crawls.home):
            say(line)
        crawls.note_trouble("late answers", None)
    except Exception as error:  # likewise
        crawls.note_trouble("late answers", f"late answers of workers cannot be taken in: {error}")
    await _checked(crawls)


async def _checked(crawls: Crawls) -> None:
    try:
        await in_a_thread(judge, crawls.home, crawls.book)
        crawls.note_trouble("rules", None)
    except Exception as error:  # likewise; `checked_at` shows readers that nothing was checked
        crawls.note_trouble("rules", f"the health rules cannot be checked: {type(error).__name__}: {error}")


def judge(home: Path, book: Book) -> None:
    """Check every health rule, as `thinker status` does, and write the verdicts to schedule.db.

    So are the figures of the cluster, if the archive has one that answers.
    """
    settings, now, place = load_settings(home), datetime.now(UTC), Home(home)
    with closing(connect_to_read(place.database)) as conn:
        rules = check(conn, place, settings, all_sources(settings).values(), now)
    cluster = cluster_health(settings)
    rules += [cluster.rule] if cluster else []
    verdicts = [Verdict(rule.name, rule.ok, rule.detail, rule.detail_zh, stamp(now)) for rule in rules]
    book.judge(verdicts, now, cluster.figures if cluster else None)


def late_lines(home: Path) -> list[str]:
    """Take in what waits in the cluster of an archive, if it has one, for no crawl; returns a line for each segment."""
    cluster = load_settings(home).cluster
    if cluster.url is None:
        return []
    from crawler.cluster import take_late

    return take_late(cluster, home)


async def in_a_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Make a call in a daemon thread and return its result: asyncio's own pools would delay the program's end."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(end: Callable[[], None]) -> None:
        if not future.done():  # else the waiting task was cancelled
            end()

    def work() -> None:
        try:
            end = partial(future.set_result, call(*args, **kwargs))
        except Exception as error:  # raised where the result is awaited
            end = partial(future.set_exception, error)
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, end)

    Thread(target=work, daemon=True, name="heart").start()
    return await future
