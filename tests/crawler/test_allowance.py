"""The requests of a day: how many are kept for new articles, and after how long an old article comes first."""

from datetime import timedelta

from support.tables import every_row

from crawler.hosts.allowance import LATEST, SOONEST, Rooms, a_day, kept, longest_wait, of_delay, too_few


@every_row(("limit", "rest"), [(1, 1), (4, 1), (5, 1), (9, 1), (10, 2), (500, 100), (720, 144)])
def test_a_fifth_of_a_day_is_kept(limit: int, rest: int) -> None:
    assert kept(limit) == rest


@every_row(("delay", "requests"), [(0, None), (1, 86_400), (120, 720), (0.7, 123_428), (100_000, 0)])
def test_a_delay_is_so_many_requests_a_day(delay: float, requests: int | None) -> None:
    assert of_delay(delay) == requests


def test_the_smallest_of_several_daily_limits_holds() -> None:
    assert (a_day(), a_day(None, None), a_day(None, 720, 500)) == (None, None, 500)


@every_row(
    ("articles", "requests", "wait"),
    [
        (1_000_000, None, LATEST),
        (100, 720, LATEST),
        (10_950, 720, timedelta(days=60 - 1.25 * 10_950 / 576)),  # all of them in 19 days, even if on one day
        (100_000, 720, SOONEST),
        (100_000, 1, SOONEST),
    ],
)
def test_the_longer_all_take_the_sooner_old_ones_come_first(
    articles: int, requests: int | None, wait: timedelta
) -> None:
    assert abs(longest_wait(articles, requests) - wait) < timedelta(seconds=1)


@every_row(
    ("articles", "requests", "enough"),
    [(600, None, None), (600, 12, None), (600, 13, None), (600, 11, 14), (100_000, 720, 2085), (1, 1, 3)],
)
def test_too_few_requests_for_sixty_days_are_said_with_a_figure_that_is_enough(
    articles: int, requests: int | None, enough: int | None
) -> None:
    assert too_few(articles, requests) == enough
    assert enough is None or too_few(articles, enough) is None


def test_rooms_are_taken_of_one_host_or_of_all_where_they_share_one() -> None:
    for shared, left in ((False, [2, 2]), (True, [2, 0])):
        rooms = Rooms({"a": 3, "b": 3}, {"a": 2, "b": 2}, shared)
        taken = [sum(rooms.take(host, recheck=True) for _ in range(9)) for host in ("a", "b")]
        assert taken == left
        assert rooms.take("b", recheck=False)
        assert rooms.take("c", recheck=True)
