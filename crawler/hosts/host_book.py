"""The contract of the host book: when each host may be asked next, over all crawls and workers that share it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from crawler.hosts.day_count import RequestClaim, Spent

PEEK_SECONDS = 0.02  # until the next look at a host whose turn another process has
MAX_CLOSURE_SECONDS = 7 * 86_400.0  # a host that asks for more is asked again after a week
MAX_SETBACKS = 12  # from the ninth on each wait is the longest; without a bound 2.0**setbacks would overflow


@dataclass(frozen=True, slots=True)
class HostTurn:
    """The answer to a crawl that wants a turn. wait: 0 if the turn is granted, else the seconds until the next try.

    closed: the wait is one that the host asked for or that follows its failures. setbacks: its failures in a row.
    spent: the budget of a day that leaves no room; then no turn was granted, although wait is 0.
    """

    wait: float = 0.0
    closed: bool = False
    setbacks: int = 0
    spent: Spent | None = None


class HostBook(Protocol):
    """Turns at hosts, one at a time over all who share the book; use it in one thread.

    A turn lasts until its answer is complete, and the delay runs from then: the host never sees a shorter gap, however
    slow the network or a machine is. The turn of a process that died ends, and the delay runs from then.

    If the clock goes back, no wait gets longer than it was when written. If it goes forward, waits end early. Raises
    OSError or sqlite3.Error where the book cannot be written.
    """

    def take(self, host: str, delay: float, claim: RequestClaim | None = None) -> HostTurn:
        """Ask for a turn. A HostTurn with wait 0 and spent None grants it; then `done` must end it.

        Else no turn is granted: ask again after `wait` seconds or, if `spent` is set, from `spent.more_at` on.

        delay 0: any number of turns at once, and none to end; only `closed` and `spent` refuse one. claim: the source
        of the request and its budgets; a granted turn with a claim is counted.
        """
        ...

    def left(self, host: str, claim: RequestClaim) -> int | None:
        """The number of requests like this one that the host may get now by the claim's budgets; None: any number."""
        ...

    def done(self, host: str, delay: float) -> None:
        """End a turn: the host's next turn begins at least `delay` seconds from now."""
        ...

    def close(self, host: str, seconds: float) -> None:
        """Grant no turn for the seconds that a host asked for, at most for a week; a longer wait in force stays."""
        ...

    def back_off(self, host: str, wait: Callable[[int], float]) -> float:
        """Leave a host alone after a failure, for `wait(setbacks so far)` seconds, and return these.

        The failure counts as one more setback, up to MAX_SETBACKS. If the host is already left alone, nothing changes,
        for the request was sent before; the seconds that are left are returned.
        """
        ...

    def well(self, host: str) -> None:
        """Set the setbacks of a host that answers again to 0; a wait in force stays."""
        ...

    def shut(self) -> None:
        """Close the book; the caller has ended its turns."""
        ...
