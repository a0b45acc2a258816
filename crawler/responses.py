"""What a Scrapy response is to the archive, and where a redirect may lead."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast
from urllib.parse import urljoin

from scrapy.http import Response

from archive.judging.fetched import Asked, CaptureKind, Fetched
from crawler.downloads import Answer
from crawler.middlewares.address_guard import refused_url
from crawler.sources import Source
from parsers.urls import urlkey

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


def article_page(response: Response, sought: str | None, further: bool, followed: bool) -> Fetched:
    """What the archive is given of an article's response: a redirect that is followed says nothing until its end.

    sought: as for `fetched`; further: it is a further page of an article in pages.
    """
    if further:
        return fetched(response, "page")
    return fetched(response, "hop") if followed else fetched(response, "article", sought)


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
    """Where a redirect of a list leads, if it is followed: to one of the source's hosts."""
    url = location(response, source)
    return url if url is not None and source.within(url) else None


def _key(url: str) -> str | None:
    try:
        return urlkey(url)
    except ValueError:
        return None
