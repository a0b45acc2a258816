"""Shows the progress of a command on a terminal: a bar, the amount done, the rate and the time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from cli.program.common import Chosen, visible

if TYPE_CHECKING:
    from archive.files import Progress

LOOK_EVERY_SECONDS = 0.2  # between two updates
UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
BYTES = "bytes"


@contextmanager
def shown(what: str, unit: str, as_json: bool) -> Iterator[Progress]:
    """Yield a callback (done, total) that draws a progress bar named `what`, which is removed at the end of the block.

    Nothing is drawn if stderr is not a terminal, or with --json, --quiet or --log-json.
    """
    from archive.files import unheard

    if as_json or Chosen.quiet or Chosen.log_json or not sys.stderr.isatty():
        yield unheard
        return
    with _bar(visible(what)) as draw:
        begun = monotonic()
        drawn = begun - LOOK_EVERY_SECONDS

        def hear(done: int, total: int | None, /) -> None:
            nonlocal drawn
            now = monotonic()
            if now - drawn >= LOOK_EVERY_SECONDS:
                drawn = now
                draw(done, total, told(unit, done, total, now - begun))

        yield hear


def told(unit: str, done: int, total: int | None, seconds: float) -> str:
    """A text with the amount done and in all, the rate, and the time left: `120 of 400 pages, 12/s, 0:23 left`.

    No time left is given while nothing is done: `0 of 400 pages, 0.0/s`. Without a total it has the time taken:
    `120 pages, 12/s, 0:10`. A rate below 10 has one decimal; of the unit `bytes` amounts and rates are in kB, MB or GB.
    """
    rate = done / seconds if seconds > 0 else 0.0
    if total is None:
        return f"{_amount(unit, done)}, {_rate(unit, rate)}, {_clock(seconds)}"
    left = f", {_clock(max(0, total - done) / rate)} left" if rate else ""
    return f"{_amount(unit, done, bare=True)} of {_amount(unit, total)}, {_rate(unit, rate)}{left}"


def _amount(unit: str, count: float, bare: bool = False) -> str:
    if unit != BYTES:
        return f"{count:,.0f}" if bare else f"{count:,.0f} {unit}"
    size, name = next(((size, name) for size, name in UNITS if count >= size), (1, BYTES))
    return f"{count / size:,.1f} {name}" if size > 1 else f"{count:,.0f} {name}"


def _rate(unit: str, rate: float) -> str:
    if unit == BYTES:
        return f"{_amount(unit, rate)}/s"
    return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int | None, str], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    said = [TextColumn(f"{{task.{field}}}", markup=False) for field in ("description", "fields[told]")]
    # Without a thread, for commands start processes, and signals end some of them. Other lines on stderr appear
    # above the bar; stdout is not redirected.
    bar = Progress(
        said[0], BarColumn(30), said[1], console=console, auto_refresh=False, transient=True, redirect_stdout=False
    )
    task = bar.add_task(what, total=None, told="")

    def draw(done: int, total: int | None, line: str) -> None:
        bar.update(task, completed=done, total=total, told=line, refresh=True)

    with bar:
        console.show_cursor()  # rich hides it, and a killed command could not show it again
        yield draw
