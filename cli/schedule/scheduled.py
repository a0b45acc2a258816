"""What a schedule may crawl in this home; where there is nothing, what to write into its thinker.toml."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

import typer

from archive.files import Home
from archive.settings import ENCODING, Settings
from cli.program import common, exit_codes
from cli.program.common import warn
from cli.program.starter import LIVE, USUAL
from crawler.sources import NoContact, NoSeeds, Source, all_sources
from schedules.slots import schedules_of

TABLE = re.compile(r"^\s*\[", re.MULTILINE)


@dataclass(slots=True)
class Scheduled:
    """The declared sources but those that have a schedule and may not be crawled; of each of these, why."""

    sources: dict[str, Source]
    passed_over: list[str] = field(default_factory=list)

    def warn(self) -> None:
        """Say which sources are not crawled, a line each."""
        for why in self.passed_over:
            warn(f"thinker: not crawled: {why}")


def scheduled(settings: Settings) -> Scheduled:
    """What a schedule may crawl. Raises typer.Exit, after a line with the remedy, when that is nothing at all."""
    found = looked_at(settings)
    if any(schedules_of(settings, found.sources.values())):
        return found
    found.warn()
    if not found.passed_over:
        warn(f"thinker: {unscheduled(settings)}")
    raise typer.Exit(exit_codes.USAGE)


def looked_at(settings: Settings) -> Scheduled:
    """What a schedule may crawl, be it nothing."""
    found = Scheduled(all_sources(settings))
    for schedule in schedules_of(settings, found.sources.values()):
        try:
            found.sources[schedule.source].require_seeds()
            found.sources[schedule.source].require_contact(settings.contact)
        except (NoSeeds, NoContact) as error:
            found.passed_over.append(str(error))
            del found.sources[schedule.source]
    return found


def unscheduled(settings: Settings) -> str:
    """That no source has a schedule, and the one line that gives one to a source this home speaks of already."""
    file = Home(common.Chosen.home).settings_file
    text = file.read_text(encoding=ENCODING) if file.exists() else ""
    found = (_addition(text, name, source) for name, source in _wanted(settings))
    place, line = next(filter(None, found))
    return f"no source has a schedule: add to {file}{place}: {line}"


def _wanted(settings: Settings) -> Iterator[tuple[str, Source]]:
    """Sources by name: those that the settings speak of, then ours, then the others."""
    known = all_sources(settings)
    return ((name, known[name]) for name in dict.fromkeys((*sorted(settings.sources), LIVE, *known)))


def _addition(text: str, name: str, source: Source) -> tuple[str, str] | None:
    """Where a line goes and the line; None where the source is written so that it cannot be added to."""
    said = f'schedule = "{source.usual_schedule or USUAL}"'
    for header, line in ((f"[sources.{name}]", said), ("[sources]", f"{name}.{said}"), ("", f"sources.{name}.{said}")):
        if header and header not in map(str.strip, text.splitlines()):
            continue
        before, _, behind = text.partition(header) if header else ("", "", text)
        if _is_toml(f"{before}{header}\n{line}\n{behind}"):
            first = ", above its first [table]" if TABLE.search(text) else ""
            return f", below {header}" if header else first, line
    return None


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
