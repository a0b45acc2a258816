"""hosts.db: one turn at a time at a host, whichever process asks, whatever the clock does and whoever is killed."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.checkout import ROOT

from crawler.host_book import LONGEST_CLOSURE, PEEK, HostBook, Turn

DAY, HOUR = 86_400.0, 3600.0


@dataclass
class Clock:
    """A clock that is set."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_turn_lasts_until_its_answer_and_the_delay_runs_from_there(tmp_path: Path, clock: Clock) -> None:
    book = HostBook(tmp_path, clock)
    assert book.take("a", 2) == Turn()
    clock.now += 5
    book.done("a", 2)
    assert (book.take("a", 2), book.take("b", 2)) == (Turn(2), Turn())
    clock.now += 1.5
    assert book.take("a", 2) == Turn(0.5)
    clock.now += 0.5
    assert book.take("a", 2) == Turn()
    book.shut()


def test_without_a_delay_there_are_no_turns_but_what_a_host_asks_for_holds(tmp_path: Path, clock: Clock) -> None:
    book = HostBook(tmp_path, clock)
    assert [book.take("a", 0) for _ in range(3)] == [Turn()] * 3
    book.close("a", 60)
    assert (book.take("a", 0), book.take("a", 2), book.take("b", 0)) == (Turn(60, True), Turn(60, True), Turn())
    book.close("a", 10)  # it does not shorten what was asked for
    assert book.take("a", 0) == Turn(60, True)
    book.shut()


@pytest.mark.parametrize(
    ("step", "left"), [(0, 100), (-3600, 100), (-30 * DAY, 100), (40, 60), (3600, 0), (30 * DAY, 0)]
)
def test_a_clock_that_steps_lengthens_no_wait(tmp_path: Path, clock: Clock, step: float, left: float) -> None:
    book = HostBook(tmp_path, clock)
    book.close("a", 100)
    clock.now += step
    assert book.take("a", 0).wait == left
    book.shut()


def test_time_runs_on_behind_a_step_back(tmp_path: Path, clock: Clock) -> None:
    book = HostBook(tmp_path, clock)
    book.close("a", 100)
    clock.now -= DAY
    book.take("a", 1)
    clock.now += 40
    assert book.take("a", 1) == Turn(60, True)
    book.shut()


def test_a_week_is_the_longest_that_a_host_can_ask_for(tmp_path: Path, clock: Clock) -> None:
    book = HostBook(tmp_path, clock)
    book.close("a", 999_999_999)
    assert book.take("a", 0) == Turn(LONGEST_CLOSURE, True)
    book.shut()


def test_setbacks_last_from_crawl_to_crawl_until_the_host_is_well(tmp_path: Path, clock: Clock) -> None:
    waits = list[float]()
    for _ in range(3):
        book = HostBook(tmp_path, clock)
        waits.append(book.back_off("a", lambda setbacks: 2.0**setbacks))
        assert book.back_off("a", lambda _: 1000.0) == waits[-1]  # it had been under way
        clock.now += waits[-1]
        book.shut()
    book = HostBook(tmp_path, clock)
    assert book.take("a", 0) == Turn(setbacks=3)
    book.well("a")
    assert (waits, book.take("a", 0)) == ([1, 2, 4], Turn())
    book.shut()


HOLD = """
import sys, pathlib
from crawler.host_book import HostBook
book = HostBook(pathlib.Path(sys.argv[1]))
print(book.take("a", 3600).wait, flush=True)
sys.stdin.read()
book.done("a", 3600)
"""


def holding(home: Path) -> subprocess.Popen[str]:
    """A process that has a turn, until its stdin ends."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "0.0\n"
    return child


def test_another_process_waits_for_the_turn_to_end(tmp_path: Path) -> None:
    book = HostBook(tmp_path)
    with holding(tmp_path) as child:
        assert (book.take("a", HOUR), book.take("b", HOUR)) == (Turn(PEEK), Turn())
        child.communicate()
    assert 0 < book.take("a", HOUR).wait <= HOUR
    book.shut()


def test_a_turn_whose_process_was_killed_ends_then(tmp_path: Path) -> None:
    """Its request may have gone out at the last moment, so the delay runs from when it is found."""
    book = HostBook(tmp_path)
    with holding(tmp_path) as child:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    assert book.take("a", HOUR) == Turn(HOUR)
    assert 0 < book.take("a", HOUR).wait <= HOUR
    book.shut()


def test_a_home_that_is_not_there_is_not_made(tmp_path: Path, clock: Clock) -> None:
    book = HostBook(tmp_path / "none", clock)
    book.take("a", 2)
    book.done("a", 2)
    assert book.take("a", 2) == Turn(2)
    assert list(tmp_path.iterdir()) == []
    book.shut()


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript("create table hosts (other text); pragma user_version = 99")


def of_others(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def empty(path: Path) -> None:
    path.touch()


def torn(path: Path) -> None:
    """Its first page is whole, and says where the rows are."""
    book = HostBook(path.parent)
    book.close("a", 9)
    book.shut()
    page = path.read_bytes()[:4096]
    path.write_bytes(page + b"\xaa" * 4096)


@pytest.mark.parametrize("damage", [of_others, newer, empty, torn])
def test_a_file_that_cannot_be_used_is_made_anew(tmp_path: Path, clock: Clock, damage: Callable[[Path], None]) -> None:
    damage(tmp_path / "hosts.db")
    book = HostBook(tmp_path, clock)
    book.close("a", 5)
    assert book.take("a", 0) == Turn(5, True)
    book.shut()
