"""The settings in thinker.toml: defaults, extra sources, and one clear line when a key is wrong."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, ValidationError, model_validator

from archive.files import DERIVED, NO_FOLDER, NOTIFIER, REINDEX, SCHEDULER
from archive.settings import checks as checks
from archive.settings.checks import CENTURY_SECONDS, Within
from archive.settings.faults import Tables, line_of
from archive.settings.publish_tables import PublishSettings
from archive.settings.source_record import ANY_SITE, SOURCE_NAME
from archive.settings.source_tables import (
    IN_SECTION,
    JsonListAddress,
    JsonListSettings,
    ListSettings,
    PageSettings,
    PostSettings,
    RowSettings,
    SelectorSettings,
    SettingsTable,
    article_address,
    json_list_table,
    list_table,
    texts_of,
)
from archive.settings.watch_tables import WATCH_NAME, WatchSettings

SETTINGS_FILE = "thinker.toml"
ENCODING = "utf-8-sig"  # some editors begin UTF-8 with a byte order mark
RESERVED = ("operator", "schedule", SCHEDULER, REINDEX, NOTIFIER, *ANY_SITE)  # names of chains, locks, built-in sources


class SettingsError(Exception):
    """thinker.toml cannot be used; the text is one line: the file, the key, and the remedy."""


Address = Annotated[str, AfterValidator(checks.web_address)]
Addresses = tuple[Address, ...]
Word = Annotated[str, AfterValidator(checks.word)]
Host = Annotated[str, AfterValidator(checks.host)]
RequestsPerDay = Annotated[int, BeforeValidator(Within(2, None, 500, whole=True))]
"""At least 2: enough for a robots.txt and the page that needs it."""


class SourceSettings(SettingsTable):
    """`[sources.NAME]`: changes a built-in source, or declares another one. None or (): not set."""

    publisher: Word | None = None
    homepage: Address | None = None
    timezone: Annotated[str, AfterValidator(checks.zone)] | None = None
    in_language: Annotated[str, AfterValidator(checks.language)] | None = None
    feeds: Addresses = ()
    sitemaps: Addresses = ()
    lists: tuple[Annotated[ListSettings, BeforeValidator(list_table)], ...] = ()
    """Lists, each an address or a table; a path ending in .json is read as JSON. `{section}` stands for `section`."""
    json_lists: tuple[Annotated[JsonListSettings, BeforeValidator(json_list_table)], ...] = ()
    """Lists in JSON, each an address or a table; an address may have any ending."""
    posts: tuple[PostSettings, ...] = ()
    """Lists in JSON that are asked by POST."""
    without: tuple[JsonListAddress, ...] = ()
    """Lists of a built-in source, by their addresses, that are not read."""
    rows: RowSettings | None = None
    selectors: SelectorSettings | None = None
    scope: Annotated[str, AfterValidator(checks.pattern)] | None = None
    article: Annotated[str, AfterValidator(article_address)] | None = None
    """The address of an article by its id, for JSON lists that give ids only."""
    columns: tuple[Word, ...] = ()
    """Only rows whose column or section is one of these, or whose title begins with one and a separator; unset: all."""
    section: Word | None = None
    pages: Annotated[int, BeforeValidator(Within(1, 1000, 5, whole=True))] | None = None
    """Pages to read of a list with `{page}`, of one that is posted or of one that links its next page."""
    recheck: Annotated[float, BeforeValidator(Within(0, CENTURY_SECONDS, 3600))] | None = None
    """Seconds between two visits to an article; 0: at every crawl. Unset: the cadence decides."""
    schedule: str | None = None
    delay: Annotated[float, BeforeValidator(Within(0, 3600, 2))] | None = None
    """Seconds between two requests to one host."""
    hosts: tuple[Host, ...] = ()
    """All hosts that this source may request, each as host or host:port; unset: those of its homepage and seeds."""
    allow: tuple[Annotated[str, AfterValidator(checks.host_and_port)], ...] = ()
    """The only non-public addresses this source may reach, each as host:port."""
    expect: Annotated[int, BeforeValidator(Within(0, None, 10, whole=True))] | None = None
    """A crawl that sees fewer articles than this ends with exit code 3."""
    removal_probes: Annotated[int, BeforeValidator(Within(1, None, 3, whole=True))] | None = None
    removal_spacing: Annotated[float, BeforeValidator(Within(0, CENTURY_SECONDS, 86_400))] | None = None
    """Seconds between two probes of an article that seems to be gone."""
    aliases: tuple[Host, ...] = ()
    """Hosts that are one server with the homepage's: they share one delay. `www.` and the bare name always do."""
    drop_parameters: tuple[Annotated[str, AfterValidator(checks.parameter)], ...] = ()
    """Parameters of its addresses that name a visit and not a page, such as jsessionid: addresses are asked without."""
    budget_pages: Annotated[int, BeforeValidator(Within(1, None, 500, whole=True))] | None = None
    """Requests of one crawl; when a budget is spent, the crawl ends and the next one goes on."""
    budget_bytes: Annotated[int, BeforeValidator(Within(1, None, 100_000_000, whole=True))] | None = None
    budget_seconds: Annotated[float, BeforeValidator(Within(0, CENTURY_SECONDS, 1800, more=True))] | None = None
    requests_per_day: RequestsPerDay | None = None
    """Requests in any 24 hours, by all commands; a crawl ends when they are spent, and the next one goes on."""

    @model_validator(mode="after")
    def _has_its_section(self) -> Self:
        """Raise ValueError if an address or posted text of a list has `{section}` and the key `section` is not set."""
        used = next(
            (
                text
                for each in (*self.lists, *self.json_lists, *self.posts)
                for text in texts_of(each)
                if IN_SECTION in text
            ),
            None,
        )
        if used is not None and self.section is None:
            raise ValueError(f'{used!r} has {IN_SECTION} without a value: add section = "…"')
        return self


class HostSettings(SettingsTable):
    """`[hosts."example.com"]`: the requests a day that a host (host or host:port) may get from all sources together."""

    requests_per_day: RequestsPerDay | None = None
    """Requests in any 24 hours, those of all sources and commands together."""


class CrawlerSettings(SettingsTable):
    """`[crawler]`: rules for every source: the longest Crawl-delay that is obeyed, and addresses never fetched."""

    longest_crawl_delay: Annotated[float, BeforeValidator(Within(0, 86_400, 3600))] = 3600
    """Seconds; a robots.txt that asks for a longer Crawl-delay gets this one."""
    never: tuple[Annotated[str, AfterValidator(checks.host_or_address)], ...] = ()
    """Never fetched: a host with all below it, or an address with all that begin with it."""


class ScheduleSettings(SettingsTable):
    """`[schedule]`: settings for `thinker run` and `thinker schedule run`."""

    children: Annotated[int, BeforeValidator(Within(1, 64, 4, whole=True))] = 4
    """The most crawls under way at once; further slots wait, and a line says so."""


class ClusterSettings(SettingsTable):
    """`[cluster]`: the server that workers on several machines share."""

    url: Annotated[str, AfterValidator(checks.server_address)] | None = Field(default=None, repr=False)
    """Address of a Redis or Valkey server, with user and password if it asks for them; unset: one machine."""
    prefix: Annotated[str, AfterValidator(checks.prefix)] = "thinker"
    """The beginning of the name of each key, so that several archives can share a server."""
    segments: Annotated[str, AfterValidator(checks.word)] = Field(default="segments", repr=False)
    """Shared folder for what workers fetched, or an address that fsspec knows, such as s3://bucket/segments."""
    most_segments: Annotated[int, BeforeValidator(Within(1, 1_000_000, 1000, whole=True))] = 1000
    """Segments that may wait to be taken into the archive; above it workers take no more orders."""

    @property
    def shown(self) -> str | None:
        """The address of the server for people, without user and password; None if it is unset."""
        return None if self.url is None else checks.without_password(self.url)


class Settings(SettingsTable):
    """The whole of thinker.toml; without the file, the defaults."""

    contact: Annotated[str, AfterValidator(checks.contact)] | None = None
    """Mail or web address in the user agent, so that a publisher can reach you."""
    about: Address | None = None
    """Web address of a page about your project; the user agent has it, before the contact."""
    free_space_floor: Annotated[int, BeforeValidator(Within(0, None, 500, whole=True))] = 500
    """Megabytes that stay free: below them a crawl stops with exit code 6."""
    crawler: CrawlerSettings = Field(default_factory=CrawlerSettings)
    schedule: ScheduleSettings = Field(default_factory=ScheduleSettings)
    cluster: ClusterSettings = Field(default_factory=ClusterSettings)
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    hosts: dict[Host, HostSettings] = Field(default_factory=dict)
    publish: PublishSettings = Field(default_factory=PublishSettings)
    watch: dict[str, WatchSettings] = Field(default_factory=dict)
    _file: str | None = PrivateAttr(default=None)

    @property
    def file(self) -> str | None:
        """The path of the file; None without one."""
        return self._file

    def source(self, name: str) -> SourceSettings:
        """The settings of one source; all unset if the file has none."""
        return self.sources.get(name, SourceSettings())

    @property
    def requests_per_day(self) -> dict[str, int]:
        """The number of requests allowed in 24 hours, by host or host:port; only hosts with a limit."""
        told = {host: said.requests_per_day for host, said in self.hosts.items()}
        return {host: requests for host, requests in told.items() if requests is not None}


TABLES: Tables = {
    "crawler": CrawlerSettings, "schedule": ScheduleSettings, "cluster": ClusterSettings, "sources": SourceSettings,
    "hosts": HostSettings, "publish": PublishSettings, "watch": WatchSettings,
}  # fmt: skip


def load_settings(home: str | os.PathLike[str]) -> Settings:
    """Read `HOME/thinker.toml`; without it, the defaults. Raises SettingsError with one line if it cannot be used."""
    file = Path(home) / SETTINGS_FILE
    try:
        text = file.read_text(encoding=ENCODING)
    except FileNotFoundError:
        return Settings()
    except NotADirectoryError as error:
        raise SettingsError(f"{home} {NO_FOLDER}") from error
    except IsADirectoryError as error:
        raise SettingsError(f"{file} must be a file: move the folder away") from error
    except PermissionError as error:
        raise SettingsError(
            f"{file} cannot be read: {error.strerror}: run the command as the user who owns it"
        ) from error
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: byte {error.start} is not UTF-8: save the file as UTF-8") from error
    return _parsed(text, file)


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """Each setting in force as (key, value, origin), all texts; the origin is `default` or the path of the file.

    The origin of a key that was set without a file is `settings`. The value is `not set` for None, an empty list or
    table. Of a source or host, only the keys that are set.
    """
    rows = [_row(settings, key, key, settings) for key in ("contact", "about", "free_space_floor")]
    rows += [_row(settings.crawler, key, f"crawler.{key}", settings) for key in CrawlerSettings.model_fields]
    rows += [_row(settings.schedule, key, f"schedule.{key}", settings) for key in ScheduleSettings.model_fields]
    rows += [_row(settings.cluster, key, f"cluster.{key}", settings) for key in ClusterSettings.model_fields]
    rows += [_row(settings.publish, key, f"publish.{key}", settings) for key in PublishSettings.model_fields]
    for name, source in sorted(settings.sources.items()):
        rows += [_row(source, key, f"sources.{name}.{key}", settings) for key in _said(source)]
    for host, said in sorted(settings.hosts.items()):
        rows += [_row(said, key, f'hosts."{host}".{key}', settings) for key in _said(said)]
    for name, watch in sorted(settings.watch.items()):
        rows += [_row(watch, key, f"watch.{name}.{key}", settings) for key in _said(watch)]
    return rows


def _row(table: SettingsTable, key: str, label: str, settings: Settings) -> tuple[str, str, str]:
    said = key in table.model_fields_set
    return label, _shown(_public(table, key)), settings._file or "settings" if said else "default"


def _public(table: SettingsTable, key: str) -> object:
    """The value of a key, an address that can hold a secret without it."""
    if isinstance(table, WatchSettings) and key == "to":
        return table.shown
    value = getattr(table, key)
    return checks.without_password(value) if isinstance(table, ClusterSettings) and isinstance(value, str) else value


def _said(table: SettingsTable) -> list[str]:
    return [key for key in type(table).model_fields if key in table.model_fields_set]


def _shown(value: object) -> str:
    if isinstance(value, PageSettings) and _said(value) == ["url"]:
        return value.url
    if isinstance(value, SettingsTable):
        return ", ".join(f"{key} = {_shown(getattr(value, key))}" for key in _said(value)) or "not set"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {each}" for key, each in value.items()) or "not set"
    if value and isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return "not set" if value in (None, ()) else str(value)


def _tables(text: str) -> dict[str, object]:
    """The parsed text. Raises ValueError if it is not TOML, and RecursionError."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # Python parses no number of more than 4,300 digits
        raise ValueError("it has a number with thousands of digits: write a smaller one") from error


def _parsed(text: str, file: Path) -> Settings:
    try:
        settings = Settings.model_validate(_tables(text))
    except RecursionError as error:
        raise SettingsError(f"{file}: lists or tables are nested too deeply") from error
    except ValidationError as error:
        raise SettingsError(f"{file}: {line_of(error.errors(), TABLES, Settings)}") from error
    except ValueError as error:
        raise SettingsError(f"{file}: {error}") from error
    for name in settings.sources:
        if not SOURCE_NAME.fullmatch(name):
            raise SettingsError(f"{file}: sources.{name!r}: use only a-z, 0-9, - and _ in the name of a source")
        if name.endswith(DERIVED) or name in RESERVED:
            raise SettingsError(
                f"{file}: sources.{name}: this name is reserved for files of the archive: choose another name"
            )
    for name in settings.watch:
        if not WATCH_NAME.fullmatch(name):
            raise SettingsError(f"{file}: watch.{name!r}: use only a-z, 0-9, - and _ in the name of a watch")
    settings._file = str(file)
    return settings
