"""All sources: the built-in declarations, and the changes and additions of thinker.toml."""

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from archive.settings import Settings, SourceSettings
from crawler.built_in import NAMES
from crawler.sources.declaring.declaration import Evidence, Source
from crawler.sources.declaring.seed_kinds import (
    JsonList,
    ListPage,
    Seed,
    page_address,
)
from crawler.sources.declaring.seed_settings import seeds_of, with_names_and_pages
from crawler.sources.newsroom import DEFAULT as NEWSROOM
from crawler.sources.newsroom import newsroom
from crawler.sources.shangguan import HOME as SHANGGUAN
from crawler.sources.shangguan import WrongSection, shangguan
from parsers.selectors import NO_SELECTORS, Selectors

Declare = Callable[[SourceSettings], Source]


def _at_home(name: str) -> Declare:
    """A function that makes the built-in source `name` from its table of thinker.toml.

    The source is at the table's homepage if that is set, else at its own. An unknown name raises ModuleNotFoundError.
    """
    declare: Callable[..., Source] = getattr(import_module(f"crawler.sources.{name}"), name)
    return lambda said: declare(said.homepage.rstrip("/")) if said.homepage else declare()


BUILT_IN: dict[str, Declare] = {name: _at_home(name) for name in NAMES} | {
    "newsroom": lambda said: newsroom(_newsroom_address(said)),
    "shangguan": lambda said: shangguan((said.homepage or SHANGGUAN).rstrip("/"), said.section),
}

OVERRIDES = (
    "publisher",
    "timezone",
    "in_language",
    "scope",
    "article",
    "columns",
    "recheck",
    "delay",
    "expect",
    "schedule",
    "hosts",
    "allow",
    "section",
    "removal_probes",
    "removal_spacing",
    "aliases",
    "drop_parameters",
    "budget_pages",
    "budget_bytes",
    "budget_seconds",
    "requests_per_day",
)


class UnknownSource(Exception):  # noqa: N818 named for the mistake
    """No source has that name; the text suggests similar names, or lists all known ones.

    near: the similar names, [] without any. The text begins with `file`, the file that has the name, if there is one.
    """

    def __init__(self, name: str, known: list[str], why: str = "", file: str | None = None) -> None:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        listed = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(known)}"
        super().__init__(f"{_in(file)}no source named {name!r}{why}; {listed}")
        self.name = name
        self.near = near


class UnknownSeed(Exception):  # noqa: N818 as above
    """`without` names an address that no list of the source has; the text suggests a similar one if there is one."""

    def __init__(self, source: Source, url: str, file: str | None) -> None:
        known = [seed.url for seed in source.seeds]
        near = difflib.get_close_matches(url, known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"it has {len(known)} lists"
        super().__init__(f"{_in(file)}sources.{source.name}.without: it has no list {url}; {hint}")


class UnknownSection(UnknownSeed):
    """The `section` that thinker.toml sets for a source is malformed; commands report it as they do an UnknownSeed."""

    def __init__(self, name: str, why: str, file: str | None) -> None:
        Exception.__init__(self, f"{_in(file)}sources.{name}.section: {why}")


def _in(file: str | None) -> str:
    return f"{file}: " if file else ""


def all_sources(settings: Settings | None = None) -> dict[str, Source]:
    """Every source by name, in order of name: built-in ones as thinker.toml changes them, and those it adds.

    settings None: only the built-in ones. Raises UnknownSource for a misspelt name, UnknownSeed for a list in `without`
    that the source does not have, and UnknownSection.
    """
    settings = settings or Settings()
    said, file = settings.sources, settings.file
    names = sorted({*BUILT_IN, *said})
    for name in said:
        _require_known(name, said[name], file)
    return {name: _declared(name, said.get(name, SourceSettings()), file) for name in names}


def source_named(name: str, settings: Settings | None = None) -> Source:
    """The source of that name. Raises UnknownSource, which suggests similar ones, and the errors of `all_sources`."""
    sources = all_sources(settings)
    if name not in sources:
        raise UnknownSource(name, list(sources))
    return sources[name]


def _declared(name: str, said: SourceSettings, file: str | None) -> Source:
    built_in = BUILT_IN.get(name)
    try:
        source = built_in(said) if built_in else _new(name, said)
    except WrongSection as error:
        raise UnknownSection(name, str(error), file) from error
    for url in said.without:
        if not any(_is_at(seed, url) for seed in source.seeds):
            raise UnknownSeed(source, url, file)
    kept = [seed for seed in source.seeds if not any(_is_at(seed, url) for url in said.without)]
    own = [with_names_and_pages(seed, said) for seed in kept]
    evidence = _evidence(source, kept, said)
    return replace(source, seeds=(*own, *seeds_of(said)), evidence=evidence, **_overrides(said))


def _evidence(source: Source, kept: list[Seed], said: SourceSettings) -> tuple[Evidence, ...]:
    """The source's evidence without that of seeds and rules that thinker.toml drops or sets; kept: the other seeds."""
    gone = {seed.url for seed in source.seeds} - {seed.url for seed in kept} | said.model_fields_set
    if said.selectors is not None:
        gone.add("layout")
    return tuple(each for each in source.evidence if each.about not in gone)


def _is_at(seed: Seed, url: str) -> bool:
    """True if a seed has that address, as declared or as its first page is asked."""
    return url == seed.url or (isinstance(seed, ListPage | JsonList) and url == page_address(seed, 0))


def _require_known(name: str, said: SourceSettings, file: str | None) -> None:
    """Raise UnknownSource for a table without seeds whose name is nearly a built-in one: a misspelling."""
    near = difflib.get_close_matches(name, BUILT_IN, n=1, cutoff=0.75)
    if name not in BUILT_IN and near and not seeds_of(said):
        raise UnknownSource(name, list(BUILT_IN), f", and [sources.{name}] has no seeds", file)


def _new(name: str, said: SourceSettings) -> Source:
    """A source of thinker.toml alone, whose seeds are added later."""
    seeds = seeds_of(said)
    homepage = said.homepage or (_root(seeds[0].url) if seeds else "")
    return Source(
        name=name,
        publisher=said.publisher or name,
        homepage=homepage,
        timezone=said.timezone or "Asia/Shanghai",
        in_language=said.in_language or "zh-Hans",
        seeds=(),
        scope=said.scope or rf"{re.escape(_root(homepage))}/.+",
    )


def _selectors(said: SourceSettings) -> Selectors:
    return Selectors.of(said.selectors.model_dump()) if said.selectors is not None else NO_SELECTORS


def _overrides(said: SourceSettings) -> Mapping[str, Any]:
    told = said.model_fields_set & set(OVERRIDES)
    values = {name: getattr(said, name) for name in told if getattr(said, name) not in (None, ())}
    return {**values, "selectors": _selectors(said)}


def _newsroom_address(said: SourceSettings) -> str:
    return (os.environ.get("THINKER_NEWSROOM") or said.homepage or NEWSROOM).rstrip("/")


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
