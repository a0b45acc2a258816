"""The command reparse: parses stored captures again, shows or applies the changes, and undoes them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import common
from cli.program.common import AsJson, echo_json, remark, say
from cli.program.opening import reading, selectors_of_sources, writing
from cli.terminal import completing
from cli.terminal.progress import shown

if TYPE_CHECKING:
    from archive.judging import PageReaders
    from archive.reparsing import Example, ReparseReport, Selection

Workers = Annotated[
    int, typer.Option(min=1, max=64, help="Number of parsers that run at once.", show_default="one per processor")
]
On = Annotated[
    str | None,
    typer.Option(metavar="dask[:ADDRESS]", help="Parse on a Dask cluster: its own, or that at tcp://HOST:PORT."),
]
PROCESSORS = os.cpu_count() or 1


def reparse(
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Names of sources; default: all that have captures.", autocompletion=completing.sources),
    ] = None,
    since: Annotated[str | None, typer.Option(help="Only captures since this date, such as 2026-11-01.")] = None,
    apply_it: Annotated[
        bool, typer.Option("--apply", help="Store the result; without it, only print what would change.")
    ] = False,
    workers: Workers = PROCESSORS,
    on: On = None,
    undo: Annotated[str | None, typer.Option(metavar="ID", help="Undo an earlier run with --apply.")] = None,
    as_json: AsJson = False,
) -> None:
    """Parse the stored captures again with the current parser, and show what changes. The network is not used.

    --apply stores the results as revisions with origin `reparse`, which do not count as edits. Every version keeps its
    permalink. The command prints an id for --undo. An interrupted run continues where it stopped. The selectors in
    thinker.toml are used as they are now.

    Example: thinker reparse newsroom
    """
    from archive.files import stamp
    from archive.reparsing import Selection
    from archive.settings import ANY_SITE
    from parsers.selectors import NO_SELECTORS

    if undo is not None:
        _undo(undo, as_json)
        return
    moment = common.moment_of(since)
    known = {**dict.fromkeys(ANY_SITE, NO_SELECTORS), **selectors_of_sources()}
    since_when = stamp(moment) if moment else None
    asked = [Selection(name, since_when, workers, known.get(name)) for name in _chosen(sources or [])]
    with _readers(on, workers, bool(asked)) as readers:
        reports = (_applied if apply_it else _proposed)(asked, readers, as_json)
    if as_json:
        echo_json([asdict(report) for report in reports])
        return
    for report in reports:
        _say(report)
    if not reports:
        remark("there are no captures to parse")
    if not apply_it and any(report.other or report.found for report in reports):
        remark("nothing was stored; use --apply to store it")


def _chosen(names: list[str]) -> list[str]:
    from archive.files import captured_sources

    with reading() as opened:
        known = sorted(captured_sources(opened.home.captures))
    if unknown := [name for name in names if name not in known]:
        there = ", ".join(known) or "no source"
        raise typer.BadParameter(f"no captures of {', '.join(unknown)}; there are captures of {there}")
    return names or known


@contextmanager
def _readers(on: str | None, workers: int, needed: bool) -> Iterator[PageReaders | None]:
    """The readers that --on names; None: parser processes of this machine. needed: there is something to read."""
    if on is None:
        yield None
        return
    from cli.reparsing.cluster import address_of, dask_readers

    address_of(on)
    if not needed:
        yield None
        return
    with dask_readers(on, workers) as readers:
        yield readers


def _proposed(asked: list[Selection], readers: PageReaders | None, as_json: bool) -> list[ReparseReport]:
    from archive.reparsing import propose

    reports = []
    with reading() as opened:
        for each in asked:
            with shown(each.source, "captures", as_json) as progress:
                reports.append(propose(opened, each, progress, readers))
    return reports


def _applied(asked: list[Selection], readers: PageReaders | None, as_json: bool) -> list[ReparseReport]:
    from archive.files import stamp
    from archive.reparsing import apply

    now = datetime.now(UTC)
    name = f"reparse-{stamp(now).replace('-', '').replace(':', '')}"
    reports = []
    with writing() as opened:
        for each in asked:
            with shown(each.source, "captures", as_json) as progress:
                reports.append(apply(opened, each, name, lambda: datetime.now(UTC), progress, readers))
    return reports


def _undo(name: str, as_json: bool) -> None:
    from archive.reparsing import undo as take_back

    with writing() as opened:
        sources = take_back(opened, name, lambda: datetime.now(UTC))
    if as_json:
        echo_json({"undone": name, "sources": sources})
    else:
        say(f"undid {name} in {', '.join(sources)}")


def _say(report: ReparseReport) -> None:
    from archive.files import counted

    read = f"{counted(report.captures, 'capture')} read by parser {report.parser_version}"
    say(f"{report.source}: {read}: {_figures(report)}")
    for name, learned in sorted(report.properties.items(), key=lambda item: -item[1].count):
        say(f"  {name}  {learned.count}")
        for example in learned.examples:
            say(f"    {_example(example)}")
    for kind, told in (("found", "new articles"), ("lost", "no longer parsed as an article; kept")):
        if keys := report.articles[kind]:
            say(f"  {told}: {', '.join(keys)}{', …' if len(keys) < getattr(report, kind) else ''}")
    if report.reparse:
        say(f"applied as {report.reparse}; `thinker reparse --undo {report.reparse}` undoes it")


def _figures(report: ReparseReport) -> str:
    told = {
        "unchanged": report.same, "changed": report.other, "with a new article": report.found,
        "no longer an article": report.lost, "still not an article": report.none, "damaged": report.damaged,
    }  # fmt: skip
    return ", ".join(f"{count} {words}" for words, count in told.items() if count) or "none"


def _example(example: Example) -> str:
    before, after = (value if value is not None else "(nothing)" for value in (example.before, example.after))
    return " ".join(f"{example.key}: {before} → {after}".split())
