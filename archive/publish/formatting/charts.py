"""The geometry of charts of counts by month, which templates draw as SVG; months without coverage are hatched.

Positions are percentages of a drawing without a view box, so that it fills any width and text is not stretched.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

BAR_GAP_SHARE = 0.2  # of the width per month
MIN_BAR_HEIGHT_PERCENT = 2.5  # so that a count of 1 stays visible
MAX_YEAR_TICKS = 8  # labels that fit the axis on a phone
MAX_MONTHS_ALL_NAMED = 12  # up to so many months, every month has a label
MAX_YEARS_BY_FIVE = 40  # of so many years, each fifth is named
MIN_STRAY_GAP_MONTHS = 120  # months without data, beyond which a month without hits is taken for a misread date


@dataclass(frozen=True, slots=True)
class Month:
    """The count of a month, year or day; `covered` is true if the archive has any article of that month or year.

    Days and weeks are always covered. If it is not covered, a count of 0 means unknown.
    """

    month: str  # 2024-04, or 2024, or 2024-04-13, which of a week is its Monday
    count: int
    covered: bool = True
    path: str | None = None  # of the site, or a query (`?in=2024`) of the page itself
    of: int | None = None  # the number of all articles, if the chart shows it beside the count
    here: bool = False  # True if the page is about this day

    @property
    def unknown(self) -> bool:
        return not self.covered and not self.count

    @property
    def told(self) -> str:
        return f"{self.count:,}"


@dataclass(frozen=True, slots=True)
class Bar:
    """A month with its left edge `x`, its top `y` and its height, in % of the drawing."""

    month: Month
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis and its position in %; the label is empty if there is no room for it."""

    label: str
    x: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart; `room` is the width of a month in %, `bar_width` that of its bar, `most` the highest count."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    most: int
    room: float
    bar_width: float

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(bar.month for bar in self.bars)

    @property
    def weekly(self) -> bool:
        return _weekly(self.months)

    @property
    def among(self) -> bool:
        """True if the chart also shows the number of all articles."""
        return any(month.of is not None for month in self.months)

    @property
    def within(self) -> bool:
        """True if any of its links is a query of the page itself, such as `?in=2024`."""
        return any((month.path or "").startswith("?") for month in self.months)

    @property
    def unknown_first(self) -> int:
        """The number of unknown months (not covered, and no count) before the first known one; all if none is known."""
        return _unknown_first(self.months)


def bars(months: Sequence[Month]) -> Bars:
    """The bar chart of these months, in the order given; the highest bar fills the height."""
    most = max((month.count for month in months), default=0)
    room = _room(months)
    return Bars(tuple(_placed(months, most, room)), ticks(months), most, room, round(room * (1 - BAR_GAP_SHARE), 3))


def ticks(months: Sequence[Month]) -> tuple[Tick, ...]:
    """The marks of the axis: of months each January, or all of them if there are at most MAX_MONTHS_ALL_NAMED.

    Of weeks the first of each month, with the month. Of days the 1st, 8th, 15th, 22nd and 29th. Of years those that end
    in 0, and of at most MAX_YEARS_BY_FIVE also those in 5. Every mark has a label if there are at most
    MAX_MONTHS_ALL_NAMED times; else each second, third and so on, so that at most MAX_YEAR_TICKS have one.
    """
    room, few, weekly = _room(months), len(months) <= MAX_MONTHS_ALL_NAMED, _weekly(months)
    ends = "05" if len(months) <= MAX_YEARS_BY_FIVE else "0"
    named = [_week(month.month) if weekly else _label(month.month, few, ends) for month in months]
    starts = [(at, label) for at, label in enumerate(named) if label]
    every = 1 if few else -(-len(starts) // MAX_YEAR_TICKS) or 1
    return tuple(
        Tick(label if number % every == 0 else "", round(at * room, 3)) for number, (at, label) in enumerate(starts)
    )


def _weekly(months: Sequence[Month]) -> bool:
    """True if the months are at least two weeks, each named by its Monday."""
    first = [month.month for month in months[:2] if len(month.month) == 10]
    return len(first) == 2 and date.fromisoformat(first[1]) - date.fromisoformat(first[0]) == timedelta(weeks=1)


def _week(monday: str) -> str:
    return _label(monday[:7], few=True) if int(monday[8:]) <= 7 else ""


def _label(named: str, few: bool, ends: str = "0") -> str:
    if len(named) == 10:
        return str(int(named[8:])) if int(named[8:]) % 7 == 1 else ""
    if few and len(named) == 7 and not named.endswith("-01"):
        return str(int(named[5:]))
    begins = named.endswith("-01") if len(named) == 7 else named[-1] in ends
    return named[:4] if begins else ""


def between(first: str, last: str) -> list[str]:
    """Every month from the first (`2023-11`) to the last, both included; empty if the first is the later."""
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]


def spanned(counting: Collection[str], known: Collection[str]) -> list[str]:
    """Every month (`2024-01`) from the first to the last that is in `counting` or `known`, without strays.

    Beyond the months in `counting`, before and after, those in `known` are added only up to the first gap of
    MIN_STRAY_GAP_MONTHS or more months without data: one misread date such as 2099 must not stretch every chart to a
    century. If `counting` is empty, the months begin with the earliest in `known`. [] if both are empty.
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
