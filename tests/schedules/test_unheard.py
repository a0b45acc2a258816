"""A scheduler to whom nobody listens, or whose log is on a full disk, crawls every slot once all the same."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.checkout import ROOT
from support.journeys import Thinker

from archive.files.home import Home
from schedules.slots.book import Book

pytestmark = pytest.mark.slow

SCHEDULER = """
import asyncio, signal, sys
from collections.abc import Callable
from pathlib import Path
from schedules.crawls import Crawls
from schedules.scheduler import parse_schedule, run

home = Path(sys.argv[1])
child = [sys.executable, "-c", "import sys; print('so much', file=sys.stderr); sys.exit(5)"]

async def work():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    crawls = Crawls(home, lambda source, slots: None, lambda _home, _source: child, apart=0)
    await run([parse_schedule("newsroom", "every 2s", "UTC")], crawls, stop, look=0.3)

asyncio.run(work())
"""


def until(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("in vain")


def full() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def unread() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.mark.parametrize("stderr", [full, unread])
def test_a_scheduler_whose_stderr_is_lost_starts_one_crawl_a_slot(tmp_path: Path, stderr: Callable[[], int]) -> None:
    Home(tmp_path).create()
    book, lost = Book(Home(tmp_path).schedule_database), stderr()
    command = [sys.executable, "-c", SCHEDULER, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=lost) as process:
        os.close(lost)
        try:
            until(lambda: len(book.runs()) >= 3)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()
    runs = book.runs()[:-1]
    assert [(run["starts"], run["exit_code"], run["last_lines"]) for run in runs] == [(1, 5, "so much")] * len(runs)


def test_a_scheduler_whose_stderr_is_not_read_goes_on_and_hears_that_it_is_to_stop(tmp_path: Path) -> None:
    thinker = Thinker(tmp_path)
    thinker.run("init")
    Home(tmp_path).settings_file.write_text('[sources.newsroom]\nschedule = "every 1s"\n', encoding="utf-8")
    book = Book(Home(tmp_path).schedule_database)
    process = thinker.start("schedule", "run")
    try:
        filled = os.open(f"/proc/{process.pid}/fd/2", os.O_WRONLY | os.O_NONBLOCK)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(filled, b"x" * 512)
        os.close(filled)
        until(lambda: sum(run["ended_at"] is not None for run in book.runs()) >= 2)
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()
