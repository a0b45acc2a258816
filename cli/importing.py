"""The command that takes in what others saved: import."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import exit_codes, opening
from cli.program.common import AsJson, echo_json, remark, say, visible, warn
from cli.program.opening import writing
from cli.sources import owner_of
from cli.terminal import completing
from cli.terminal.progress import BYTES, shown

if TYPE_CHECKING:
    from archive.importing import ImportSummary
    from archive.settings import Settings, SourceRecord


def import_(
    paths: Annotated[list[Path], typer.Argument(help="WARC files, saved pages, or folders of them.")],
    source: Annotated[
        str | None, typer.Option(help="File everything under this source.", autocompletion=completing.sources)
    ] = None,
    captured_at: Annotated[
        str | None,
        typer.Option(
            "--captured-at", metavar="ISO 8601", help="When saved files were captured; a manifest goes first."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import WARC files, saved pages (a folder's MANIFEST.tsv gives their addresses) and text dumps.

    A record has its WARC-Date. A saved file was captured when the manifest's column captured_at says, else at
    --captured-at, else when the program that saved it says in it (SingleFile, wget --save-headers, the
    Wayback Machine). The time of the file counts for nothing: without a moment a text is kept as undated, and is
    the current one only of an article that has no other. What is dated more than a day ahead of now is refused.

    What shows no article is kept as a capture and listed.

    Example: thinker import saved-pages/ --captured-at 2026-11-26T10:00:00+08:00
    """
    from archive.importing import import_paths
    from crawler.sources import source_named

    now = datetime.now(UTC)
    stated = _stated(captured_at, now)
    settings = opening.settings()
    fixed = source_named(source, settings).record() if source else None

    def owner(url: str) -> SourceRecord | None:
        return fixed or _owner(url, settings)

    with writing(create=True) as opened, shown("importing", BYTES, as_json) as progress:
        summary = import_paths(opened, paths, owner, progress, stated)
    _echo_import(summary, as_json)
    raise typer.Exit(exit_codes.UNMET if summary.errors else exit_codes.OK)


def _stated(text: str | None, now: datetime) -> datetime | None:
    """The moment of --captured-at. Raises typer.BadParameter."""
    from archive.files import too_late
    from archive.importing import FORM, moment

    if text is None:
        return None
    at = moment(text)
    reason = f"{text[:40]!r} is no moment with a zone: write {FORM}" if at is None else too_late(at, now)
    if reason:
        raise typer.BadParameter(reason, param_hint="--captured-at")
    return at


def _owner(url: str, settings: Settings) -> SourceRecord | None:
    owner = owner_of(url, settings)
    return owner.record() if owner else None


def _echo_import(summary: ImportSummary, as_json: bool) -> None:
    from archive.files import counted

    if as_json:
        echo_json(asdict(summary))
        return
    figures = {"capture": summary.captures, "new article": summary.new_articles, "new revision": summary.new_revisions}
    say(", ".join(counted(count, noun) for noun, count in figures.items()))
    if summary.undated:
        remark(f"{summary.undated} of them undated: say when by captured_at in MANIFEST.tsv, or by --captured-at")
    for kept in summary.not_articles:
        say(f"kept, no article: {visible(kept.path)}: {kept.reason}")
    for lost in summary.errors:
        warn(f"thinker: not imported: {visible(lost.path)}: {lost.reason}")
