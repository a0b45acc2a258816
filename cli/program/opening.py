"""What commands open: the archive at --home, to read it or to write, and its settings."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import typer

from cli.program import common
from cli.program.common import remark

if TYPE_CHECKING:
    from archive import Archive
    from archive.settings import Settings


@contextmanager
def writing(create: bool = False) -> Iterator[Archive]:
    """The archive at --home, caught up, closed again at the end."""
    from archive import open_archive

    with closing(open_archive(common.Chosen.home, create=create)) as opened:
        yield opened


@contextmanager
def reading() -> Iterator[Archive]:
    """The archive at --home as it lies, closed again at the end; what is not entered yet is said."""
    from archive import not_entered, read_archive

    with closing(read_archive(common.Chosen.home)) as opened:
        lags = not_entered(opened)
        for name, size in lags.items():
            remark(
                f"thinker: {name}: {size:,} bytes of captures and ledger are not in the database yet; {_why(opened)}"
            )
        yield opened


def _why(opened: Archive) -> str:
    """What becomes of the part of the files that no command has entered."""
    from archive.replaying import unread_faults  # with the kinds of ledger lines, where there is such a part

    faults = list(unread_faults(opened.conn, opened.home))
    return f"they cannot be added: {faults[0]}" if faults else "the next crawl adds them"


def settings() -> Settings:
    """What thinker.toml at --home says. Raises what is wrong with it, before anything is begun.

    Names of sources and schedules are looked at here: whoever knows what they may be stands above who reads the file.
    """
    from archive.settings import load_settings  # with pydantic, which a search does not need
    from crawler.sources import all_sources
    from schedules.slots import schedules_of

    said = load_settings(common.Chosen.home)
    schedules_of(said, all_sources(said).values())
    return said


def require_writable() -> None:
    """Raise OSError where --home is there and cannot be written: what asks a site notes there when it may ask again."""
    home = common.Chosen.home
    if home.is_dir() and not os.access(home, os.W_OK):
        number = errno.EROFS if os.statvfs(home).f_flag & os.ST_RDONLY else errno.EACCES
        raise OSError(number, os.strerror(number), str(home))


def require_address(url: str, hint: str = "URL") -> None:
    """Raises typer.BadParameter for what is no address of the web."""
    from parsers.urls import urlkey

    try:
        urlkey(url)
    except ValueError as error:
        cause = str(error).rstrip(".")
        raise typer.BadParameter(f"{cause}: write the full address, starting with https://", param_hint=hint) from error
