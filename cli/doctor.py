"""`thinker doctor`: the machine and the archive, or one live source beside its declaration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.health import begun, disk, echo_rules, health, machine, unmade
from cli.program import common, exit_codes, opening
from cli.program.common import AsJson, echo_json, remark, say, warn
from cli.program.opening import reading
from cli.terminal import completing

if TYPE_CHECKING:
    from archive.settings import Settings
    from crawler.examining import Examined
    from crawler.sources import Source
    from parsers import Document

MANIFEST = "manifest.jsonl"


def doctor(
    source: Annotated[
        str | None,
        typer.Argument(
            help="Check this live source against its declaration, instead of the machine.",
            autocompletion=completing.sources,
        ),
    ] = None,
    save: Annotated[Path | None, typer.Option(help="Save the pages of SOURCE in this folder, as a test case.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a report on SOURCE, without the texts of its pages, to this new file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check this machine, the settings and the archive, and print a remedy for each problem. Exits 3 on a problem.

    With SOURCE, it fetches robots.txt, one page of each list and two articles, as politely as a crawl. It prints the
    declaration, the findings, and the key or selector to change. Nothing is stored in the archive. Exits 3 when
    something differs, 4 when robots.txt refuses it.

    Pages saved with --save can be parsed again: `cd DIR && thinker parse --jsonl < manifest.jsonl`. A report written
    with --report is safe to send to the developers: it has addresses, dates, labels and the structure of each page,
    and replaces the characters of every text.

    Example: thinker doctor newsroom --save pages/
    """
    from archive.files import Home
    from schedules.health import cluster_health

    if source is not None:
        raise typer.Exit(_examined(source, save, report, as_json))
    for option, place in (("--save", save), ("--report", report)):
        if place is not None:
            raise typer.BadParameter("needs a SOURCE", param_hint=option)
    home, settings = Home(common.Chosen.home), opening.settings()
    rules = [*machine(), *begun(home, settings)]
    if home.database.exists():
        with reading() as opened:
            rules += health(opened, settings)  # includes the disk
    else:
        rules += [unmade(home), disk(home, settings)]
    if (cluster := cluster_health(settings)) is not None:
        rules.append(cluster.rule)
    raise typer.Exit(echo_rules(rules, as_json))


def _examined(name: str, save: Path | None, report: Path | None, as_json: bool) -> int:
    from archive.files import counted
    from crawler.examining import examine
    from crawler.sources import source_named

    settings = opening.settings()
    source = source_named(name, settings)
    opening.require_writable()
    if save is not None:
        _require_empty(save)
    with _new(report) if report is not None else nullcontext():
        found = examine(source, common.Chosen.home, settings)
        reported = _reported(found, source, settings, report) if report is not None else None
    if as_json:
        told = [{"ok": finding.ok, **asdict(finding)} for finding in found.findings]
        echo_json({"source": name, "ok": found.ok, "findings": told})
    else:
        for finding in found.findings:
            say(" ".join(finding.line.split()))
    if save is not None:
        remark(f"saved {counted(_saved(found, name, save), 'page')} in {save}")
    if reported is not None:
        remark(reported)
    if found.stopped:
        warn("thinker: stopped before every check was done")
    return _code(found)


def _require_empty(folder: Path) -> None:
    """Make the folder unless it exists, before pages are fetched; it must have no manifest, other files may be in it.

    Raises typer.BadParameter if it has a manifest, or if a file is in the way.
    """
    if (folder / MANIFEST).exists():
        raise typer.BadParameter(f"{folder / MANIFEST} already exists: choose another folder", param_hint="--save")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise typer.BadParameter(f"{error.filename} is not a folder", param_hint="--save") from error


@contextmanager
def _new(file: Path) -> Iterator[None]:
    """Make the file before pages are fetched, and delete it if the block fails.

    Raises typer.BadParameter if it exists, or its folder does not.
    """
    try:
        file.touch(exist_ok=False)
    except FileExistsError as error:
        raise typer.BadParameter(f"{file} already exists: name another file", param_hint="--report") from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise typer.BadParameter(f"{file.parent} is not a folder", param_hint="--report") from error
    try:
        yield
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _reported(found: Examined, source: Source, settings: Settings, file: Path) -> str:
    """Write the report to a file; returns a line with the numbers of its pages.

    `wrote 3 pages without their texts to FILE; 2 parsed like the original`.
    """
    from archive.files import counted
    from crawler.examining import report_of

    told = report_of(found.seen, found.findings, source, settings, datetime.now(UTC))
    lines = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    file.write_text(lines, encoding="utf-8", errors="backslashreplace")  # JSON restores lone surrogates from these
    pages = [page for page in told["pages"] if page["payload"] is not None]
    alike = sum(page["reads_alike"] for page in pages)
    own = "its text" if len(pages) == 1 else "their texts"
    return f"wrote {counted(len(pages), 'page')} without {own} to {file}; {alike} parsed like the original"


def _code(found: Examined) -> int:
    if found.stopped:
        return exit_codes.STOPPED
    if found.refused:
        return exit_codes.REFUSED
    return exit_codes.OK if found.ok else exit_codes.UNMET


def _saved(found: Examined, source: str, folder: Path) -> int:
    """Write the fetched pages and the manifest for `thinker parse --jsonl`; returns the number of pages."""
    pages = [("list", page) for page in found.lists] + [("article", page) for page in found.articles]
    lines = []
    for number, (kind, page) in enumerate(pages, start=1):
        file = f"{number:02}-{kind}{_suffix(page)}"
        (folder / file).write_bytes(page.payload)
        lines.append(json.dumps(_entry(file, page, source), ensure_ascii=False) + "\n")
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")
    return len(pages)


def _entry(file: str, page: Document, source: str) -> dict[str, Any]:
    from archive.files import stamp

    return {
        "id": file,
        "path": file,
        "url": page.url,
        "content_type": page.content_type,
        "captured_at": stamp(page.captured_at),
        "source": source,
    }


def _suffix(page: Document) -> str:
    kind = (page.content_type or "").partition(";")[0].strip().lower()
    return ".json" if kind.endswith("json") else ".xml" if kind.endswith("xml") and "html" not in kind else ".html"
