"""The host book on a Redis or Valkey server: no host is asked too soon by all workers together; see hosts.lua."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from crawler.frontier.redis.server import Script, Server, ServerError
from crawler.hosts import (
    MAX_CLOSURE_SECONDS,
    MAX_SETBACKS,
    HostTurn,
    RequestClaim,
    Spent,
    budgets,
    most_asked,
)

TURN_SECONDS = 10.0  # after which the turn of a worker ends that does not say that it goes on
BEATS = 4  # times that it says so in these seconds
SHUT_SECONDS = 1.0  # for the last of them, at the end


@cache
def _script() -> Script:
    return Script("hosts.lua")


class RedisHostBook:
    """Turns at hosts for all workers of a server, by the server's clock. A thread of its own keeps turns going.

    A worker that dies cannot say so: its turn ends TURN_SECONDS after its last sign, and the delay runs from there. One
    that stands still for so long loses its turn too.

    server: a connection of its own, which `shut` closes.
    clock: for tests, the seconds since 1970 instead of the server's clock.
    """

    def __init__(
        self, server: Server, clock: Callable[[], float] | None = None, turn_seconds: float = TURN_SECONDS
    ) -> None:
        self._server = server
        self._clock = clock
        self._turn_seconds = turn_seconds
        self._turns: dict[str, str] = {}  # by host: the token of the turn that it gave us
        self._over = threading.Event()
        self._beating: threading.Thread | None = None

    def take(self, host: str, delay: float, claim: RequestClaim | None = None) -> HostTurn:
        token = secrets.token_hex(8)
        if not (delay or claim):
            return self._look(host)
        sizes = {of: (size, most_asked(size, claim)) for of, _, size in budgets(host, claim)} if claim else {}
        told = [each for of in ("source", "host") for each in sizes.get(of, (None, None))]
        answer = self._do("take", host, claim, delay, token, self._turn_seconds, int(claim is not None), *told)
        wait, more_at = float(answer[0]), float(answer[4])
        if claim is not None and (of := answer[3]):
            name = claim.source if of == "source" else host
            spent = Spent(of, name, sizes[of][0], more_at, claim.recheck and bool(answer[5]))
            return HostTurn(setbacks=answer[2], spent=spent)
        if delay and not wait:
            self._turns[host] = token
            self._go_on_beating()
        return HostTurn(wait, bool(answer[1]), answer[2])

    def _look(self, host: str) -> HostTurn:
        left, setbacks = self._do("look", host)
        return HostTurn(float(left), float(left) > 0, setbacks)

    def left(self, host: str, claim: RequestClaim) -> int | None:
        held = budgets(host, claim)
        asked = dict(zip(("source", "host"), self._do("asked", host, claim), strict=True))
        return max(0, min(most_asked(size, claim) - asked[of] for of, _, size in held)) if held else None

    def done(self, host: str, delay: float) -> None:
        self._do("done", host, None, self._turns.pop(host, ""), delay)

    def close(self, host: str, seconds: float) -> None:
        self._do("close", host, None, min(seconds, MAX_CLOSURE_SECONDS))

    def back_off(self, host: str, wait: Callable[[int], float]) -> float:
        while True:
            left, setbacks = self._do("look", host)
            if float(left) > 0:
                return float(left)
            if answer := self._do("back_off", host, None, setbacks, wait(setbacks), MAX_SETBACKS):
                return float(answer)

    def well(self, host: str) -> None:
        self._do("well", host)

    def hurry(self) -> None:
        """Wait no longer than a few seconds for the server: the process ends."""
        self._server.hurry()

    def shut(self) -> None:
        self._over.set()
        if self._beating is not None:
            self._beating.join(SHUT_SECONDS)
        self._server.close()

    def _do(self, operation: str, host: str, claim: RequestClaim | None = None, *values: str | float | None) -> Any:
        names = [("host", host), ("asked", "host", host), ("asked", "source", claim.source if claim else "")]
        keys = [self._server.key(*each) for each in names]
        return self._server.run(_script(), keys, operation, self._clock() if self._clock else None, *values)

    def _go_on_beating(self) -> None:
        if self._beating is None:
            self._beating = threading.Thread(target=self._beat, name="turns", daemon=True)
            self._beating.start()

    def _beat(self) -> None:
        """Say of each turn that it goes on, until the book is shut."""
        while not self._over.wait(self._turn_seconds / BEATS):
            for host, token in self._turns.copy().items():
                try:
                    self._do("hold", host, None, token, self._turn_seconds)
                except ServerError:
                    break  # the calls of the crawl report it
