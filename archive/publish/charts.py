"""Counts by month as bars, drawn as SVG by the server; what was not covered is hatched, for absence is never zero."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEIGHT = 64  # of the drawing, in units of its view box; a bar is STEP - GAP wide
STEP, GAP = 10, 2


@dataclass(frozen=True, slots=True)
class Month:
    """What a month counts; `covered`: whether anything of it was collected, so that 0 means none."""

    month: str  # 2024-04
    count: int
    covered: bool = True
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A month with its place in the drawing."""

    month: Month
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A drawing `width` by HEIGHT."""

    bars: tuple[Bar, ...]
    width: int
    most: int
    height: int = HEIGHT
    bar_width: int = STEP - GAP

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(bar.month for bar in self.bars)


def bars(months: Sequence[Month]) -> Bars:
    """One bar a month in the order given; the highest fills the height, and none that counts is invisible."""
    most = max((month.count for month in months), default=0)
    return Bars(tuple(_placed(months, most)), max(1, len(months)) * STEP, most)


def _placed(months: Sequence[Month], most: int) -> Iterator[Bar]:
    for at, month in enumerate(months):
        height = max(1.5, round(HEIGHT * month.count / most, 1)) if month.count else 0.0
        yield Bar(month, at * STEP, round(HEIGHT - height, 1), height)


def between(first: str, last: str) -> list[str]:
    """Every month from `2023-11` to `2024-02`, both included; none when the first is the later."""
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(start, end + 1)]
