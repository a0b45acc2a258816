"""The command import: stores WARC files and pages saved by other programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import exit_codes, opening
from cli.program.common import AsJson, echo_json, remark, say, visible, warn
from cli.program.crawled import claims_of
from cli.program.opening import writing
from cli.terminal import completing
from cli.terminal.progress import BYTES, shown

if TYPE_CHECKING:
    from archive.importing import ImportSummary


def import_(
    paths: Annotated[list[Path], typer.Argument(help="WARC files, saved pages, or folders.")],
    source: Annotated[
        str | None,
        typer.Option(help="Store everything under this source, whatever claims it.", autocompletion=completing.sources),
    ] = None,
    captured_at: Annotated[
        str | None,
        typer.Option(
            "--captured-at", metavar="ISO 8601", help="Time at which files were saved, unless a manifest gives it."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import WARC files, saved pages and text dumps. MANIFEST.tsv in a folder gives the addresses of its pages.

    A WARC record has its own time, WARC-Date. For a saved file the time comes from the column captured_at of the
    manifest, from --captured-at, or from the program that saved it (SingleFile, wget --save-headers, the Wayback
    Machine), in this order. The modification time of the file is not used. A text without a time is stored as undated;
    it is the current version only if the article has no other. Times more than a day in the future are refused.

    A page at a known address is filed under the article there, others under the source that claims their address. A
    page that comes without an address may name it itself: by SingleFile, a browser's "saved from url", rel=canonical or
    og:url; for a copy in a web archive it is that of the page. A text dump may have the mark of its mirror. Pages that
    no source claims are filed under `imported`. --source overrides all this. What a page says of itself can be false:
    import only files whose origin you know.

    Pages without an article are stored as captures and listed.

    Example: thinker import saved-pages/ --captured-at 2026-11-26T10:00:00+08:00
    """
    from archive.importing import import_paths
    from crawler.sources import source_named

    now = datetime.now(UTC)
    stated = _stated(captured_at, now)
    settings = opening.settings()
    to = source_named(source, settings).record() if source else claims_of(settings)
    with writing(create=True) as opened, shown("importing", BYTES, as_json) as progress:
        summary = import_paths(opened, paths, to, progress, stated)
    _echo_import(summary, as_json)
    raise typer.Exit(exit_codes.UNMET if summary.errors else exit_codes.OK)


def _stated(text: str | None, now: datetime) -> datetime | None:
    """The moment in --captured-at; None without one.

    Raises typer.BadParameter if it is no moment with a time zone, or more than a day in the future.
    """
    from archive.files import too_late
    from archive.importing import FORM, moment

    if text is None:
        return None
    at = moment(text)
    reason = f"{text[:40]!r} is not a time with a time zone, such as {FORM}" if at is None else too_late(at, now)
    if reason:
        raise typer.BadParameter(reason, param_hint="--captured-at")
    return at


def _echo_import(summary: ImportSummary, as_json: bool) -> None:
    from archive.files import counted

    if as_json:
        echo_json(asdict(summary))
        return
    figures = {"capture": summary.captures, "new article": summary.new_articles, "new revision": summary.new_revisions}
    say(", ".join(counted(count, noun) for noun, count in figures.items()))
    for name, count in summary.sources.items():
        say(f"{name}: {counted(count, 'capture')}")
    if summary.merged:
        remark(f"{counted(summary.merged, 'article')} of other sources at the same addresses became one with these")
    if summary.undated:
        remark(
            f"{summary.undated} of them undated: give the time in captured_at of MANIFEST.tsv, or with --captured-at"
        )
    for kept in summary.not_articles:
        say(f"stored, but not an article: {visible(kept.path)}: {kept.reason}")
    for lost in summary.errors:
        warn(f"thinker: not imported: {visible(lost.path)}: {lost.reason}")
