"""The watch of a crawl: ends it when it makes no more requests, and sends its scheduler a pulse every second."""

from __future__ import annotations

import json
import logging
import os
import time
from contextlib import suppress
from threading import Thread, get_ident
from typing import Protocol, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from archive.files import stamp
from crawler.process.reactor import GRACE_SECONDS, crash_after, in_the_loop
from crawler.runs import Patience, Pulse

LOOK_EVERY_SECONDS = 1.0  # each look sends a pulse, which moves the scheduler's deadline for this process
BEHIND = 1.5 * LOOK_EVERY_SECONDS  # an event loop that is later than this computes, or is blocked
BUSY = 0.05  # share of a processor; a computing loop gets more, even on a busy machine
REASON = "stalled"

logger = logging.getLogger(__name__)


class Ending(Protocol):
    """A spider that `end` can end; finish_reason: the reason that it ends before its time, None while it goes on."""

    finish_reason: str | None

    def end(self, reason: str) -> None:
        """Stop the crawl, with `reason` as its finish_reason."""
        ...


class StallWatch:
    """Ends a crawl as `stalled` that makes no request for too long, and logs its process: id, command, last request.

    Too long is `stall` seconds, beyond the pauses that its hosts asked for and its own work.

    It runs in a thread of its own, for a blocked event loop runs nothing. If the loop is blocked, the crawl cannot end
    itself: its scheduler sees that from the pulses, and ends the process.
    """

    def __init__(self, crawler: Crawler, pulse: Pulse, stall: float, listener: int | None, command: str) -> None:
        self._crawler, self._pulse, self._listener, self._command = crawler, pulse, listener, command
        self._patience = Patience(stall)
        self._stall = stall
        self._turning = create_looping_call(self._turn)
        self._loop: int | None = None  # clock id of the CPU time of the event loop's thread
        crawler.signals.connect(self._begin, signals.spider_opened)
        crawler.signals.connect(self._end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StallWatch:
        told = crawler.settings
        if told["PULSE"] is None:
            raise NotConfigured  # Scrapy's shell: no run, so nothing to watch
        return cls(crawler, told["PULSE"], told.getfloat("STALL"), told["PULSE_LISTENER"], told["COMMAND"])

    def _begin(self) -> None:
        if hasattr(time, "pthread_getclockid"):
            self._loop = time.pthread_getclockid(get_ident())
        self._turning.start(LOOK_EVERY_SECONDS, now=True)
        Thread(target=self._watch, daemon=True, name="watch").start()

    def _end(self) -> None:
        """Stop measuring the event loop; pulses go on until the process ends, for the archive's last work does."""
        if self._turning.running:
            self._turning.stop()

    def _turn(self) -> None:
        self._pulse.turned_at = time.monotonic()

    # -- in the watch's thread --------------------------------------------------------------------------------

    def _watch(self) -> None:
        began, last, requests, works, computed, ended = time.time(), time.monotonic(), 0, 0, 0.0, False
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            pulse, now, computing = self._pulse, time.monotonic(), self._computed()
            behind = now - pulse.turned_at > BEHIND and computing - computed >= BUSY * (now - last)
            left = self._patience.step(
                min(now - last, 2 * LOOK_EVERY_SECONDS),  # no more, in case this process was suspended
                excused=pulse.phase != "crawling" or pulse.requests != requests,
                at_work=pulse.at_work or pulse.works != works or behind,  # short works between two looks count as well
                pause_left=pulse.pause_left,
            )
            last, requests, works, computed = now, pulse.requests, pulse.works, computing
            self._report(left)
            if left <= 0 and not ended:
                ended = True
                self._name(began)
                in_the_loop(self._stop)

    def _computed(self) -> float:
        return time.clock_gettime(self._loop) if self._loop is not None else 0.0

    def _report(self, left: float) -> None:
        if self._listener is None:
            return
        asked_at = self._pulse.asked_at
        told = {"left": round(left, 1), "asked_at": asked_at and stamp(asked_at), "url": self._pulse.url}
        with suppress(OSError):  # no reader, or a full pipe: the next pulse repeats it
            os.write(self._listener, json.dumps(told).encode() + b"\n")

    def _name(self, began: float) -> None:
        asked_at, since = self._pulse.asked_at, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began))
        last = f"the last one was {self._pulse.url} at {stamp(asked_at)}" if asked_at else "it made none"
        logger.error(
            "process %d (`%s`, since %s) is stopped: it made no request for %g s, not counting the pauses that its "
            "hosts asked for (%s)",
            os.getpid(), self._command, since, self._stall, last,
        )  # fmt: skip

    # -- in the event loop ------------------------------------------------------------------------------------

    def _stop(self) -> None:
        """End the spider gently, and by force after GRACE_SECONDS; by force at once if it is ending already."""
        spider = cast("Ending | None", self._crawler.spider)
        if spider is None or spider.finish_reason is not None:
            crash_after(0)
            return
        spider.end(REASON)
        crash_after(GRACE_SECONDS)
