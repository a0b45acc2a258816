"""The command verify: checks every stored byte."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import common, exit_codes
from cli.program.common import AsJson, echo_json, remark, say, warn
from cli.program.exit_codes import hear_sigterm
from cli.program.opening import reading as reading_only
from cli.program.opening import writing
from cli.terminal.progress import BYTES, shown

if TYPE_CHECKING:
    from archive import Archive
    from archive.files import Progress
    from archive.replaying import FixityFault, Report


def verify(
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Also check every row of the database against the files; needs space in TMPDIR."),
    ] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Cut unfinished ends off files.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check every stored byte against its stored digest. Exits 1 when it finds a fault.

    --repair first prints each file, the byte at which it will be cut, and the file that keeps the part cut off.

    Example: thinker verify --json
    """
    from archive.files import counted
    from archive.replaying import verify as verify_archive

    hear_sigterm()
    if repair:
        _announce()
    with writing() if repair else reading_only() as opened:
        with shown("reading", BYTES, as_json) as progress:
            report = verify_archive(opened, progress)
        if deep:
            with shown("replaying", BYTES, as_json) as progress:
                report = replace(report, faults=report.faults + proved(opened, progress))
            note_proof(opened, report)
    faults = [asdict(fault) for fault in report.faults]
    if as_json:
        read = {"records": report.records, "lines": report.lines}
        echo_json({"ok": report.ok, **read, "faults": faults, "remarks": list(report.remarks)})
    else:
        for fault in faults:
            say(f"{fault['file']} at {fault['offset']}: {fault['kind']}: {fault['detail']}")
        read_of = f"{counted(report.records, 'record')} and {counted(report.lines, 'ledger line')} read"
        say(f"{read_of}, {counted(len(faults), 'fault')}")
        for line in report.remarks:
            remark(f"thinker: {line}")
    raise typer.Exit(exit_codes.OK if report.ok else exit_codes.FAILED)


def _announce() -> None:
    """Print on stderr the cuts that a repair will make."""
    from archive import read_archive
    from archive.replaying import torn_ends

    with closing(read_archive(common.Chosen.home)) as opened:
        for torn in torn_ends(opened):
            size = torn.path.stat().st_size - torn.end
            back = f", {len(torn.whole)} complete records of it are put back" if torn.whole else ""
            warn(f"{torn.path} will be cut at byte {torn.end}: {size} bytes go to {torn.beside.name}{back}")


def proved(opened: Archive, progress: Progress) -> tuple[FixityFault, ...]:
    """The faults of the database's rows, found by a replay of the files."""
    from archive.replaying import prove

    with TemporaryDirectory(prefix="thinker-verify-") as scratch:
        return prove(opened, Path(scratch), progress)


def note_proof(opened: Archive, report: Report) -> None:
    """Store the result of a deep verification for `status` and the site's status page.

    If the database cannot be written, print a warning on stderr instead.
    """
    from archive import connect
    from schedules.health import proof_rule, store

    now = datetime.now(UTC)
    try:
        with closing(connect(opened.home.database)) as conn:
            store(conn, [proof_rule(len(report.faults), now)], now)
    except sqlite3.Error as error:  # a read-only home or a damaged file; the report is printed anyway
        warn(f"thinker: the result could not be stored for `thinker status`: {error}")
