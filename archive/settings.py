"""What thinker.toml may say: defaults, extra sources, and one clear line when a key is wrong."""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PrivateAttr, ValidationError
from pydantic_core import ErrorDetails

from archive.home import NO_FOLDER
from archive.lock import REINDEX, SCHEDULER
from archive.source_keys import (
    ListAddress,
    PostSettings,
    RowSettings,
    SelectorSettings,
    Table,
    article_address,
    web_address,
)
from archive.source_record import ANY_SITE
from archive.warc_files import DERIVED
from parsers.urls import urlkey

SETTINGS_FILE = "thinker.toml"
ENCODING = "utf-8-sig"  # some editors begin UTF-8 with a mark
RESERVED = ("operator", "schedule", SCHEDULER, REINDEX, *ANY_SITE)  # chains, locks and sources that nobody declares
SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class SettingsError(Exception):
    """thinker.toml cannot be used; the text is one line: the file, the key, and what would be right."""


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


def _host(text: str) -> str:
    try:
        key = urlkey(f"http://{text}/")
    except ValueError as error:
        raise ValueError(f"{text!r} is no host: {error}") from error
    if not key.endswith(")/") or "*" in key:
        raise ValueError(f"{text!r} is no host, such as example.com or 127.0.0.1:8765")
    return text


def _host_or_address(text: str) -> str:
    if "://" not in text:
        return _host(text)
    try:
        urlkey(text)
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}") from error
    return text


def _word(text: str) -> str:
    if not text.strip():
        raise ValueError("an empty word")
    return text.strip()


Address = Annotated[str, AfterValidator(web_address)]
Addresses = tuple[Address, ...]


class SourceSettings(Table):
    """`[sources.NAME]`: what changes a built-in source or declares one of your own. None: not said."""

    publisher: str | None = None
    homepage: Address | None = None
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    in_language: str | None = None
    feeds: Addresses = ()
    sitemaps: Addresses = ()
    lists: tuple[ListAddress, ...] = ()
    """Lists; a path that ends in .json is read as JSON. `{page}` counts from 1, `{section}` is `section`."""
    json_lists: tuple[ListAddress, ...] = ()
    """Lists in JSON, whatever their addresses end in."""
    posts: tuple[PostSettings, ...] = ()
    """Lists in JSON that are asked by POST."""
    without: tuple[ListAddress, ...] = ()
    """Lists of a built-in source, by their addresses, that are not read."""
    rows: RowSettings | None = None
    selectors: SelectorSettings | None = None
    scope: Annotated[str, AfterValidator(_pattern)] | None = None
    article: Annotated[str, AfterValidator(article_address)] | None = None
    """The address of an article by its id, for JSON lists that give ids only."""
    columns: tuple[Annotated[str, AfterValidator(_word)], ...] = ()
    """Only rows whose column or section is one of these, or whose title begins with one and a separator."""
    section: str | None = None
    pages: Annotated[int, Field(ge=1, le=1000)] | None = None
    """How many pages of a list with `{page}`, of one that is posted or of one that links its next page are read."""
    recheck: Annotated[float, Field(ge=0)] | None = None
    """Seconds between two visits to an article; 0: at every crawl. Unsaid: the cadence decides."""
    schedule: str | None = None
    delay: Annotated[float, Field(ge=0, le=3600)] | None = None
    """Seconds between two requests to one host."""
    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    """All hosts that this source may ask, each as host or host:port; those of its homepage and seeds where unsaid."""
    allow: tuple[Annotated[str, AfterValidator(_host_and_port)], ...] = ()
    """The only non-public addresses this source may reach, each as host:port."""
    expect: Annotated[int, Field(ge=0)] | None = None
    """A crawl that sees fewer articles than this ends with exit code 3."""
    removal_probes: Annotated[int, Field(ge=1)] | None = None
    removal_spacing: Annotated[float, Field(ge=0)] | None = None
    """Seconds between two probes of an article that seems to be gone."""
    aliases: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    """Hosts that are one server with the homepage's: they share one delay. `www.` and the bare name always do."""
    budget_pages: Annotated[int, Field(ge=1)] | None = None
    """Requests of one crawl; when a budget is spent, the crawl ends and the next one goes on."""
    budget_bytes: Annotated[int, Field(ge=1)] | None = None
    budget_seconds: Annotated[float, Field(gt=0)] | None = None


class CrawlerSettings(Table):
    """`[crawler]`: what holds for every source."""

    longest_crawl_delay: Annotated[float, Field(ge=0, le=86_400)] = 3600
    """Seconds; a robots.txt that asks for a longer Crawl-delay gets this one."""
    never: tuple[Annotated[str, AfterValidator(_host_or_address)], ...] = ()
    """Never fetched, whatever leads there: a host with all below it, or an address with all that it begins."""


class ScheduleSettings(Table):
    """`[schedule]`: what holds for `thinker run` and `thinker schedule run`."""

    children: Annotated[int, Field(ge=1, le=64)] = 4
    """How many crawls may be under way at once; further slots wait, and a line says so."""


class Settings(Table):
    """The whole of thinker.toml; a file that is absent gives the defaults."""

    contact: Annotated[str, AfterValidator(_contact)] | None = None
    """Mail or web address in the user agent, so that a publisher can reach you."""
    about: Address | None = None
    """Web address of a page that says what your project is; it stands in the user agent, before the contact."""
    free_space_floor: Annotated[int, Field(ge=0)] = 500
    """Megabytes that stay free: below them a crawl stops with exit code 6."""
    crawler: CrawlerSettings = Field(default_factory=CrawlerSettings)
    schedule: ScheduleSettings = Field(default_factory=ScheduleSettings)
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    _file: str | None = PrivateAttr(default=None)

    def source(self, name: str) -> SourceSettings:
        """What the file says about one source; all unsaid where it says nothing."""
        return self.sources.get(name, SourceSettings())


def load_settings(home: str | os.PathLike[str]) -> Settings:
    """Read `HOME/thinker.toml`; raise SettingsError with one line when it cannot be used."""
    file = Path(home) / SETTINGS_FILE
    try:
        text = file.read_text(encoding=ENCODING)
    except FileNotFoundError:
        return Settings()
    except NotADirectoryError as error:
        raise SettingsError(f"{home} {NO_FOLDER}") from error
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: byte {error.start} is not UTF-8: save the file as UTF-8") from error
    return _parsed(text, file)


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """Each setting in force as (key, value, origin), origin being `default` or the file that says it."""
    rows = [_row(settings, key, key, settings) for key in ("contact", "about", "free_space_floor")]
    rows += [_row(settings.crawler, key, f"crawler.{key}", settings) for key in CrawlerSettings.model_fields]
    rows += [_row(settings.schedule, key, f"schedule.{key}", settings) for key in ScheduleSettings.model_fields]
    for name, source in sorted(settings.sources.items()):
        rows += [_row(source, key, f"sources.{name}.{key}", settings) for key in _said(source)]
    return rows


def _row(table: Table, key: str, label: str, settings: Settings) -> tuple[str, str, str]:
    said = key in table.model_fields_set
    return label, _shown(getattr(table, key)), settings._file or "settings" if said else "default"


def _said(table: Table) -> list[str]:
    return [key for key in type(table).model_fields if key in table.model_fields_set]


def _shown(value: object) -> str:
    if isinstance(value, Table):
        return ", ".join(f"{key} = {_shown(getattr(value, key))}" for key in _said(value)) or "not set"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {each}" for key, each in value.items()) or "not set"
    if value and isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return "not set" if value in (None, ()) else str(value)


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
    return _sentence(min(errors, key=lambda error: error["type"] != "extra_forbidden")) + more  # what is misspelt first


def _sentence(error: ErrorDetails) -> str:
    path = [str(step) for step in error["loc"]]
    key = ".".join(path)
    if error["type"] == "extra_forbidden":
        return f"unknown key {key!r}{_suggestion(path)}"
    if error["type"] == "tuple_type":
        return f"{key}: a list is wanted, in brackets: [{str(error['input'])[:50]!r}]"
    cause = error["msg"].removeprefix("Value error, ")
    return f"{key}: {cause[:1].lower()}{cause[1:]}"


def _suggestion(path: list[str]) -> str:
    known = list(_keys_beside(path))
    near = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(known)}"


def _keys_beside(path: list[str]) -> Iterator[str]:
    inner: dict[str, type[Table]] = {"rows": RowSettings, "posts": PostSettings, "selectors": SelectorSettings}
    outer: dict[str, type[Table]] = {"crawler": CrawlerSettings, "schedule": ScheduleSettings}
    table: type[Table] = Settings if len(path) == 1 else outer.get(path[0], SourceSettings)
    if table is SourceSettings and len(path) > 3:
        table = inner.get(path[2], SourceSettings)
    yield from table.model_fields
