"""The command `schedule export`: writes the schedule for cron or systemd."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import common, opening
from cli.program.common import say, warn

if TYPE_CHECKING:
    from schedules.slots import Schedule, ScheduleForm

PROGRAM = Path(__file__).resolve().parents[2] / "thinker.py"

SERVICE = """\
# thinker-crawl@.service
[Unit]
Description=Thinker Archive: one crawl of %i
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={command} crawl %i
KillMode=mixed
TimeoutStartSec=6h
"""
TIMER = """\
# thinker-crawl-{name}.timer
[Unit]
Description=Thinker Archive: when {name} is crawled ({text})

[Timer]
OnCalendar={event}
AccuracySec=1s
Persistent=true
Unit=thinker-crawl@{name}.service

[Install]
WantedBy=timers.target
"""

IntoFolder = Annotated[Path | None, typer.Option("--into", help="Write the units as files into this folder.")]


def schedule_export(
    systemd: Annotated[bool, typer.Option("--systemd", help="Print systemd timers and a service.")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="Print crontab lines.")] = False,
    into: IntoFolder = None,
) -> None:
    """Print the schedule for cron or systemd, to use instead of `thinker schedule run`.

    Each crawl runs in its own process. Schedules that cron or systemd cannot express are left out, with a warning.
    If a source is in another time zone than the machine, cron must support CRON_TZ: cronie does, Debian's cron does
    not.

    Example: thinker schedule export --cron
    """
    from crawler.sources import all_sources
    from schedules.slots import calendar, cron_fields, schedules_of

    if systemd == cron:
        raise typer.BadParameter("choose one of the two", param_hint="--systemd, --cron")
    if into is not None and cron:
        raise typer.BadParameter("only works with --systemd", param_hint="--into")
    settings = opening.settings()
    schedules = schedules_of(settings, all_sources(settings).values())
    if not schedules:
        warn("no source has a schedule: nothing to export")
        return
    if cron:
        say("\n".join(_crontab(_written(schedules, cron_fields, "cron"))))
        return
    units = _units(_written(schedules, calendar, "systemd"))
    if into is None:
        say("\n".join(units))
        return
    _make(into)
    for unit in units:
        name, _, text = unit.removeprefix("# ").partition("\n")
        (into / name).write_text(text, encoding="utf-8")


def _make(folder: Path) -> None:
    """Make a folder unless it exists. Raises typer.BadParameter if a file is in the way."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise typer.BadParameter(f"{error.filename} is not a folder", param_hint="--into") from error


def _written(schedules: Sequence[Schedule], form: ScheduleForm, program: str) -> list[tuple[Schedule, str]]:
    """Each schedule with its text in the syntax of cron or systemd.

    One that cannot be expressed is left out, with a warning on stderr.
    """
    found = [(each, form(each)) for each in schedules]
    for schedule, text in found:
        if text is None:
            warn(f"{schedule.source}: {schedule.text!r} cannot be written for {program}: use `thinker schedule run`")
    return [(schedule, text) for schedule, text in found if text is not None]


def _crontab(lines: Sequence[tuple[Schedule, str]]) -> list[str]:
    """The lines of the crontab, ordered by zone: CRON_TZ holds for those after it. % is escaped (crontab(5))."""
    written, zone = [], None
    for schedule, fields in sorted(lines, key=lambda line: line[0].timezone):
        if schedule.timezone != zone:
            zone = schedule.timezone
            written.append(f"CRON_TZ={zone}")
        command = shlex.join([*_command(), "crawl", schedule.source])
        written.append(f"{fields} {command.replace('%', chr(92) + '%')}")
    return written


def _units(timers: Sequence[tuple[Schedule, str]]) -> list[str]:
    """The texts of the unit files, the service first, each with the file's name in its first line.

    The words of the command are quoted, % and $ doubled (systemd.service(5)).
    """
    words = (word.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%").replace("$", "$$") for word in _command())
    service = SERVICE.format(command=" ".join(f'"{word}"' for word in words))
    named = (TIMER.format(name=each.source, text=" ".join(each.text.split()), event=event) for each, event in timers)
    return [service, *named]


def _command() -> list[str]:
    return [sys.executable, str(PROGRAM), "--home", str(common.Chosen.home.resolve())]
