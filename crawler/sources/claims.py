"""The source that claims an address: by its scope, else by its hosts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from archive.rules import host_of
from crawler.sources.declaring.declaration import Source


class Claims:
    """The declared sources by the addresses that they claim; quick also where there are many."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._named = {source.name: source for source in sources}
        self._here: dict[str, list[Source]] = defaultdict(list)
        for source in self._named.values():
            for host in source.key_hosts:
                self._here[host].append(source)

    def named(self, name: str) -> Source | None:
        """The source of that name; None if none is declared."""
        return self._named.get(name)

    def covering(self, url: str) -> Source | None:
        """The first source, by name, in whose scope and on whose hosts an address is; None if no source claims it."""
        return next((source for source in self._at(url) if source.in_scope(url)), None)

    def hosting(self, url: str) -> Source | None:
        """The source that covers an address; else, of those that have its host, the one with the most `hosts`."""
        return self.covering(url) or max(self._at(url), key=lambda each: len(each.hosts), default=None)

    def _at(self, url: str) -> list[Source]:
        try:
            return self._here.get(host_of(url), [])
        except ValueError:  # not a valid address
            return []
