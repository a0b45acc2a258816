"""The details of gaps, layout changes, losses, moves, doubled addresses and acts, for lists of events and feeds."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from archive.publish.messages.language import Words


class EventDetail(NamedTuple):
    """The name of a message, its values, and `span`: the period (from, to) of a gap, None for other events.

    terms: values that are names of messages themselves, such as a property.
    """

    message: str
    values: Mapping[str, object]
    span: tuple[str, str] | None = None
    terms: Mapping[str, str] = {}

    def said(self, w: Words) -> str:
        """The message in the reader's language, without the period."""
        return w(self.message, **self.values, **{name: w[term] for name, term in self.terms.items()})


def event_detail(row: Mapping[str, Any]) -> EventDetail | None:
    """The details of a gap, layout change, loss, move, doubled addresses or an operator's act; else None."""
    told = _OF_KIND.get(row["kind"])
    return told(row["detail"] | (row.get("moved") or {})) if told else None


def _gap(detail: dict[str, Any]) -> EventDetail:
    message = "gap_told_one" if detail["slots"] == 1 else "gap_told"
    return EventDetail(message, {"slots": detail["slots"]}, (detail["from"], detail["to"]))


def _drift(detail: dict[str, Any]) -> EventDetail:
    waiting = detail.get("waiting")
    return EventDetail("drift_told" if waiting else "drift_read", {"other": detail["other_layout"], "waiting": waiting})


def _loss(detail: dict[str, Any]) -> EventDetail:
    return EventDetail("loss_told", {"file": detail["file"], "bytes": detail["bytes"]})


def _corrected(detail: dict[str, Any]) -> EventDetail:
    return EventDetail("corrected_told", _acting(detail), terms={"property": detail["property"]})


def _merged(detail: dict[str, Any]) -> EventDetail:
    return EventDetail("merged_told", {"other": detail["other"], **_acting(detail)})


def _act(detail: dict[str, Any]) -> EventDetail:
    return EventDetail("act_told", _acting(detail))


def _acting(detail: dict[str, Any]) -> dict[str, str]:
    return {"by": detail["by"], "reason": detail["reason"]}


def _moved(detail: dict[str, Any]) -> EventDetail | None:
    return EventDetail("moved_told", {"from": detail["from"], "to": detail["to"]}) if detail.get("to") else None


def _known_again(detail: dict[str, Any]) -> EventDetail:
    return EventDetail("known_again_told", {"count": len(detail["pairs"])})


_OF_KIND: dict[str, Callable[[dict[str, Any]], EventDetail | None]] = {
    "gap": _gap, "drift": _drift, "loss": _loss, "moved": _moved, "known_again": _known_again,
    "corrected": _corrected, "merged": _merged, "split": _act, "undone": _act, "withdrawn": _act,
}  # fmt: skip
