"""The contract of the frontier: what waits comes out once, and a lease that was taken over cannot be acknowledged."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import connect
from archive.migrations import migrations
from crawler.frontier import Frontier, Lease, Visit, Waiting
from crawler.frontier.sqlite import SqliteFrontier

NOON = datetime(2024, 4, 13, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

Open = Callable[[], Frontier]


@pytest.fixture(params=["sqlite"])
def open_frontier(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the same frontier again and again, as several holders do."""
    assert request.param == "sqlite"
    database = Database(connect(tmp_path / "archive.db"))
    migrations.apply(database)
    database["sources"].insert({"name": "demo"})
    database["sources"].insert({"name": "other"})
    return lambda: SqliteFrontier(database.conn, "demo")


def waiting(*numbers: int, published_at: datetime | None = None) -> list[Waiting]:
    return [Waiting(f"https://a.example/{n}", f"example,a)/{n}", published_at) for n in numbers]


def urls(leases: list[Lease]) -> list[str]:
    return [lease.url for lease in leases]


def fetched(at: datetime, due_at: datetime, status: int = 200, etag: str | None = None) -> Visit:
    return Visit(at, due_at, status, etag)


def test_an_added_url_is_leased_once(open_frontier: Open) -> None:
    frontier = open_frontier()
    assert frontier.add(waiting(1, 2, 3), NOON) == 3
    assert frontier.due_count(NOON) == 3
    first = frontier.lease(2, NOON, 60)
    second = open_frontier().lease(2, NOON, 60)
    assert sorted(urls(first) + urls(second)) == [f"https://a.example/{n}" for n in (1, 2, 3)]
    assert frontier.lease(2, NOON, 60) == []
    assert frontier.due_count(NOON) == 0


def test_adding_again_adds_nothing(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    assert frontier.add(waiting(1, 2), NOON + DAY) == 1


def test_one_url_can_be_taken_before_it_is_due_but_out_of_no_hand(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1, 2), NOON)
    (first,) = frontier.lease(1, NOON, 60)
    assert open_frontier().take(first.urlkey, NOON, 60) is None
    assert frontier.ack(first, fetched(NOON, NOON + DAY, etag='"a"'))
    taken = frontier.take(first.urlkey, NOON + MINUTE, 60)
    assert taken is not None
    assert (taken.url, taken.etag, taken.token != first.token) == (first.url, '"a"', True)
    assert frontier.take(first.urlkey, NOON + MINUTE, 60) is None
    assert frontier.release(taken)
    assert frontier.take("example,a)/9", NOON, 60) is None
    assert len(urls(frontier.lease(9, NOON + MINUTE, 60))) == 1  # the other one: this one's turn has not changed


def test_a_url_that_is_hastened_is_due(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1, 2), NOON)
    for lease in frontier.lease(9, NOON, 60):
        assert frontier.ack(lease, fetched(NOON, NOON + DAY))
    frontier.hasten(["example,a)/2", "example,a)/9"], NOON + MINUTE)
    assert urls(frontier.lease(9, NOON + MINUTE, 60)) == ["https://a.example/2"]


def test_an_acknowledged_url_waits_until_it_is_due(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    (lease,) = frontier.lease(9, NOON, 60)
    assert frontier.ack(lease, Visit(NOON, NOON + DAY, 200, '"a"', "Sat, 13 Apr 2024 12:00:00 GMT"))
    assert frontier.lease(9, NOON + DAY - MINUTE, 60) == []
    (again,) = frontier.lease(9, NOON + DAY, 60)
    assert (again.url, again.attempts, again.etag, again.last_modified, again.fetched_at) == (
        "https://a.example/1",
        0,
        '"a"',
        "Sat, 13 Apr 2024 12:00:00 GMT",
        NOON,
    )


def test_not_modified_keeps_the_validators_and_another_answer_drops_them(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    seen = []
    for status, etag in ((200, '"a"'), (304, None), (404, None)):
        (lease,) = frontier.lease(1, NOON, 60)
        seen.append(lease.etag)
        frontier.ack(lease, fetched(NOON, NOON, status, etag))
    (lease,) = frontier.lease(1, NOON, 60)
    assert [*seen, lease.etag] == [None, '"a"', '"a"', None]


def test_a_failed_fetch_counts_and_keeps_the_validators(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    (lease,) = frontier.lease(1, NOON, 60)
    frontier.ack(lease, fetched(NOON, NOON, 200, '"a"'))
    for _ in range(2):
        (lease,) = frontier.lease(1, NOON, 60)
        assert frontier.nack(lease, Visit(NOON, NOON, None))
    (lease,) = frontier.lease(1, NOON, 60)
    assert (lease.attempts, lease.etag) == (2, '"a"')


def test_an_expired_lease_comes_back_before_what_waited_longer(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    (lost,) = frontier.lease(1, NOON, 60)
    frontier.add(waiting(2, 3), NOON - DAY)
    assert urls(frontier.lease(1, NOON + MINUTE, 60)) == [lost.url]
    assert urls(open_frontier().lease(9, NOON + MINUTE, 60)) == ["https://a.example/2", "https://a.example/3"]


def test_whoever_lost_a_lease_cannot_close_it(open_frontier: Open) -> None:
    slow, quick = open_frontier(), open_frontier()
    slow.add(waiting(1), NOON)
    (lost,) = slow.lease(1, NOON, 60)
    (taken,) = quick.lease(1, NOON + 2 * MINUTE, 60)
    assert taken.url == lost.url
    assert not slow.ack(lost, fetched(NOON, NOON + DAY))
    assert not slow.nack(lost, fetched(NOON, NOON + DAY))
    assert not slow.release(lost)
    assert quick.ack(taken, fetched(NOON, NOON + DAY))
    assert not quick.ack(taken, fetched(NOON, NOON + DAY))


def test_a_released_url_is_due_as_before(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    (lease,) = frontier.lease(1, NOON, 60)
    assert frontier.release(lease)
    (again,) = frontier.lease(1, NOON, 60)
    assert (again.url, again.attempts) == (lease.url, 0)


def test_reclaim_ends_the_leases_of_the_dead(open_frontier: Open) -> None:
    dead = open_frontier()
    dead.add(waiting(1, 2), NOON)
    dead.lease(9, NOON, 3600)
    frontier = open_frontier()
    assert frontier.lease(9, NOON, 60) == []
    assert frontier.reclaim(NOON) == 2
    assert len(frontier.lease(9, NOON, 60)) == 2


def test_recall_makes_everything_due(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1, 2), NOON)
    (lease,) = frontier.lease(1, NOON, 60)
    frontier.ack(lease, fetched(NOON, NOON + DAY))
    assert frontier.recall(NOON) == 1
    assert frontier.due_count(NOON) == 2


@pytest.mark.parametrize(
    ("changed_at", "due"),
    [(NOON - DAY, False), (NOON, False), (NOON + MINUTE, True), (None, False)],
    ids=["before the visit", "at the visit", "after the visit", "unknown"],
)
def test_a_list_that_says_changed_makes_a_url_due(open_frontier: Open, changed_at: datetime | None, due: bool) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    (lease,) = frontier.lease(1, NOON, 60)
    frontier.ack(lease, fetched(NOON, NOON + 30 * DAY))
    frontier.add(waiting(1, published_at=changed_at), NOON + DAY)
    assert len(frontier.lease(1, NOON + DAY, 60)) == due


def test_since_leaves_out_what_is_older(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1, published_at=NOON - DAY), NOON)
    frontier.add(waiting(2, published_at=NOON), NOON)
    frontier.add(waiting(3), NOON)
    assert urls(frontier.lease(9, NOON, 60, since=NOON)) == ["https://a.example/2", "https://a.example/3"]


def test_unseen_leaves_out_what_was_fetched(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    (lease,) = frontier.lease(1, NOON, 60)
    frontier.ack(lease, fetched(NOON, NOON))
    frontier.add(waiting(2), NOON)
    assert urls(frontier.lease(9, NOON, 60, unseen=True)) == ["https://a.example/2"]


def test_sources_do_not_see_each_other(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    assert isinstance(frontier, SqliteFrontier)
    assert SqliteFrontier(frontier._conn, "other").lease(9, NOON, 60) == []


def test_a_forgotten_url_is_gone_and_a_stale_lease_forgets_nothing(open_frontier: Open):
    frontier = open_frontier()
    frontier.add(waiting(1, 2), NOON)
    first, _ = frontier.lease(2, NOON, 60)
    (again,) = [lease for lease in open_frontier().lease(2, NOON + 2 * MINUTE, 60) if lease.url == first.url]
    assert not frontier.forget(first)
    assert frontier.forget(again)
    assert urls(open_frontier().lease(2, NOON + 4 * MINUTE, 60)) == ["https://a.example/2"]
