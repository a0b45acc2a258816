"""The commands `schedule` run, list and next; pause, resume and export have modules of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import common, opening
from cli.program.common import AsJson, echo_json, remark
from cli.program.exit_codes import stopped_by
from cli.program.opening import writing
from cli.schedule.exporting import schedule_export
from cli.schedule.pausing import book, schedule_pause, schedule_resume
from cli.terminal.table import say_table

if TYPE_CHECKING:
    from archive.settings import Settings

HELP = """Show, run, pause or export the schedule of crawls.

Example: thinker schedule next
"""

schedule = typer.Typer(no_args_is_help=True, help=HELP, rich_markup_mode=None)


Beside = Annotated[bool, typer.Option("--end-with-stdin", hidden=True, help="Stop when stdin closes.")]


@schedule.command("run")
def schedule_run(end_with_stdin: Beside = False) -> None:
    """Crawl every source that has a schedule, each in its own process, until stopped.

    Exits 2 when no source has a schedule, and prints the line to add; 5 when another scheduler is running.

    Example: thinker schedule run
    """
    from cli.program import background

    if end_with_stdin:  # set by `thinker run`
        background.end_with_stdin()
    run_scheduler(opening.settings())


def run_scheduler(settings: Settings) -> None:
    """Crawl every source that has a schedule until a signal; exits as the docstring of `schedule run` says."""
    import asyncio

    from archive.files import SCHEDULER, Home, require_unlocked, unhurried_stderr
    from cli.schedule.scheduled import scheduled
    from schedules.scheduler import run_forever  # imports SQLAlchemy, which the other commands do not need

    found = scheduled(settings)
    require_unlocked(Home(common.Chosen.home), SCHEDULER)
    found.warn()
    book().paused()  # fails early if schedule.db cannot be read
    with writing(create=True):
        pass
    with unhurried_stderr():
        number = asyncio.run(run_forever(common.Chosen.home, settings, found.sources, _missed))
    stopped_by(number)


@schedule.command("list")
def schedule_list(as_json: AsJson = False) -> None:
    """List the sources that have a schedule, and which of them are paused.

    Example: thinker schedule list
    """
    from cli.schedule.scheduled import unscheduled
    from crawler.sources import all_sources
    from schedules.slots import schedules_of

    settings = opening.settings()
    found = schedules_of(settings, all_sources(settings).values())
    if not found:
        remark(unscheduled(settings))
    paused = book().paused()
    if as_json:
        echo_json(
            [
                {
                    "source": each.source,
                    "schedule": each.text,
                    "timezone": each.timezone,
                    "paused_since": paused.get(each.source),
                }
                for each in found
            ]
        )
        return
    say_table(
        ("source", "schedule", "zone", "paused since"),
        [(each.source, each.text, each.timezone, paused.get(each.source, "")) for each in found],
    )


@schedule.command("next")
def schedule_next(
    count: Annotated[int, typer.Option(min=1, max=1000, help="Number of slots of each source.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Print the next slots, in UTC. Paused sources have none. If a source cannot be crawled, a line gives the reason.

    Sources with the same slot start one after another, in the order of their names and at least two seconds apart.
    `[schedule] children` in thinker.toml sets how many crawls run at once.

    Example: thinker schedule next --count 3
    """
    from archive.files import stamp
    from cli.schedule.scheduled import looked_at, unscheduled
    from crawler.sources import all_sources
    from schedules.slots import next_runs, schedules_of

    settings = opening.settings()
    paused = book().paused()
    found = schedules_of(settings, all_sources(settings).values())
    if not found:
        remark(unscheduled(settings))
    for why in looked_at(settings).passed_over:
        remark(f"thinker: not crawled: {why}")
    slots = next_runs([each for each in found if each.source not in paused], datetime.now(UTC), count)
    if as_json:
        echo_json([{"source": slot.source, "due_at": stamp(slot.due_at)} for slot in slots])
        return
    say_table(("due", "source"), [(stamp(slot.due_at), slot.source) for slot in slots])
    if paused:
        remark(f"paused: {', '.join(paused)} (thinker schedule resume)")


schedule.command("pause")(schedule_pause)
schedule.command("resume")(schedule_resume)
schedule.command("export")(schedule_export)


def _missed(source: str, slots: Sequence[datetime]) -> None:
    from archive.files import stamp
    from archive.judging import record_missed  # a slow import

    with writing() as opened:
        record_missed(opened, source, [stamp(slot) for slot in slots], datetime.now(UTC))
