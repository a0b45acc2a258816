"""Finds the sources that a schedule may crawl; without any, the line to add to thinker.toml."""

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
    """The known sources by name, but for those that have a schedule and cannot be crawled.

    These have no seeds, or are on the public web while thinker.toml has no contact; `passed_over` has a line with the
    reason for each. Sources without a schedule are all in `sources`.
    """

    sources: dict[str, Source]
    passed_over: list[str] = field(default_factory=list)

    def warn(self) -> None:
        """Print a line on stderr for each source that is left out."""
        for why in self.passed_over:
            warn(f"thinker: not crawled: {why}")


def scheduled(settings: Settings) -> Scheduled:
    """The result of `looked_at`, if one of its `sources` has a schedule.

    Else it raises typer.Exit (USAGE) after printing a remedy on stderr: the reason for each source that is passed over,
    or, without any, the line that gives a source a schedule.
    """
    found = looked_at(settings)
    if any(schedules_of(settings, found.sources.values())):
        return found
    found.warn()
    if not found.passed_over:
        warn(f"thinker: {unscheduled(settings)}")
    raise typer.Exit(exit_codes.USAGE)


def looked_at(settings: Settings) -> Scheduled:
    """The known sources without those that have a schedule but no seeds or contact; these are in `passed_over`."""
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
    """A message that no source has a schedule, with the line that gives one to a source.

    The source is the first of `_wanted` to whose settings such a line can be added; StopIteration without one.
    """
    file = Home(common.Chosen.home).settings_file
    text = file.read_text(encoding=ENCODING) if file.exists() else ""
    found = (_addition(text, name, source) for name, source in _wanted(settings))
    place, line = next(filter(None, found))
    return f"no source has a schedule: add to {file}{place}: {line}"


def _wanted(settings: Settings) -> Iterator[tuple[str, Source]]:
    """Yield (name, source): sources in the settings first, then LIVE, then the others."""
    known = all_sources(settings)
    return ((name, known[name]) for name in dict.fromkeys((*sorted(settings.sources), LIVE, *known)))


def _addition(text: str, name: str, source: Source) -> tuple[str, str] | None:
    """(words for a place in the file, the line to add there), which gives a source a schedule.

    `(", below [sources]", 'town.schedule = "every 1d"')`. Tried are the places below [sources.NAME], below [sources],
    and at the beginning of the file; None if the line would make the file invalid in each.
    text: the content of the file.
    """
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
