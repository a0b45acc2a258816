"""The sources we know: the built-in declarations, changed and added to by thinker.toml."""

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from archive.settings import Settings, SourceSettings
from archive.source_keys import PostSettings, RowSettings
from crawler.built_in import NAMES
from crawler.sources.declaration import (
    Evidence,
    Feed,
    JsonList,
    JsonPaging,
    ListPage,
    NewsSitemap,
    NoContact,
    NoSeeds,
    PrintEdition,
    Seed,
    Sitemap,
    Source,
)
from crawler.sources.newsroom import DEFAULT as NEWSROOM
from crawler.sources.newsroom import newsroom
from crawler.sources.shangguan import HOME as SHANGGUAN
from crawler.sources.shangguan import shangguan
from parsers.json_rows import SHANGGUAN as SHANGGUAN_ROWS
from parsers.json_rows import RowFields
from parsers.selectors import NO_SELECTORS, Selectors

__all__ = [
    "Evidence",
    "Feed",
    "JsonList",
    "JsonPaging",
    "ListPage",
    "NewsSitemap",
    "NoContact",
    "NoSeeds",
    "PrintEdition",
    "Seed",
    "Sitemap",
    "Source",
    "UnknownSeed",
    "UnknownSource",
    "all_sources",
    "source_named",
]

Declare = Callable[[SourceSettings], Source]


def _at_home(name: str) -> Declare:
    """A declaration at its own homepage, or at the one that thinker.toml names."""
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
    "budget_pages",
    "budget_bytes",
    "budget_seconds",
)

USUAL_PAGES = 5  # of a list


class UnknownSource(Exception):  # noqa: N818 house.md names what is wrong
    """No source has that name; the text names the near ones. file: which speaks of it, where one does."""

    def __init__(self, name: str, known: list[str], why: str = "", file: str | None = None) -> None:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        listed = f"did you mean {', '.join(near)}?" if near else f"known: {', '.join(known)}"
        super().__init__(f"{_in(file)}no source named {name!r}{why}; {listed}")
        self.name = name
        self.near = near


class UnknownSeed(Exception):  # noqa: N818 as above
    """No list of a source has that address; the text names near ones."""

    def __init__(self, source: Source, url: str, file: str | None) -> None:
        known = [seed.url for seed in source.seeds]
        near = difflib.get_close_matches(url, known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"it has {len(known)}"
        super().__init__(f"{_in(file)}sources.{source.name}.without: no list of its declaration is {url}; {hint}")


def _in(file: str | None) -> str:
    return f"{file}: " if file else ""


def all_sources(settings: Settings | None = None) -> dict[str, Source]:
    """Every source by name, in order of name.

    Raises UnknownSource for a name that is another's, misspelt, and UnknownSeed for a list to leave out that is none.
    """
    settings = settings or Settings()
    said, file = settings.sources, settings.file
    names = sorted({*BUILT_IN, *said})
    for name in said:
        _require_known(name, said[name], file)
    return {name: _declared(name, said.get(name, SourceSettings()), file) for name in names}


def source_named(name: str, settings: Settings | None = None) -> Source:
    """The source of that name. Raises UnknownSource, which names near ones."""
    sources = all_sources(settings)
    if name not in sources:
        raise UnknownSource(name, list(sources))
    return sources[name]


def _declared(name: str, said: SourceSettings, file: str | None) -> Source:
    built_in = BUILT_IN.get(name)
    source = built_in(said) if built_in else _new(name, said)
    for url in said.without:
        if not any(_is_at(seed, url) for seed in source.seeds):
            raise UnknownSeed(source, url, file)
    kept = [seed for seed in source.seeds if not any(_is_at(seed, url) for url in said.without)]
    own = [_as_said(seed, said) for seed in kept]
    return replace(source, seeds=(*own, *_seeds(said)), **_overrides(said))


def _is_at(seed: Seed, url: str) -> bool:
    """Whether a seed has that address, as it is declared or as its first page is asked for."""
    return url in (seed.url, seed.url.replace("{page}", "1"))


def _as_said(seed: Seed, said: SourceSettings) -> Seed:
    """A seed of a built-in source with the names of rows and the number of pages that thinker.toml says."""
    if isinstance(seed, JsonList | JsonPaging) and said.rows is not None:
        seed = replace(seed, rows=replace(seed.rows, **_names(said.rows)))
    if said.pages and isinstance(seed, ListPage | JsonPaging):
        seed = replace(seed, pages=said.pages)
    return seed


def _require_known(name: str, said: SourceSettings, file: str | None) -> None:
    """One without seeds whose name is nearly that of a source we know is a slip of the pen."""
    near = difflib.get_close_matches(name, BUILT_IN, n=1, cutoff=0.75)
    if name not in BUILT_IN and near and not _seeds(said):
        raise UnknownSource(name, list(BUILT_IN), f", and [sources.{name}] has no seeds", file)


def _new(name: str, said: SourceSettings) -> Source:
    """A source of thinker.toml alone, which has no lists but those that are said there."""
    seeds = _seeds(said)
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


def _seeds(said: SourceSettings) -> tuple[Seed, ...]:
    feeds: list[Seed] = [Feed(url) for url in said.feeds]
    sitemaps: list[Seed] = [Sitemap(url) for url in said.sitemaps]
    lists: list[Seed] = [_list(url, said) for url in said.lists]
    json_lists: list[Seed] = [_json_list(url, said) for url in said.json_lists]
    return (*feeds, *sitemaps, *lists, *json_lists, *(_post(post, said) for post in said.posts))


def _list(url: str, said: SourceSettings) -> Seed:
    if urlsplit(url).path.endswith(".json"):
        return _json_list(url, said)
    return ListPage(_in_section(url, said), said.pages or _pages(url, said))


def _json_list(url: str, said: SourceSettings) -> Seed:
    return JsonList(_in_section(url, said), _rows(said), _pages(url, said))


def _post(post: PostSettings, said: SourceSettings) -> Seed:
    pages = post.pages or said.pages or USUAL_PAGES
    form = tuple((name, _in_section(value, said)) for name, value in post.form.items())
    return JsonPaging(_in_section(post.url, said), pages, _rows(said), form)


def _pages(url: str, said: SourceSettings) -> int:
    return (said.pages or USUAL_PAGES) if "{page}" in url else 1


def _in_section(text: str, said: SourceSettings) -> str:
    return text.replace("{section}", said.section or "")


def _rows(said: SourceSettings) -> RowFields:
    """What the rows are called; those of 上观 where nothing is said, and in its words what is not said."""
    if said.rows is None:
        return SHANGGUAN_ROWS
    told = _names(said.rows) | ({"timezone": said.timezone} if said.timezone else {})
    return replace(SHANGGUAN_ROWS, newstype=None, **told)


def _names(rows: RowSettings) -> dict[str, Any]:
    """What is said of rows, by the names of RowFields."""
    told = {"id": rows.id, "title": rows.title, "time": rows.time, "url": rows.url, "within": rows.within}
    return {name: value for name, value in (told | {"section": rows.section}).items() if value}


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
