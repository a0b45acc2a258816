"""hosts.db: one turn at a time at a host for all processes, even if the clock jumps or a process is killed."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from support.checkout import ROOT
from support.redis_server import RedisServer

from crawler.frontier import RedisHostBook, Server
from crawler.hosts import HostBook
from crawler.hosts.day_count import RequestClaim, Spent
from crawler.hosts.host_book import MAX_CLOSURE_SECONDS, PEEK_SECONDS, HostTurn
from crawler.hosts.sqlite_book import SqliteHostBook

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


OpenBook = Callable[[], HostBook]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def open_book(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[OpenBook]:
    """Opens the same book again and again, as one crawl after the other does."""
    if request.param == "sqlite":
        yield lambda: SqliteHostBook(tmp_path, clock)
        return
    shared = Server(request.getfixturevalue("server").url, uuid4().hex)
    yield lambda: RedisHostBook(shared, clock)
    shared.close()


def test_a_turn_lasts_until_its_answer_and_the_delay_runs_from_there(open_book: OpenBook, clock: Clock) -> None:
    book = open_book()
    assert book.take("a", 2) == HostTurn()
    clock.now += 5
    book.done("a", 2)
    assert (book.take("a", 2), book.take("b", 2)) == (HostTurn(2), HostTurn())
    clock.now += 1.5
    assert book.take("a", 2) == HostTurn(0.5)
    clock.now += 0.5
    assert book.take("a", 2) == HostTurn()
    book.shut()


def test_without_a_delay_there_are_no_turns_but_a_wait_that_a_host_asks_for_holds(
    open_book: OpenBook, clock: Clock
) -> None:
    book = open_book()
    assert [book.take("a", 0) for _ in range(3)] == [HostTurn()] * 3
    book.close("a", 60)
    assert (book.take("a", 0), book.take("a", 2), book.take("b", 0)) == (
        HostTurn(60, True),
        HostTurn(60, True),
        HostTurn(),
    )
    book.close("a", 10)  # it does not shorten what was asked for
    assert book.take("a", 0) == HostTurn(60, True)
    book.shut()


@pytest.mark.parametrize(
    ("step", "left"), [(0, 100), (-3600, 100), (-30 * DAY, 100), (40, 60), (3600, 0), (30 * DAY, 0)]
)
def test_a_clock_that_steps_lengthens_no_wait(open_book: OpenBook, clock: Clock, step: float, left: float) -> None:
    book = open_book()
    book.close("a", 100)
    clock.now += step
    assert book.take("a", 0).wait == left
    book.shut()


def test_time_runs_on_behind_a_step_back(open_book: OpenBook, clock: Clock) -> None:
    book = open_book()
    book.close("a", 100)
    clock.now -= DAY
    book.take("a", 1)
    clock.now += 40
    assert book.take("a", 1) == HostTurn(60, True)
    book.shut()


def test_a_week_is_the_longest_that_a_host_can_ask_for(open_book: OpenBook, clock: Clock) -> None:
    book = open_book()
    book.close("a", 999_999_999)
    assert book.take("a", 0) == HostTurn(MAX_CLOSURE_SECONDS, True)
    book.shut()


def test_setbacks_last_from_crawl_to_crawl_until_the_host_is_well(open_book: OpenBook, clock: Clock) -> None:
    waits = list[float]()
    for _ in range(3):
        book = open_book()
        waits.append(book.back_off("a", lambda setbacks: 2.0**setbacks))
        assert book.back_off("a", lambda _: 1000.0) == waits[-1]  # it had been under way
        clock.now += waits[-1]
        book.shut()
    book = open_book()
    assert book.take("a", 0) == HostTurn(setbacks=3)
    book.well("a")
    assert (waits, book.take("a", 0)) == ([1, 2, 4], HostTurn())
    book.shut()


# -- budgets of a day -----------------------------------------------------------------------------------------


def asked(book: HostBook, claim: RequestClaim, host: str = "a", most: int = 99) -> int:
    """The number of requests granted at once, `most` at the most."""
    for number in range(most):
        if book.take(host, 0, claim).spent:
            return number
    return most


def test_no_24_hours_hold_more_than_a_budget_says(open_book: OpenBook, clock: Clock) -> None:
    """Asked as soon as there is room, every seven minutes over three days."""
    book, claim, granted = open_book(), RequestClaim("town", 20), list[float]()
    while clock.now < 1_000_000 + 3 * DAY:
        granted += [clock.now] * asked(book, claim, most=3)
        clock.now += 420
    assert len(granted) == 60
    assert max(sum(at <= then < at + DAY for then in granted) for at in granted) == 20
    book.shut()


def test_sources_of_a_host_share_its_day_and_hosts_of_a_source_share_that_one(
    open_book: OpenBook, clock: Clock
) -> None:
    book, town, village = open_book(), RequestClaim("town", 5, 7), RequestClaim("village", None, 7)
    assert [asked(book, town, most=3), asked(book, village), asked(book, town)] == [3, 4, 0]
    assert [asked(book, town, "b"), asked(book, village, "b", most=7)] == [2, 5]
    more_at = (int(clock.now // 60) + 1441) * 60.0
    assert book.take("a", 0, village).spent == Spent("host", "a", 7, more_at)
    assert book.take("b", 0, town).spent == Spent("source", "town", 5, more_at)
    assert (book.left("a", village), book.left("c", village), book.left("a", RequestClaim("town"))) == (0, 7, None)
    book.shut()
    again = open_book()
    assert asked(again, village) == 0
    clock.now = more_at
    assert asked(again, village) == 7
    again.shut()


def test_rechecks_leave_a_fifth_of_the_budget_and_robots_txt_leaves_room_for_its_request(
    open_book: OpenBook, clock: Clock
) -> None:
    book, claim = open_book(), RequestClaim("town", 10)
    robots = RequestClaim("town", 10, with_it=1)
    assert asked(book, claim.for_rechecks()) == 8
    (spent,) = [turn.spent for turn in [book.take("a", 0, claim.for_rechecks())] if turn.spent]
    assert spent.recheck
    assert [asked(book, robots), asked(book, claim)] == [1, 1]
    book.shut()


@pytest.mark.parametrize("step", [-3600, -400 * DAY])
def test_a_clock_that_goes_back_lets_nothing_more_through_and_forgets_it_after_a_day(
    open_book: OpenBook, clock: Clock, step: float
) -> None:
    book, claim = open_book(), RequestClaim("town", 5)
    assert asked(book, claim, most=3) == 3
    clock.now += step
    assert (book.left("b", claim), asked(book, claim)) == (2, 2)
    clock.now += DAY + 60
    assert asked(book, claim, "b") == 5
    book.shut()


def test_an_older_hosts_db_keeps_its_waits_when_request_counts_are_added(tmp_path: Path, clock: Clock) -> None:
    book = SqliteHostBook(tmp_path, clock)
    book.close("a", 100)
    book.shut()
    with closing(sqlite3.connect(tmp_path / "hosts.db")) as database:
        database.executescript("drop table asked; pragma user_version = 1")
    book = SqliteHostBook(tmp_path, clock)
    assert book.take("a", 0, RequestClaim("town", 5)) == HostTurn(100, True)
    assert asked(book, RequestClaim("town", 5), "b") == 5
    book.shut()


def test_a_turn_that_has_to_wait_is_not_counted(open_book: OpenBook, clock: Clock) -> None:
    book, claim = open_book(), RequestClaim("town", 2)
    assert [book.take("a", 60, claim).wait, book.done("a", 60), book.take("a", 60, claim).wait] == [0, None, 60]
    clock.now += 60
    assert book.take("a", 60, claim) == HostTurn()
    book.done("a", 60)
    spent = book.take("a", 60, claim)
    assert (spent.wait, spent.spent is not None) == (0, True)
    assert book.take("a", 60) == HostTurn(60)  # nobody has the turn
    book.shut()


HOLD = """
import sys, pathlib
from crawler.hosts.sqlite_book import SqliteHostBook
book = SqliteHostBook(pathlib.Path(sys.argv[1]))
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
    book = SqliteHostBook(tmp_path)
    with holding(tmp_path) as child:
        assert (book.take("a", HOUR), book.take("b", HOUR)) == (HostTurn(PEEK_SECONDS), HostTurn())
        child.communicate()
    assert 0 < book.take("a", HOUR).wait <= HOUR
    book.shut()


def test_the_turn_of_a_killed_process_ends_and_the_delay_starts_when_it_is_found(tmp_path: Path) -> None:
    """Its request may have gone out at the last moment, so the delay runs from when it is found."""
    book = SqliteHostBook(tmp_path)
    with holding(tmp_path) as child:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    assert book.take("a", HOUR) == HostTurn(HOUR)
    assert 0 < book.take("a", HOUR).wait <= HOUR
    book.shut()


def test_a_home_that_is_not_there_is_not_made(tmp_path: Path, clock: Clock) -> None:
    book = SqliteHostBook(tmp_path / "none", clock)
    book.take("a", 2)
    book.done("a", 2)
    assert book.take("a", 2) == HostTurn(2)
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
    """Damage the page with the rows; the first page stays whole and leads there."""
    book = SqliteHostBook(path.parent)
    book.close("a", 9)
    book.shut()
    page = path.read_bytes()[:4096]
    path.write_bytes(page + b"\xaa" * 4096)


@pytest.mark.parametrize("damage", [of_others, newer, empty, torn])
def test_a_file_that_cannot_be_used_is_made_anew(tmp_path: Path, clock: Clock, damage: Callable[[Path], None]) -> None:
    damage(tmp_path / "hosts.db")
    book = SqliteHostBook(tmp_path, clock)
    book.close("a", 5)
    assert book.take("a", 0) == HostTurn(5, True)
    book.shut()
