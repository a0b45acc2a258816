"""The targets of an article's redirects, by status or by its page, and which of them a crawl follows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from archive.judging import Fetched, Whence
from archive.rules import adds_query
from crawler.download import REDIRECTS, fetched
from crawler.frontier import is_upgrade, same_key
from crawler.middlewares import DEFAULT_PORTS, refused_url
from crawler.session.errand import Errand
from crawler.sources import Source, is_loopback
from parsers.urls import is_login

FOR_GOOD = frozenset({301, 308})
MAX_REDIRECTS = 5  # as RFC 2068 recommended (RFC 9110 §15.4)
LOOK_UP_SECONDS = 20.0  # as DNS_TIMEOUT in crawler/settings.py


@dataclass(frozen=True, slots=True)
class RedirectTarget:
    """The judgement on an answer's redirect; all defaults if the answer does not redirect.

    target: the url to ask next, if it is followed. lasting: it is followed and permanent. out: its url, if it leads to
    another page and is not followed. astray: it leads to nothing that can be asked (a circle, a long chain, another
    scheme, a name without an address), and so is no evidence about its article.
    """

    target: str | None = None
    lasting: bool = False
    astray: bool = False
    out: str | None = None


@dataclass(slots=True)
class Redirects:
    """Judges the redirects of one crawl; looks each host name up once, and never connects to it."""

    source: Source
    _known: dict[str, asyncio.Future[bool]] = field(default_factory=dict)

    async def of_response(self, response: Response, errand: Errand) -> RedirectTarget:
        """The judgement on the redirect of an answer, by its status and Location; without either it is no redirect."""
        header = response.headers.get(b"Location") if response.status in REDIRECTS else None
        if not header:
            return RedirectTarget()
        return await self.of(header.decode("utf-8", "replace").strip(), errand, response.status in FOR_GOOD)

    async def of(self, written: str, errand: Errand, for_good: bool = False) -> RedirectTarget:
        """The judgement on an address, absolute or relative, to which the answer to an errand sends its reader.

        for_good: the status says that it is permanent; http to https with the same urlkey always is.
        """
        try:
            url = urljoin(errand.url, written).partition("#")[0]
        except ValueError:  # malformed
            return RedirectTarget(astray=True)
        if not is_nameable(url, self.source) or url in (errand.url, *errand.via):
            return RedirectTarget(astray=True)
        wanted = errand.url if errand.unfinished else errand.lease.url
        if may_follow(url, self.source, wanted, errand.unfinished is not None) and is_askable(url, self.source):
            if len(errand.via) >= MAX_REDIRECTS:
                return RedirectTarget(astray=True)
            return RedirectTarget(url, for_good or (is_upgrade(errand.url, url) and same_key(errand.url, url)))
        return RedirectTarget(astray=not (self.source.within(url) or await self._has_owner(url)), out=url)

    async def _has_owner(self, url: str) -> bool:
        """True if the name in an address has a public IP address, or the address is on this machine.

        Each name is looked up once.
        """
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        if is_loopback(url):  # allowed for a source on this machine
            return True
        try:
            host.encode("idna")
        except UnicodeError:  # not a name of the DNS
            return False
        if host.endswith(".invalid"):  # RFC 6761 §6.4
            return False
        if host not in self._known:
            port = parts.port or DEFAULT_PORTS[parts.scheme]
            self._known[host] = asyncio.ensure_future(_is_found(host, port))
        return await asyncio.shield(self._known[host])


async def _is_found(host: str, port: int) -> bool:
    from twisted.internet import reactor

    found: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    resolver: Any = reactor
    resolver.nameResolver.resolveHostName(_Finding(found), host, port)
    try:
        return await asyncio.wait_for(found, LOOK_UP_SECONDS)
    except TimeoutError:
        return False


def article_page(response: Response, errand: Errand, lead: RedirectTarget, twins: tuple[str, ...] = ()) -> Fetched:
    """The response to an errand as a Fetched of kind `hop`, `page` or `article`.

    A redirect that is followed is a hop, a further page of an article a page. lead: the judgement on its redirect.
    twins: the same path on the other hosts of its source.
    """
    if lead.target is not None:
        return fetched(response, "hop")
    if errand.unfinished is not None:
        return fetched(response, "page")
    whence = Whence(errand.lease.url if errand.via else None, twins)
    section = errand.lease.section if _is_of_entry(response.url, errand) else None
    return replace(fetched(response, "article"), whence=whence, astray=lead.astray, section=section)


def _is_of_entry(url: str, errand: Errand) -> bool:
    """True if the answer is the article of the feed's entry: at its address, or redirected on the first visit.

    If an address redirects elsewhere only later, its article is gone, and the target is another article.
    """
    return not errand.via or errand.lease.fetched_at is None or same_key(url, errand.lease.url)


def location(response: Response, source: Source) -> str | None:
    """The absolute address to which a response redirects.

    None without one, if it is malformed, or if the address guard would refuse it.
    """
    header = response.headers.get(b"Location") if response.status in REDIRECTS else None
    if not header:
        return None
    try:
        url = urljoin(response.url, header.decode("utf-8", "replace").strip()).partition("#")[0]
    except ValueError:  # malformed
        return None
    return url if is_askable(url, source) else None


def is_askable(url: str, source: Source) -> bool:
    """True if the address guard lets an address pass by its text; its name is not looked up."""
    return refused_url(url, source.allow) is None


def is_nameable(url: str, source: Source) -> bool:
    """True if the address may be declared for a source: public, in `allow`, or on this machine if all the source is."""
    local = url.startswith(("http://", "https://")) and is_loopback(url) and source.is_local
    return is_askable(url, source) or local


def may_follow(url: str, source: Source, wanted: str, is_further: bool = False) -> bool:
    """True if a redirect is followed: to another spelling of the wanted url or an article of the source, but no login.

    wanted: the url that was asked for. Also followed is the wanted url with an added query (a mark of the visit), even
    out of scope: it may lead back. is_further: it is a further page of an article; then only another spelling (scheme,
    www.) of its own address is followed.
    """
    if same_key(url, wanted):
        return True
    return not is_further and (source.covers(url) or is_marked(url, wanted)) and not is_login(url, wanted)


def article_target(response: Response, source: Source, wanted: str) -> str | None:
    """The target of an article's redirect if a crawl follows it, else None. wanted: the url that was asked for."""
    url = location(response, source)
    return url if url is not None and url != response.url and may_follow(url, source, wanted) else None


def list_target(response: Response, source: Source) -> str | None:
    """The target of a list's redirect if it is on one of the source's hosts, where a crawl follows it; else None."""
    url = location(response, source)
    return url if url is not None and source.within(url) else None


def is_marked(url: str, wanted: str) -> bool:
    """True if the address is the wanted one, which has no query, with a query: /a/1?again=1."""
    try:
        return adds_query(url, wanted)
    except ValueError:
        return False


@implementer(IResolutionReceiver)
class _Finding:
    """Sets the future when a look-up ends: True if the name has an address, else False."""

    def __init__(self, found: asyncio.Future[bool]) -> None:
        self._found = found
        self._any = False

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 Twisted's name
        """Required by the interface."""

    def addressResolved(self, address: Any) -> None:  # noqa: ARG002, N802 Twisted's name
        self._any = True

    def resolutionComplete(self) -> None:  # noqa: N802 Twisted's name
        if not self._found.done():
            self._found.set_result(self._any)
