"""How long a request waits for its turn at a host, and when it waits no more because a budget is spent."""

from __future__ import annotations

from datetime import UTC, datetime

from archive.files.clock import stamp
from crawler.hosts.day_count import Spent
from crawler.hosts.host_book import Turn
from crawler.middlewares.budget import Budget, BudgetSpent


def pause(turn: Turn, budget: Budget, now: float, ahead: float = 0.0) -> float:
    """Seconds until the turn is asked for again; 0: it is granted. Raises BudgetSpent.

    now is since 1970. ahead: seconds that must be left behind the request, as for the witness of what is missing.
    """
    wait = turn.wait
    if turn.spent is not None:
        wait = max(0.0, turn.spent.more_at - now)
        if not budget.may_wait(wait):
            raise refusal(turn.spent)
    if wait:
        budget.check(wait + ahead)
    return wait


def refusal(spent: Spent) -> BudgetSpent:
    """That a budget of a day is spent, and until when."""
    more_at = datetime.fromtimestamp(spent.more_at, UTC)
    kept = ", but for those kept for new articles," if spent.recheck else ""
    told = f"the {spent.limit:,} requests a day of {spent.name}{kept} are spent until {stamp(more_at)}"
    return BudgetSpent(told, more_at, spent.name if spent.of == "host" else None, spent.recheck)
