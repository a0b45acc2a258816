"""Turns: one at a time, and whoever is urgent before whoever came first."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from heapq import heappop, heappush


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
