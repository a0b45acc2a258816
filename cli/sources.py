"""The sources we know: the commands that list and show them, and which one an address belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import opening
from cli.program.common import AsJson, echo_json, say
from cli.terminal import completing
from cli.terminal.table import say_table

if TYPE_CHECKING:
    from archive.settings import Settings
    from crawler.sources import Source
    from parsers.selectors import Selectors

sources = typer.Typer(invoke_without_command=True, add_completion=False, rich_markup_mode=None)


def owner_of(url: str, settings: Settings) -> Source | None:
    """The declared source whose article it is, else the widest of those on whose hosts the address is, else None."""
    from crawler.sources import all_sources

    here = [each for each in all_sources(settings).values() if each.within(url)]
    return next((each for each in here if each.covers(url)), max(here, key=lambda each: len(each.hosts), default=None))


def selectors_of_sources() -> dict[str, Selectors]:
    """What the declaration of each source selects on its pages, by its name."""
    from crawler.sources import all_sources

    return {source.name: source.selectors for source in all_sources(opening.settings()).values()}


@sources.callback()
def list_sources(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the sources we know: built in, and declared in thinker.toml.

    Example: thinker sources --json
    """
    from crawler.sources import all_sources

    if ctx.invoked_subcommand:
        return
    known = all_sources(opening.settings())
    if as_json:
        echo_json([source.as_json() for source in known.values()])
        return
    say_table(("source", "homepage", "publisher"), map(_row, known.values()))


@sources.command("show")
def show_source(
    ctx: typer.Context,
    source: Annotated[
        str, typer.Argument(help="A name of `thinker sources`.", autocompletion=completing.sources, show_default=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Show a source as it is declared: its lists and rules, how sure each is, and where that stands.

    CERTAIN: two independent sources say so, or one that quotes real data. SINGLE: one does. INFERRED: our own
    reasoning, of which the reference says from what. A reference is a public repository and a path in it, or how many
    public clients do the same, with the day of that. What thinker.toml says has that file in its place.

    Example: thinker sources show newsroom
    """
    from cli.declared import DeclaredSource
    from crawler.sources import source_named

    settings = opening.settings()
    declared = DeclaredSource(source_named(source, settings), settings)
    if as_json or (ctx.parent is not None and ctx.parent.params.get("as_json")):
        echo_json(declared.as_json())
        return
    say_table(("property", "value"), declared.properties())
    for heading, rows in (("list", declared.lists()), ("rule", declared.rules())):
        if rows:
            say("")
            say_table((heading, "certainty", "declaration and reference"), rows)


def _row(source: Source) -> tuple[str, str, str]:
    from crawler.sources import UNPROVEN

    unproven = f"  (unproven: {UNPROVEN})" if source.unproven else ""
    return source.name, source.homepage, f"{source.publisher}{unproven}"
