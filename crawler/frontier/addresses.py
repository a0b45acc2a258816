"""The addresses that one urlkey stands for: by http and https, with www. and without. Which is asked; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from archive.files import instant, stamp
from parsers.urls import urlkey

Origin = tuple[str, bool]  # the scheme, and whether the host begins with www.


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """A further address of an article; named_at: when a list named it last, None where none did since it was left."""

    url: str
    named_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ArticleAddresses:
    """Where an article is asked, and its other addresses, at most one of each origin, the newest first."""

    url: str
    others: tuple[OtherAddress, ...] = ()

    def named(self, url: str, at: datetime) -> ArticleAddresses:
        """After a list named the article at an address.

        A new one is asked from then on, but http in the place of https only where that fails. One that was known is no
        news: two lists that name two addresses in every crawl move nothing.
        """
        if origin(url) == origin(self.url):
            return self
        known = next((other.url for other in self.others if origin(other.url) == origin(url)), None)
        if known or is_downgrade(self.url, url):
            return ArticleAddresses(self.url, (OtherAddress(known or url, at), *self._but(url)))
        return ArticleAddresses(url, (OtherAddress(self.url), *self.others))

    def answered(self, url: str) -> ArticleAddresses:
        """After the article was found at another address: it is asked there from then on."""
        if origin(url) == origin(self.url):
            return ArticleAddresses(url, self.others)
        return ArticleAddresses(url, (OtherAddress(self.url), *self._but(url)))

    def knows(self, url: str) -> bool:
        """Whether this is one of the other addresses."""
        return any(origin(other.url) == origin(url) for other in self.others)

    def instead(self, answered: bool, since: datetime, had: bool = True) -> Iterator[str]:
        """Which to ask where the first gives no article; answered: it said so itself, and did not merely fail.

        Then only what a list names since the crawl began. So it is with http in the place of an https that was ever
        had; one that a list named and that never answered takes nothing away.
        """
        for other in self.others:
            is_named = other.named_at is not None and other.named_at >= since
            if is_named or not (answered or (had and is_downgrade(self.url, other.url))):
                yield other.url

    def _but(self, url: str) -> tuple[OtherAddress, ...]:
        return tuple(other for other in self.others if origin(other.url) != origin(url))


def read_addresses(url: str, others: str | None) -> ArticleAddresses:
    """The addresses of a row, whose other ones are written as JSON."""
    found = json.loads(others) if others else {}
    return ArticleAddresses(url, tuple(OtherAddress(other, instant(at) if at else None) for other, at in found.items()))


def written(addresses: ArticleAddresses) -> str | None:
    """The other addresses as JSON: of each when a list named it last."""
    others = {other.url: stamp(other.named_at) if other.named_at else None for other in addresses.others}
    return json.dumps(others, ensure_ascii=False) if others else None


def origin(url: str) -> Origin:
    """What tells addresses of one urlkey apart that are asked apart."""
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").startswith("www.")


def is_downgrade(url: str, to: str) -> bool:
    """Whether https becomes http, where anybody on the way can answer."""
    return urlsplit(url).scheme.lower() == "https" and urlsplit(to).scheme.lower() == "http"


def is_upgrade(url: str, to: str) -> bool:
    """Whether http becomes https."""
    return is_downgrade(to, url)


def at_place_of(url: str, other: str) -> str:
    """The address, but with scheme and host of another one."""
    place = urlsplit(other)
    return urlunsplit(urlsplit(url)._replace(scheme=place.scheme, netloc=place.netloc))


def same_key(url: str, other: str) -> bool:
    """Whether two addresses have one urlkey."""
    try:
        return urlkey(url) == urlkey(other)
    except ValueError:
        return False
