"""The command that takes in what others saved: import."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import common, completing, opening
from cli.common import AsJson, echo_json, say, tell, visible
from cli.opening import writing
from cli.progress import BYTES, shown
from cli.sources import owner_of

if TYPE_CHECKING:
    from archive.importer import ImportSummary
    from archive.settings import Settings
    from archive.source_record import SourceRecord


def import_(
    paths: Annotated[list[Path], typer.Argument(help="WARC files, saved pages, or folders of them.")],
    source: Annotated[
        str | None, typer.Option(help="File everything under this source.", autocompletion=completing.sources)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import WARC files, saved pages (a folder's MANIFEST.tsv gives their addresses) and text dumps.

    Each keeps its own capture time and the origin `import`. What shows no article is kept as a capture and listed.

    Example: thinker import saved-pages/ --json
    """
    from archive.importer import import_paths
    from crawler.sources import source_named

    settings = opening.settings()
    fixed = source_named(source, settings).record() if source else None
    with writing(create=True) as opened, shown("importing", BYTES, as_json) as progress:
        summary = import_paths(opened, paths, lambda url: _owner(url, settings), fixed, progress=progress)
    _echo_import(summary, as_json)
    raise typer.Exit(common.UNMET if summary.errors else common.OK)


def _owner(url: str, settings: Settings) -> SourceRecord | None:
    owner = owner_of(url, settings)
    return owner.record() if owner else None


def _echo_import(summary: ImportSummary, as_json: bool) -> None:
    if as_json:
        echo_json(asdict(summary))
        return
    say(f"{summary.captures} captures, {summary.new_articles} new articles, {summary.new_revisions} new revisions")
    for kept in summary.not_articles:
        say(f"kept, no article: {visible(kept.path)}: {kept.reason}")
    for lost in summary.errors:
        tell(f"thinker: not imported: {visible(lost.path)}: {lost.reason}")
