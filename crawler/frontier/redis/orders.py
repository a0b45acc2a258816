"""Orders: requests that crawls want sent, and workers lease; on Redis or Valkey, whose clock decides.

An order has the id of what it asks, so that the same request put twice is one order. The orders of a host are the rows
of a RedisFrontier, which has the rules of leases: their ends, their tokens, and when an order was lost too often. The
orders of one host are handed out no faster than its delay, those of different hosts in turn.

A put, a lease and an acknowledgement are several calls, each of which is carried out whole. Whatever a process that is
killed between two of them leaves is put right:

- An order has its text before its row, and its host has a turn after that. The desk puts what it waits for again and
  again, which makes up for steps that are missing; what a dead crawl put, the next crawl of the source takes away.
- A lease that its worker never learned of ends by the clock.
- A segment is announced before its leases end, and its worker ships and announces it again until all of them did.
- A text without a row is no order. A row without a text, which a put beside an acknowledgement can leave, is deleted by
  the worker that leases it; its desk, if it still waits, puts both again. So is one with a text that no
  crawl wrote.
- A host has turns for as long as it has rows, also of leases that have ended.
- The rows themselves say which orders are lost, until the desk that asks deletes them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from math import inf
from typing import Any

from archive.settings import SOURCE_NAME
from crawler.frontier.protocol import Lease, Waiting
from crawler.frontier.redis.cluster_state import ClusterState, WorkerState
from crawler.frontier.redis.frontier import INDEXES, RedisFrontier, keys_of
from crawler.frontier.redis.server import Script, Server

MAX_LEASES = 5  # of an order; after so many without an answer it is lost, and its crawl hears so
SILENT_WORKER_SECONDS = 3600.0  # after so long without a beat a worker is forgotten
PAUSE_SECONDS = 0.1  # until a host is looked at again whose orders are all with workers
BEGIN = datetime.fromtimestamp(0, UTC)
ROWS, LEASES = INDEXES.index("rows"), INDEXES.index("leases")


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
    """An order that a worker has: `token` proves it, and says at which host."""

    id: str
    token: str
    source: str
    host: str
    delay: float
    payload: str


class Orders:
    """The orders of one archive, on the server of its cluster; may be used in several threads. Raises ServerError."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._prefix = server.key("orders", "")
        self._put_at: dict[str, RedisFrontier] = {}  # by host: each counts the places of what this crawl puts

    def put(self, source: str, orders: Iterable[Wanted]) -> int:
        """Put orders of a source, urgent ones before all others of their host; returns the number of new ones."""
        by_host: dict[str, list[Wanted]] = defaultdict(list)
        for each in orders:
            by_host[each.host].append(each)
        if not by_host:
            return 0
        texts = [
            told
            for host, of_host in by_host.items()
            for each in of_host
            for told in (each.id, f"{source}\n{host}\n{each.delay}\n{each.payload}")
        ]
        self._call("keep", source, *texts)
        # A frontier leases the newest date first, and the first order is to be the first: its dates go back from BEGIN.
        date, new = BEGIN - (self._now() - BEGIN), 0
        for host, of_host in by_host.items():
            frontier = self._put_at.setdefault(host, self._at(host))
            rows = (Waiting(each.id, each.id, BEGIN if each.urgent else date, kind="order") for each in of_host)
            new += frontier.add(rows, BEGIN)
        self._call("line_up", *(told for host, each in by_host.items() for told in (host, each[-1].delay)))
        return new

    def lease(
        self, worker: str, n: int, seconds: float, most_segments: int, busy: Iterable[str] = ()
    ) -> list[Leased] | None:
        """Lease up to n orders of hosts whose turn it is; None if `most_segments` wait to be taken in.

        busy: hosts to pass over.
        """
        found: list[Leased] = []
        asked: set[str] = set()
        passed = tuple(busy)
        while len(found) < n:
            turns = self._call("turns", n - len(found), most_segments, *passed)
            if turns is None:
                return found or None
            hosts = {host: float(delay) for host, delay in _pairs(turns) if host not in asked}
            if not hosts:
                break
            asked.update(hosts)
            found += self._lease_at(hosts, worker, n - len(found), seconds)
        return found

    def _lease_at(self, hosts: Mapping[str, float], worker: str, n: int, seconds: float) -> Iterator[Leased]:
        """Yield up to n orders of these hosts (with their delays): one of a host with a delay, of others as many."""
        leases: list[tuple[str, Lease]] = []
        idle = []
        for at, (host, delay) in enumerate(hosts.items()):
            most = 1 if delay else -(-(n - len(leases)) // (len(hosts) - at))
            of_host = self._at(host, worker).lease(most, None, seconds)
            leases += [(host, each) for each in of_host]
            if not of_host:
                idle.append(host)
        if idle:
            self._call("rest", PAUSE_SECONDS, *idle, keys=self._keys_at(idle, ROWS))
        texts = self._texts([lease.urlkey for _, lease in leases])
        for (host, lease), text in zip(leases, texts, strict=True):
            if found := _read(lease.urlkey, text):
                yield replace(found, token=f"{lease.token} {host}", host=host)
            else:
                self._at(host).forget(lease)
                self._drop("", [(host, lease.urlkey)])

    def renew(self, leases: Iterable[tuple[str, str]], seconds: float) -> set[str]:
        """Let leases (id, token) end so many seconds from now; returns the ids of those that are no longer held."""
        lost: set[str] = set()
        for host, of_host in _by_host(leases).items():
            held = self._at(host).renew(of_host, seconds)
            lost.update(each.urlkey for each in of_host if each.token not in held)
        return lost

    def acknowledge(self, segment: str, source: str, leases: Iterable[tuple[str, str]]) -> set[str]:
        """Announce a shipped segment to the crawl of its source, and end the leases (id, token) of its answers.

        Returns the ids of those that were no longer held: their answers may have come from another worker too.
        """
        self._call("announce", segment, source)
        ended = [(host, each) for host, of_host in _by_host(leases).items() for each in of_host]
        refused = {each.urlkey for host, each in ended if not self._at(host).forget(each)}
        self._drop(source, [(host, each.urlkey) for host, each in ended])
        return refused

    def give_back(self, leases: Iterable[tuple[str, str]]) -> int:
        """End leases (id, token) without an answer, and return the number of those that were held."""
        return sum(self._at(host).release(each) for host, found in _by_host(leases).items() for each in found)

    def reclaim(self, worker: str) -> int:
        """End the leases of a worker that died; returns their number."""
        now = self._now()
        return sum(self._at(host).reclaim(now, worker) for host in self._hosts())

    def withdraw(self, source: str) -> int:
        """Take away the orders of a source that no worker has; returns their number."""
        ids = list(self._server.call("SMEMBERS", f"{self._prefix}of:{source}"))
        by_host: dict[str, list[str]] = defaultdict(list)
        for id_, text in zip(ids, self._texts(ids), strict=True):
            found = _read(id_, text)
            by_host[found.host if found else ""].append(id_)
        return sum(len(self._taken_away(source, host, of_host)) for host, of_host in by_host.items())

    def lost(self, source: str, orders: Iterable[Wanted]) -> list[str]:
        """Take away those of these orders that were leased too often without an answer; returns their ids."""
        by_host: dict[str, set[str]] = defaultdict(set)
        for each in orders:
            by_host[each.host].add(each.id)
        found = []
        for host, ids in by_host.items():
            dead = [each.url for each in self._at(host).dead_letters() if each.url in ids]
            if dead:
                found += self._taken_away(source, host, dead)
        return found

    def _taken_away(self, source: str, host: str, ids: Sequence[str]) -> list[str]:
        """Those of the orders of a host that nobody has, which are deleted.

        Each is leased for no time at all, so that it waits as before if we die before we delete it.
        """
        frontier, now = self._at(host), self._now()
        taken = (frontier.take(each, now, 0.0) for each in ids)
        gone = [each.urlkey for each in taken if each is not None and frontier.forget(each)]
        self._drop(source, [(host, each) for each in ids])
        return gone

    def arrived(self, source: str, n: int = 64) -> list[str]:
        """The names of up to n segments that were announced to the crawl of a source, each given once."""
        return list(self._server.call("LPOP", f"{self._prefix}arrived:{source}", n) or ())

    def taken_in(self, segments: Sequence[str]) -> None:
        """Note that all answers of these segments are in the archive."""
        if segments:
            self._server.call("ZREM", f"{self._prefix}shipped", *segments)

    def attend(self, source: str) -> None:
        """Tell that a crawl of a source waits for answers."""
        self._call("attend", source)

    def leave(self, source: str) -> None:
        """Tell that the crawl of a source has ended."""
        self._server.call("ZREM", f"{self._prefix}desks", source)

    def crawls(self, seconds: float) -> int:
        """The number of crawls that were heard in the last so many seconds and have not ended."""
        return int(self._call("crawls", seconds))

    def silent_crawls(self, seconds: float) -> list[str]:
        """The sources of crawls that have not ended and were not heard for so many seconds: these died."""
        return self._older("desks", seconds)

    def waiting_segments(self, seconds: float) -> list[str]:
        """The names of the segments that were shipped so many seconds ago and wait to be taken in; none is proved."""
        return self._older("shipped", seconds)

    def beat(self, worker: str, said: Mapping[str, Any]) -> float:
        """Tell that a worker is at work, with figures; returns the server's time, in seconds since 1970."""
        return float(self._call("beat", worker, json.dumps(said)))

    def state(self) -> ClusterState:
        """The state of all orders, segments and workers."""
        keys = self._keys_at(self._hosts(), LEASES)
        now, orders, leased, segments, oldest, told = self._call("state", SILENT_WORKER_SECONDS, keys=keys)
        workers = tuple(
            WorkerState(name, float(heard), json.loads(said))
            for name, heard, said in zip(*[iter(told)] * 3, strict=True)
        )
        return ClusterState(orders, leased, segments, float(now) - float(oldest) if oldest else 0.0, workers)

    def hurry(self) -> None:
        """Wait no longer than a few seconds for the server: the process ends."""
        self._server.hurry()

    def close(self) -> None:
        """Close the connection."""
        self._server.close()

    # -- the server -------------------------------------------------------------------------------------------

    def _at(self, host: str, holder: str | None = None) -> RedisFrontier:
        """The orders of a host, for a holder."""
        return RedisFrontier(self._server, _name_of(host), holder, MAX_LEASES)

    def _keys_at(self, hosts: Iterable[str], index: int) -> list[str]:
        return [keys_of(self._server, _name_of(host))[index] for host in hosts]

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._server.now(), UTC)

    def _hosts(self) -> list[str]:
        """All hosts that have orders."""
        return list(self._server.call("ZRANGE", f"{self._prefix}hosts", 0, -1))

    def _older(self, what: str, seconds: float) -> list[str]:
        until = self._server.now() - seconds
        return list(self._server.call("ZRANGEBYSCORE", f"{self._prefix}{what}", "-inf", until))

    def _texts(self, ids: Sequence[str]) -> list[str | None]:
        return list(self._server.call("HMGET", f"{self._prefix}texts", *ids)) if ids else []

    def _drop(self, source: str, orders: Sequence[tuple[str, str]]) -> None:
        """Delete the texts of those of these orders (host, id) that have no row any more."""
        hosts, ids = [host for host, _ in orders], [id_ for _, id_ in orders]
        self._call("drop", source, *ids, keys=self._keys_at(hosts, ROWS))

    def _call(self, what: str, *told: str | float, keys: Sequence[str] = ()) -> Any:
        return self._server.run(_script(), [self._prefix, *keys], what, *told)


def _read(id_: str, text: str | None) -> Leased | None:
    """The order of a text, still without a token; None without a text, or with one that no crawl wrote."""
    source, host, delay, payload = (*(text or "").split("\n", 3), "", "", "")[:4]
    try:
        found = Leased(id_, "", source, host, float(delay), payload)
    except ValueError:
        return None
    return found if SOURCE_NAME.fullmatch(source) and host and 0 <= found.delay < inf else None


def _name_of(host: str) -> str:
    """The name under which a host has its frontier; no source has one with a colon."""
    return f"orders:{host}"


def _by_host(leases: Iterable[tuple[str, str]]) -> dict[str, list[Lease]]:
    """The leases of these pairs (id, token of Leased), by host."""
    found: dict[str, list[Lease]] = defaultdict(list)
    for id_, told in leases:
        token, _, host = told.partition(" ")
        found[host].append(Lease(id_, id_, "order", token, 0, None, None, None, None))
    return found


def _pairs(told: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(islice(told, 0, None, 2), islice(told, 1, None, 2), strict=True)


@cache
def _script() -> Script:
    return Script("cluster.lua")
