"""The desk of a crawl: puts its orders, takes in the segments of its source, and hands each answer to who waits.

It has a thread of its own, so that the crawl never waits for Redis or the depot.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic

from crawler.cluster.late import FRESH_SECONDS, captured_in, leave_to_people
from crawler.cluster.patience import PAUSE_SECONDS, DepotPatience
from crawler.frontier import Orders, Server, Wanted
from crawler.runs import StorageError
from crawler.segments import Delivery, Depot, DepotError, Failure, SegmentError, ShippedSegment, is_segment_of

LOOK_EVERY_SECONDS = 0.05
LIST_EVERY_SECONDS = 10.0  # the depot is listed too, and orders are put again: the server may have lost both
SILENT_SECONDS = 10.0  # for the first answer, and for a word of a worker
SWEEP_EVERY_SECONDS = 1.0
ATTEND_EVERY_SECONDS = 2.0
END_SECONDS = 5.0  # for the last words to a server that may be away
LOST = Failure("lost", "several workers took the order and none of them answered")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arrival:
    """The outcome of an order. warc: the file with its record; None for a failure that no segment tells."""

    delivery: Delivery
    warc: Path | None = None


@dataclass(slots=True)
class _TakenIn:
    """A segment that was taken in.

    left: the answers that nobody has asked for. records: those that were handed on. late: the number of answers that
    were too old to be handed on.
    """

    segment: ShippedSegment
    left: set[Delivery]
    records: list[str] = field(default_factory=list)
    late: int = 0


class Desk:
    """One crawl's desk; the crawl holds the lock of its source, so it is the only one of that source.

    A segment is deleted when each of its answers is committed or came twice. Answers that nobody asks for stay, and the
    next crawl of the source finds them. After ten minutes by the clock of the server they are too old, for the page may
    be another by then: their WARC file goes into the folder `late` of the home, from which people import it.
    """

    def __init__(self, server: Server, depot: Depot, home: Path, source: str) -> None:
        self._server, self._orders = server, Orders(server)
        self._depot, self._home, self._source = depot, home, source
        self._lock = Lock()
        self._news = Event()
        self._to_put: deque[Wanted] = deque()
        self._waiting: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Future[Arrival]]] = {}
        self._put_so_far: dict[str, Wanted] = {}  # of those that wait
        self._anything = False  # has arrived
        self._unasked: dict[str, list[tuple[Delivery, _TakenIn]]] = {}
        self._answered: set[str] = set()
        self._taken_in: dict[str, _TakenIn] = {}
        self._failure: Exception | None = None
        self._ending = False
        self._listed = self._heard = self._swept = -inf  # when each was done
        self._patience = DepotPatience()
        self._epoch = 0.0  # by the server's clock, when our monotonic one was 0
        self._began = 0.0  # by the server's clock
        self._thread = Thread(target=self._run, name="desk", daemon=True)

    async def fetch(self, order: Wanted) -> Arrival:
        """Put an order, unless its answer is there already, and return what comes of it. Raises StorageError."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Arrival] = loop.create_future()
        with self._lock:
            if not self._thread.is_alive() and self._failure is None and not self._ending:
                self._thread.start()
            if self._failure is not None:
                raise StorageError(self._failure, "the cluster")
            _, waiting = self._waiting.setdefault(order.id, (loop, future))
            if waiting is future:
                self._to_put.append(order)
        self._news.set()
        return await asyncio.shield(waiting)  # the same request at the same time: one answer serves both

    def close(self) -> None:
        """Withdraw what no worker has, and delete the segments that are wholly in the archive; the crawl has ended."""
        with self._lock:
            self._ending = True
        self._news.set()
        if self._thread.ident is None:  # the crawl asked for nothing
            self._orders.close()
        else:
            self._thread.join(END_SECONDS)

    # -- in the desk's thread ---------------------------------------------------------------------------------

    def _run(self) -> None:
        began = monotonic()
        warned = False
        try:
            self._epoch = self._server.now() - monotonic()
            self._began = self._now()
            while not self._ending:
                try:
                    self._look()
                    self._patience.end()
                except DepotError as error:
                    self._patience.bear(error)
                if not (warned or self._anything) and monotonic() - began >= SILENT_SECONDS and self._put_so_far:
                    self._warn_without_workers()
                    warned = True
                self._news.wait(PAUSE_SECONDS if self._patience.tried else LOOK_EVERY_SECONDS)
                self._news.clear()
            self._orders.withdraw(self._source)
            self._orders.leave(self._source)  # last: until then others may withdraw them (late.py)
            self._sweep()
        except Exception as error:  # the crawl hears of every kind
            known = isinstance(error, DepotError | OSError | sqlite3.Error)
            self._fail(error, None if known else error)
        finally:
            self._orders.close()

    def _look(self) -> None:
        """Take every step that is due. Raises DepotError, after which it may be called again."""
        if monotonic() - self._listed >= LIST_EVERY_SECONDS:
            self._take_in_all()
            self._orders.put(self._source, list(self._put_so_far.values()))  # what the server has lost
            self._listed = monotonic()
        if monotonic() - self._heard >= ATTEND_EVERY_SECONDS:
            self._orders.attend(self._source)
            self._heard = monotonic()
        self._put()
        self._take_in(self._orders.arrived(self._source))
        if monotonic() - self._swept >= SWEEP_EVERY_SECONDS:
            self._give_up_lost()
            self._sweep()
            self._swept = monotonic()

    def _put(self) -> None:
        """Answer new orders from the segments that are there already, and put the others."""
        put = []
        while self._to_put:
            order = self._to_put.popleft()
            if there := self._unasked.get(order.id):
                self._hand_on(*there.pop(0))
            else:
                self._answered.discard(order.id)  # it is asked once more: its next answer is wanted
                put.append(order)
        self._put_so_far.update({each.id: each for each in put})
        self._orders.put(self._source, put)

    def _take_in_all(self) -> None:
        self._take_in(self._orders.arrived(self._source))
        self._take_in(self._depot.names(self._source))

    def _warn_without_workers(self) -> None:
        if not any(each.heard < SILENT_SECONDS for each in self._orders.state().workers):
            logger.warning("%s: no worker is at work: start `thinker worker` on a machine of the cluster", self._source)

    def _take_in(self, segments: Iterable[str]) -> None:
        for name in segments:
            if name in self._taken_in:
                continue
            if is_segment_of(name, self._source):
                self._open(name)
            else:
                text = "%s: the server names %.100r, which is no segment of this source: it is left out"
                logger.warning(text, self._source, name)
                self._orders.taken_in([name])

    def _give_up_lost(self) -> None:
        for order in self._orders.lost(self._source, self._put_so_far.values()):
            self._resolve(order, Arrival(Delivery(order, "", self._source, "", "", failure=LOST)))

    def _open(self, name: str) -> None:
        try:
            segment = self._depot.take(name)
            if any(delivery.moment.timestamp() > self._now() + FRESH_SECONDS for delivery in segment.deliveries):
                raise SegmentError(f"{name}: it has an answer of the future")
        except FileNotFoundError:
            self._orders.taken_in([name])  # deleted already, by an earlier crawl
            return
        except SegmentError as error:
            logger.warning("%s: it is set aside, and what it has is fetched again", error)
            self._orders.taken_in([name])
            self._depot.set_aside(name)
            return
        known = self._captured(each.record for each in segment.deliveries if each.record)
        taken = self._taken_in[name] = _TakenIn(segment, set())
        for delivery in segment.deliveries:
            if delivery.record in known:
                continue  # an earlier crawl committed it, and died before it could delete the segment
            if delivery.order in self._waiting and not self._is_old(delivery, self._began):
                self._hand_on(delivery, taken)
            elif delivery.record is not None and delivery.order not in self._answered:
                taken.left.add(delivery)
                self._unasked.setdefault(delivery.order, []).append((delivery, taken))

    def _hand_on(self, delivery: Delivery, taken: _TakenIn) -> None:
        if delivery.record is not None:
            taken.left.discard(delivery)
            taken.records.append(delivery.record)
        self._answered.add(delivery.order)
        self._resolve(delivery.order, Arrival(delivery, taken.segment.warc))

    def _resolve(self, order: str, arrival: Arrival) -> None:
        self._anything = True
        self._put_so_far.pop(order, None)
        with self._lock:
            found = self._waiting.pop(order, None)
        if found is not None:
            loop, future = found
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(_set, future, arrival)

    def _sweep(self) -> None:
        """Delete the segments of which every answer is committed, and set those aside that have some too old ones.

        The server forgets them first: of one that is deleted no crawl would ever tell it.
        """
        self._give_up_old()
        done = [
            name
            for name, taken in self._taken_in.items()
            if not taken.left and len(self._captured(taken.records)) == len(taken.records)
        ]
        self._orders.taken_in(done)
        for name in done:
            if late := self._taken_in.pop(name).late:
                logger.warning("%s", leave_to_people(self._depot, self._home, name, late))
            else:
                self._depot.remove(name)

    def _give_up_old(self) -> None:
        """Give up the answers that are too old: workers take no orders while too many segments wait."""
        now = self._now()
        for order, there in list(self._unasked.items()):
            for delivery, taken in there:
                if self._is_old(delivery, now):
                    taken.left.discard(delivery)
                    taken.late += 1
            self._unasked[order] = [each for each in there if not self._is_old(each[0], now)]
            if not self._unasked[order]:
                del self._unasked[order]

    def _now(self) -> float:
        return self._epoch + monotonic()

    def _is_old(self, delivery: Delivery, then: float) -> bool:
        """True if the page may have been another at that moment."""
        return delivery.moment.timestamp() < then - FRESH_SECONDS

    def _captured(self, records: Iterable[str]) -> set[str]:
        return captured_in(self._home, records)

    def _fail(self, error: Exception, unknown: Exception | None) -> None:
        if unknown is not None:
            logger.error("the desk of %s ended", self._source, exc_info=unknown)
        with self._lock:
            self._failure = error
            waiting, self._waiting = dict(self._waiting), {}
        for loop, future in waiting.values():
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_raise, future, StorageError(error, "the cluster"))


def _set(future: asyncio.Future[Arrival], arrival: Arrival) -> None:
    if not future.done():
        future.set_result(arrival)


def _raise(future: asyncio.Future[Arrival], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
