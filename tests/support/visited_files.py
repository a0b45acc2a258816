"""Prints the files of ours in which a function is called: `crawl HOME` or `request HOME`, of the newsroom's archive."""

import inspect
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

ROOT = str(Path(__file__).resolve().parents[2]) + os.sep
SKIPPED = (".venv", "tests")
seen: set[str] = set()


def note(frame: FrameType, event: str, _: object) -> None:
    code = frame.f_code
    # What runs while a module is imported belongs to no act: module and class bodies, and what they call.
    if event != "call" or not code.co_filename.startswith(ROOT) or not code.co_flags & inspect.CO_OPTIMIZED:
        return
    file = code.co_filename[len(ROOT) :]
    if not file.startswith(SKIPPED) and not is_importing(frame):
        seen.add(file)


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


def request(home: str) -> None:
    from support.small_site import get, served

    from archive import Home

    with served(Home(Path(home))) as site:
        get(site, "/a/newsroom-2")  # what is done once is done before
        traced(lambda: get(site, "/a/newsroom-1"))


def traced(act: Callable[[], object]) -> None:
    threading.setprofile(note)
    sys.setprofile(note)
    act()
    sys.setprofile(None)
    threading.setprofile(None)


if __name__ == "__main__":
    {"crawl": crawl, "request": request}[sys.argv[1]](sys.argv[2])
    print(*sorted(seen), sep="\n")
