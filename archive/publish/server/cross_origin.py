"""CORS: pages of other origins may read the site's JSON, CSV and feeds, if the site is public; nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

Header = tuple[bytes, bytes]

MAX_AGE_SECONDS = 24 * 3600  # browsers keep the answer to OPTIONS; they cut it to what they allow
_TYPES = {
    b"application/json", b"application/feed+json", b"application/atom+xml", b"application/jsonl", b"text/csv",
    b"application/vnd.citationstyles.csl+json",
}  # fmt: skip
# Captured bytes may end in anything: no ending makes their addresses data.
_DATA = re.compile(r"(?!.*/capture/.)(?!/data/files/).*\.(?:json|csv|atom|jsonl)\Z|/capture/[^/]+\.json\Z", re.DOTALL)

OPEN: Mapping[str, str] = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Content-Disposition, Repr-Digest, Retry-After",
    "cross-origin-resource-policy": "cross-origin",
}
PREFLIGHT: Mapping[str, str] = {
    **OPEN,
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "Accept, Accept-Language, Content-Type, If-None-Match, If-Modified-Since, Range",
    "access-control-max-age": str(MAX_AGE_SECONDS),
    "allow": "GET, HEAD, OPTIONS",
}


def is_data(path: str) -> bool:
    """True for the address of JSON, CSV or a feed, by its ending; False for captured bytes and the operator's files."""
    return bool(_DATA.match(path))


def opened(path: str, headers: Iterable[Header]) -> list[Header]:
    """The headers of a reply to `path`, with those of OPEN if it is data: by its type, or without body by `path`.

    A redirect and a 304 have no type that tells; a browser follows the redirect of data only with these headers.
    """
    kept = list(headers)
    kind = next((value for name, value in kept if name.lower() == b"content-type"), b"").partition(b";")[0].strip()
    if kind not in _TYPES and not (kind in (b"", b"text/plain") and is_data(path)):
        return kept
    closed = [(name, value) for name, value in kept if name.lower().decode("latin-1") not in OPEN]
    return [*closed, *((name.encode(), value.encode()) for name, value in OPEN.items())]
