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
    """The known sources, also those without a schedule; of those with one, only if they have seeds and a contact.

    `passed_over` has the reason for each source that is left out.
    """

    sources: dict[str, Source]
    passed_over: list[str] = field(default_factory=list)

    def warn(self) -> None:
        """Print a line for each source that is not crawled."""
        for why in self.passed_over:
            warn(f"thinker: not crawled: {why}")


def scheduled(settings: Settings) -> Scheduled:
    """As `looked_at`. Raises typer.Exit, with a remedy on stderr, if no source has a schedule that can run."""
    found = looked_at(settings)
    if any(schedules_of(settings, found.sources.values())):
        return found
    found.warn()
    if not found.passed_over:
        warn(f"thinker: {unscheduled(settings)}")
    raise typer.Exit(exit_codes.USAGE)


def looked_at(settings: Settings) -> Scheduled:
    """The known sources, also those without a schedule; of those with one, only if they have seeds and a contact.

    The reasons for leaving a source out are in `passed_over`.
    """
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

    It is the first of `_wanted` for which such a line can be added.
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
    """(place, line): the line that gives a source a schedule, and the words for its place in a message.

    `(", below [sources]", 'town.schedule = "every 1d"')`. None if the line would make the file invalid wherever it
    stands. text: the content of the file.
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
