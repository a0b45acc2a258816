"""Opens watches.db at --home with the watches of thinker.toml in it, and names watches for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import common, opening
from cli.program.opening import writing

if TYPE_CHECKING:
    from archive import Archive
    from archive.settings import Settings
    from archive.watches import Watch, WatchState

USUAL_SITE = "http://127.0.0.1:8001"  # that of `thinker serve`
PublicAddress = Annotated[
    str | None,
    typer.Option(
        "--public-url", help="Address of the site, for links; default: that of `thinker serve` on this machine."
    ),
]
Name = Annotated[str, typer.Argument(help="Name of a watch, as `thinker watch list` prints it.")]


@contextmanager
def opened_book(settings: Settings) -> Iterator[tuple[Archive, sqlite3.Connection]]:
    """The archive at --home, which is created if it is missing, and its watches.db, for a writer.

    The watches of thinker.toml are entered in it. Raises SettingsError for one that cannot be used.
    """
    from archive.watches import declare, declared, open_book

    watches = declared(settings)
    with writing(create=True) as archive, open_book(archive.home) as book:
        declare(book, archive, watches, datetime.now(UTC))
        yield archive, book


def found_states(settings: Settings) -> dict[str, WatchState]:
    """Every watch with its state, by name; nothing is written."""
    from archive.files import Home
    from archive.watches import declared, read_book, states_read

    with read_book(Home(common.Chosen.home)) as book:
        return states_read(book, declared(settings))


def state_of(states: Mapping[str, WatchState], name: str) -> WatchState:
    """The state of a watch. Raises typer.BadParameter for an unknown name."""
    from archive.watches import WatchError, state_named

    try:
        return state_named(states, name)
    except WatchError as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from None


def require_sources(watch: Watch, settings: Settings) -> None:
    """Raise UnknownSource if a watch names a source that is not known."""
    from archive.settings import ANY_SITE
    from crawler.sources import source_named

    for name in watch.asked.source:
        if name not in ANY_SITE:
            source_named(name, settings)


def site_of(public_url: str | None) -> str:
    """The address of the site for links in messages. Raises typer.BadParameter for one that cannot be used."""
    from archive.publish.serving import BadPublicUrl, PublicUrl

    try:
        return str(PublicUrl.parse(public_url)) if public_url else USUAL_SITE
    except BadPublicUrl as error:
        raise typer.BadParameter(str(error), param_hint="--public-url") from None


def shown_address(watch: Watch) -> str:
    """The address of a watch without secrets."""
    from archive.files import Home
    from schedules.outbound import address

    try:
        return address(watch.asked.to, Home(common.Chosen.home).path).shown
    except ValueError:
        return watch.asked.shown


def settings_checked() -> Settings:
    """The settings at --home, with the sources that its watches name checked. Raises as `opening.settings`."""
    from archive.settings import SettingsError
    from archive.watches import declared
    from crawler.sources import UnknownSource

    settings = opening.settings()
    for name, watch in declared(settings).items():
        try:
            require_sources(watch, settings)
        except UnknownSource as error:
            raise SettingsError(f"{settings.file}: watch.{name}.source: {error}") from None
    return settings
