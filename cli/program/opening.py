"""Opens the archive at --home, for reading or writing, and its settings."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import typer

from cli.program import common
from cli.program.common import remark

if TYPE_CHECKING:
    from archive import Archive
    from archive.settings import Settings
    from parsers.selectors import Selectors


@contextmanager
def writing(create: bool = False) -> Iterator[Archive]:
    """Open the archive at --home for writing, with its database brought up to date.

    Without an archive it is created if `create`; otherwise FileNotFoundError is raised.
    """
    from archive import open_archive

    with closing(open_archive(common.Chosen.home, create=create)) as opened:
        yield opened


@contextmanager
def reading() -> Iterator[Archive]:
    """Open the archive at --home for reading; prints a hint if its database lacks what the files have.

    Raises FileNotFoundError without an archive.
    """
    from archive import read_archive
    from archive.replaying import what_lags

    with closing(read_archive(common.Chosen.home)) as opened:
        for line in what_lags(opened):
            remark(f"thinker: {line}")
        yield opened


def settings() -> Settings:
    """The settings in thinker.toml at --home; the defaults without that file.

    Also checks the names of sources, those of [publish.sources] too, the schedules, and the queries of watches: the
    layer that reads the file knows none of them. Raises SettingsError, UnknownSource and UnknownSeed before any work
    has started.
    """
    from archive.settings import load_settings  # imports pydantic, which a search does not need
    from crawler.sources import all_sources
    from schedules.slots import schedules_of

    said = load_settings(common.Chosen.home)
    known = all_sources(said)
    schedules_of(said, known.values())
    if said.publish.sources.keys() - known.keys():
        _require_sources(said, [*known])
    if said.watch:
        from archive.watches import declared

        declared(said)
    return said


def _require_sources(said: Settings, declared: list[str]) -> None:
    """Raise UnknownSource for a name of [publish.sources] that is neither declared nor the source of any article."""
    from archive import read_archive
    from archive.settings import ANY_SITE
    from crawler.sources import UnknownSource

    known = [*declared, *ANY_SITE]
    with suppress(FileNotFoundError), closing(read_archive(common.Chosen.home)) as opened:
        known += [name for (name,) in opened.conn.execute("select name from sources")]
    for name in said.publish.sources:
        if name not in known:
            raise UnknownSource(name, sorted({*known}), " (publish.sources)", said.file)


def selectors_of_sources() -> dict[str, Selectors]:
    """The selectors of every known source, by its name; NO_SELECTORS for a source without any."""
    from crawler.sources import all_sources

    return {source.name: source.selectors for source in all_sources(settings()).values()}


def require_writable() -> None:
    """Raise OSError if --home exists and is read-only: requests to a site record there when the next one is allowed."""
    home = common.Chosen.home
    if home.is_dir() and not os.access(home, os.W_OK):
        number = errno.EROFS if os.statvfs(home).f_flag & os.ST_RDONLY else errno.EACCES
        raise OSError(number, os.strerror(number), str(home))


def require_address(url: str, hint: str = "URL") -> None:
    """Raise typer.BadParameter, for the parameter `hint`, if the text is not a web address."""
    from parsers.urls import urlkey

    try:
        urlkey(url)
    except ValueError as error:
        cause = str(error).rstrip(".")
        raise typer.BadParameter(f"{cause}: write the full address, starting with https://", param_hint=hint) from error
