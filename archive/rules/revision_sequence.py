"""An article's revisions as a pure function of its sightings, in whatever order they arrived.

Captures between two edits are a run. Two captures are compared only by readings of one parser version, so that a better
parser makes no edit. Other parsers' readings of a run are rows of their own, without a number. A capture whose moment
is unknown has no place among the others: a text that only such captures show is a row before all runs, compared with
nothing and without a number, unless the article has only such captures.

An article that acts made of several has several keys. The addresses of each may stay online with texts of their own, so
a capture is an edit only if it differs from the capture before of its own key.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True)
class Sighting:
    """One parser version's reading of one capture: `state` is the digest of the whole state that it read."""

    captured_at: str
    capture: int  # the row id of the capture
    state: str
    parser_version: str
    imported: bool = False  # made elsewhere: it may have arrived at any time
    again: bool = False  # a later reading of a capture that had been read before
    undated: bool = False  # captured_at is the moment of receipt
    key: int = 0  # the number of the key under which it was filed
    source: str = ""  # in whose files the capture is; row ids order the captures of one source only


S = TypeVar("S", bound=Sighting)


@dataclass(slots=True)
class HistoryRow(Generic[S]):
    """One revision: a text that a run of captures showed, read by one parser or several."""

    run: int  # the number of the article's run, from 0; below 0: undated captures
    sightings: list[S]  # of this text; the first one names the row
    compared: tuple[S, S] | None = None  # the run before and this one by one parser, or two readings of a capture
    edit: bool = True  # the first run too; False: another parser's reading or an undated text, no change by the site
    number: int | None = None  # among the edits that are not cosmetic, from 1
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
    latest: dict[str, S] = field(default_factory=dict)  # by parser version: its newest reading


@dataclass(slots=True)
class _SeenOfKey(Generic[S]):
    """The run to which the newest capture of a key belongs, and the newest reading by each parser of that key in it."""

    run: _RevisionRun[S]
    latest: dict[str, S]


def history(sightings: Iterable[S], is_cosmetic: Callable[[S, S], bool]) -> list[HistoryRow[S]]:
    """The revisions that these sightings make: those of undated captures first, then the others in order of time.

    is_cosmetic: True if the texts of two sightings (before, after) differ only in form. Such a revision keeps a row of
    its own; it is marked `cosmetic` and gets no number.
    """
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
    """The sighting that shows an article's current text: the newest parser's reading of the last run.

    If that parser read several captures of the run, the last of these. Raises ValueError without rows.
    """
    return max(last_run(rows), key=lambda each: (version_order(each.parser_version), place(each)))


def last_run(rows: Iterable[HistoryRow[S]]) -> list[S]:
    """The sightings of the last run; undated ones are left out, unless the article has only such."""
    *_, last = rows = list(rows)
    found = [each for row in rows if row.run == last.run for each in row.sightings]
    return found if last.undated else [each for each in found if not each.undated]


def version_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts parser versions into their natural order: "2" before "10".

    One tuple for each run of digits, (0, the number, ""), or of other characters, (1, 0, the text), and one last that
    ends the key.
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", version)
    return (*((0, int(part), "") if part[0] in "0123456789" else (1, 0, part) for part in parts), (-1, 0, version))


def place(sighting: Sighting) -> tuple[str, bool, str, str, int]:
    """A sort key that puts sightings into the order of their captures, whatever the order of their arrival.

    An undated one sorts by the moment of its receipt. At one moment, imported captures come last.
    """
    state = sighting.state if sighting.imported else ""
    return sighting.captured_at, sighting.imported, state, sighting.source, sighting.capture


def _runs(sightings: Iterable[S]) -> list[_RevisionRun[S]]:
    runs: list[_RevisionRun[S]] = []
    seen: dict[int, _SeenOfKey[S]] = {}
    for readings in _captures(sightings):
        key = next(iter(readings.values())).key
        own = seen.get(key)
        run = _run_of(readings, own, runs[-1] if runs else None)
        if run.captures[-1] is readings:
            runs.append(run)
        else:
            run.captures.append(readings)
        run.latest |= readings
        if own and own.run is run:
            own.latest |= readings
        else:
            seen[key] = _SeenOfKey(run, dict(readings))
    return runs


def _run_of(readings: dict[str, S], own: _SeenOfKey[S] | None, last: _RevisionRun[S] | None) -> _RevisionRun[S]:
    """The run to which a capture belongs, as `_following` says: that of its key, the last one, or one that it begins.

    A key seen for the first time is compared with the last run.
    """
    if last is None:
        return _RevisionRun([readings])
    if own is None:
        return _following(last.latest, readings) or last
    begun = _following(own.latest, readings)
    if begun is None or own.run is last:
        return begun or own.run
    return begun if _following(last.latest, readings) else last


def _captures(sightings: Iterable[S]) -> list[dict[str, S]]:
    """For each capture, in order, its readings by parser version, the oldest version first."""
    by_capture = sorted(sightings, key=lambda each: (each.capture, version_order(each.parser_version)))
    captures = [
        {each.parser_version: each for each in readings}
        for _, readings in groupby(by_capture, key=lambda each: each.capture)
    ]
    return sorted(captures, key=lambda readings: place(_original(readings)))


def _original(readings: dict[str, S]) -> S:
    """The reading made when a capture was new; if all were made later, that of the oldest version."""
    return next((each for each in readings.values() if not each.again), next(iter(readings.values())))


def _following(run: dict[str, S], readings: dict[str, S]) -> _RevisionRun[S] | None:
    """The run that a capture begins; None if it continues the run before.

    run: the newest reading of the run before by each parser version. readings: those of the capture.

    It continues the run if the newest version that read both the run and the capture read the same text in them. A
    difference that only later readings of both show is no edit: no parser saw it when they were new. If no parser had
    read both when new, and their texts of that time differ, a later reading of both proves that the site changed. If
    no version has read both, one equal text continues the run; else the new run is no edit.
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
    """True if a reading of the capture has the same text as one of the run, each made when its capture was new."""
    known = {each.state for each in run.values() if not each.again}
    return any(each.state in known for each in readings.values() if not each.again)


def _rows(number: int, run: _RevisionRun[S]) -> Iterator[HistoryRow[S]]:
    """The rows of a run: one for the text that it showed first, then one for each other text that parsers read."""
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
    """The reading of the same capture by the newest older version that read another text, or None."""
    readings = next(each for each in captures if each.get(sighting.parser_version) is sighting)
    older = list(readings.values())[: list(readings).index(sighting.parser_version)]
    return next((each for each in reversed(older) if each.state != sighting.state), None)


def _undated_rows(sightings: Sequence[S], rows: Sequence[HistoryRow[S]]) -> list[HistoryRow[S]]:
    """A row for each text that only undated captures show, the one received last at the end.

    An undated sighting of a text that `rows` have is added, in place, to the first of `rows` with that text.
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
    """The rows in the order of their runs, which are renumbered: -1 for the run received last, -2 for that before."""
    last = {run: max(place(each) for row in rows if row.run == run for each in row.sightings) for run in
            {row.run for row in rows}}  # fmt: skip
    order = sorted(last, key=last.__getitem__)
    for row in rows:
        row.run = order.index(row.run) - len(order)
    return sorted(rows, key=lambda row: row.run)
