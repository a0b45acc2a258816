"""What a Scrapy response is to the archive, and which redirects may be followed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast
from urllib.parse import urljoin

from scrapy.http import Response

from archive.reading.fetched import Asked, Fetched
from archive.rows.captures import CaptureKind
from archive.rules.identity import adds_query
from crawler.downloads import Answer
from crawler.middlewares.address_guard import refused_url
from crawler.sources import Source
from crawler.sources.declaration import is_loopback
from parsers.urls import is_login, urlkey

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def fetched(response: Response, kind: CaptureKind, sought: str | None = None) -> Fetched:
    """The response as it came, payload still in its content coding, captured now.

    sought: the address that was asked for, where redirects led here.
    """
    answer = cast("Answer", response)  # no handler makes any other
    ip = str(answer.ip_address) if answer.ip_address is not None else None
    return Fetched(
        url=answer.url,
        status=answer.status,
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.fields),
        payload=answer.body,
        captured_at=datetime.now(UTC),
        kind=kind,
        ip=ip,
        asked=_asked(answer),
        sought=sought,
        delay=answer.meta.get("delay", 0.0) if answer.request else 0.0,
        truncated=answer.truncated,
        open_ended=answer.open_ended,
    )


def _asked(response: Response) -> Asked | None:
    """The request that was answered, as Scrapy handed it to the connection."""
    request = response.request
    if request is None:
        return None
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in request.headers.items()
        for value in values
    )
    return Asked(request.method, headers, request.body)


def location(response: Response, source: Source) -> str | None:
    """The absolute address of a redirect, None when there is none or the address guard would refuse it."""
    header = response.headers.get(b"Location") if response.status in REDIRECTS else None
    if not header:
        return None
    url = urljoin(response.url, header.decode("utf-8", "replace").strip()).partition("#")[0]
    return url if is_askable(url, source) else None


def is_askable(url: str, source: Source) -> bool:
    """Whether the address guard lets an address pass, as it is written."""
    return refused_url(url, source.allow) is None


def is_nameable(url: str, source: Source) -> bool:
    """Whether an address may be declared for a source: one that the guard lets pass, or on this machine as it is."""
    local = url.startswith(("http://", "https://")) and is_loopback(url) and source.is_local
    return is_askable(url, source) or local


def may_follow(url: str, source: Source, wanted: str, is_further: bool = False) -> bool:
    """Whether a redirect is followed: to an article of the source, or another spelling of the address; to no login.

    wanted: what was asked for. is_further: it is a further page of an article, which is found at its own address only.
    Its address with a mark of the visit is followed wherever the scope ends: it may lead back, and then in a circle.
    """
    if same_key(url, wanted):
        return True
    return not is_further and (source.covers(url) or is_marked(url, wanted)) and not is_login(url, wanted)


def article_target(response: Response, source: Source, wanted: str) -> str | None:
    """Where a redirect of an article leads, if it is followed."""
    url = location(response, source)
    return url if url is not None and url != response.url and may_follow(url, source, wanted) else None


def list_target(response: Response, source: Source) -> str | None:
    """Where a redirect of a list leads, if it is followed: to one of the source's hosts."""
    url = location(response, source)
    return url if url is not None and source.within(url) else None


def is_marked(url: str, wanted: str) -> bool:
    """Whether an address is the wanted one, which has no query, with one: /a/1?again=1."""
    try:
        return adds_query(url, wanted)
    except ValueError:
        return False


def same_key(url: str, other: str) -> bool:
    """Whether two addresses have one urlkey."""
    try:
        return urlkey(url) == urlkey(other)
    except ValueError:
        return False
