"""What is never fetched, whatever leads there: `[crawler] never` of thinker.toml."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from parsers.urls import urlkey

AFTER_HOST = ("", ")", ",", ":")  # in a urlkey: the same host, or one below it
AFTER_ADDRESS = ("", "/", ";")
SLASHES = re.compile(r"(?:/|%2F|%5C)+", re.IGNORECASE)  # as many servers read a path, whatever our keys keep apart


class NeverFetched:
    """Hosts, each with every host below it, and addresses, each with all that it begins, whatever their spelling.

    They are compared as urlkeys: with or without www., over http or https, `https://example.com/private` stands for
    /private, /private/a and /private?b=1, and not for /privateer; one with a query for whatever has that and more.
    """

    def __init__(self, entries: Collection[str]) -> None:
        self._entries = [(entry, *_begun(entry)) for entry in entries]

    def reason(self, url: str) -> str | None:
        """Why a url is never fetched; None when it may be. One that has no urlkey cannot be compared, and may not."""
        if not self._entries:
            return None
        try:
            address = _Address.of(urlkey(url))
        except ValueError as error:
            return f"it cannot be compared with `never` in thinker.toml: {error}"
        found = (entry for entry, start, after in self._entries if address.begins(start, after))
        return next((f"`never` in thinker.toml names {entry}" for entry in found), None)


@dataclass(frozen=True, slots=True)
class _Address:
    """A urlkey: host and path, and how often each part of its query stands there, for a urlkey sorts them."""

    path: str
    query: Counter[str]

    @classmethod
    def of(cls, key: str) -> Self:
        path, _, query = key.partition("?")
        return cls(SLASHES.sub("/", path), Counter(query.split("&")) if query else Counter())

    def begins(self, start: _Address, after: tuple[str, ...]) -> bool:
        """Whether the address begins as `start`, and what comes then is one of `after`."""
        if start.query:
            return self.path == start.path and start.query <= self.query
        rest = self.path.removeprefix(start.path)
        return self.path.startswith(start.path) and (start.path.endswith("/") or rest[:1] in after)


def _begun(entry: str) -> tuple[_Address, tuple[str, ...]]:
    """How the urlkeys of an entry begin, and what may come then."""
    if "://" in entry:
        return _Address.of(urlkey(entry)), AFTER_ADDRESS
    return _Address.of(urlkey(f"http://{entry}/").partition(")")[0]), AFTER_HOST
