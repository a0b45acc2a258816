"""The geometry of the chart of up to five phrases by month: on an axis with round numbers, articles or a share.

Positions are percentages of the drawing, from its left and its top, so that pages and files draw the same at any size.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from archive.publish.formatting.charts import Month, Tick, ticks

MAX_PHRASES = 5  # as many as dash and colour can tell apart
MAX_MONTHS = 120  # longer charts are drawn by year
MAX_STEPS = 4  # of the axis, above 0
BAR_SHARE = 0.8  # of the width per month
SHORT_DASH = 0.4  # of the width per month, to either side of a known month between unknown ones


@dataclass(frozen=True, slots=True)
class UseAt:
    """The use of one phrase in a month or year: the articles, those that got it by an edit, and all archived ones."""

    time: str  # 2024-04, or 2024
    articles: int
    came_by_edit: int
    covered: int

    @property
    def at_first(self) -> int:
        """The articles of that time whose first text has the phrase; they were published in that time."""
        return self.articles - self.came_by_edit

    @property
    def share(self) -> float | None:
        """`at_first` as a part of all archived articles of that time, in %; None without archived ones."""
        return 100 * self.at_first / self.covered if self.covered else None


@dataclass(frozen=True, slots=True)
class Spot:
    """A month or year in the drawing: its centre, its top, and the height of its hollow part (by edits).

    An unknown value has no top (None). Without edits, and in a chart of shares, the height of the hollow part is 0.
    """

    use: UseAt
    counted: int  # the articles that are drawn: in a chart of shares, those whose first text has the phrase
    x: float
    y: float | None
    hollow: float


@dataclass(frozen=True, slots=True)
class Line:
    """One phrase in the drawing; `stretches` are the points (x, y) of its line, which breaks at unknown values."""

    name: str
    spots: tuple[Spot, ...]
    stretches: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True, slots=True)
class AxisMark:
    """A round number on the axis, and its place from the top."""

    label: str
    y: float


@dataclass(frozen=True, slots=True)
class PhraseChart:
    """A chart of one line or several over the same times; `uncovered` has the left edges of times without articles."""

    lines: tuple[Line, ...]
    steps: tuple[AxisMark, ...]  # from 0 up
    ticks: tuple[Tick, ...]
    uncovered: tuple[float, ...]
    room: float  # the width of a time
    in_percent: bool

    @property
    def times(self) -> tuple[str, ...]:
        return tuple(spot.use.time for spot in self.lines[0].spots)

    @property
    def rows(self) -> list[tuple[int, tuple[UseAt, ...]]]:
        """For each time the number of archived articles, and the use of every phrase."""
        of_times = zip(*([spot.use for spot in line.spots] for line in self.lines), strict=True)
        return [(max(use.covered for use in uses), uses) for uses in of_times]

    @property
    def label_characters(self) -> int:
        """The length of the longest label of the axis."""
        return max(len(step.label) for step in self.steps)

    @property
    def edited(self) -> bool:
        """True if an edit brought a phrase into any of the articles that are drawn; a share counts no such article."""
        return not self.in_percent and any(spot.use.came_by_edit for line in self.lines for spot in line.spots)

    @property
    def unit(self) -> int:
        """The length of the name of a time: 7 for months, 4 for years."""
        return len(self.times[0])


def phrase_chart(
    phrases: Mapping[str, Sequence[Mapping[str, Any]]], every: Sequence[str], in_percent: bool
) -> PhraseChart | None:
    """The chart of these phrases, by name the counts of their months, over the months `every`; None without months.

    A count has `month`, `articles`, `came_by_edit` and `covered`. Of more than MAX_MONTHS months the chart is by year.
    """
    if not every:
        return None
    size = 7 if len(every) <= MAX_MONTHS else 4
    times = list(dict.fromkeys(month[:size] for month in every))
    uses = {name: uses_at(months, times) for name, months in phrases.items()}
    values = {name: [_value(use, in_percent) for use in each] for name, each in uses.items()}
    steps = axis(max((value for each in values.values() for value in each if value), default=0.0), in_percent)
    top, room = steps[-1][0], 100 / len(times)
    lines = tuple(_line(name, _spots(uses[name], values[name], top, in_percent)) for name in phrases)
    uncovered = [
        at for at, of_time in enumerate(zip(*uses.values(), strict=True)) if not any(each.covered for each in of_time)
    ]
    return PhraseChart(
        lines,
        tuple(AxisMark(label, round(100 - 100 * value / top, 2)) for value, label in steps),
        ticks([Month(time, 0) for time in times]),
        tuple(round(at * room, 3) for at in uncovered),
        round(room, 4),
        in_percent,
    )


def axis(most: float, in_percent: bool = False) -> list[tuple[float, str]]:
    """The round numbers of an axis from 0 to at least `most`, at most MAX_STEPS above 0, each with its label.

    They are 1, 2 or 5 times a power of ten apart; of counts, whole numbers. `axis(7)` -> 0, 2, 4, 6, 8.
    """
    step, factors = (0.01 if in_percent else 1.0), (2.0, 2.5, 2.0)
    at = 0
    while step * MAX_STEPS < most:
        step, at = step * factors[at % 3], at + 1
    count = max(1, -int(-most // step))
    numbers = [round(number * step, 2) for number in range(count + 1)]
    return [(number, f"{number:,g}%" if in_percent else f"{number:,.0f}") for number in numbers]


def uses_at(months: Sequence[Mapping[str, Any]], times: Sequence[str]) -> list[UseAt]:
    """The use of a phrase, by the counts of its months, at each of the times: all of them months, or all years."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("articles", "came_by_edit", "covered")}
    for month in months:
        for name, counted in counts.items():
            counted[month["month"][: len(times[0])]] += month[name]
    return [UseAt(time, *(counted[time] for counted in counts.values())) for time in times]


def _value(use: UseAt, in_percent: bool) -> float | None:
    if in_percent:
        return use.share
    return use.articles if use.covered or use.articles else None


def _spots(uses: Sequence[UseAt], values: Sequence[float | None], top: float, in_percent: bool) -> Iterator[Spot]:
    room = 100 / len(uses)
    for at, (use, value) in enumerate(zip(uses, values, strict=True)):
        height = 100 * (value or 0) / top
        hollow = height * use.came_by_edit / use.articles if use.articles and not in_percent else 0.0
        y = None if value is None else round(100 - height, 2)
        counted = use.at_first if in_percent else use.articles
        yield Spot(use, counted, round((at + 0.5) * room, 2), y, round(hollow, 2))


def _line(name: str, placed: Iterable[Spot]) -> Line:
    spots = tuple(placed)
    known = groupby(spots, key=lambda spot: spot.y is not None)
    stretches = (_stretch(list(run), 100 / len(spots)) for is_known, run in known if is_known)
    return Line(name, spots, tuple(stretches))


def _stretch(spots: Sequence[Spot], room: float) -> tuple[tuple[float, float], ...]:
    points = [(spot.x, spot.y or 0.0) for spot in spots]
    if len(points) > 1:
        return tuple(points)
    ((x, y),) = points
    return ((round(x - SHORT_DASH * room, 2), y), (round(x + SHORT_DASH * room, 2), y))
