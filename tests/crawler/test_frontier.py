"""The contract of the frontier: what waits comes out once, and a lease that was taken over cannot be acknowledged."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.frontiers import OpenOf, on_redis, on_sqlite
from support.redis_server import RedisServer
from support.tables import every_row

from archive.rows.frontier import GivenUp
from crawler.frontier import (
    MAX_LOSSES,
    NEVER,
    DeadLetter,
    Frontier,
    KnownAddress,
    Lease,
    Visit,
    Waiting,
    Which,
    lateness,
)
from crawler.frontier.sqlite import SqliteFrontier
from crawler.frontier.sqlite_turns import due_queries

NOON = datetime(2024, 4, 13, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

Open = Callable[[], Frontier]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def open_of(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenOf]:
    """Opens the frontier of a source, for a holder, again and again."""
    if request.param == "redis":
        with on_redis(request.getfixturevalue("server").url) as opened:
            yield opened
    else:
        with on_sqlite(tmp_path / "archive.db") as opened:
            yield opened


@pytest.fixture
def open_frontier(open_of: OpenOf) -> Open:
    """Opens the same frontier again and again, as several holders do."""
    return lambda: open_of("demo")


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


def test_due_count_equals_the_number_of_leased_urls(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1, 2), NOON)
    for lease in frontier.lease(2, NOON, 60):
        frontier.ack(lease, fetched(NOON, NOON))
    frontier.add(waiting(3, published_at=NOON), NOON)
    frontier.add([*waiting(4, published_at=NOON - DAY), *waiting(5)], NOON)
    asked: list[tuple[datetime | None, Which]] = [
        (None, "all"), (None, "unseen"), (None, "seen"), (NOON, "all"), (NOON, "unseen"), (NOON, "seen"),
    ]  # fmt: skip
    counts = [frontier.due_count(NOON, *each) for each in asked]
    assert counts == [5, 3, 2, 2, 2, 0]
    for (since, which), count in zip(asked, counts, strict=True):
        leases = frontier.lease(9, NOON, 60, since, which)
        assert len(leases) == count
        assert all(map(frontier.release, leases))


def test_the_first_section_that_a_list_names_stays(open_frontier: Open) -> None:
    """A sitemap names no section, a feed the first; a later one, or none, changes nothing and makes nothing due."""
    frontier, url = open_frontier(), "https://a.example/1"
    for section, stays in ((None, None), ("政策文件", "政策文件"), ("观点", "政策文件"), (None, "政策文件")):
        frontier.add([Waiting(url, "example,a)/1", section=section)], NOON)
        (lease,) = frontier.lease(9, NOON, 60)
        assert lease.section == stays
        assert frontier.ack(lease, fetched(NOON, NOON))
        taken = frontier.take("example,a)/1", NOON, 60)
        assert taken is not None
        assert taken.section == stays
        assert frontier.ack(taken, fetched(NOON, NOON + DAY))
        assert frontier.due_count(NOON) == 0
        frontier.hasten(["example,a)/1"], NOON)
    both = [
        Waiting("http://a.example/2", "example,a)/2"),
        Waiting("https://a.example/2", "example,a)/2", section="观点"),
    ]
    assert frontier.add(both, NOON) == 1
    assert {lease.url[-1]: lease.section for lease in frontier.lease(9, NOON, 60)} == {"1": "政策文件", "2": "观点"}


def test_adding_a_known_url_again_adds_nothing(open_frontier: Open) -> None:
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


def test_an_expired_lease_comes_back_before_urls_that_waited_longer(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    (lost,) = frontier.lease(1, NOON, 60)
    frontier.add(waiting(2, 3), NOON - DAY)
    assert urls(frontier.lease(1, NOON + MINUTE, 60)) == [lost.url]
    assert urls(open_frontier().lease(9, NOON + MINUTE, 60)) == ["https://a.example/2", "https://a.example/3"]


def test_a_holder_cannot_close_a_lease_that_was_taken_over(open_frontier: Open) -> None:
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


@pytest.mark.parametrize(
    ("since", "which", "numbers"),
    [
        (None, "all", [1, 2, 3]),
        (None, "unseen", [2, 3]),
        (None, "seen", [1]),
        (NOON, "all", [3]),
        (NOON, "seen", []),
    ],
)
def test_reclaimed_urls_are_leased_only_if_they_match_the_filter(
    open_frontier: Open, since: datetime | None, which: Which, numbers: list[int]
) -> None:
    """A crawl that only looks again takes nothing new, whatever the last one was at when it died."""
    dead = open_frontier()
    dead.add([*waiting(1, 2, published_at=NOON - DAY), *waiting(3, published_at=NOON)], NOON)
    dead.ack(take(dead, 1), fetched(NOON, NOON))
    dead.lease(9, NOON, 3600)
    frontier = open_frontier()
    frontier.reclaim(NOON)
    found = [lease for _ in range(3) for lease in frontier.lease(9, NOON, 60, since, which)]
    assert sorted(urls(found)) == [f"https://a.example/{number}" for number in numbers]


def take(frontier: Frontier, number: int) -> Lease:
    lease = frontier.take(f"example,a)/{number}", NOON, 60)
    assert lease is not None
    return lease


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


def test_since_leaves_out_urls_with_an_older_date(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1, published_at=NOON - DAY), NOON)
    frontier.add(waiting(2, published_at=NOON), NOON)
    frontier.add(waiting(3), NOON)
    assert urls(frontier.lease(9, NOON, 60, since=NOON)) == ["https://a.example/2", "https://a.example/3"]


def test_fetched_and_never_fetched_urls_can_be_leased_separately(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    (lease,) = frontier.lease(1, NOON, 60)
    frontier.ack(lease, fetched(NOON, NOON))
    frontier.add(waiting(2), NOON)
    assert urls(frontier.lease(9, NOON, 60, which="unseen")) == ["https://a.example/2"]
    assert urls(frontier.lease(9, NOON, 60, which="seen")) == ["https://a.example/1"]


HOUR = timedelta(hours=1)
VISITS = {  # by address: when it was fetched last, and when it is due again
    1: (NOON - 30 * DAY, NOON - DAY),
    2: (NOON - 2 * HOUR, NOON - HOUR),
    3: (NOON - 2 * HOUR, NOON - 115 * MINUTE),
    4: (NOON - 51 * DAY, NOON - DAY),
    5: (NOON - 55 * DAY, NOON - MINUTE),
    6: (NOON - HOUR, NOON + MINUTE),
    7: (NOON, NOON),
}


def test_overdue_urls_are_ordered_by_lateness_relative_to_their_interval(open_frontier: Open) -> None:
    """The one that waits for 50 days is first; of the others a quick one hours late is before a monthly one."""
    frontier = open_frontier()
    frontier.add([*waiting(*VISITS), *waiting(8, 9, published_at=NOON)], NOON - 60 * DAY)
    for lease in frontier.lease(9, NOON - 60 * DAY, 60):
        if (number := int(lease.url.rpartition("/")[2])) in VISITS:
            frontier.ack(lease, fetched(*VISITS[number]))
        elif number == 9:
            frontier.ack(lease, fetched(NOON - 3 * DAY, NOON - DAY))
    order = sorted((n for n in VISITS if n != 6), key=lambda n: lateness(NOON, *VISITS[n], 50 * DAY))
    assert order == [5, 4, 3, 2, 1, 7]
    found = [int(each.url.rpartition("/")[2]) for each in frontier.overdue(99, NOON, 50 * DAY)]
    assert found == [5, 4, 9, 3, 2, 1, 7]
    assert [each.urlkey for each in frontier.overdue(2, NOON, 50 * DAY)] == ["example,a)/5", "example,a)/4"]
    assert [each.url for each in frontier.overdue(9, NOON, 50 * DAY, NOON)] == ["https://a.example/9"]
    assert "example,a)/6" in {each.urlkey for each in frontier.overdue(99, NOON, 50 * DAY, every=True)}
    (lease,) = filter(None, [frontier.take("example,a)/3", NOON, 60, due=True)])
    assert frontier.take("example,a)/6", NOON, 60, due=True) is None
    assert frontier.overdue(3, NOON, 50 * DAY)[2].urlkey == "example,a)/9"
    assert "example,a)/3" not in {each.urlkey for each in frontier.overdue(99, NOON, 50 * DAY)}
    assert frontier.release(lease)


def test_urls_that_lists_call_changed_come_before_merely_late_ones(open_frontier: Open) -> None:
    """Articles that wait for 50 days come first; a date in the future is no change, nor one before the last visit."""
    visits = {
        1: (NOON - 30 * DAY, NOON - 20 * DAY),
        2: (NOON - 10 * DAY, NOON + 20 * DAY),
        3: (NOON - 20 * DAY, NOON + 10 * DAY),
        4: (NOON - 55 * DAY, NOON - MINUTE),
        5: (NOON - 20 * DAY, NOON - HOUR),
        6: (NOON - DAY, NOON - 11 * HOUR),
    }
    dates = {2: NOON - 9 * HOUR, 3: NOON - DAY, 5: NOON + DAY, 6: NOON - 2 * DAY}
    frontier = open_frontier()
    frontier.add(waiting(*visits), NOON - 60 * DAY)
    for lease in frontier.lease(9, NOON - 60 * DAY, 60):
        frontier.ack(lease, fetched(*visits[int(lease.url.rpartition("/")[2])]))
    for number in (3, 2, 5, 6):
        frontier.add(waiting(number, published_at=dates[number]), NOON - 6 * HOUR + number * MINUTE)
    order = [4, 2, 3, 1, 6, 5]
    assert [int(each.url.rpartition("/")[2]) for each in frontier.overdue(99, NOON, 50 * DAY)] == order
    due = {2: NOON - 358 * MINUTE, 3: NOON - 357 * MINUTE}
    told = {n: (fetched_at, due.get(n, due_at)) for n, (fetched_at, due_at) in visits.items()}
    assert sorted(visits, key=lambda n: lateness(NOON, *told[n], 50 * DAY, dates.get(n))) == order


DATES = {1: None, 2: NOON - 2 * DAY, 3: NOON - DAY, 4: None, 5: NOON - 3 * DAY}


def test_never_fetched_urls_come_newest_first_and_before_overdue_ones(open_frontier: Open) -> None:
    """Fifty articles are overdue for days, ten more did never answer, and the lists name five new ones."""
    frontier = open_frontier()
    frontier.add(waiting(*range(100, 160)), NOON - 30 * DAY)
    for number, lease in enumerate(frontier.lease(60, NOON - 30 * DAY, 60)):
        due = NOON - 9 * DAY + number * MINUTE
        failed = number >= 50
        assert (frontier.nack if failed else frontier.ack)(lease, fetched(NOON - 20 * DAY, due, 503 if failed else 200))
    for n in (4, 1, 2, 3, 5):  # as the lists have them: one of the crawl before names 4
        frontier.add(waiting(n, published_at=DATES[n]), NOON - DAY if n == 4 else NOON)
    taken = [int(lease.url.rpartition("/")[2]) for lease in frontier.lease(20, NOON, 60)]
    assert taken == [3, 2, 5, 1, 4, *range(150, 160), *range(100, 105)]


def test_undated_urls_come_in_list_order_latest_crawl_first(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(5, 9), NOON)
    frontier.add(waiting(7), NOON)  # the next page
    open_frontier().add(waiting(1, 3), NOON + DAY)
    assert urls(frontier.lease(9, NOON + DAY, 60)) == [f"https://a.example/{n}" for n in (1, 3, 5, 9, 7)]


def test_with_since_dated_urls_come_newest_first_and_undated_ones_last(open_frontier: Open) -> None:
    frontier = open_frontier()
    for n in (1, 2, 3, 4, 5):
        frontier.add(waiting(n, published_at=DATES[n]), NOON)
    found = urls(frontier.lease(9, NOON, 60, since=NOON - 2 * DAY))
    assert found == [f"https://a.example/{n}" for n in (3, 2, 1, 4)]


def given_up(frontier: Frontier, why: GivenUp, at: datetime = NOON) -> None:
    """Add address 1, let it fail twice and give it up."""
    frontier.add(waiting(1, published_at=at - 9 * DAY), at)
    (lease,) = frontier.lease(9, at, 60)
    assert frontier.nack(lease, Visit(at, at, 500))
    (lease,) = frontier.lease(9, at, 60)
    assert frontier.nack(lease, Visit(at, NEVER, 503, given_up=why))


def test_a_given_up_url_is_not_leased_and_stays_a_dead_letter_until_revived(open_frontier: Open) -> None:
    frontier = open_frontier()
    given_up(frontier, "failed")
    assert frontier.lease(9, NOON + 3650 * DAY, 60) == []
    assert frontier.recall(NOON + DAY) == 0
    frontier.hasten(["example,a)/1"], NOON)
    assert frontier.due_count(NOON + DAY) == 0
    assert list(frontier.dead_letters()) == [DeadLetter("https://a.example/1", 2, 503)]
    assert [each.due_at for each in frontier.known()] == [NEVER]
    assert frontier.revive(NOON + DAY) == 1
    assert list(frontier.dead_letters()) == []
    assert [lease.attempts for lease in frontier.lease(9, NOON + DAY, 60)] == [0]


@pytest.mark.parametrize(
    ("why", "named", "published_at", "due"),
    [
        ("failed", NOON + DAY, NOON - 9 * DAY, False),  # its list goes on naming it
        ("failed", NOON + DAY, None, False),
        ("failed", NOON + DAY, NOON, True),  # with a later date
        ("failed", NOON + 8 * DAY, None, True),  # after a week in which none did
        ("refused", NOON + 8 * DAY, NOON, False),
        ("moved", NOON + DAY, None, False),
        ("moved", NOON + DAY, NOON, True),
        ("moved", NOON + 8 * DAY, None, True),
    ],
)
def test_a_list_revives_a_failed_or_moved_url_by_a_newer_date_or_after_a_week_unlisted(
    open_frontier: Open,
    why: GivenUp,
    named: datetime,
    published_at: datetime | None,
    due: bool,
) -> None:
    frontier = open_frontier()
    given_up(frontier, why)
    frontier.add(waiting(1, published_at=published_at), named)
    assert [lease.attempts for lease in frontier.lease(9, named, 60)] == [0] * due


def test_a_list_that_names_a_failed_url_every_day_does_not_revive_it(open_frontier: Open) -> None:
    frontier = open_frontier()
    given_up(frontier, "failed")
    for day in range(1, 30):
        frontier.add(waiting(1), NOON + day * DAY)
        assert frontier.lease(9, NOON + day * DAY, 60) == []


def test_an_answer_revives_a_given_up_url(open_frontier: Open) -> None:
    frontier = open_frontier()
    given_up(frontier, "failed")
    lease = frontier.take("example,a)/1", NOON, 60)
    assert lease is not None
    assert frontier.ack(lease, fetched(NOON, NOON + DAY))
    assert list(frontier.dead_letters()) == []
    assert len(frontier.lease(9, NOON + DAY, 60)) == 1


HTTP, HTTPS, WWW, BOTH = (
    "http://a.example/1",
    "https://a.example/1",
    "http://www.a.example/1",
    "https://www.a.example/1",
)


def named(frontier: Frontier, *addresses: str, at: datetime = NOON) -> int:
    return frontier.add([Waiting(url, "example,a)/1") for url in addresses], at)


def asked(frontier: Frontier) -> tuple[str, list[str]]:
    """The address at which the one url is asked, and its other addresses."""
    (known,) = frontier.known()
    return known.url, [other.url for other in known.others]


@every_row(
    ("first", "then", "url", "others"),
    [
        (HTTP, [HTTPS], HTTPS, [HTTP]),
        (HTTPS, [HTTP], HTTPS, [HTTP]),  # a list that names http for an article that https answered moves nothing
        (BOTH, [WWW, HTTP], BOTH, [HTTP, WWW]),
        (HTTP, [WWW], WWW, [HTTP]),
        (WWW, [HTTP], HTTP, [WWW]),
        (HTTP, [WWW, HTTP, WWW, HTTP], WWW, [HTTP]),  # two lists in turn
        (HTTP, [HTTPS, BOTH, WWW, HTTP, HTTPS, BOTH], BOTH, [HTTPS, HTTP, WWW]),
        (HTTP, [f"{HTTP}/", f"{HTTP}?utm_source=rss", "http://A.example:80/1"], HTTP, []),  # it is asked there already
    ],
)
def test_a_url_that_is_named_under_another_address_is_asked_there(
    open_of: OpenOf, first: str, then: list[str], url: str, others: list[str]
) -> None:
    frontier = open_of(f"demo-{abs(hash((first, *then)))}")
    assert named(frontier, first) == 1
    for each in then:
        assert named(frontier, each) == 0
    assert asked(frontier) == (url, others)


def test_a_new_address_resets_the_failures_of_a_url_and_a_known_one_does_not(open_frontier: Open) -> None:
    frontier = open_frontier()
    named(frontier, HTTP)
    (lease,) = frontier.lease(1, NOON, 60)
    frontier.nack(lease, Visit(NOON, NOON + DAY, None))
    named(frontier, HTTP, at=NOON + MINUTE)
    assert frontier.lease(1, NOON + MINUTE, 60) == []
    named(frontier, HTTPS, at=NOON + MINUTE)
    (lease,) = frontier.lease(1, NOON + MINUTE, 60)
    assert (lease.url, lease.attempts) == (HTTPS, 0)
    frontier.nack(lease, Visit(NOON, NOON + DAY, None))
    for _ in range(2):
        named(frontier, HTTP, HTTPS, at=NOON + 2 * MINUTE)
        assert frontier.lease(1, NOON + 2 * MINUTE, 60) == []


@pytest.mark.parametrize("why", ["failed", "moved", "refused"])
def test_a_new_address_revives_a_failed_or_moved_url_but_not_a_refused_one(open_frontier: Open, why: GivenUp) -> None:
    frontier = open_frontier()
    given_up(frontier, why)
    named(frontier, HTTP, at=NOON + MINUTE)  # https failed, and http was never tried
    assert [lease.attempts for lease in frontier.lease(1, NOON + MINUTE, 60)] == [0] * (why != "refused")


def test_a_url_stays_at_the_address_that_answered_although_lists_name_others(open_frontier: Open) -> None:
    frontier = open_frontier()
    named(frontier, HTTP)
    (lease,) = frontier.lease(1, NOON, 60)
    named(frontier, WWW, at=NOON + MINUTE)
    assert frontier.ack(lease, Visit(NOON, NOON + DAY, 200, url=HTTPS))
    assert asked(frontier) == (HTTPS, [WWW, HTTP])
    assert not frontier.ack(lease, Visit(NOON, NOON + DAY, 200, url=BOTH))
    assert asked(frontier) == (HTTPS, [WWW, HTTP])
    named(frontier, HTTP, at=NOON + MINUTE)
    assert asked(frontier) == (HTTPS, [HTTP, WWW])


def test_a_url_that_its_article_left_is_given_up_as_moved(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1, 2), NOON)
    frontier.leave(["example,a)/1", "example,a)/9"], NOON)
    assert [lease.urlkey for lease in frontier.lease(9, NOON + DAY, 60)] == ["example,a)/2"]
    assert list(frontier.dead_letters()) == []
    frontier.hasten(["example,a)/1"], NOON + DAY, only_moved=True)
    assert [lease.urlkey for lease in frontier.lease(9, NOON + DAY, 60)] == ["example,a)/1"]


def test_a_moved_url_is_not_due_until_it_is_hastened(open_frontier: Open) -> None:
    frontier = open_frontier()
    named(frontier, HTTP)
    (lease,) = frontier.lease(1, NOON, 60)
    assert frontier.ack(lease, Visit(NOON, NEVER, 301, given_up="moved"))
    assert list(frontier.dead_letters()) == []
    assert (frontier.recall(NOON + DAY), frontier.due_count(NOON + 3650 * DAY)) == (0, 0)
    frontier.hasten(["example,a)/1"], NOON + DAY, only_moved=True)
    (lease,) = frontier.lease(1, NOON + DAY, 60)
    assert lease.url == HTTP
    assert frontier.nack(lease, Visit(NOON + DAY, NOON + 2 * DAY, None))
    frontier.hasten(["example,a)/1"], NOON + DAY, only_moved=True)  # it waits by itself
    assert frontier.lease(1, NOON + DAY, 60) == []


@pytest.mark.parametrize("since", [False, True])
@pytest.mark.parametrize("open_of", ["sqlite"], indirect=True)
def test_every_turn_walks_an_index_in_its_order(open_frontier: Open, since: bool) -> None:
    """A lease reads only the rows that it takes, however many there are: no sorting, no scan of the table."""
    frontier = open_frontier()
    assert isinstance(frontier, SqliteFrontier)
    told = {"source": "a", "now": "", "since": "", "n": 64}
    for query in due_queries(since, "all"):
        plan = [row[3] for row in frontier._conn.execute(f"explain query plan {query}", told)]
        assert len(plan) == 1
        assert re.match(r"SEARCH frontier USING INDEX frontier_(untried|tried|due) \(source=\?", plan[0]), plan


def test_a_lease_by_the_clock_is_worth_nothing_after_its_end(open_frontier: Open) -> None:
    """Nobody has the url yet, but somebody may at any moment: what was fetched is dropped."""
    frontier = open_frontier()
    frontier.add(waiting(1, 2), NOON)
    ended, held = frontier.take("example,a)/1", None, 0), frontier.take("example,a)/2", None, 600)
    assert ended is not None
    assert held is not None
    assert not frontier.ack(ended, Visit(NOON, NOON + DAY, 200, url="http://a.example/1"))
    assert not any(give_back(ended) for give_back in (frontier.release, frontier.forget))
    assert frontier.renew([ended, held], 600) == {held.token}
    again = open_frontier().take(ended.urlkey, None, 600)
    assert again is not None
    assert (again.url, again.attempts) == (ended.url, 1)
    assert frontier.ack(held, fetched(NOON, NOON + DAY))
    assert open_frontier().ack(again, fetched(NOON, NOON + DAY))
    assert frontier.renew([held, again], 600) == set()


def test_a_renewed_lease_goes_on_and_an_ended_one_does_not(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1, 2), NOON)
    first, second = frontier.lease(2, NOON, 60)
    assert frontier.renew([first], 600, NOON + MINUTE / 2) == {first.token}
    assert frontier.renew([first, second], 600, NOON + MINUTE) == {first.token}
    assert urls(open_frontier().lease(9, NOON + 5 * MINUTE, 60)) == [second.url]
    assert frontier.renew([second], 600, NOON + 5 * MINUTE) == set()
    assert frontier.ack(first, fetched(NOON, NOON + DAY))


@pytest.mark.parametrize("was_fetched", [False, True])
def test_a_url_whose_holder_is_lost_each_time_is_given_up_or_asked_rarely(
    open_frontier: Open, was_fetched: bool
) -> None:
    """Its page may be what kills the workers. A stored article is never given up."""
    frontier = open_frontier()
    frontier.add(waiting(1), NOON)
    if was_fetched:
        frontier.ack(take(frontier, 1), fetched(NOON, NOON))
    for losses in range(MAX_LOSSES):
        assert [lease.attempts for lease in frontier.lease(9, None, 0)] == [losses]
    assert frontier.lease(9, None, 0) == []
    (known,) = frontier.known()
    assert (known.due_at == NEVER, len(list(frontier.dead_letters()))) == (not was_fetched, not was_fetched)
    assert known.due_at > datetime.now(UTC) + 29 * DAY
    frontier.revive(NOON)
    assert len(frontier.lease(9, NOON, 60)) == (not was_fetched)


def test_a_holder_that_starts_again_takes_back_only_its_own_leases(open_of: OpenOf) -> None:
    for holder in ("one", "two", "one-1"):
        open_of("demo").add(waiting(ord(holder[0]), len(holder)), NOON)
        assert open_of("demo", holder).lease(1, None, 600)
    again = open_of("demo", "one")
    assert (again.reclaim(None, "one"), again.reclaim(None, "nobody")) == (1, 0)
    assert [lease.attempts for lease in again.lease(1, None, 600)] == [1]
    assert again.reclaim(None) == 3


def test_sources_do_not_see_each_other(open_of: OpenOf) -> None:
    open_of("demo").add(waiting(1), NOON)
    assert open_of("other").lease(9, NOON, 60) == []


def test_a_forgotten_url_is_gone_and_a_stale_lease_forgets_nothing(open_frontier: Open):
    frontier = open_frontier()
    frontier.add(waiting(1, 2), NOON)
    first, _ = frontier.lease(2, NOON, 60)
    (again,) = [lease for lease in open_frontier().lease(2, NOON + 2 * MINUTE, 60) if lease.url == first.url]
    assert not frontier.forget(first)
    assert frontier.forget(again)
    assert urls(open_frontier().lease(2, NOON + 4 * MINUTE, 60)) == ["https://a.example/2"]


def test_known_addresses_include_their_last_fetch_time(open_frontier: Open) -> None:
    frontier = open_frontier()
    frontier.add(waiting(1, 2), NOON)
    (first,) = frontier.lease(1, NOON, 60)
    frontier.ack(first, fetched(NOON, NOON + DAY))
    other = next(each for each in waiting(1, 2) if each.url != first.url)
    assert sorted(frontier.known(), key=lambda each: each.due_at, reverse=True) == [
        KnownAddress(first.url, first.urlkey, NOON + DAY, NOON),
        KnownAddress(other.url, other.urlkey, NOON, None),
    ]


@pytest.mark.slow
def test_operations_on_all_urls_reach_every_page_of_them(open_frontier: Open) -> None:
    """A server does it in pages of 500, so that nobody else waits long."""
    frontier, many = open_frontier(), 520
    frontier.add(waiting(*range(many), published_at=NOON - DAY), NOON)
    leases = frontier.lease(many, NOON, 60)
    assert (len(leases), frontier.due_count(NOON)) == (many, 0)
    assert frontier.renew(leases, 60, NOON) == {lease.token for lease in leases}
    assert [frontier.reclaim(NOON, "nobody"), frontier.reclaim(NOON), frontier.reclaim(NOON)] == [0, many, 0]
    for lease in frontier.lease(many, NOON, 60):
        frontier.ack(lease, fetched(NOON, NOON + DAY))
    assert [frontier.recall(NOON), frontier.recall(NOON)] == [many, 0]
    assert frontier.add(waiting(*range(many), published_at=NOON - DAY), NOON) == 0
    frontier.add(waiting(519, published_at=NOON), NOON)
    sinces = (None, NOON - DAY, NOON, NOON + DAY)
    assert [frontier.due_count(NOON, since, "seen") for since in sinces] == [many, many, 1, 0]
    assert len(frontier.overdue(2 * many, NOON, DAY)) == len({each.urlkey for each in frontier.known()}) == many
    assert urls(frontier.lease(9, NOON, 60, NOON, "seen")) == ["https://a.example/519"]
    keys = [link.urlkey for link in waiting(*range(many))]
    frontier.leave(keys, NOON)
    frontier.hasten(keys, NOON, only_moved=True)
    frontier.reclaim(NOON)
    for lease in frontier.lease(many, NOON, 60):
        frontier.nack(lease, Visit(NOON, NEVER, 500, given_up="failed"))
    assert len({letter.url for letter in frontier.dead_letters()}) == many
    assert [frontier.revive(NOON), frontier.due_count(NOON)] == [many, many]
