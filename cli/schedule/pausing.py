"""The commands `schedule pause` and `schedule resume`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import common, opening
from cli.program.common import remark
from cli.program.opening import writing
from cli.terminal import completing

if TYPE_CHECKING:
    from schedules.slots import Book

Names = Annotated[
    list[str] | None,
    typer.Argument(help="Names of sources; default: all.", autocompletion=completing.sources),
]


def book() -> Book:
    """The book of slots and pauses in schedule.db at --home."""
    from archive.files import Home
    from schedules.slots import Book

    return Book(Home(common.Chosen.home).schedule_database)


def schedule_pause(names: Names = None) -> None:
    """Pause the scheduled crawls of these sources; their slots are recorded as missed.

    This takes effect at once. A crawl that is running is not stopped, and `thinker crawl` still works.

    Example: thinker schedule pause newsroom
    """
    chosen = _named(names) if names else _scheduled()
    with writing(create=True):
        pass
    book().pause(chosen, datetime.now(UTC))
    remark(f"paused: {', '.join(chosen)}" if chosen else "no source has a schedule: nothing is paused")


def schedule_resume(names: Names = None) -> None:
    """Resume the scheduled crawls of paused sources, from the next slot on.

    Example: thinker schedule resume
    """
    with writing(create=True):
        pass
    paused = book().paused()
    chosen = [name for name in names or paused if name in paused or _named([name])]
    book().resume(chosen)
    resumed = [name for name in chosen if name in paused]
    remark(f"resumed: {', '.join(resumed)}" if resumed else "nothing was paused")


def _named(names: list[str]) -> list[str]:
    """The names in the order given, repeated ones too; all must be known sources. Raises UnknownSource."""
    from crawler.sources import source_named

    settings = opening.settings()
    return [source_named(name, settings).name for name in names]


def _scheduled() -> list[str]:
    from crawler.sources import all_sources
    from schedules.slots import schedules_of

    settings = opening.settings()
    return [each.source for each in schedules_of(settings, all_sources(settings).values())]
