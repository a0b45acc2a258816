"""The strip that draws an article's history: first seen, edited, missing, returned, moved.

Points stand at equal steps, so that an edit within the hour and one after years are both visible. If there are more
than MAX_POINTS, points that are close in time are merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal

from archive.rules import AWAY

MAX_POINTS = 9
Kind = Literal["first", "edit", "form", "missing", "delisted", "unsure", "back", "moved", "several"]


@dataclass(frozen=True, slots=True)
class StripPoint:
    """One event of the history, or `count` of them merged, the earliest at `at` and the latest at `until`.

    For one event, `at` and `until` are equal. `x`, the point's centre, is in per cent of the width.
    """

    kind: Kind
    at: str
    until: str
    version: Mapping[str, Any] | None  # the version that was seen, the last one of several; None if none was
    place: int  # index of the version under which the page lists it, 0 the earliest
    count: int = 1
    x: float = 0.0


@dataclass(frozen=True, slots=True)
class StripSegment:
    """The line between two points; `start` and `end` are in per cent of the width.

    `away` is true if it starts at a point `missing` or `unsure`: the article was missing, confirmed or not.
    """

    start: float
    end: float
    away: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The drawing; `step` is the distance between points in per cent of the width.

    `versions`, `disappearances` and `delistings` are numbers, counted before points are merged.
    """

    points: tuple[StripPoint, ...]
    stretches: tuple[StripSegment, ...]
    step: float
    versions: int
    disappearances: int
    delistings: int


def strip(
    versions: Sequence[Mapping[str, Any]], state: str, first_missed_at: str | None, moves: Sequence[str] = ()
) -> Strip:
    """The strip for versions as history.told_versions returns them (latest first) and the article's state.

    moves: the moments at which it was seen at another address than before.
    `first_missed_at` adds a point `unsure` if it is not None and the state is `soft_gone`; else it is not used.
    """
    told = [absence["kind"] for version in versions for absence in version["absences"]]
    found = (*_points(versions, state, first_missed_at), *_moves(versions, moves))
    points = _placed(_few(sorted(found, key=lambda point: (point.at, point.kind != "back"))))
    return Strip(
        points,
        tuple(StripSegment(one.x, other.x, one.kind in ("missing", "unsure")) for one, other in pairwise(points)),
        round(100 / max(1, len(points)), 2),
        sum(version["number"] is not None for version in versions),
        sum(kind in AWAY for kind in told),
        told.count("delisted"),
    )


def _points(versions: Sequence[Mapping[str, Any]], state: str, first_missed_at: str | None) -> Iterator[StripPoint]:
    for place, version in enumerate(reversed(versions)):
        at = version["captured_at"]
        if version["origin"] != "reparse" and version["dating"] == "stated":
            yield StripPoint(_kind(version), at, at, version, place)
        for absence in version["absences"]:
            at = absence["at"] if absence["kind"] == "restored" else absence["first_missed_at"] or absence["at"]
            yield StripPoint(_ABSENCES[absence["kind"]], at, at, None, place)
    if state == "soft_gone" and first_missed_at:
        yield StripPoint("unsure", first_missed_at, first_missed_at, None, len(versions) - 1)


def _moves(versions: Sequence[Mapping[str, Any]], moves: Sequence[str]) -> Iterator[StripPoint]:
    for at in moves:
        yield StripPoint("moved", at, at, None, max(0, sum(each["captured_at"] <= at for each in versions) - 1))


def _kind(version: Mapping[str, Any]) -> Kind:
    return "first" if version["number"] == 1 else "edit" if version["number"] is not None else "form"


_ABSENCES: dict[str, Kind] = {**dict.fromkeys(AWAY, "missing"), "delisted": "delisted", "restored": "back"}


def _few(points: list[StripPoint]) -> list[StripPoint]:
    """The points, merged to MAX_POINTS if there are more: neighbours of the same kind before others.

    Among these, the closest in time are merged first. A point of the kind `first` is not merged with the next one.
    """
    cuts = sorted(range(1, len(points)), key=lambda at: _apart(points[at - 1], points[at]), reverse=True)
    bounds = [0, *sorted(cuts[: MAX_POINTS - 1]), len(points)]
    return [_together(points[start:end]) for start, end in pairwise(bounds) if start < end]


def _apart(one: StripPoint, other: StripPoint) -> tuple[bool, bool, float]:
    span = datetime.fromisoformat(other.at) - datetime.fromisoformat(one.at)
    return one.kind == "first", one.kind != other.kind, span.total_seconds()


def _together(points: Sequence[StripPoint]) -> StripPoint:
    first, last = points[0], points[-1]
    kinds = {point.kind for point in points}
    seen = next((point.version for point in reversed(points) if point.version), None)
    return StripPoint(first.kind if len(kinds) == 1 else "several", first.at, last.at, seen, last.place, len(points))


def _placed(points: Sequence[StripPoint]) -> tuple[StripPoint, ...]:
    step = 100 / max(1, len(points))
    return tuple(replace(point, x=round((at + 0.5) * step, 2)) for at, point in enumerate(points))
