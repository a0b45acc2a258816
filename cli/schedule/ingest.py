"""The command ingest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.program import common, exit_codes, opening
from cli.program.common import AsJson, echo_json, say, warn
from cli.program.exit_codes import stopped_by
from cli.program.opening import writing
from cli.terminal import completing

if TYPE_CHECKING:
    from archive.settings import Settings

Names = Annotated[
    list[str] | None,
    typer.Argument(
        help="With --once: names of sources; default: those in thinker.toml, and those whose segments wait.",
        autocompletion=completing.sources,
    ),
]


def ingest(
    names: Names = None,
    once: Annotated[bool, typer.Option("--once", help="Crawl each source once, then end.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take what workers fetch into the archive: the one process of a cluster that decides and writes.

    Crawls every source at its times, as `thinker schedule run` does; workers send the requests. Each crawl takes the
    segments of its source in any order, each answer once. If it is killed, start it again: the next crawl of a source
    finds what workers shipped meanwhile, and orders only the rest. What waits for longer than ten minutes, while its
    source is not crawled, goes into the folder `late` of the home, from which `thinker import` adds it.

    Exits 2 without [cluster] in thinker.toml or, without --once, when no source has a schedule; 5 when another `ingest`
    or scheduler runs on this archive. With --once it exits with the highest exit code of the crawls.

    Example: thinker ingest --once newsroom
    """
    from crawler.frontier import Server

    settings = opening.settings()
    Server.of(settings.cluster).close()  # fails early
    _take_late(settings)
    if not once:
        if names or as_json:
            raise typer.BadParameter("names and --json go with --once", param_hint="--once")
        from cli.schedule.commands import run_scheduler

        run_scheduler(settings)
        return
    raise typer.Exit(_once(_chosen(names, settings), settings, as_json))


def _take_late(settings: Settings) -> None:
    """Take in what waits for no crawl, before a command that finds no source to crawl ends."""
    from archive.files import Home
    from crawler.cluster import take_late
    from crawler.frontier import ServerError
    from crawler.segments import DepotError

    if not Home(common.Chosen.home).database.exists():
        return
    try:
        for line in take_late(settings.cluster, common.Chosen.home):
            warn(f"thinker: {line}")
    except (ServerError, DepotError) as error:  # crawls wait for both
        warn(f"thinker: {error}")


def _once(sources: list[str], settings: Settings, as_json: bool) -> int:
    import asyncio

    from schedules.rounds import crawl_round

    with writing(create=True):
        pass
    made = asyncio.run(crawl_round(common.Chosen.home, sources, settings.schedule.children))
    told = {source: _summary(made.children[source].out) for source in sources if source in made.children}
    if as_json:
        echo_json([each for each in told.values() if each])
    else:
        for source, summary in told.items():
            say(f"{source}: {_line(summary, made.children[source].code)}")
    if made.stopped_by is not None:
        stopped_by(made.stopped_by)
    return max((child.code if child.code >= 0 else exit_codes.FAILED for child in made.children.values()), default=0)


def _chosen(names: list[str] | None, settings: Settings) -> list[str]:
    """The names of the sources of a round, each once. Raises typer.BadParameter without any, and UnknownSource."""
    from crawler.cluster import depot_of
    from crawler.sources import all_sources, source_named

    if names:
        return [source_named(name, settings).name for name in dict.fromkeys(names)]
    known = all_sources(settings)
    waiting = (name for name in depot_of(settings.cluster, common.Chosen.home).sources() if name in known)
    found = sorted({*settings.sources, *waiting})
    if not found:
        raise typer.BadParameter(
            "name a source, or add one to thinker.toml (`thinker sources` lists them)", param_hint="names"
        )
    return found


def _summary(out: str) -> dict[str, Any]:
    try:
        told = json.loads(out or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _line(summary: dict[str, Any], code: int) -> str:
    if "new_articles" not in summary:
        return f"exit {code}" if code >= 0 else f"ended by signal {-code}"
    figures = (f"{summary[name]:,} {name.replace('_', ' ')}" for name in ("captures", "new_articles", "new_revisions"))
    return f"{summary['finish_reason']}: {', '.join(figures)}, {summary['errors']:,} errors"
