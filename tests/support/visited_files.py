"""Print the files that a traced act visits: `crawl HOME` or `request HOME`, of the newsroom's archive.

A line is the file of a function that was called, or two: a caller and what it called, perhaps through others that are
not among the files named on stdin.
"""

import asyncio
import inspect
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = str(Path(__file__).resolve().parents[2]) + os.sep
SKIPPED = (".venv", "tests")
drawn: frozenset[str] = frozenset()
seen: set[tuple[str, ...]] = set()


def note(frame: FrameType, event: str, _: object) -> None:
    # What runs while a module is imported belongs to no act: module and class bodies, and what they call.
    if event != "call" or not frame.f_code.co_flags & inspect.CO_OPTIMIZED:
        return
    file = ours(frame)
    if file is None or is_importing(frame):
        return
    seen.add((file,))
    if file in drawn and (caller := nearest_drawn(frame.f_back)) not in (None, file):
        seen.add((str(caller), file))


def ours(frame: FrameType) -> str | None:
    name = frame.f_code.co_filename
    file = name[len(ROOT) :] if name.startswith(ROOT) else ""
    return file if file and not file.startswith(SKIPPED) else None


def nearest_drawn(frame: FrameType | None) -> str | None:
    while frame is not None:
        file = ours(frame)
        if file in drawn:
            return file
        frame = frame.f_back
    return None


def is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def crawl(home: str) -> None:
    from archive.settings import load_settings
    from crawler import crawl as crawl_source
    from crawler.sources import source_named

    settings = load_settings(Path(home))
    traced(lambda: crawl_source(source_named("newsroom", settings), home, settings=settings))


async def _open_connections(site: Any) -> None:
    """Let each thread of the site's pool open its connection; on a busy machine the traced request would start one."""
    database = site.get_database("archive")
    waits = (database.execute_fn(lambda _: time.sleep(0.2)) for _ in range(site.setting("num_sql_threads")))
    await asyncio.gather(*waits)


def request(home: str) -> None:
    from support.small_site import get, served

    from archive import Home

    with served(Home(Path(home))) as site:
        asyncio.run(_open_connections(site))
        get(site, "/a/newsroom-2")  # so that the traced request does nothing that only a first one does
        traced(lambda: get(site, "/a/newsroom-1"))


def traced(act: Callable[[], object]) -> None:
    threading.setprofile(note)
    sys.setprofile(note)
    act()
    sys.setprofile(None)
    threading.setprofile(None)


if __name__ == "__main__":
    drawn = frozenset(sys.stdin.read().split())
    {"crawl": crawl, "request": request}[sys.argv[1]](sys.argv[2])
    for line in sorted(seen):
        print(*line)
