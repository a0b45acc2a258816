"""The command that reads stored captures again: what a better parser would change, applied, and taken back."""

import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from archive.clock import stamp
from archive.reparsing.applying import Selection, apply, propose
from archive.reparsing.applying import undo as take_back
from archive.reparsing.reporting import Example, ReparseReport
from archive.warc_files import captured_sources
from cli import common
from cli.common import AsJson, echo_json, reading, say, tell, writing

Workers = Annotated[int, typer.Option(min=1, max=64, help="Parsers at once.", show_default="one a processor")]
PROCESSORS = os.cpu_count() or 1
EVERY = 100  # captures between two signs of progress


def reparse(
    sources: Annotated[list[str] | None, typer.Argument(help="Which sources; all that have captures if none.")] = None,
    since: Annotated[str | None, typer.Option(help="Only captures from this moment on, as 2026-11-01.")] = None,
    apply_it: Annotated[bool, typer.Option("--apply", help="Write it; else it is only shown.")] = False,
    workers: Workers = PROCESSORS,
    undo: Annotated[str | None, typer.Option(metavar="ID", help="Take back what a run with --apply has read.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read the stored captures again with today's parser, and show what it reads otherwise; no network is used.

    With --apply the readings become revisions of origin `reparse`, which count as no edit; every version keeps its
    permalink. It prints an id, by which --undo takes everything back. A run that was cut short goes on.

    Example: thinker reparse newsroom
    """
    if undo is not None:
        _undo(undo, as_json)
        return
    moment = common.moment_of(since)
    asked = [Selection(name, stamp(moment) if moment else None, workers) for name in _chosen(sources or [])]
    reports = _applied(asked) if apply_it else _proposed(asked)
    if as_json:
        echo_json([asdict(report) for report in reports])
        return
    for report in reports:
        _say(report)
    if not apply_it and any(report.other or report.found for report in reports):
        tell("nothing was written; --apply does it")


def _chosen(names: list[str]) -> list[str]:
    with reading() as opened:
        known = sorted(captured_sources(opened.home.captures))
    if unknown := [name for name in names if name not in known]:
        there = ", ".join(known) or "nothing"
        raise typer.BadParameter(f"no captures of {', '.join(unknown)}: there are some of {there}")
    return names or known


def _proposed(asked: list[Selection]) -> list[ReparseReport]:
    with reading() as opened:
        return [propose(opened, each, _progress(each.source)) for each in asked]


def _applied(asked: list[Selection]) -> list[ReparseReport]:
    now = datetime.now(UTC)
    name = f"reparse-{stamp(now).replace('-', '').replace(':', '')}"
    with writing() as opened:
        return [apply(opened, each, name, lambda: datetime.now(UTC), _progress(each.source)) for each in asked]


def _undo(name: str, as_json: bool) -> None:
    with writing() as opened:
        sources = take_back(opened, name, lambda: datetime.now(UTC))
    if as_json:
        echo_json({"undone": name, "sources": sources})
    else:
        say(f"{name} is taken back in {', '.join(sources)}")


def _say(report: ReparseReport) -> None:
    say(f"{report.source}: {report.captures} captures read by parser {report.parser_version}: {_figures(report)}")
    for name, learned in sorted(report.properties.items(), key=lambda item: -item[1].count):
        say(f"  {name}  {learned.count}")
        for example in learned.examples:
            say(f"    {_example(example)}")
    for kind, told in (("found", "articles where none was read before"), ("lost", "give no article any more and stay")):
        if keys := report.articles[kind]:
            say(f"  {told}: {', '.join(keys)}{', …' if len(keys) < getattr(report, kind) else ''}")
    if report.reparse:
        say(f"applied as {report.reparse}; `thinker reparse --undo {report.reparse}` takes it back")


def _figures(report: ReparseReport) -> str:
    told = {
        "read as before": report.same, "read otherwise": report.other, "with a new article": report.found,
        "no longer an article": report.lost, "still none": report.none, "damaged": report.damaged,
    }  # fmt: skip
    return ", ".join(f"{count} {words}" for words, count in told.items() if count) or "none"


def _example(example: Example) -> str:
    before, after = (value if value is not None else "(nothing)" for value in (example.before, example.after))
    return " ".join(f"{example.key}: {before} → {after}".split())


def _progress(source: str) -> Callable[[int], None]:
    def show(done: int) -> None:
        if done % EVERY == 0 and sys.stderr.isatty():
            typer.echo(f"\r{source}: {done:,} captures", err=True, nl=False)

    return show
