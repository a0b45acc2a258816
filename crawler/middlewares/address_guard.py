"""Only public addresses are connected to; checked on the resolved address, after any name or redirect."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection, Sequence
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.hosts import NeverFetched

# The IANA special-purpose registries (RFC 6890), and the anycast relays of 6to4.
REFUSED_IPV4 = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "carrier NAT",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "AS112",
    "192.52.193.0/24": "AMT",
    "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "AS112",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
REFUSED_IPV6 = {
    "::1/128": "loopback",
    "::/128": "unspecified",
    "::ffff:0:0/96": "mapped IPv4",
    "64:ff9b::/96": "NAT64",
    "64:ff9b:1::/48": "NAT64",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "ff00::/8": "multicast",
    "2001::/23": "protocol assignments",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "AS112",
    "3fff::/20": "documentation",
}
_IPV4 = [(ipaddress.IPv4Network(net), why) for net, why in REFUSED_IPV4.items()]
_IPV6 = [(ipaddress.IPv6Network(net), why) for net, why in REFUSED_IPV6.items()]
UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
DEFAULT_PORTS = {"http": 80, "https": 443}


class AddressRefused(IgnoreRequest):
    """An address that the guard refuses: malformed, not http(s), not public, or named by `never`; the text says which.

    for_good: the address itself is refused, not only the IP address that its name has today. pair: the `host:port` that
    lets it pass if `allow` names it; None if `allow` does not help. by_never: `never` in thinker.toml names it.
    """

    def __init__(
        self, url: str, reason: str, pair: str | None = None, for_good: bool = True, by_never: bool = False
    ) -> None:
        super().__init__(f"{url}: refused: {reason}")
        self.url = url
        self.pair = pair
        self.for_good = for_good
        self.by_never = by_never


def refused_address(address: str) -> str | None:
    """The reason that an IP address in text form is refused; None for a public one.

    Unreadable text is refused.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "not an IP address"
    if isinstance(ip, ipaddress.IPv4Address):
        return next((why for net, why in _IPV4 if ip in net), None)
    reason = next((why for net, why in _IPV6 if ip in net), None)
    return reason or (None if ip in GLOBAL_IPV6 else "not global unicast")


def refused_url(url: str, allow: Collection[str] = ()) -> str | None:
    """The reason that a url is refused before any look-up; None if it is not.

    Refused are: a malformed address, white space, control characters and backslashes, another scheme than http and
    https, a user name or password, no host, localhost, and a host that is itself a non-public address. allow: the
    host:port pairs that may be non-public, compared as written.
    """
    if UNSAFE.search(url):
        return "white space, control character or backslash"
    try:
        parts = urlsplit(url)
        pair = _pair(parts)
    except ValueError as error:
        return f"malformed: {error}"
    if parts.scheme not in DEFAULT_PORTS:
        return f"scheme {parts.scheme or 'missing'!s}: only http and https"
    host = parts.hostname or ""
    if not host or "@" in parts.netloc:
        return "no host" if not host else "user information in the address"
    return None if pair in allow else _refused_host(host)


def refusal(url: str, allow: Collection[str], never: NeverFetched) -> AddressRefused | None:
    """The refusal of an address before any look-up of its name; None if it may be asked."""
    if reason := refused_url(url, allow):
        return AddressRefused(url, reason, _not_public(url))
    if reason := never.reason(url):
        return AddressRefused(url, reason, by_never=True)
    return None


def _pair(parts: SplitResult) -> str:
    """`host:port` of an address, as `allow` has it; the port is by default its scheme's. `:443` without a host.

    Raises ValueError for a port that is no number up to 65535.
    """
    host = parts.hostname or ""
    return f"{f'[{host}]' if ':' in host else host}:{parts.port or DEFAULT_PORTS.get(parts.scheme, 0)}"


def _not_public(url: str) -> str | None:
    """`host:port` that lets an address pass if `allow` names it, as for one that is not public.

    None if it is refused even so. An address that passes anyhow gives its pair too.
    """
    try:
        pair = _pair(urlsplit(url))
    except ValueError:
        return None
    return None if refused_url(url, (pair,)) else pair


def _refused_host(host: str) -> str | None:
    if ":" in host:
        return refused_address(host)
    name = host.rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return "loopback (RFC 6761)"
    if not _ends_in_a_number(name):
        return None
    try:
        return refused_address(socket.inet_ntoa(socket.inet_aton(name)))
    except OSError:
        return "malformed IPv4 address"


def _ends_in_a_number(name: str) -> bool:
    """True if a browser reads the host as IPv4 (WHATWG URL, "ends in a number checker")."""
    return re.fullmatch(r"\d+|0[xX][0-9a-fA-F]*", name.rpartition(".")[2]) is not None


@implementer(IHostnameResolver)
class GuardedResolver:
    """A name resolver that gives no address of a name if any of its addresses is refused.

    The host:port pairs in `allow` pass. Twisted connects to exactly the addresses that it is given here, literal ones
    included, so that no second look-up could answer differently (DNS rebinding).
    """

    def __init__(self, inner: Any, allow: Collection[str]) -> None:
        self._inner = inner
        self._allow = frozenset(allow)
        self.refusals: dict[str, str] = {}

    def resolveHostName(  # noqa: N802 Twisted's name
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        receiver: Any = resolutionReceiver
        if f"{hostName}:{portNumber}" not in self._allow:
            receiver = _Sieve(resolutionReceiver, hostName, self.refusals)
        answer: IHostResolution = self._inner.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
        return answer


@implementer(IResolutionReceiver)
class _Sieve:
    def __init__(self, receiver: Any, host: str, refusals: dict[str, str]) -> None:
        self._receiver = receiver
        self._host = host
        self._refusals = refusals
        self._addresses: list[Any] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        refused = [(address.host, why) for address in self._addresses if (why := refused_address(address.host))]
        if refused:
            self._refusals[self._host] = f"{self._host} is {refused[0][0]} ({refused[0][1]})"
        else:
            for address in self._addresses:
                self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


class AddressGuard:
    """Refuses a url before anything is sent, and installs the guarded resolver for every connection.

    allow: the host:port pairs that some request may ask though they are not public; `_allowed` says which request.
    """

    def __init__(self, allow: Collection[str], never: Collection[str]) -> None:
        from twisted.internet import reactor

        self._allow = frozenset(allow)
        self._never = NeverFetched(never)
        self._resolver = GuardedResolver(reactor.nameResolver, allow)
        reactor.installNameResolver(self._resolver)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        return cls(settings.getlist("ADDRESS_GUARD_ALLOW"), settings.getlist("ADDRESS_GUARD_NEVER"))

    def process_request(self, request: Request) -> None:
        allowed = self._allowed(request)
        if error := refusal(request.url, allowed, self._never):
            raise error
        pair = _pair(urlsplit(request.url))
        if pair in self._allow and pair not in allowed:  # the resolver, which knows no request, would let it pass
            raise AddressRefused(request.url, "`allow` names it for other sources alone", pair, for_good=False)

    def _allowed(self, _request: Request) -> Collection[str]:
        return self._allow

    def process_exception(self, request: Request, exception: Exception) -> None:
        host = urlsplit(request.url).hostname or ""
        if isinstance(exception, CannotResolveHostError) and host in self._resolver.refusals:
            pair = _pair(urlsplit(request.url))
            raise AddressRefused(request.url, self._resolver.refusals[host], pair, for_good=False) from exception
