"""Turns: one at a time, the urgent before those that came first; and how long a host waits between them."""

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
    """A lock that lets an urgent one go next."""

    _taken: bool = False
    _came: int = 0
    _waiting: list[tuple[bool, int, asyncio.Future[None]]] = field(default_factory=list)

    async def acquire(self, urgent: bool = False) -> None:
        """Wait for a turn."""
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
                self.release()  # it came too late: the next one's
            raise

    def release(self) -> None:
        """End a turn: the next one's begins."""
        while self._waiting:
            *_, turn = heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._taken = False


def pause(turn: HostTurn, budget: Budget, now: float, ahead: float = 0.0) -> float:
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
