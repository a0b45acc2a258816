"""`/-/metrics`: what Prometheus reads, by its own parser, and what it costs."""

import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from datasette.app import Datasette
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from sqlite_utils import Database
from support.checkout import ROOT
from support.hostile_archive import build as build_hostile
from support.small_archive import EDITED, TALK, build
from support.small_site import get, served
from support.tables import every_row

from archive.answers.heartbeat import ClusterFigures, Running, Verdict
from archive.files.clock import stamp
from archive.files.home import Home
from archive.migrations import migrate
from archive.publish.status import metric_figures
from archive.rows.frontier import _STATES
from schedules.slots.book import Book

LABELS = {"source", "finish_reason", "outcome", "kind", "state", "rule", "version"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return build(tmp_path)


@pytest.fixture
def site(home: Home) -> Iterator[Datasette]:
    with served(home) as there:
        yield there


def families(site: Datasette) -> dict[str, Metric]:
    reply = get(site, "/-/metrics")
    assert (reply.status_code, reply.headers["content-type"]) == (
        200, "application/openmetrics-text; version=1.0.0; charset=utf-8",
    )  # fmt: skip
    assert reply.text.endswith("# EOF\n")
    return {family.name: family for family in text_string_to_metric_families(reply.text)}


def samples(family: Metric) -> list[tuple[dict[str, str], float]]:
    return [(dict(sample.labels), sample.value) for sample in family.samples]


def test_metrics_report_the_articles_slots_events_and_rules_of_the_archive(home: Home, site: Datasette) -> None:
    with closing(sqlite3.connect(home.database)) as db, db:
        db.execute("insert into coverage values ('newsroom', '2024-04-20T01:00:00Z', null, null, 'missed', null)")
    found = families(site)
    assert samples(found["thinker_articles"]) == [({}, 4)]
    assert samples(found["thinker_slots"]) == [({"source": "newsroom", "outcome": "missed"}, 1)]
    assert ({"source": "newsroom", "kind": "edited"}, 1) in samples(found["thinker_events"])
    assert samples(found["thinker_rule_ok"]) == [({"rule": "crawls"}, 1), ({"rule": "scheduler"}, 1)]
    assert [row["state"] for row, _ in samples(found["thinker_frontier_urls"])] == [*_STATES]
    assert samples(found["thinker_healthy"]) == [({}, 1)]
    assert samples(found["thinker_disk_free_bytes"])[0][1] > 0
    assert "thinker_scheduler_up" not in found  # none has run here, and none is missed


def test_metrics_report_the_heartbeat_crawls_and_verdicts_of_the_scheduler(home: Home, site: Datasette) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    book, at = Book(home.schedule_database), stamp(now)
    book.beat(7, at, now, [Running("newsroom", at, at, 8, at, "http://a/1")])
    book.judge([Verdict("disk", False, "full", "满", at)], now, ClusterFigures(2, 30, 16, 4, 7))
    found = families(site)
    assert samples(found["thinker_scheduler_up"]) == [({}, 1)]
    assert samples(found["thinker_scheduler_heartbeat_timestamp_seconds"]) == [({}, now.timestamp())]
    asked = found["thinker_running_crawl_request_timestamp_seconds"]
    assert samples(asked) == [({"source": "newsroom"}, now.timestamp())]
    assert ({"rule": "disk"}, 0) in samples(found["thinker_rule_ok"])
    assert samples(found["thinker_healthy"]) == [({}, 0)]
    figures = ("workers", "orders", "orders_leased", "segments", "segments_lag_seconds")
    assert [samples(found[f"thinker_cluster_{name}"])[0][1] for name in figures] == [2, 30, 16, 4, 7]
    book.beat(7, at, now - timedelta(minutes=5), [])
    assert samples(families(site)["thinker_scheduler_up"]) == [({}, 0)]


def test_names_and_units_follow_the_rules(site: Datasette) -> None:
    """OpenMetrics 1.0: the unit ends the name, a counter's sample ends in _total, and no name has another's ending."""
    for name, family in families(site).items():
        assert re.fullmatch(r"thinker(_[a-z]+)+", name), name
        assert family.unit == "" or name.endswith(f"_{family.unit}"), name
        assert not name.endswith(("_total", "_info", "_count", "_sum", "_bucket", "_created")), name
        ends = {"counter": "_total", "info": "_info", "gauge": ""}
        assert {sample.name for sample in family.samples} <= {f"{name}{ends[family.type]}"}
        assert all(set(sample.labels) <= LABELS for sample in family.samples)
        assert family.documentation.endswith("."), name


def test_metrics_hold_no_text_and_no_address_of_a_page(tmp_path: Path) -> None:
    texts = ['"} 1\n# EOF\n', "\\", "\n# TYPE x gauge\nx 1", "</script>", "思想者\u202e"]
    home = build_hostile(tmp_path, texts)
    book, now = Book(home.schedule_database), datetime.now(UTC)
    at = stamp(now)
    book.beat(7, at, now, [Running("newsroom", at, at, 8, at, f'http://a/{texts[0]}"')])
    book.judge([Verdict("crawls", False, texts[0], texts[4], at)], now)
    with served(home) as site:
        text = get(site, "/-/metrics").text
        found = {family.name for family in text_string_to_metric_families(text)}
    assert "thinker_crawls" in found
    assert re.search("[^\x00-\x7f]|http|</script>", text) is None
    assert text.count("# EOF") == 1
    assert not any(article.headline in text for article in (TALK, EDITED))


def test_without_their_extra_metrics_return_501_and_name_the_package_to_install(
    site: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)  # as where it is not installed
    reply = get(site, "/-/metrics")
    assert (reply.status_code, reply.text) == (
        501, "no metrics: they need the extra [metrics]: pip install prometheus-client\n",
    )  # fmt: skip


def test_the_operating_docs_name_the_right_address_and_existing_metrics(home: Home, site: Datasette) -> None:
    """docs/operating.md: where Prometheus finds it, and the names of families."""
    now = datetime.now(UTC)
    book = Book(home.schedule_database)
    book.beat(7, stamp(now), now, [])
    book.judge([], now, ClusterFigures(1, 0, 0, 0, 0))
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    (block,) = re.findall(r"```yaml\n(scrape_configs:.*?)```", page, re.DOTALL)
    (scraped,) = yaml.safe_load(block)["scrape_configs"]
    assert get(site, scraped["metrics_path"]).status_code == 200
    found = families(site)
    totals = {f"{name}_total" for name, family in found.items() if family.type == "counter"}
    named = set(re.findall(r"`(thinker_\w+)", page))
    assert {"thinker_healthy", "thinker_last_answer_timestamp_seconds"} <= named
    assert named - totals - found.keys() == set()


def test_many_scrapes_count_once_until_it_is_time(home: Home, site: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    def events() -> float:
        return sum(value for _, value in samples(families(site)["thinker_events"]))

    before = events()
    with closing(sqlite3.connect(home.database)) as db, db:
        db.execute(
            "insert into events (at, recorded_at, source, kind, detail) values ('', '', 'newsroom', 'gap', '{}')"
        )
    assert events() == before
    monkeypatch.setattr(metric_figures, "monotonic", lambda: sys.float_info.max)
    assert events() == before + 1


@every_row("sql", [metric_figures._CRAWLS, metric_figures._SLOTS, metric_figures._EVENTS])
def test_crawls_slots_and_events_are_counted_by_a_covering_index(sql: str) -> None:
    with closing(Database(memory=True)) as db:
        migrate(db)
        assert [row[3].partition(" USING ")[2].partition(" INDEX")[0] for row in plan(db, sql)] == ["COVERING"]


@every_row("rows", list(_STATES.values()))
def test_addresses_that_wait_are_counted_by_an_index(rows: str) -> None:
    with closing(Database(memory=True)) as db:
        migrate(db)
        sql = f"select count(*) from frontier where source = :source and {rows}"
        assert [row[3].partition(" USING ")[0] for row in plan(db, sql)] == ["SEARCH frontier"]


def plan(db: Database, sql: str) -> list[tuple[int, int, int, str]]:
    return db.execute(f"explain query plan {sql}", {"source": "", "now": ""}).fetchall()
