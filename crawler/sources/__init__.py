"""The sources we know: the built-in declarations, changed and added to by thinker.toml."""

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from archive.settings import Settings, SourceSettings
from crawler.sources.a5qu import a5qu
from crawler.sources.declaration import (
    Feed,
    JsonList,
    JsonPaging,
    ListPage,
    NewsSitemap,
    Seed,
    Sitemap,
    Source,
)
from crawler.sources.newsroom import DEFAULT as NEWSROOM
from crawler.sources.newsroom import newsroom
from crawler.sources.shangguan import HOME as SHANGGUAN
from crawler.sources.shangguan import shangguan

__all__ = [
    "Feed",
    "JsonList",
    "JsonPaging",
    "ListPage",
    "NewsSitemap",
    "Seed",
    "Sitemap",
    "Source",
    "UnknownSource",
    "all_sources",
    "source_named",
]

Declare = Callable[[SourceSettings], Source]

BUILT_IN: dict[str, Declare] = {
    "newsroom": lambda said: newsroom(_newsroom_address(said)),
    "shangguan": lambda said: shangguan((said.homepage or SHANGGUAN).rstrip("/"), said.section),
    "a5qu": lambda said: a5qu((said.homepage or "https://a5qu.com").rstrip("/")),
}

OVERRIDES = (
    "publisher",
    "timezone",
    "in_language",
    "scope",
    "delay",
    "expect",
    "schedule",
    "allow",
    "section",
    "removal_probes",
    "removal_spacing",
)


class UnknownSource(Exception):  # noqa: N818 house.md names what is wrong
    """No source has that name; the text names the near ones."""

    def __init__(self, name: str, known: list[str]) -> None:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        listed = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(known)}"
        super().__init__(f"no source named {name!r}; {listed}")
        self.name = name
        self.near = near


def all_sources(settings: Settings | None = None) -> dict[str, Source]:
    """Every source by name, in order of name."""
    said = (settings or Settings()).sources
    names = sorted({*BUILT_IN, *said})
    return {name: _declared(name, said.get(name, SourceSettings())) for name in names}


def source_named(name: str, settings: Settings | None = None) -> Source:
    """The source of that name. Raises UnknownSource, which names near ones."""
    sources = all_sources(settings)
    if name not in sources:
        raise UnknownSource(name, list(sources))
    return sources[name]


def _declared(name: str, said: SourceSettings) -> Source:
    built_in = BUILT_IN.get(name)
    source = built_in(said) if built_in else _new(name, said)
    seeds = _seeds(said)
    if built_in and seeds:
        source = replace(source, seeds=source.seeds + seeds)
    return replace(source, **_overrides(said))


def _new(name: str, said: SourceSettings) -> Source:
    seeds = _seeds(said)
    homepage = said.homepage or (_root(seeds[0].url) if seeds else "")
    return Source(
        name=name,
        publisher=said.publisher or name,
        homepage=homepage,
        timezone=said.timezone or "Asia/Shanghai",
        in_language=said.in_language or "zh-Hans",
        seeds=seeds,
        scope=said.scope or rf"{re.escape(_root(homepage))}/.+",
    )


def _seeds(said: SourceSettings) -> tuple[Seed, ...]:
    feeds: list[Seed] = [Feed(url) for url in said.feeds]
    sitemaps: list[Seed] = [Sitemap(url) for url in said.sitemaps]
    lists: list[Seed] = [_list(url) for url in said.lists]
    return (*feeds, *sitemaps, *lists)


def _list(url: str) -> Seed:
    if urlsplit(url).path.endswith(".json"):
        return JsonList(url)
    return ListPage(url, pages=5 if "{page}" in url else 1)


def _overrides(said: SourceSettings) -> Mapping[str, Any]:
    told = said.model_fields_set & set(OVERRIDES)
    return {name: getattr(said, name) for name in told if getattr(said, name) not in (None, ())}


def _newsroom_address(said: SourceSettings) -> str:
    return (os.environ.get("THINKER_NEWSROOM") or said.homepage or NEWSROOM).rstrip("/")


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
