"""Which addresses are one host, and how long each host is left alone between two requests; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol, Self
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


class DeclaredHosts(Protocol):
    """What a source says of its hosts. delay is in seconds; aliases are further hosts (host or host:port)."""

    @property
    def homepage(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...
    @property
    def delay(self) -> float: ...


def host_of(url: str) -> str:
    """The host of an address in lower case, with its port unless that is the scheme's, without `www.`.

    `www.` and the bare name are one server nearly everywhere, and so are http and https: two requests to them within
    the delay would be twice its load. Raises ValueError for what is no address.
    """
    parts = urlsplit(url)
    port = parts.port if parts.port != DEFAULT_PORTS.get(parts.scheme) else None
    return _plain((parts.hostname or "") + (f":{port}" if port else ""))


def _plain(host: str) -> str:
    """host or host:port as requests spell it: Punycode, no dot at the end, no www."""
    name, colon, port = host.lower().partition(":") if host.count(":") == 1 else (host.lower(), "", "")
    if not name.isascii():
        with suppress(UnicodeError):  # what has no Punycode is asked by nobody
            name = name.encode("idna").decode("ascii")
    return name.rstrip(".").removeprefix("www.") + colon + port


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts that all sources declare: one name for each server, and the longest delay that any of them asks for.

    delay is that of the crawled source, in seconds: it holds for hosts which nobody declares. 0 is for a site of one's
    own, and then holds for every host, whatever others say of it.
    """

    delay: float
    _names: Mapping[str, str] = field(default_factory=dict)
    _delays: Mapping[str, float] = field(default_factory=dict)
    _a_day: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls, crawled: DeclaredHosts, others: Iterable[DeclaredHosts] = (), a_day: Mapping[str, int] | None = None
    ) -> Self:
        """As the crawled source and the others declare them; a_day: how many requests hosts get, by host or host:port.

        Of several numbers for one server the smallest holds.
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
        """The one name of an address's host. Raises ValueError for what is no address."""
        host = host_of(url)
        return self._names.get(host, host)

    def unasked(self, places: Iterable[str]) -> list[str]:
        """The names of hosts that have a budget, and none of these addresses."""
        return sorted(self._a_day.keys() - {self.name(url) for url in places})

    def pace(self, name: str) -> float:
        """The seconds between two requests to the host of that name."""
        return self._delays.get(name, self.delay) if self.delay else 0.0

    def a_day(self, name: str) -> int | None:
        """How many requests the host of that name gets in 24 hours, from all sources together; None: any number."""
        return self._a_day.get(name)


def _join(names: dict[str, str], hosts: list[str]) -> None:
    """Give these hosts one name, and whatever shares a name with one of them."""
    former = {names.get(host, host) for host in hosts}
    for host in {*hosts, *_named(names, former)}:
        names[host] = min(former)


def _named(names: Mapping[str, str], wanted: set[str]) -> Iterator[str]:
    return (host for host, name in names.items() if name in wanted)
