"""`[crawler] never` of thinker.toml: addresses that are never fetched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from parsers.urls import urlkey

AFTER_HOST = ("", ")", ",", ":")  # in a urlkey: the same host, or a subdomain of it
AFTER_ADDRESS = ("", "/", ";")
SLASHES = re.compile(r"(?:/|%2F|%5C)+", re.IGNORECASE)  # one slash to many servers, though not in urlkeys


class NeverFetched:
    """Hosts with all their subdomains, and addresses with all that begin with them, in any spelling.

    They are compared as urlkeys: with or without www., over http or https. `https://example.com/private` covers
    /private, /private/a and /private?b=1, but not /privateer; an entry with a query covers that path with at least that
    query.
    """

    def __init__(self, entries: Collection[str]) -> None:
        self._entries = [(entry, *_begun(entry)) for entry in entries]

    def reason(self, url: str) -> str | None:
        """The reason that a url is never fetched; None if it may be.

        A url without a urlkey cannot be compared, and is never fetched either, unless there are no entries.
        """
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
    """A urlkey's path, with its host, and its query as a Counter of the parts, such as `a=1`, in any order."""

    path: str
    query: Counter[str]

    @classmethod
    def of(cls, key: str) -> Self:
        path, _, query = key.partition("?")
        return cls(SLASHES.sub("/", path), Counter(query.split("&")) if query else Counter())

    def begins(self, start: _Address, after: tuple[str, ...]) -> bool:
        """True if the address begins with `start`, followed by one of `after` ("": the end) unless `start` ends in /.

        With a query in `start`: True if the paths are equal, and the address has at least that query.
        """
        if start.query:
            return self.path == start.path and start.query <= self.query
        rest = self.path.removeprefix(start.path)
        return self.path.startswith(start.path) and (start.path.endswith("/") or rest[:1] in after)


def _begun(entry: str) -> tuple[_Address, tuple[str, ...]]:
    """The beginning of all urlkeys that an entry covers, and the characters that may follow it ("": the end).

    These are AFTER_ADDRESS for an address, AFTER_HOST for a host.
    """
    if "://" in entry:
        return _Address.of(urlkey(entry)), AFTER_ADDRESS
    return _Address.of(urlkey(f"http://{entry}/").partition(")")[0]), AFTER_HOST
