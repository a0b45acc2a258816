"""The rule `cluster`: the server answers, workers are at work, and what they fetched gets into the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.answers import ClusterFigures
from archive.settings import Settings, SettingsError
from schedules.health.rules import HealthRule
from schedules.health.verdicts import RuleText, following, said

if TYPE_CHECKING:
    from crawler.frontier import ClusterState

PATIENCE_SECONDS = 2.0  # for a server that does not answer
SILENT_SECONDS = 30.0  # after so long without a word a worker is not at work
LATE_SECONDS = 600.0  # a segment that waits for longer shows that no crawl takes it


@dataclass(frozen=True, slots=True)
class ClusterHealth:
    """The rule `cluster`, and the state of its server; None if the server does not answer."""

    rule: HealthRule
    state: ClusterState | None = None

    @property
    def figures(self) -> ClusterFigures | None:
        """The state as figures, with the number of workers that are at work."""
        if self.state is None:
            return None
        told = self.state
        return ClusterFigures(_awake(told), told.orders, told.leased, told.segments, round(told.lag))


def cluster_health(settings: Settings) -> ClusterHealth | None:
    """The health of the cluster now, asked of its server; None for an archive without one."""
    if settings.cluster.url is None:
        return None
    from crawler.frontier import Orders, Server, ServerError

    try:
        orders = Orders(Server.of(settings.cluster, PATIENCE_SECONDS))
        try:
            state = orders.state()
        finally:
            orders.close()
    except ServerError as error:  # its text has the address, which is not for the readers of /status
        return _broken(said("cluster_silent", cause=type(error.__cause__ or error).__name__))
    except SettingsError:
        return _broken(said("cluster_client"))
    return ClusterHealth(cluster_rule(state, settings.cluster.most_segments), state)


def _broken(text: RuleText) -> ClusterHealth:
    return ClusterHealth(HealthRule("cluster", False, text.en, text.zh))


def cluster_rule(state: ClusterState, most: int) -> HealthRule:
    """The rule for a state of the server; most: the number of segments that may wait (`most_segments`)."""
    awake = _awake(state)
    found = [said("cluster", workers=awake, orders=state.orders, leased=state.leased, segments=state.segments)]
    if state.segments:
        found.append(said("cluster_oldest", lag=state.lag))
    is_late = state.lag > LATE_SECONDS or state.segments >= most
    if not awake:
        found.append(said("cluster_without_workers"))
    elif is_late:
        found.append(said("cluster_late"))
    text = following(*found)
    return HealthRule("cluster", bool(awake) and not is_late, text.en, text.zh)


def _awake(state: ClusterState) -> int:
    return sum(each.heard < SILENT_SECONDS for each in state.workers)
