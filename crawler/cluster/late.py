"""Answers that came too late for a crawl: how old they are, and where they go.

A crawl gives up those of its own source. Segments of a source without a crawl, because it was taken out of
thinker.toml, has no schedule or is paused, are taken from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

from archive.files import Home, Locked, locked
from archive.rows import captured, connect_to_read
from archive.settings import SOURCE_NAME, ClusterSettings
from crawler.cluster.depots import depot_of
from crawler.frontier import Orders, Server
from crawler.segments import Depot, SegmentError, source_of_segment

FRESH_SECONDS = 600.0  # an older answer, ordered by a crawl that died, is fetched again
PATIENCE_SECONDS = 2.0  # with a server that does not answer: this is done again and again


def captured_in(home: Path, records: Iterable[str]) -> set[str]:
    """Those of the records that committed captures of an archive have."""
    ids = list(records)
    if not ids:
        return set()
    with closing(connect_to_read(Home(home).database)) as conn:
        return captured(conn, ids)


def leave_to_people(depot: Depot, home: Path, name: str, answers: int) -> str:
    """Move a segment with so many late answers into the folder `late` of a home; returns a line that says so."""
    path = depot.move(name, Home(home).late)
    return f"{source_of_segment(name)}: answers too late for a crawl: {answers}; `thinker import {path}` adds them"


def take_late(cluster: ClusterSettings, home: Path) -> list[str]:
    """Withdraw the orders and move the segments that wait for a crawl for longer than FRESH_SECONDS; returns lines.

    A source that is being crawled is passed over, for its crawl does the same; its lock tells. Raises ServerError and
    DepotError.
    """
    orders, depot = Orders(Server.of(cluster, PATIENCE_SECONDS)), depot_of(cluster, home)
    with closing(orders):
        for source in orders.silent_crawls(FRESH_SECONDS):
            _withdraw(orders, home, source)
        told = [_take(orders, depot, home, name) for name in orders.waiting_segments(FRESH_SECONDS)]
    return [line for line in told if line is not None]


def _withdraw(orders: Orders, home: Path, source: str) -> None:
    if not SOURCE_NAME.fullmatch(source):  # no crawl has such a one, and it would name a file
        orders.leave(source)
        return
    with suppress(Locked), locked(Home(home), source):
        orders.withdraw(source)
        orders.leave(source)


def _take(orders: Orders, depot: Depot, home: Path, name: str) -> str | None:
    try:
        source = source_of_segment(name)
    except SegmentError as error:
        orders.taken_in([name])
        return f"{error}: it is forgotten"
    line = None
    with suppress(Locked), locked(Home(home), source):
        try:
            records = {each.record for each in depot.take(name).deliveries if each.record is not None}
            if late := len(records - captured_in(home, records)):
                line = leave_to_people(depot, home, name, late)
            else:
                depot.remove(name)
        except FileNotFoundError:
            pass  # deleted already, by a crawl that died before it could say so
        except SegmentError as error:
            depot.set_aside(name)
            line = f"{error}: it is set aside"
        orders.taken_in([name])
    return line
