"""History: an article's revisions as a pure function of what was seen of it, in whatever order that arrived.

Captures between two edits are a run. Two captures are compared only by what one parser read from both: a
better parser makes no edit. What other parsers read from a run is kept as rows of their own, which count as nothing.
A capture of which nobody says when it was made has no place among the others. A text that only such captures show is a
row before all runs, compared with nothing. It counts as nothing, unless the article is known by such captures alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one parser version read from one capture: `state` is the digest of the text."""

    captured_at: str
    capture: int  # in the order of capture
    state: str
    parser_version: str
    imported: bool = False  # the capture came from elsewhere: it may have arrived at any time
    again: bool = False  # a later reading of a capture that another parser had read
    undated: bool = False  # captured_at is when it was received


S = TypeVar("S", bound=Sighting)


@dataclass(slots=True)
class HistoryRow(Generic[S]):
    """One revision: a text that a run of captures showed, as one parser or several read it."""

    run: int  # which of the article's runs, from 0; below 0: of captures without a moment
    sightings: list[S]  # of this text; the first one names the row
    compared: tuple[S, S] | None = None  # of the run before and of this one by one parser, or two readings of a capture
    edit: bool = True  # False: another parser's reading, no deed of the site
    number: int | None = None  # of what counts as an edit, from 1
    cosmetic: bool = False

    @property
    def first(self) -> S:
        return self.sightings[0]

    @property
    def undated(self) -> bool:
        return self.run < 0


@dataclass(slots=True)
class _RevisionRun(Generic[S]):
    captures: list[dict[str, S]]  # the readings of each by parser version, the oldest version first
    compared: tuple[S, S] | None = None
    edit: bool = True
    latest: dict[str, S] = field(default_factory=dict)  # by parser version, of the newest capture that it read


def history(sightings: Iterable[S], is_cosmetic: Callable[[S, S], bool]) -> list[HistoryRow[S]]:
    """The revisions that these sightings make, in order; `is_cosmetic` compares two texts."""
    known = list(sightings)
    dated = [each for each in known if not each.undated]
    rows = [row for number, run in enumerate(_runs(dated)) for row in _rows(number, run)]
    beside = _undated_rows([each for each in known if each.undated], rows)
    if not rows and beside:
        first = min(known, key=lambda each: (each.again, place(each)))
        next(row for row in beside if first in row.sightings).number = 1
    number = 0
    for row in rows:
        row.cosmetic = row.compared is not None and is_cosmetic(*row.compared)
        if row.edit and not row.cosmetic:
            number += 1
            row.number = number
    return [*beside, *rows]


def current(rows: Iterable[HistoryRow[S]]) -> S:
    """What is read from the last run by the newest parser."""
    return max(last_run(rows), key=lambda each: (version_order(each.parser_version), place(each)))


def last_run(rows: Iterable[HistoryRow[S]]) -> list[S]:
    """The sightings of the last run; of captures without a moment only where the article has no others."""
    *_, last = rows = list(rows)
    found = [each for row in rows if row.run == last.run for each in row.sightings]
    return found if last.undated else [each for each in found if not each.undated]


def version_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts versions into their natural order: "2" before "10"."""
    parts = re.findall(r"[0-9]+|[^0-9]+", version)
    return (*((0, int(part), "") if part[0] in "0123456789" else (1, 0, part) for part in parts), (-1, 0, version))


def place(sighting: Sighting) -> tuple[str, bool, str, int]:
    """A key that puts captures into their order, which does not depend on when they arrived."""
    return sighting.captured_at, sighting.imported, sighting.state if sighting.imported else "", sighting.capture


def _runs(sightings: Iterable[S]) -> list[_RevisionRun[S]]:
    runs: list[_RevisionRun[S]] = []
    for readings in _captures(sightings):
        following = _following(runs[-1].latest, readings) if runs else _RevisionRun([readings])
        if following:
            runs.append(following)
        else:
            runs[-1].captures.append(readings)
        runs[-1].latest |= readings
    return runs


def _captures(sightings: Iterable[S]) -> list[dict[str, S]]:
    """The readings of each capture, the captures in their order."""
    by_capture = sorted(sightings, key=lambda each: (each.capture, version_order(each.parser_version)))
    captures = [
        {each.parser_version: each for each in readings}
        for _, readings in groupby(by_capture, key=lambda each: each.capture)
    ]
    return sorted(captures, key=lambda readings: place(_original(readings)))


def _original(readings: dict[str, S]) -> S:
    """What was read from a capture when it was new."""
    return next((each for each in readings.values() if not each.again), next(iter(readings.values())))


def _following(run: dict[str, S], readings: dict[str, S]) -> _RevisionRun[S] | None:
    """The run that a capture begins; None when it goes on with the one before.

    What only a later reading of both tells apart, no parser saw when it was new: that is no edit. Where no parser had
    read both then, the texts that were read then differ, and a later reading says that it was the site.
    """
    common = sorted(run.keys() & readings.keys(), key=version_order)
    if not common:
        known = {each.state for each in run.values()}
        return None if any(each.state in known for each in readings.values()) else _RevisionRun([readings], edit=False)
    before, after = run[common[-1]], readings[common[-1]]
    if before.state == after.state:
        return None
    when_new = [version for version in common if not (run[version].again and readings[version].again)]
    told_apart = any(run[version].state != readings[version].state for version in when_new)
    if told_apart or (not when_new and not _read_alike(run, readings)):
        return _RevisionRun([readings], (before, after))
    return None


def _read_alike(run: dict[str, S], readings: dict[str, S]) -> bool:
    """Whether a text that a capture showed when it was new is one that the run showed when it was new."""
    known = {each.state for each in run.values() if not each.again}
    return any(each.state in known for each in readings.values() if not each.again)


def _rows(number: int, run: _RevisionRun[S]) -> Iterator[HistoryRow[S]]:
    """The text that a run showed at first, and what other parsers read instead."""
    first = _original(run.captures[0])
    every = [each for readings in run.captures for each in readings.values()]
    showing: dict[str, list[S]] = {first.state: [first]}
    for each in sorted(every, key=lambda each: version_order(each.parser_version)):  # stable: in order of capture
        if each is not first:
            showing.setdefault(each.state, []).append(each)
    main, *others = showing.values()
    yield HistoryRow(number, main, run.compared, run.edit)
    for sightings in others:
        yield HistoryRow(number, sightings, (_older(run.captures, sightings[0]) or first, sightings[0]), edit=False)


def _older(captures: list[dict[str, S]], sighting: S) -> S | None:
    """The reading before this one of the same capture."""
    readings = next(each for each in captures if each.get(sighting.parser_version) is sighting)
    older = list(readings.values())[: list(readings).index(sighting.parser_version)]
    return next((each for each in reversed(older) if each.state != sighting.state), None)


def _undated_rows(sightings: Sequence[S], rows: Sequence[HistoryRow[S]]) -> list[HistoryRow[S]]:
    """A row for each text that captures without a moment alone show, the one that was received last at the end.

    Such a capture of a text that a dated row has joins the first of these rows.
    """
    shown = {each.state: row for row in reversed(rows) for each in row.sightings}
    beside: dict[str, HistoryRow[S]] = {}
    runs = 0
    for readings in _captures(sightings):
        run = next((beside[each.state].run for each in readings.values() if each.state in beside), runs)
        for each in readings.values():
            if each.state in shown:
                shown[each.state].sightings.append(each)
            elif each.state in beside:
                beside[each.state].sightings.append(each)
            else:
                beside[each.state] = HistoryRow(run, [each], edit=False)
                runs = max(runs, run + 1)
    return _received_in_order(list(beside.values()))


def _received_in_order(rows: list[HistoryRow[S]]) -> list[HistoryRow[S]]:
    """The rows with their runs numbered up to -1, which is the one that was received last."""
    last = {run: max(place(each) for row in rows if row.run == run for each in row.sightings) for run in
            {row.run for row in rows}}  # fmt: skip
    order = sorted(last, key=last.__getitem__)
    for row in rows:
        row.run = order.index(row.run) - len(order)
    return sorted(rows, key=lambda row: row.run)
