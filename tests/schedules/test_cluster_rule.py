"""The rule `cluster` and its figures: what the server tells, and what the status page gets of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.journeys import asked
from support.redis_server import RedisServer
from support.tables import every_row

from archive.answers.heartbeat import ClusterFigures, scheduler
from archive.files.home import Home
from crawler.frontier import ClusterState, Orders, Server, WorkerState
from schedules.health.cluster_rule import cluster_rule
from schedules.heartbeat import judge
from schedules.slots.book import Book

AWAKE, SILENT = WorkerState("a", 2.0, {}), WorkerState("b", 31.0, {})
WORKER, INGEST = ": start `thinker worker`", ": see that `thinker ingest` runs"


@every_row(
    ("state", "most", "told"),
    [
        (ClusterState(0, 0, 0, 0.0, (AWAKE, SILENT)), 9, "workers: 1, orders: 0 (0 with workers), waiting segments: 0"),
        (
            ClusterState(4_000, 16, 8, 600.0, (AWAKE,)), 9,
            "workers: 1, orders: 4,000 (16 with workers), waiting segments: 8, the oldest for 600 s",
        ),
        (ClusterState(0, 0, 0, 0.0), 9, f"workers: 0, orders: 0 (0 with workers), waiting segments: 0{WORKER}"),
        (
            ClusterState(40, 16, 3, 1.0, (SILENT,)), 9,
            f"workers: 0, orders: 40 (16 with workers), waiting segments: 3, the oldest for 1 s{WORKER}",
        ),
        (
            ClusterState(0, 0, 1, 601.0, (AWAKE,)), 9,
            f"workers: 1, orders: 0 (0 with workers), waiting segments: 1, the oldest for 601 s{INGEST}",
        ),
        (
            ClusterState(0, 0, 2, 1.0, (AWAKE,)), 2,
            f"workers: 1, orders: 0 (0 with workers), waiting segments: 2, the oldest for 1 s{INGEST}",
        ),
    ],
)  # fmt: skip
def test_the_rule_is_red_without_workers_and_when_segments_wait(state: ClusterState, most: int, told: str) -> None:
    rule = cluster_rule(state, most)
    assert (rule.detail, rule.ok) == (told, "`" not in told)
    assert (rule.detail_zh or "").count("`") == told.count("`")


@pytest.mark.redis
def test_the_scheduler_stores_the_figures_of_the_server_but_not_its_address(tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()
    assert asked(tmp_path, "init")[0] == 0
    book, now = Book(Home(tmp_path).schedule_database), datetime.now(UTC)
    with RedisServer(tmp_path / "server") as server:
        (tmp_path / "thinker.toml").write_text(f'[cluster]\nurl = "{server.url}"\n')
        orders = Orders(Server(server.url))
        orders.beat("0" * 12, {"hands": 0})
        orders.close()
        book.beat(7, now.isoformat(), now, [])
        judge(tmp_path, book)
        told = scheduler(Home(tmp_path), now)
    assert told.cluster == ClusterFigures(1, 0, 0, 0, 0)
    assert [each.ok for each in told.verdicts if each.name == "cluster"] == [True]
    judge(tmp_path, book)  # the server is away
    told = scheduler(Home(tmp_path), now)
    (rule,) = [each for each in told.verdicts if each.name == "cluster"]
    assert (told.cluster, rule.ok) == (None, False)
    assert (
        rule.detail
        == "the server of [cluster] in thinker.toml cannot be used (ConnectionError): start it, or correct `url`"
    )
    (tmp_path / "thinker.toml").write_text("")
    judge(tmp_path, book)
    assert "cluster" not in {each.name for each in scheduler(Home(tmp_path), now).verdicts}
