"""What a source is: the words in which one publisher is declared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Feed:
    """An RSS or Atom feed."""

    url: str


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap or sitemap index (sitemaps.org), followed to its leaves."""

    url: str


@dataclass(frozen=True, slots=True)
class NewsSitemap:
    """A sitemap with publication dates of the last days."""

    url: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """An HTML list; `{page}` in the url counts 1…pages, and a page without a new link ends the count."""

    url: str
    pages: int = 1


@dataclass(frozen=True, slots=True)
class JsonList:
    """A JSON document whose rows name articles by id or url."""

    url: str


@dataclass(frozen=True, slots=True)
class JsonPaging:
    """Rows fetched by POST, each page asking for what stands before the last row's publish time (milliseconds)."""

    url: str
    pages: int = 5


Seed = Feed | Sitemap | NewsSitemap | ListPage | JsonList | JsonPaging


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher we watch, as declared.

    scope is a regular expression that an article's whole url matches. article is the address of an article by
    its id, for lists that give ids only (`https://…?id={id}`). columns keeps only list rows whose title, column or
    section starts with one of these words (none: every row). delay is in seconds between two requests to a host;
    recheck in seconds between two visits to an article (0: at every crawl, None: the cadence decides).
    removal_spacing is in seconds. allow names the only non-public addresses it may reach, as host:port.
    """

    name: str
    publisher: str
    homepage: str
    timezone: str
    in_language: str
    seeds: tuple[Seed, ...]
    scope: str
    article: str | None = None
    columns: tuple[str, ...] = ()
    section: str | None = None
    delay: float = 1.0
    recheck: float | None = None
    expect: int = 0
    removal_probes: int = 3
    removal_spacing: float = 86400
    schedule: str | None = None
    allow: tuple[str, ...] = ()

    def covers(self, url: str) -> bool:
        """Whether the url is one of this source's articles."""
        return re.fullmatch(self.scope, url) is not None

    def as_json(self) -> dict[str, Any]:
        """The declaration as JSON values, for the archive's own record of it."""
        told = {name: getattr(self, name) for name in self.__slots__ if name != "seeds"}
        seeds = [{"kind": type(seed).__name__} | _fields(seed) for seed in self.seeds]
        return {
            **{name: list(value) if isinstance(value, tuple) else value for name, value in told.items()},
            "seeds": seeds,
        }


def _fields(seed: Seed) -> dict[str, Any]:
    return {name: getattr(seed, name) for name in seed.__slots__}
