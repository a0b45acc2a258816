"""A Scrapy response in the archive's terms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from scrapy.http import Response

from archive.judging import Fetched, SentRequest
from archive.rows import CaptureKind
from crawler.download.handler import Answer

REDIRECTS = frozenset({301, 302, 303, 307, 308})


def fetched(response: Response, kind: CaptureKind) -> Fetched:
    """The response as a Fetched of this kind, captured now, or when a worker did; its payload stays compressed."""
    answer = cast("Answer", response)  # our handler makes no other class
    ip = str(answer.ip_address) if answer.ip_address is not None else None
    return Fetched(
        url=answer.url,
        status=answer.status,
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.fields),
        payload=answer.body,
        captured_at=answer.at or datetime.now(UTC),
        kind=kind,
        ip=ip,
        asked=_asked(answer),
        delay=answer.meta.get("delay", 0.0) if answer.request else 0.0,
        truncated=answer.truncated,
        open_ended=answer.open_ended,
        record_id=answer.record_id,
    )


def _asked(response: Response) -> SentRequest | None:
    """The request that was answered, as Scrapy handed it to the connection; None if Scrapy names none."""
    request = response.request
    if request is None:
        return None
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in request.headers.items()
        for value in values
    )
    return SentRequest(request.method, headers, request.body)
