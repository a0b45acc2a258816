"""What a Scrapy response is to the archive, and where a redirect may lead."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from archive.ingest import Fetched
from archive.judging.prepare import Asked
from crawler.middlewares.address_guard import refused_url
from crawler.sources import Source
from parsers.urls import urlkey

Kind = Literal["article", "list", "page", "hop"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def fetched(response: Response, kind: Kind, sought: str | None = None) -> Fetched:
    """The response as it came, payload still in its content coding, captured now.

    sought: the address that was asked for, where redirects led here.
    """
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    ip = str(response.ip_address) if response.ip_address is not None else None
    asked, delay = _asked(response), response.meta.get("delay", 0.0) if response.request else 0.0
    return Fetched(
        response.url, response.status, headers, response.body, datetime.now(UTC), kind, ip, asked, sought, delay
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
    return None if refused_url(url, source.allow) else url


def article_target(response: Response, source: Source, key: str) -> str | None:
    """Where a redirect of an article leads, if it is followed: to an article of the source, or the same urlkey."""
    url = location(response, source)
    if url is None or url == response.url:
        return None
    return url if source.covers(url) or _key(url) == key else None


def page_target(response: Response, source: Source) -> str | None:
    """Where a redirect of an article's further page leads, if it is followed: to the same urlkey."""
    url = location(response, source)
    return url if url not in (None, response.url) and _key(str(url)) == _key(response.url) else None


def list_target(response: Response, source: Source) -> str | None:
    """Where a redirect of a list leads, if it is followed: to the same host, with or without www."""
    url = location(response, source)
    return url if url is not None and _host(url) == _host(response.url) else None


def _key(url: str) -> str | None:
    try:
        return urlkey(url)
    except ValueError:
        return None


def _host(url: str) -> str:
    return (urlsplit(url).netloc or "").lower().removeprefix("www.")
