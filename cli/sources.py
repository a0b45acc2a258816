"""The commands that list and show sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import opening
from cli.program.common import AsJson, echo_json, say
from cli.terminal import completing
from cli.terminal.table import say_table

if TYPE_CHECKING:
    from crawler.sources import Source

sources = typer.Typer(invoke_without_command=True, add_completion=False, rich_markup_mode=None)


@sources.callback()
def list_sources(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the known sources: built-in ones, and those declared in thinker.toml.

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
        str, typer.Argument(help="Name of a source.", autocompletion=completing.sources, show_default=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Show the declaration of a source, with the evidence for each list and rule.

    CERTAIN: two independent references agree, or one quotes real data. SINGLE: one reference says so. INFERRED: we
    concluded it ourselves; the reference says from what. A reference names a file in a public repository, or how many
    public programs read the site in the same way, with the date. For a value from thinker.toml it is that file.

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
