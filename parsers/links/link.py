"""A link of a list: its address, title and date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from parsers.urls import safe_url

MAX_LINKS = 50_000  # as the sitemap protocol allows in one file
MAX_TITLE_CHARACTERS = 500
NOWHERE = ("#", "data:")  # a place on the page itself, and the placeholder of a picture
PINNED = re.compile(r"^[\[【]?置顶[\]】]?\s*")  # a mark of the list, not of the title

Kind = Literal["article", "list", "sitemap"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a list: an absolute http(s) url, and the title and date that the list gives it.

    section: the category that a feed gives it. kind: "article" unless another is set: "sitemap" in an index of
    sitemaps; "list", a further list, only where a caller has set it.
    """

    url: str
    title: str | None = None
    published_at: datetime | None = None  # aware; of a sitemap: lastmod
    kind: Kind = "article"
    section: str | None = None


def absolute(base: str, reference: str | None) -> str | None:
    """The reference as an absolute http(s) url; None if it is empty, leads nowhere (#, data:) or is not safe."""
    cleaned = (reference or "").strip()
    return safe_url(cleaned, base) if cleaned and not cleaned.startswith(NOWHERE) else None


def title_of(*texts: str) -> str | None:
    """The longest of the texts after cleaning, as a title; None if all are empty then. At least one text is needed.

    Cleaned: white space collapsed, a leading 置顶 removed, cut at MAX_TITLE_CHARACTERS. Of equally long ones the first.
    """
    return max((PINNED.sub("", " ".join(text.split()))[:MAX_TITLE_CHARACTERS] for text in texts), key=len) or None


def without_fragment(url: str) -> str:
    """The url up to its first #, without it."""
    return url.partition("#")[0]


def unique(links: Iterable[Link]) -> list[Link]:
    """The first link to each url, in their order; at most MAX_LINKS."""
    found: dict[str, Link] = {}
    for link in links:
        found.setdefault(link.url, link)
        if len(found) >= MAX_LINKS:
            break
    return list(found.values())
