"""One crawl: its source, its options and the settings that hold for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self

from archive.settings import ClusterSettings, Settings
from crawler.frontier import Frontier, RedisHostBook, Server, SqliteFrontier
from crawler.hosts import HostBook, Hosts, RequestClaim, SqliteHostBook
from crawler.runs.options import CrawlOptions
from crawler.runs.pulse import Pulse
from crawler.sources import Source, all_sources

OpenFrontier = Callable[[sqlite3.Connection, str], Frontier]
"""Opens the frontier of a source; one in archive.db joins the transactions of the connection."""

OpenHostBook = Callable[[Path], HostBook]
"""Opens the host book of a home, without reading or making a file yet."""


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl over a source, with its options and the settings of every crawl.

    never: addresses that may not be fetched (crawler/hosts/never.py). others: all known sources, which may share a host
    with this one. a_day: by host, the most requests in 24 hours that the settings allow.
    """

    source: Source
    home: Path
    options: CrawlOptions
    contact: str | None = None
    about: str | None = None
    free_space_floor: int = 0  # megabytes
    never: tuple[str, ...] = ()
    frontier: OpenFrontier = SqliteFrontier
    host_book: OpenHostBook = SqliteHostBook
    others: tuple[Source, ...] = ()
    a_day: Mapping[str, int] = field(default_factory=dict)
    longest_crawl_delay: float = 3600.0  # seconds
    cluster: ClusterSettings = field(default_factory=ClusterSettings)
    pulse: Pulse = field(default_factory=Pulse, compare=False)

    @classmethod
    def by(cls, settings: Settings, source: Source, home: Path, options: CrawlOptions | None = None) -> Self:
        """A run of a source with these options and the settings; options None: the defaults."""
        return cls(
            source,
            home,
            options or CrawlOptions(),
            contact=settings.contact,
            about=settings.about,
            free_space_floor=settings.free_space_floor,
            never=settings.crawler.never,
            longest_crawl_delay=settings.crawler.longest_crawl_delay,
            a_day=settings.requests_per_day,
            cluster=settings.cluster,
            host_book=SqliteHostBook if settings.cluster.url is None else partial(_shared_book, settings.cluster),
            others=tuple(all_sources(settings).values()),
        )

    @property
    def hosts(self) -> Hosts:
        """The Hosts of this source and the others: their names, the delay of each, and its requests a day."""
        return Hosts.of(self.source, self.others, self.a_day)

    @property
    def claim(self) -> RequestClaim:
        """A RequestClaim for the source of this run, with its budget of a day.

        The requests for a single address are counted for the declared source on whose hosts it is, if there is one.
        """
        source = self.source
        if self.options.addresses and all(source.name != each.name for each in self.others):
            url = self.options.addresses[0]
            here = [each for each in self.others if each.within(url)]
            source = next((each for each in here if each.covers(url)), here[0] if here else source)
        return RequestClaim(source.name, source.requests_per_day)

    @property
    def by_workers(self) -> bool:
        """True if workers send the requests of this run: it is a crawl of an archive with a cluster."""
        return self.cluster.url is not None and not self.options.addresses

    @property
    def every_article(self) -> bool:
        """True if every known article is asked: recheck `all`, or `due` or `only` where the source has recheck 0."""
        recheck = self.options.recheck
        return recheck == "all" or (recheck in ("due", "only") and self.source.recheck == 0)


def _shared_book(cluster: ClusterSettings, _home: Path) -> HostBook:
    """The host book that all workers share, and what an archive with a cluster asks for by itself."""
    return RedisHostBook(Server.of(cluster))


@dataclass(frozen=True, slots=True)
class Planned:
    """A url that a crawl would fetch, and the reason."""

    url: str
    why: str
