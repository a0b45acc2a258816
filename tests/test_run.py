"""`thinker run` is a schedule and a site: neither is there without the other, however one of them ends."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest
from support.journeys import Thinker

from archive.home import Home
from archive.lock import is_locked

pytestmark = pytest.mark.slow


@pytest.fixture
def thinker(tmp_path: Path) -> Thinker:
    thinker = Thinker(tmp_path)
    thinker.run("init")
    Home(tmp_path).settings_file.write_text('[sources.newsroom]\nschedule = "every 7 days"\n', encoding="utf-8")
    return thinker


@contextmanager
def started(thinker: Thinker) -> Iterator[Popen[str]]:
    """A site that serves beside its schedule."""
    process = thinker.start("run", "--port", "0")
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        until_scheduled(thinker)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def until_scheduled(thinker: Thinker, is_so: bool = True) -> None:
    for _ in range(600):
        if is_locked(Home(thinker.home), "scheduler") == is_so:
            return
        time.sleep(0.1)
    raise AssertionError(f"scheduled: {not is_so}")


def scheduler_of(thinker: Thinker) -> int:
    return int((Home(thinker.home).locks / "scheduler.lock").read_text(encoding="utf-8").split()[-1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_schedule_ends_with_its_site(thinker: Thinker, number: signal.Signals) -> None:
    with started(thinker) as process:
        process.send_signal(number)
        assert process.wait(60) == 0
    until_scheduled(thinker, False)


def test_a_site_ends_with_its_schedule(thinker: Thinker) -> None:
    with started(thinker) as process:
        os.kill(scheduler_of(thinker), signal.SIGKILL)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (1, "thinker: the schedule ended with exit code -9, so the site does\n")


def test_a_second_schedule_of_a_home_has_no_site(thinker: Thinker) -> None:
    with started(thinker):
        second = thinker.start("run", "--port", "0")
        _, err = second.communicate(timeout=60)
        assert second.returncode == 5
        assert err.startswith(f"thinker: scheduler is in use by process {scheduler_of(thinker)}")
