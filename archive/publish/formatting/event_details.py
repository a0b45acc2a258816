"""The details of gaps, layout changes and data losses, for lists of events and for feeds."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class EventDetail(NamedTuple):
    """The name of a message, its values, and `span`: the period (from, to) of a gap, None for other events."""

    message: str
    values: Mapping[str, object]
    span: tuple[str, str] | None = None


def event_detail(row: Mapping[str, Any]) -> EventDetail | None:
    """The details of a gap, layout change (`drift`) or data loss; None for an event of another kind."""
    told = _OF_KIND.get(row["kind"])
    return told(row["detail"]) if told else None


def _gap(detail: dict[str, Any]) -> EventDetail:
    return EventDetail("gap_told", {"slots": detail["slots"]}, (detail["from"], detail["to"]))


def _drift(detail: dict[str, Any]) -> EventDetail:
    waiting = detail.get("waiting")
    return EventDetail("drift_told" if waiting else "drift_read", {"other": detail["other_layout"], "waiting": waiting})


def _loss(detail: dict[str, Any]) -> EventDetail:
    return EventDetail("loss_told", {"file": detail["file"], "bytes": detail["bytes"]})


_OF_KIND: dict[str, Callable[[dict[str, Any]], EventDetail]] = {"gap": _gap, "drift": _drift, "loss": _loss}
