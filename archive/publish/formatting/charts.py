"""Counts by month as bars or lines, drawn as SVG by the server; what was not covered is hatched: no absence is a zero.

Places are percentages of a drawing without a view box, so that it fills any width and its letters keep their shape.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

BAR_GAP_SHARE = 0.2  # of the room of a bar
MIN_BAR_HEIGHT_PERCENT = 2.5  # % of the height: no bar that counts is invisible
MAX_YEAR_TICKS = 8  # years that are named on the axis of a phone
MAX_MONTHS_ALL_NAMED = 12  # months: of no more each is named
MAX_SERIES = 5  # that differ by dash and colour
MIN_STRAY_GAP_MONTHS = (
    120  # months without anything known, behind which a date that counts nothing is taken for a misread one
)


@dataclass(frozen=True, slots=True)
class Month:
    """What a month, a year or a day counts; `covered`: whether anything of it was collected, so that 0 means none."""

    month: str  # 2024-04
    count: int
    covered: bool = True
    path: str | None = None  # of the site, or a query (`?in=2024`) of the page itself
    of: int | None = None  # what was collected of it, where that is told beside what it counts
    here: bool = False  # whether the page is about it

    @property
    def unknown(self) -> bool:
        return not self.covered and not self.count

    @property
    def told(self) -> str:
        return f"{self.count:,}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A month with its place in the drawing, in %."""

    month: Month
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """Where a year begins, in %; the label is empty where there is no room for it."""

    label: str
    x: float


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar a month; `room` is the width of a month in %, `bar_width` that of its bar."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    most: int
    room: float
    bar_width: float

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(bar.month for bar in self.bars)

    @property
    def among(self) -> bool:
        """Whether what was collected is told beside what is counted."""
        return any(month.of is not None for month in self.months)

    @property
    def within(self) -> bool:
        """Whether its paths are queries of the page itself."""
        return any((month.path or "").startswith("?") for month in self.months)

    @property
    def unknown_first(self) -> int:
        """How many months there are before the first of which anything is known."""
        return _unknown_first(self.months)


@dataclass(frozen=True, slots=True)
class Series:
    """What one line counts: all series of a chart have the same months."""

    name: str
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A line a series: `paths` are SVG path data in a view box of `width` by 100, broken where nothing is known."""

    series: tuple[Series, ...]
    paths: tuple[str, ...]
    uncovered: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    most: int
    width: int
    room: float

    @property
    def months(self) -> tuple[Month, ...]:
        return self.series[0].months if self.series else ()

    @property
    def unknown_first(self) -> int:
        """As of bars."""
        return _unknown_first(self.months)


def bars(months: Sequence[Month]) -> Bars:
    """One bar a month in the order given; the highest fills the height, and none that counts is invisible."""
    most = max((month.count for month in months), default=0)
    room = _room(months)
    return Bars(tuple(_placed(months, most, room)), ticks(months), most, room, round(room * (1 - BAR_GAP_SHARE), 3))


def lines(series: Sequence[Series]) -> Lines:
    """Up to MAX_SERIES lines over the same months, all by one scale. Raises ValueError where their months differ."""
    if len(series) > MAX_SERIES or len({tuple(month.month for month in each.months) for each in series}) > 1:
        raise ValueError(f"at most {MAX_SERIES} series, all of the same months")
    months = series[0].months if series else ()
    most = max((month.count for each in series for month in each.months), default=0)
    room = _room(months)
    covered = {month.month for each in series for month in each.months if month.covered}
    unknown = tuple(bar for bar in _placed(months, most, room) if bar.month.month not in covered)
    paths = tuple(_path(each.months, most) for each in series)
    return Lines(tuple(series), paths, unknown, ticks(months), most, max(1, len(months)) * 10, room)


def ticks(months: Sequence[Month]) -> tuple[Tick, ...]:
    """Where each year begins, of a few months each, of days each week, of years each decade; the labels that fit."""
    room, few = _room(months), len(months) <= MAX_MONTHS_ALL_NAMED
    starts = [(at, label) for at, month in enumerate(months) if (label := _label(month.month, few))]
    every = 1 if few else -(-len(starts) // MAX_YEAR_TICKS) or 1
    return tuple(
        Tick(label if number % every == 0 else "", round(at * room, 3)) for number, (at, label) in enumerate(starts)
    )


def _label(named: str, few: bool) -> str:
    if len(named) == 10:
        return str(int(named[8:])) if int(named[8:]) % 7 == 1 else ""
    if few and len(named) == 7 and not named.endswith("-01"):
        return str(int(named[5:]))
    begins = named.endswith("-01") if len(named) == 7 else named.endswith("0")
    return named[:4] if begins else ""


def between(first: str, last: str) -> list[str]:
    """Every month from `2023-11` to `2024-02`, both included; none when the first is the later."""
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]


def spanned(counting: Collection[str], known: Collection[str]) -> list[str]:
    """Every month from the first to the last that is known or counts anything, `2024-01` each.

    Without what counts nothing and lies MIN_STRAY_GAP_MONTHS unknown months or more beyond the others: one date
    misread, as of 2099, is no reason to draw a century of every chart.
    """
    every = sorted({*counting, *known})
    first, last = (every.index(end(counting)) if counting else 0 for end in (min, max))
    while first > 0 and not _strays(every[first - 1], every[first]):
        first -= 1
    while last < len(every) - 1 and not _strays(every[last], every[last + 1]):
        last += 1
    return between(every[first], every[last]) if every else []


def _strays(earlier: str, later: str) -> bool:
    return len(between(earlier, later)) - 2 >= MIN_STRAY_GAP_MONTHS


def _unknown_first(months: Sequence[Month]) -> int:
    return sum(1 for _ in takewhile(lambda month: month.unknown, months))


def _room(months: Sequence[Month]) -> float:
    return round(100 / max(1, len(months)), 4)


def _placed(months: Sequence[Month], most: int, room: float) -> Iterator[Bar]:
    for at, month in enumerate(months):
        height = max(MIN_BAR_HEIGHT_PERCENT, round(100 * month.count / most, 1)) if month.count else 0.0
        yield Bar(month, round(at * room, 3), round(100 - height, 1), height)


def _path(months: Sequence[Month], most: int) -> str:
    """`M5 100L15 40`: a new beginning after what is unknown; a month alone is a dash as wide as its room."""
    points = [(at * 10 + 5, round(100 - 100 * month.count / (most or 1), 1)) for at, month in enumerate(months)]
    known = groupby(zip(months, points, strict=True), key=lambda each: each[0].unknown)
    return "".join(_stretch([point for _, point in run]) for unknown, run in known if not unknown)


def _stretch(points: list[tuple[int, float]]) -> str:
    if len(points) == 1:
        (x, y) = points[0]
        points = [(x - 4, y), (x + 4, y)]
    return "M" + "L".join(f"{x} {y:g}" for x, y in points)
