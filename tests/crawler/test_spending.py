"""Budgets without a request left, and the one that ended a crawl in the crawl's summary."""

from datetime import UTC, datetime

from support.tables import every_row

from archive.judging.runs.run import CrawlSummary
from crawler.middlewares.budget import BudgetSpent, with_budget

SPENT = BudgetSpent("the 500 requests a day of town are spent", datetime(2026, 11, 30, tzinfo=UTC))


@every_row(
    ("reason", "spent", "more_at"),
    [("budget", str(SPENT), "2026-11-30T00:00:00Z"), ("stopped", None, None), ("outage", None, None)],
)
def test_a_crawl_that_ended_otherwise_says_nothing_of_a_budget(
    reason: str, spent: str | None, more_at: str | None
) -> None:
    """It did not count the articles that it left."""
    ended = with_budget(CrawlSummary("town", reason, 0, 0, 0, 0, 0, 0, "", ""), SPENT)
    assert (ended.spent, ended.more_at) == (spent, more_at)
