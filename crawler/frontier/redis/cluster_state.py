"""The state of a cluster: how many orders, leases and segments there are, and which workers are at work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker that has said that it is at work. heard: seconds ago; said: its figures."""

    name: str
    heard: float
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClusterState:
    """The state of the orders.

    orders: put and not acknowledged, of which `leased` are with workers. segments: shipped and not yet wholly in the
    archive; lag: the seconds since the oldest of them was shipped, 0 without one.
    """

    orders: int
    leased: int
    segments: int
    lag: float
    workers: tuple[WorkerState, ...] = ()
