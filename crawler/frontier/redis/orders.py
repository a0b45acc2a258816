"""Orders: requests that crawls want sent, and workers lease; on Redis or Valkey, whose clock decides.

An order has the id of what it asks, so that the same request put twice is one order. Orders of one host are handed out
no faster than its delay, those of different hosts in turn. A lease has a token that is never used again: who comes
after its end is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from crawler.frontier.redis.server import Script, Server

MAX_LEASES = 5  # of an order; after so many without an answer its crawl is told that it is lost
SILENT_WORKER_SECONDS = 3600.0  # after so long without a beat a worker is forgotten


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order to put: its id, the name of its host, the seconds between two requests to it, and its text."""

    id: str
    host: str
    delay: float
    payload: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Leased:
    """An order that a worker has: `token` proves it."""

    id: str
    token: str
    source: str
    host: str
    delay: float
    payload: str


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker that has told of itself. heard: seconds ago; said: its figures."""

    name: str
    heard: float
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClusterState:
    """The state of the orders.

    orders: put and not acknowledged, of which `leased` are with workers. segments: shipped and not yet wholly in the
    archive; lag: the seconds since the oldest of them was shipped, 0 without one.
    """

    orders: int
    leased: int
    segments: int
    lag: float
    workers: tuple[WorkerState, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """News for a crawl: the name of a segment that was shipped, or the id of an order that is lost."""

    segment: str | None = None
    lost: str | None = None


class Orders:
    """The orders of one archive, on the server of its cluster; may be used in several threads. Raises ServerError."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = [server.key("orders", "")]

    def put(self, source: str, orders: Iterable[Wanted]) -> int:
        """Put orders of a source, urgent ones before all others of their host; returns the number of new ones."""
        told = [text for each in orders for text in (each.id, each.host, each.delay, int(each.urgent), each.payload)]
        return int(self._call("put", source, *told)) if told else 0

    def lease(self, worker: str, n: int, seconds: float, most_segments: int) -> list[Leased] | None:
        """Lease up to n orders of hosts that may be asked now; None if `most_segments` wait to be taken in."""
        told = self._call("lease", worker, n, seconds, most_segments, MAX_LEASES)
        if told == [-1]:
            return None
        found = []
        for named, token, order in zip(*[iter(told)] * 3, strict=True):
            source, host, delay, payload = order.split("\n", 3)
            found.append(Leased(named, token, source, host, float(delay), payload))
        return found

    def renew(self, leases: Iterable[tuple[str, str]], seconds: float) -> set[str]:
        """Let leases (id, token) end so many seconds from now; returns the ids of those that are no longer held."""
        told = [text for each in leases for text in each]
        return set(self._call("renew", seconds, *told)) if told else set()

    def acknowledge(self, segment: str, source: str, leases: Iterable[tuple[str, str]]) -> set[str]:
        """End the leases (id, token) whose answers a shipped segment has, and announce it to the crawl of its source.

        Returns the ids of those that were no longer held: their answers may have come from another worker too.
        """
        return set(self._call("acknowledge", segment, source, *(text for each in leases for text in each)))

    def give_back(self, leases: Iterable[tuple[str, str]]) -> int:
        """End leases (id, token) without an answer: the orders wait again, before others of their host."""
        told = [text for each in leases for text in each]
        return int(self._call("give back", *told)) if told else 0

    def reclaim(self, worker: str, answered: Iterable[str]) -> int:
        """End the leases of a worker that died but those of the answered orders (ids); returns their number."""
        return int(self._call("reclaim", worker, *answered))

    def withdraw(self, source: str) -> int:
        """Take away the orders of a source that no worker has; returns their number."""
        return int(self._call("withdraw", source))

    def arrived(self, source: str, n: int = 64) -> list[Arrived]:
        """Up to n pieces of news for the crawl of a source, each given once."""
        told = self._server.call("LPOP", f"{self._keys[0]}arrived:{source}", n) or []
        pairs = (each.partition(" ") for each in told)
        return [Arrived(segment=what) if kind == "segment" else Arrived(lost=what) for kind, _, what in pairs]

    def taken_in(self, segments: Sequence[str]) -> None:
        """Note that all answers of these segments are in the archive."""
        if segments:
            self._server.call("ZREM", f"{self._keys[0]}shipped", *segments)

    def attend(self, source: str) -> None:
        """Tell that a crawl of a source waits for answers."""
        self._call("attend", source)

    def leave(self, source: str) -> None:
        """Tell that the crawl of a source has ended."""
        self._server.call("ZREM", f"{self._keys[0]}desks", source)

    def crawls(self, seconds: float) -> int:
        """The number of crawls that were heard in the last so many seconds and have not ended."""
        return int(self._call("crawls", seconds))

    def beat(self, worker: str, said: Mapping[str, Any]) -> float:
        """Tell that a worker is at work, with figures; returns the server's time, in seconds since 1970."""
        return float(self._call("beat", worker, json.dumps(said)))

    def state(self) -> ClusterState:
        """The state of all orders, segments and workers."""
        now, orders, leased, segments, oldest, told = self._call("state", SILENT_WORKER_SECONDS)
        workers = tuple(
            WorkerState(name, float(heard), json.loads(said))
            for name, heard, said in zip(*[iter(told)] * 3, strict=True)
        )
        return ClusterState(orders, leased, segments, float(now) - float(oldest) if oldest else 0.0, workers)

    def close(self) -> None:
        """Close the connection."""
        self._server.close()

    def _call(self, what: str, *told: str | float) -> Any:
        return self._server.run(_script(), self._keys, what, *told)


@cache
def _script() -> Script:
    return Script("orders.lua")
