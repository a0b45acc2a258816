"""Events from a file of JSON Lines: each at once, `at` seconds after the start, or `after` a number of requests."""

import asyncio
import heapq
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from newsroom.events.arguments import EventError
from newsroom.events.kinds import checked


class ScriptError(ValueError):
    """A script that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class ScriptEvent:
    """One event of a script: it happens `at` seconds after the start, or `after` so many requests; only one can be set.

    Without either it happens before the first request. number: its line in the file.
    """

    number: int
    event: dict[str, object]
    at: float | None
    after: int | None


def read_script(path: Path) -> list[ScriptEvent]:
    """The events of a script, each checked; blank lines are skipped. Raises ScriptError."""
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError(f"cannot read {path}: {error}") from error
    return [_line(path, number, text) for number, text in enumerate(texts, 1) if text.strip()]


def _line(path: Path, number: int, text: str) -> ScriptEvent:
    try:
        event = json.loads(text)
        checked(event)
        return ScriptEvent(number, event, _seconds(event), _requests(event))
    except ValueError as error:  # EventError and JSONDecodeError are both one
        raise ScriptError(f"{path}:{number}: {error}") from error


def _seconds(event: dict[str, object]) -> float | None:
    at = event.get("at")
    if at is None:
        return None
    if isinstance(at, bool) or not isinstance(at, int | float) or at < 0:
        raise EventError(f"at is seconds after the start, not {at!r}")
    return float(at)


def _requests(event: dict[str, object]) -> int | None:
    after = event.get("after")
    if after is None:
        return None
    if isinstance(after, bool) or not isinstance(after, int) or after < 1 or "at" in event:
        raise EventError(f"after is a number of requests, without at, not {after!r}")
    return after


class Play:
    """A running script; an event with `at` or `after` that fails is reported on stderr, and the site goes on."""

    def __init__(self, lines: list[ScriptEvent], apply: Callable[[object], object]) -> None:
        self.lines = lines
        self.apply = apply
        self._waiting = [(line.after, line.number, line) for line in lines if line.after is not None]
        heapq.heapify(self._waiting)

    def at_once(self) -> None:
        """Apply the events that have neither `at` nor `after`; raises EventError at the first that is refused."""
        for line in self.lines:
            if line.at is None and line.after is None:
                self.apply(line.event)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        for line in self.lines:
            if line.at is not None:
                loop.call_later(line.at, self._apply, line)

    def served(self, count: int) -> None:
        """Apply the events that are due after `count` requests; to be called after every request."""
        while self._waiting and self._waiting[0][0] <= count:
            self._apply(heapq.heappop(self._waiting)[2])

    def _apply(self, line: ScriptEvent) -> None:
        try:
            self.apply(line.event)
        except EventError as error:
            sys.stderr.write(f"script line {line.number}: {error}\n")
