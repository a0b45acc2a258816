"""The names of hosts: which addresses are one host, and the delay between two requests to it; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol, Self
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


class DeclaredHosts(Protocol):
    """The hosts of a source. delay is in seconds; aliases are further hosts (host or host:port)."""

    @property
    def homepage(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...
    @property
    def delay(self) -> float: ...


def host_of(url: str) -> str:
    """The host of an address in lower case, without `www.`, with its port unless it is the scheme's default.

    `www.` and the bare name are one server nearly everywhere, and so are http and https: two requests to them within
    the delay would double its load. "" for an address without a host, such as `a/b`; raises ValueError for one that
    cannot be taken apart, such as `https://a:b/`.
    """
    parts = urlsplit(url)
    port = parts.port if parts.port != DEFAULT_PORTS.get(parts.scheme) else None
    return _plain((parts.hostname or "") + (f":{port}" if port else ""))


def _plain(host: str) -> str:
    """host or host:port as requests spell it: Punycode, no dot at the end, no www.; any port stays."""
    name, colon, port = host.lower().partition(":") if host.count(":") == 1 else (host.lower(), "", "")
    if not name.isascii():
        with suppress(UnicodeError):  # a name without Punycode cannot be asked
            name = name.encode("idna").decode("ascii")
    return name.rstrip(".").removeprefix("www.") + colon + port


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts of all sources: one name for each server, and the longest delay that any source declares for it.

    delay is the crawled source's, in seconds: it holds for undeclared hosts. 0 means a site of one's own, and then
    holds for every host, whatever other sources declare.
    """

    delay: float
    _names: Mapping[str, str] = field(default_factory=dict)
    _delays: Mapping[str, float] = field(default_factory=dict)
    _a_day: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls, crawled: DeclaredHosts, others: Iterable[DeclaredHosts] = (), a_day: Mapping[str, int] | None = None
    ) -> Self:
        """The hosts of the crawled source and the others; a source without a homepage has none.

        a_day: the requests that a host may get in 24 hours, by host or host:port; www. and the ports 80 and 443 make no
        difference. Of several for one server the smallest holds.
        """
        sources = [each for each in (crawled, *others) if each.homepage]
        names: dict[str, str] = {}
        for source in sources:
            _join(names, [host_of(source.homepage), *map(_plain, source.aliases)])
        delays: dict[str, float] = {}
        for source in sources:
            name = names[host_of(source.homepage)]
            delays[name] = max(delays.get(name, 0.0), source.delay)
        budgets: dict[str, int] = {}
        for host, requests in (a_day or {}).items():
            plain = _plain(host.removesuffix(":443").removesuffix(":80"))
            name = names.get(plain, plain)
            budgets[name] = min(budgets.get(name, requests), requests)
        return cls(crawled.delay, names, delays, budgets)

    def name(self, url: str) -> str:
        """The name of an address's host, one for all aliases of a server. Raises ValueError for a malformed address."""
        host = host_of(url)
        return self._names.get(host, host)

    def unasked(self, places: Iterable[str]) -> list[str]:
        """The names, sorted, of the hosts that have a budget of a day and no address among `places`."""
        return sorted(self._a_day.keys() - {self.name(url) for url in places})

    def pace(self, name: str) -> float:
        """The seconds between two requests to the host of that name: the longest declared for it, else `delay`.

        0 for every host if `delay` is 0.
        """
        return self._delays.get(name, self.delay) if self.delay else 0.0

    def a_day(self, name: str) -> int | None:
        """The most requests that the host of that name may get in 24 hours from all sources; None: any number."""
        return self._a_day.get(name)


def _join(names: dict[str, str], hosts: list[str]) -> None:
    """Give these hosts, and all that share a name with one of them, one name in `names`.

    It is the first by alphabet of all their names so far and of the hosts that had none.
    """
    former = {names.get(host, host) for host in hosts}
    for host in {*hosts, *_named(names, former)}:
        names[host] = min(former)


def _named(names: Mapping[str, str], wanted: set[str]) -> Iterator[str]:
    return (host for host, name in names.items() if name in wanted)
