"""What thinker.toml may say: defaults, extra sources, and one clear line when a key is wrong."""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, ValidationError
from pydantic_core import ErrorDetails

from archive.lock import REINDEX
from archive.warc_files import DERIVED

SETTINGS_FILE = "thinker.toml"
RESERVED = ("operator", "schedule", REINDEX)  # chains and locks that are no source's
SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class SettingsError(Exception):
    """thinker.toml cannot be used; the text is one line: the file, the key, and what would be right."""


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{text!r} is no http or https address")
    return text


def _host_and_port(text: str) -> str:
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"{text!r} is not host:port, such as 127.0.0.1:8765")
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # OSError: the name of a folder, such as "Asia"
        raise ValueError(f"{name!r} is no time zone, such as Asia/Shanghai") from error
    return name


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error
    return text


def _contact(text: str) -> str:
    if not re.fullmatch(r"https?://\S+|[^@\s]+@[^@\s]+", text):
        raise ValueError(f"{text!r} is neither a mail address nor an http address")
    return text


Address = Annotated[str, AfterValidator(_web_address)]
Addresses = tuple[Address, ...]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class SourceSettings(_Table):
    """`[sources.NAME]`: what changes a built-in source or declares one of your own. None: not said."""

    publisher: str | None = None
    homepage: Address | None = None
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    in_language: str | None = None
    feeds: Addresses = ()
    sitemaps: Addresses = ()
    lists: Addresses = ()
    scope: Annotated[str, AfterValidator(_pattern)] | None = None
    section: str | None = None
    schedule: str | None = None
    delay: Annotated[float, Field(ge=0, le=3600)] | None = None
    """Seconds between two requests to one host."""
    allow: tuple[Annotated[str, AfterValidator(_host_and_port)], ...] = ()
    """The only non-public addresses this source may reach, each as host:port."""
    expect: Annotated[int, Field(ge=0)] | None = None
    """A crawl that sees fewer articles than this ends with exit code 3."""
    removal_probes: Annotated[int, Field(ge=1)] | None = None
    removal_spacing: Annotated[float, Field(ge=0)] | None = None
    """Seconds between two probes of an article that seems to be gone."""


class Settings(_Table):
    """The whole of thinker.toml; a file that is absent gives the defaults."""

    contact: Annotated[str, AfterValidator(_contact)] | None = None
    """Mail or web address in the user agent, so that a publisher can reach you."""
    free_space_floor: Annotated[int, Field(ge=0)] = 500
    """Megabytes that stay free: below them a crawl stops with exit code 6."""
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    _file: str | None = PrivateAttr(default=None)

    def source(self, name: str) -> SourceSettings:
        """What the file says about one source; all unsaid where it says nothing."""
        return self.sources.get(name, SourceSettings())


def load_settings(home: str | os.PathLike[str]) -> Settings:
    """Read `HOME/thinker.toml`; raise SettingsError with one line when it cannot be used."""
    file = Path(home) / SETTINGS_FILE
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}") from error
    return _parsed(text, file)


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """Each setting in force as (key, value, origin), origin being `default` or the file that says it."""
    rows = [_row(settings, key, key, settings) for key in ("contact", "free_space_floor")]
    for name, source in sorted(settings.sources.items()):
        rows += [_row(source, key, f"sources.{name}.{key}", settings) for key in _said(source)]
    return rows


def _row(table: _Table, key: str, label: str, settings: Settings) -> tuple[str, str, str]:
    said = key in table.model_fields_set
    return label, _shown(getattr(table, key)), settings._file or "settings" if said else "default"


def _said(table: _Table) -> list[str]:
    return [key for key in type(table).model_fields if key in table.model_fields_set]


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "not set" if value is None else str(value)


def _parsed(text: str, file: Path) -> Settings:
    try:
        settings = Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: {error}") from error
    except ValidationError as error:
        raise SettingsError(f"{file}: {_line(error.errors())}") from error
    for name in settings.sources:
        if not SOURCE_NAME.fullmatch(name):
            raise SettingsError(f"{file}: sources.{name!r}: a name is of a-z, 0-9, - and _ (it names files)")
        if name.endswith(DERIVED) or name in RESERVED:
            raise SettingsError(f"{file}: sources.{name}: the archive's own files are called so: choose another name")
    settings._file = str(file)
    return settings


def _line(errors: list[ErrorDetails]) -> str:
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return _sentence(errors[0]) + more


def _sentence(error: ErrorDetails) -> str:
    path = [str(step) for step in error["loc"]]
    key = ".".join(path)
    if error["type"] == "extra_forbidden":
        return f"unknown key {key!r}{_suggestion(path)}"
    cause = error["msg"].removeprefix("Value error, ")
    return f"{key}: {cause[:1].lower()}{cause[1:]}"


def _suggestion(path: list[str]) -> str:
    known = list(_keys_beside(path))
    near = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(known)}"


def _keys_beside(path: list[str]) -> Iterator[str]:
    table = Settings if len(path) == 1 else SourceSettings
    yield from table.model_fields
