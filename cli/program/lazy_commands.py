"""Imports a command only when it is run, for Datasette, Scrapy and APScheduler take a second to import."""

from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command


class CommandEntry(NamedTuple):
    """A command: its place (`module:function`, or `module:app` of a typer app), and its line in --help."""

    place: str
    summary: str


class LazyGroup(TyperGroup):
    """A group that lists its commands from ENTRIES, set by a subclass, and imports only the one that is run."""

    ENTRIES: ClassVar[dict[str, CommandEntry]] = {}

    def __init__(self, **told: Any) -> None:
        listed = {name: TyperCommand(name, help=entry.summary) for name, entry in self.ENTRIES.items()}
        super().__init__(**{**told, "commands": listed})

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, self.loaded(name) if name in self.ENTRIES else command, rest

    def loaded(self, name: str) -> Any:
        """Import a command of ENTRIES; returns it as a command of click, with its options and its help.

        Raises KeyError for a name that is not in ENTRIES.
        """
        module, _, attribute = self.ENTRIES[name].place.partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            app = typer.Typer(add_completion=False, rich_markup_mode=None)
            app.command(name)(found)
            found = app
        command = get_command(found)
        command.name = name
        return command
