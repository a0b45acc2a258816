"""Metrics for Prometheus in OpenMetrics: crawls, slots, events, rules, frontier and disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from archive.files import VERSION, instant
from archive.publish.database.reading import read
from archive.publish.status.metric_figures import MetricFigures, Row, disk, figures, last_crawls
from archive.publish.status.status_page import health, home_of

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette
    from prometheus_client import Metric

MISSING = "no metrics: they need the extra [metrics]: pip install prometheus-client\n"


async def show(datasette: Datasette) -> Response:
    """`/-/metrics`: the metrics in OpenMetrics; 501 with one line if prometheus-client is not installed.

    Labels are sources, rules, kinds and finish reasons; no texts or addresses, for each label value is a time series.
    """
    try:
        from prometheus_client import CollectorRegistry
        from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
    except ImportError:
        return Response.text(MISSING, status=501)
    counted, now = await figures(datasette), await read(datasette, _now)

    class Collected:
        def collect(self) -> Iterator[Metric]:
            yield _info("thinker_build", "The program that serves the archive.", {"version": VERSION})
            if counted is not None:
                yield from _of_archive(counted)
            yield from _of_now(now)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collected())
    body: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    headers = {"cache-control": "no-store"}
    return Response(body, headers=headers, content_type=CONTENT_TYPE_LATEST)


def _now(conn: sqlite3.Connection) -> dict[str, Any]:
    """The values that are cheap enough to be read for each request: `health`, last `crawls`, `disk`."""
    return {"health": health(conn), "crawls": last_crawls(conn), "disk": disk(home_of(conn))}


def _of_archive(counted: MetricFigures) -> Iterator[Metric]:
    yield _gauge("thinker_articles", "Articles of the archive.", [({}, counted.articles)])
    yield _gauge("thinker_captures_size", "Bytes of all capture files.", [({}, counted.captures_bytes)], "bytes")
    yield _counter("thinker_crawls", "Crawls that have ended, by how.", counted.crawls, "finish_reason")
    yield _counter("thinker_slots", "Slots of the schedule, by what became of them.", counted.slots, "outcome")
    yield _counter("thinker_events", "Events of the archive, by their kind.", counted.events, "kind")
    waiting = [({"source": row["source"], "state": row["state"]}, row["urls"]) for row in counted.frontier]
    yield _gauge("thinker_frontier_urls", "Addresses that wait to be asked.", waiting)


def _of_now(now: dict[str, Any]) -> Iterator[Metric]:
    found, crawls, room = now["health"], now["crawls"], now["disk"]
    yield _gauge("thinker_healthy", "1 while no rule is broken and the scheduler lives.", [({}, found["ok"])])
    rules = [({"rule": rule["name"]}, rule["ok"]) for rule in found["rules"]]
    yield _gauge("thinker_rule_ok", "1 while a health rule holds, as it was checked last.", rules)
    checked = [({"rule": rule["name"]}, _seconds(rule["checked_at"])) for rule in found["rules"]]
    yield _gauge("thinker_rule_checked_timestamp", "When a health rule was checked last.", checked, "seconds")
    yield from _of_scheduler(found)
    if found["cluster"] is not None:
        yield from _of_cluster(found["cluster"])
    for name, column, said in _LAST:
        of = [({"source": row["source"]}, row[column]) for row in crawls if row[column] is not None]
        yield _gauge(f"thinker_last_crawl_{name}", f"{said} the last crawl of a source.", of)
    for name, column, said in _MOMENTS:
        at = [({"source": row["source"]}, _seconds(row[column])) for row in crawls if row[column]]
        yield _gauge(f"thinker_{name}_timestamp", said, at, "seconds")
    yield _gauge("thinker_disk_free", "Room on the disk of the archive.", [({}, room["free"])], "bytes")
    yield _gauge("thinker_disk_size", "Size of the disk of the archive.", [({}, room["size"])], "bytes")
    yield _gauge("thinker_database_size", "Size of archive.db with its WAL file.", [({}, room["database"])], "bytes")


_LAST = (
    ("requests", "requests", "Requests of"),
    ("errors", "errors", "Errors of"),
    ("articles_seen", "articles_seen", "Articles that answered or are listed in"),
    ("articles_answered", "articles_answered", "Articles that answered"),
)
_MOMENTS = (
    ("last_crawl_start", "started_at", "When the last crawl of a source began."),
    ("last_crawl_end", "finished_at", "When the last crawl of a source ended."),
    ("last_answer", "answered_at", "When the last crawl began in which an article of a source answered."),
)


def _of_scheduler(found: dict[str, Any]) -> Iterator[Metric]:
    """Yield the metrics of the scheduler and of the crawls under way.

    `thinker_scheduler_up` is left out if it never ran, for another program may start the crawls.
    """
    alive = found["scheduler"]
    if alive["state"] != "never":
        lives = alive["state"] in ("runs", "unchecked")
        yield _gauge("thinker_scheduler_up", "1 while the scheduler's heartbeat is fresh.", [({}, lives)])
    if alive["heartbeat_at"]:
        beat = _seconds(alive["heartbeat_at"])
        yield _gauge("thinker_scheduler_heartbeat_timestamp", "The last heartbeat.", [({}, beat)], "seconds")
    began = [({"source": each["source"]}, _seconds(each["started_at"])) for each in found["running"]]
    yield _gauge("thinker_running_crawl_start_timestamp", "When a crawl under way was started.", began, "seconds")
    asked = [({"source": each["source"]}, _seconds(each["asked_at"])) for each in found["running"] if each["asked_at"]]
    yield _gauge("thinker_running_crawl_request_timestamp", "The last request of a crawl under way.", asked, "seconds")


def _of_cluster(figures: dict[str, int]) -> Iterator[Metric]:
    """Yield the figures of the cluster, as the scheduler read them last; left out while its server is silent."""
    for name, column, said, unit in _CLUSTER:
        yield _gauge(f"thinker_cluster_{name}", said, [({}, figures[column])], unit)


_CLUSTER = (
    ("workers", "workers", "Workers that are at work.", ""),
    ("orders", "orders", "Requests of crawls that wait for an answer.", ""),
    ("orders_leased", "leased", "Requests that workers have.", ""),
    ("segments", "segments", "Segments that are not yet wholly in the archive.", ""),
    ("segments_lag", "lag", "The age of the oldest of these segments.", "seconds"),
)


def _seconds(at: str) -> float:
    return instant(at).timestamp()


Samples = Iterable[tuple[dict[str, str], float]]


def _gauge(name: str, said: str, samples: Samples, unit: str = "") -> Metric:
    from prometheus_client.core import GaugeMetricFamily

    listed = list(samples)
    family = GaugeMetricFamily(name, said, labels=list(listed[0][0]) if listed else (), unit=unit)
    for labels, value in listed:
        family.add_metric(list(labels.values()), float(value))
    return family


def _counter(name: str, said: str, counted: Iterable[Row], word: str) -> Metric:
    from prometheus_client.core import CounterMetricFamily

    family = CounterMetricFamily(name, said, labels=["source", word])
    for row in counted:
        family.add_metric([row["source"], row[word]], row["count"])
    return family


def _info(name: str, said: str, value: dict[str, str]) -> Metric:
    from prometheus_client.core import InfoMetricFamily

    return InfoMetricFamily(name, said, value=value)
