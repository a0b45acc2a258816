"""Turns of requests, one at a time, urgent ones first, and the wait of a host between them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush

from archive.files import stamp
from crawler.hosts import HostTurn, Spent
from crawler.middlewares.budget import Budget, BudgetSpent


@dataclass(slots=True)
class Turns:
    """A lock that urgent waiters get first."""

    _taken: bool = False
    _came: int = 0
    _waiting: list[tuple[bool, int, asyncio.Future[None]]] = field(default_factory=list)

    async def acquire(self, urgent: bool = False) -> None:
        """Wait for a turn; urgent waiters come before the others, each of the two groups in order of arrival."""
        if not self._taken:
            self._taken = True
            return
        turn = asyncio.get_running_loop().create_future()
        self._came += 1
        heappush(self._waiting, (not urgent, self._came, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.release()  # the waiter was cancelled: hand the turn on
            raise

    def release(self) -> None:
        """End the turn, and give it to the next waiter if one waits."""
        while self._waiting:
            *_, turn = heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._taken = False


def pause(turn: HostTurn, budget: Budget, now: float, ahead: float = 0.0) -> float:
    """The seconds until the turn is to be asked for again; 0: it is granted or, with `turn.spent`, asked for at once.

    `turn.spent` is the budget of a day that left no room for the request; with 0 it has room again by now. Raises
    BudgetSpent if a budget does not allow so long a wait. now is in seconds since 1970. ahead: seconds of the budget
    that must remain after the wait, to ask a control page of an article that turns out to be missing; they are not
    checked if the result is 0.
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
    """Make, not raise, the BudgetSpent for a budget of a day; its text names the budget and when it has room again."""
    more_at = datetime.fromtimestamp(spent.more_at, UTC)
    kept = ", but for those kept for new articles," if spent.recheck else ""
    told = f"the {spent.limit:,} requests a day of {spent.name}{kept} are spent until {stamp(more_at)}"
    return BudgetSpent(told, more_at, spent.name if spent.of == "host" else None, spent.recheck)
