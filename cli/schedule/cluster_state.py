"""The state of a cluster, for the command status: its server, workers, orders, and segments that wait."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cli.program.common import say

if TYPE_CHECKING:
    from archive.settings import Settings
    from crawler.frontier import ClusterState
    from schedules.health import HealthRule

PATIENCE_SECONDS = 2.0  # for a server that does not answer
SILENT_SECONDS = 30.0  # after so long without a word a worker is not at work
LATE_SECONDS = 600.0  # a segment that waits for longer shows that no crawl takes it


def cluster_of(settings: Settings) -> tuple[HealthRule | None, dict[str, Any] | None]:
    """The rule `cluster`, and its figures as JSON values; both None for an archive without one, the second also if its
    server does not answer.

    The figures: orders, leased (by workers), segments that are not yet wholly in the archive, lag (seconds since the
    oldest of them came), and workers, each with name, heard (seconds ago) and what it said.
    """
    if settings.cluster.url is None:
        return None, None
    from archive.settings import SettingsError
    from crawler.frontier import Orders, Server, ServerError
    from schedules.health import HealthRule

    try:
        with closing(Orders(Server.of(settings.cluster, PATIENCE_SECONDS))) as orders:
            state = orders.state()
    except (ServerError, SettingsError) as error:
        return HealthRule("cluster", False, str(error), f"集群服务器没有应答：{settings.cluster.shown}"), None
    return _rule(state, settings.cluster.most_segments), asdict(state)


def say_cluster(figures: dict[str, Any]) -> None:
    """Print what each worker of a cluster does."""
    for each in figures["workers"]:
        said = ", ".join(f"{value:,} {name}" for name, value in each["said"].items())
        say(f"  worker {each['name']}: heard {each['heard']:.0f} s ago: {said}")


def _rule(state: ClusterState, most: int) -> HealthRule:
    from schedules.health import HealthRule

    awake = sum(each.heard < SILENT_SECONDS for each in state.workers)
    told = (
        f"{awake} workers, {state.orders:,} orders ({state.leased:,} with workers), {state.segments:,} segments wait, "
        f"the oldest for {state.lag:.0f} s"
    )
    told_zh = (
        f"{awake} 个工作进程，{state.orders:,} 个请求（{state.leased:,} 个在处理），{state.segments:,} 个分段等待入档，"
        f"最早的已等待 {state.lag:.0f} 秒"
    )
    if not awake and state.orders:
        return HealthRule("cluster", False, f"{told}: start `thinker worker`", f"{told_zh}：请启动 `thinker worker`")
    if state.lag > LATE_SECONDS or state.segments >= most:
        return HealthRule("cluster", False, f"{told}: start `thinker ingest`", f"{told_zh}：请启动 `thinker ingest`")
    return HealthRule("cluster", True, told, told_zh)
