"""The definition of a watch, checked: its query by the grammar of search, and all else as in thinker.toml."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from archive.files import OtherVersion
from archive.search import parse
from archive.settings import WATCH_NAME, Settings, SettingsError, WatchSettings

MAX_NAME_CHARACTERS = 64
UNREADABLE = "update the program, or delete its row in the table `watches`"


class WatchError(ValueError):
    """A watch cannot be made, or is unknown; the text is one line with the cause and the remedy.

    key: the setting that is wrong; None if it is the name.
    """

    def __init__(self, text: str, key: str | None = None) -> None:
        super().__init__(text)
        self.key = key


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch by its name. is_declared: it is in thinker.toml, not added by a command."""

    name: str
    asked: WatchSettings
    is_declared: bool = False

    @property
    def text(self) -> str:
        """The definition as canonical JSON, without values that are the default."""
        told = self.asked.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(told, ensure_ascii=False, sort_keys=True)


def named(name: str) -> str:
    """The name, if a watch may have it; else raises WatchError."""
    if not WATCH_NAME.fullmatch(name):
        raise WatchError(f"{name[:MAX_NAME_CHARACTERS]!r}: use only a-z, 0-9, - and _ in the name of a watch")
    return name


def made(name: str, values: Mapping[str, Any]) -> Watch:
    """The watch of a name with these settings, by their keys in thinker.toml. Raises WatchError."""
    try:
        asked = WatchSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = str(first["loc"][0]) if first["loc"] else "the watch"
        cause = "it is missing" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
        raise WatchError(cause, key) from None
    if fault := query_fault(asked.query):
        raise WatchError(fault, "query")
    return Watch(named(name), asked)


def stored(name: str, text: str, is_declared: bool) -> Watch:
    """The watch of a row of watches.db. Raises OtherVersion for settings that this version cannot read."""
    try:
        return Watch(name, WatchSettings.model_validate(json.loads(text)), is_declared)
    except ValueError:
        raise OtherVersion(f"watches.db: the watch {name!r} is of another version, or damaged: {UNREADABLE}") from None


def declared(settings: Settings) -> dict[str, Watch]:
    """The watches of thinker.toml by name. Raises SettingsError for a query without a word to look for."""
    for name, asked in settings.watch.items():
        if fault := query_fault(asked.query):
            raise SettingsError(f"{settings.file}: watch.{name}.query: {fault}")
    return {name: Watch(name, asked, is_declared=True) for name, asked in settings.watch.items()}


def query_fault(query: str) -> str | None:
    """The reason why a query can find nothing, in one line; None if it can, or is empty and so finds every text."""
    if query.strip() and parse(query, edits=True).tree is None:
        return f"{query[:100]!r} has no word to look for: write one, or leave the query empty for every text"
    return None
