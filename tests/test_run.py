"""`thinker run` is a schedule and a site: neither is there without the other, however one of them ends."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from urllib.request import urlopen

import pytest
from support.journeys import Thinker

from archive.files.home import Home
from archive.files.lock import NOTIFIER, SCHEDULER, is_locked

pytestmark = pytest.mark.slow


@pytest.fixture
def thinker(tmp_path: Path) -> Thinker:
    thinker = Thinker(tmp_path)
    thinker.run("init")
    Home(tmp_path).settings_file.write_text('[sources.newsroom]\nschedule = "every 7 days"\n', encoding="utf-8")
    return thinker


@dataclass
class Served:
    """A site that is served, and the process beside whose schedule it is."""

    process: Popen[str]
    port: str
    scheduler: int

    def answers(self) -> bool:
        with urlopen(f"http://127.0.0.1:{self.port}/-/healthz", timeout=60) as answer:
            return bool(answer.status == 200)


@contextmanager
def started(thinker: Thinker) -> Iterator[Served]:
    """A site that serves beside its schedule."""
    process = thinker.start("run", "--port", "0")
    try:
        served = Served(process, port_of(process), scheduler_of(thinker))
        until_locked(thinker)
        yield served
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def port_of(process: Popen[str]) -> str:
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first.startswith("http://127.0.0.1:")
    return first.strip().rpartition(":")[2]


def scheduler_of(thinker: Thinker) -> int:
    return int((Home(thinker.home).locks / "scheduler.lock").read_text(encoding="utf-8").split()[-1])


def until_locked(thinker: Thinker) -> None:
    """Wait until the process that sends the messages of watches has begun."""
    for _ in range(600):
        if is_locked(Home(thinker.home), NOTIFIER):
            return
        time.sleep(0.1)
    raise AssertionError("no message would be sent")


def until_unscheduled(thinker: Thinker) -> None:
    for _ in range(600):
        if not is_locked(Home(thinker.home), SCHEDULER):
            return
        time.sleep(0.1)
    raise AssertionError("still scheduled")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_schedule_ends_with_its_site(thinker: Thinker, number: signal.Signals) -> None:
    with started(thinker) as served:
        served.process.send_signal(number)
        assert served.process.wait(60) == 0
    until_unscheduled(thinker)


def test_a_site_ends_with_its_schedule(thinker: Thinker) -> None:
    with started(thinker) as served:
        os.kill(served.scheduler, signal.SIGKILL)
        _, err = served.process.communicate(timeout=60)
        told = "thinker: the scheduler ended with exit code -9, so the site stops\n"
        assert (served.process.returncode, err) == (1, told)


def test_a_site_ends_with_the_sender_of_its_messages(thinker: Thinker) -> None:
    with started(thinker) as served:
        sender = (Home(thinker.home).locks / "notifier.lock").read_text(encoding="utf-8").split()[-1]
        os.kill(int(sender), signal.SIGKILL)
        _, err = served.process.communicate(timeout=60)
        told = "thinker: the sender of messages ended with exit code -9, so the site stops\n"
        assert (served.process.returncode, err) == (1, told)
    until_unscheduled(thinker)


def test_a_killed_run_leaves_no_schedule_and_the_next_run_starts(thinker: Thinker) -> None:
    with started(thinker) as served:
        served.process.kill()
        assert served.process.wait(60) == -signal.SIGKILL
    until_unscheduled(thinker)
    with started(thinker) as again:
        assert (again.answers(), again.scheduler != served.scheduler) == (True, True)


def stored(home: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file; but schedule.db, where a scheduler writes, and what a reader makes of SQLite.

    A reader of archive.db makes a memory file and an empty log beside it: the scheduler checks the rules.
    """
    found = {path: path.stat() for path in home.rglob("*") if path.is_file()}
    return {
        str(path.relative_to(home)): (stat.st_size, stat.st_mtime_ns)
        for path, stat in found.items()
        if not path.name.startswith("schedule.db")
        and not path.name.endswith("-shm")
        and not (path.name.endswith("-wal") and stat.st_size == 0)
    }


@pytest.mark.parametrize("command", ["run", "run --port {port}", "schedule run"])
def test_a_second_run_prints_no_address_names_the_first_and_changes_nothing(thinker: Thinker, command: str) -> None:
    with started(thinker) as served:
        before = stored(thinker.home)
        second = thinker.start(*command.format(port=served.port).split())
        out, err = second.communicate(timeout=120)
        told = f"thinker: scheduler is in use by process {served.scheduler}: wait for it to end, or stop it\n"
        assert (second.returncode, out, err) == (5, "", told)
        assert (stored(thinker.home), scheduler_of(thinker)) == (before, served.scheduler)
        assert (served.process.poll(), served.answers()) == (None, True)


def test_of_two_that_start_at_once_one_serves(thinker: Thinker) -> None:
    both = [thinker.start("run", "--port", "0") for _ in range(2)]
    try:
        while all(each.poll() is None for each in both):
            time.sleep(0.1)
        ended, left = sorted(both, key=lambda each: each.returncode is None)
        out, err = ended.communicate(timeout=60)
        assert (ended.returncode, out, err.count("\n")) == (5, "", 1)
        assert err.startswith("thinker: scheduler is in use by ")
        assert Served(left, port_of(left), scheduler_of(thinker)).answers()
    finally:
        for each in both:
            each.terminate()
            each.communicate(timeout=60)


@pytest.mark.parametrize("command", ["serve", "run"])
def test_a_port_that_is_taken_is_named_before_an_address(thinker: Thinker, tmp_path: Path, command: str) -> None:
    """The port may be taken by a site of the same archive or of another."""
    other = Thinker(tmp_path / "other")
    other.run("init")
    (other.home / "thinker.toml").write_text('sources.newsroom.schedule = "every 7 days"\n')
    with started(thinker) as served:
        second = (thinker if command == "serve" else other).start(command, "--port", served.port)
        out, err = second.communicate(timeout=120)
        told = f"127.0.0.1:{served.port}: Address already in use: choose another --port, or 0 for any free port"
        assert (second.returncode, out, err) == (1, "", f"thinker: {told}\n")
        assert served.answers()
