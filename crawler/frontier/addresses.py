"""The addresses of one urlkey (http and https, with and without www.), and which of them to ask; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from archive.files import instant, stamp
from parsers.urls import urlkey

Origin = tuple[str, bool]  # the scheme; True if the host begins with www.


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """A further address of an article.

    named_at: the last time that a list named it; None if no list did since the article moved from it.
    """

    url: str
    named_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ArticleAddresses:
    """The address at which an article is asked, and its others: one of each origin, newest first."""

    url: str
    others: tuple[OtherAddress, ...] = ()

    def named(self, url: str, at: datetime) -> ArticleAddresses:
        """The addresses after a list named the article at `url`.

        A new address is asked from then on; but http in place of https only joins the others, which `instead` gives if
        https has no article. One that is already among the others is only marked as named: otherwise two lists with two
        addresses would move the article in every crawl. Nothing changes if `url` differs from the present one neither
        in scheme nor in www.
        """
        if origin(url) == origin(self.url):
            return self
        known = next((other.url for other in self.others if origin(other.url) == origin(url)), None)
        if known or is_downgrade(self.url, url):
            return ArticleAddresses(self.url, (OtherAddress(known or url, at), *self._but(url)))
        return ArticleAddresses(url, (OtherAddress(self.url), *self.others))

    def answered(self, url: str) -> ArticleAddresses:
        """The addresses after the article was found at `url`, which is asked from then on.

        The present one joins the others, unless it has the same scheme and www: then `url` replaces it.
        """
        if origin(url) == origin(self.url):
            return ArticleAddresses(url, self.others)
        return ArticleAddresses(url, (OtherAddress(self.url), *self._but(url)))

    def knows(self, url: str) -> bool:
        """True if one of the other addresses has the same scheme, and www. or none, as `url`."""
        return any(origin(other.url) == origin(url) for other in self.others)

    def instead(self, answered: bool, since: datetime, had: bool = True) -> Iterator[str]:
        """Yield the other addresses to ask, because the first gave no article.

        First rule: each that a list named since the crawl began (`since`), also http in place of https. Second rule,
        only if the first address did not answer (`answered` False): all others too, but http in place of https only if
        https never answered for the article (`had` False).
        """
        for other in self.others:
            is_named = other.named_at is not None and other.named_at >= since
            if is_named or not (answered or (had and is_downgrade(self.url, other.url))):
                yield other.url

    def _but(self, url: str) -> tuple[OtherAddress, ...]:
        return tuple(other for other in self.others if origin(other.url) != origin(url))


def read_addresses(url: str, others: str | None) -> ArticleAddresses:
    """The addresses of a row of the frontier; others: its column other_urls, JSON as `written` makes it, or None."""
    found = json.loads(others) if others else {}
    return ArticleAddresses(url, tuple(OtherAddress(other, instant(at) if at else None) for other, at in found.items()))


def written(addresses: ArticleAddresses) -> str | None:
    """The other addresses as JSON: {address: the last time that a list named it}; None if there are no others."""
    others = {other.url: stamp(other.named_at) if other.named_at else None for other in addresses.others}
    return json.dumps(others, ensure_ascii=False) if others else None


def origin(url: str) -> Origin:
    """The scheme, and True if the host begins with www.: one urlkey has up to four of them."""
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").startswith("www.")


def is_downgrade(url: str, to: str) -> bool:
    """True if https becomes http, where anyone on the path can answer."""
    return urlsplit(url).scheme.lower() == "https" and urlsplit(to).scheme.lower() == "http"


def is_upgrade(url: str, to: str) -> bool:
    """True if http becomes https."""
    return is_downgrade(to, url)


def at_place_of(url: str, other: str) -> str:
    """`url` with the scheme, host and port of `other`."""
    place = urlsplit(other)
    return urlunsplit(urlsplit(url)._replace(scheme=place.scheme, netloc=place.netloc))


def same_key(url: str, other: str) -> bool:
    """True if two addresses have one urlkey; False if one of them has none."""
    try:
        return urlkey(url) == urlkey(other)
    except ValueError:
        return False
