"""Limits of one crawl in requests, bytes and seconds."""

import pytest
from support.tables import every_row

from crawler.middlewares.budget import Budget, BudgetSpent


class Clock:
    now = 50.0

    def __call__(self) -> float:
        return self.now


def asks(budget: Budget, clock: Clock, size: int = 10, seconds: float = 1.0) -> int:
    """The number of requests, 100 at most, that go out if each is answered with `size` bytes after `seconds`."""
    for number in range(100):
        try:
            budget.ask()
        except BudgetSpent:
            return number
        budget.got(size)
        clock.now += seconds
    return 100


@every_row(
    ("pages", "size", "seconds", "asked"),
    [
        (None, None, None, 100),
        (7, None, None, 7),
        (None, 1, None, 1),
        (None, 50, None, 5),
        (None, 51, None, 6),
        (None, None, 3.0, 3),
        (None, None, 3.5, 4),
        (9, 80, 7.0, 7),
    ],
)
def test_a_budget_ends_at_its_limit_of_requests_bytes_or_seconds(
    pages: int | None, size: int | None, seconds: float | None, asked: int
) -> None:
    clock = Clock()
    assert asks(Budget(pages, size, seconds, clock), clock) == asked


def test_the_error_names_the_spent_budget() -> None:
    budget = Budget(pages=1)
    budget.ask()
    with pytest.raises(BudgetSpent, match="the budget of 1 pages is spent"):
        budget.check()
