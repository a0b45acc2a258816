"""Pages that redirect by `<meta http-equiv="refresh">` (HTML Standard, 4.2.5.3)."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from parsers.document import Document
from parsers.urls import safe_url

MAX_DELAY_SECONDS = 10  # pages say "you are taken there in 3, 5, 10 seconds"
_REFRESH = re.compile(
    r"\s*(?:(?P<seconds>\d{1,9})|(?=\.))(?:\.[\d.]*)?\s*(?:[;,]\s*|\s+)(?>(?:url\s*=\s*)?)(?P<quote>[\"']?)(?P<url>.+)",
    re.IGNORECASE | re.DOTALL,
)


def sent_on_to(document: Document) -> str | None:
    """The address that a page redirects to after ten seconds or less; None without one, or if the page only reloads.

    Only the first refresh of a page counts, and none in <noscript>: those are only for readers without scripts.
    """
    for node in document.named["meta"]:
        if (node.attributes.get("http-equiv") or "").strip().lower() == "refresh" and not _is_in_noscript(node):
            return _target(node.attributes.get("content") or "", document)
    return None


def _target(content: str, document: Document) -> str | None:
    found = _REFRESH.match(content)
    if found is None or int(found["seconds"] or 0) > MAX_DELAY_SECONDS:
        return None
    written = found["url"].partition(found["quote"])[0] if found["quote"] else found["url"]
    url = safe_url(written, document.base)
    return None if url is None or _plain(url) == _plain(document.url) else url


def _plain(url: str) -> str:
    return url.partition("#")[0]


def _is_in_noscript(node: LexborNode) -> bool:
    above = node.parent
    while above is not None:
        if above.tag == "noscript":
            return True
        above = above.parent
    return False
