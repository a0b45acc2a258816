"""The content of a citation of one version, independent of its format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.publish.formatting.filters import host, short_digest, tongue
from archive.settings import ANY_SITE

LOST = "\ufffd"  # replaces a character that plain text cannot hold
_KEY = re.compile(r"[^A-Za-z0-9:.-]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")  # but white space
_SCRIPTS = {"zh": "zh-CN", "zh-hans": "zh-CN", "zh-hant": "zh-TW"}


@dataclass(frozen=True, slots=True)
class Citation:
    """The data of a citation of one version. Names are literal, never taken apart into family and given name."""

    key: str  # newsroom-1-0123456789ab: ASCII, unique in the archive
    title: str
    subtitle: str | None
    authors: tuple[str, ...]  # of the text; the speaker if the page names no others
    container: str | None  # where it appeared: 来源 as the page says, else the publisher
    section: str | None
    publisher: str | None
    keywords: tuple[str, ...]
    published: str | None  # 2024-04-14, in the zone of the page
    language: str  # zh-CN, zh-TW, en (BCP 47)
    url: str  # the original address
    seen: str  # 2024-04-16T01:00:00Z, when this text was first seen; if unknown, when it was received
    digest: str  # sha256:…
    address: str  # the permalink, absolute
    dated: bool = True  # False if only the time of receipt is known
    speaker: str | None = None  # whose talk it is, if the authors are others

    @property
    def accessed(self) -> str:
        """The day of `seen`, in UTC."""
        return self.seen[:10]

    @property
    def note(self) -> str:
        """One line in English with the digest, the moment and the permalink, for formats without fields for them.

        For example `Version sha256:…, seen 2024-04-16T01:00:00Z, archived at https://…`. It begins with the speaker,
        if the authors are others.
        """
        return (
            f"{f'Speaker: {self.speaker}. ' if self.speaker else ''}"
            f"Version {self.digest}, {'seen' if self.dated else 'received on'} {self.seen}, archived at {self.address}"
        )


def citation(article: Mapping[str, Any], version: Mapping[str, Any], address: str) -> Citation:
    """The citation of a version. `article` is as from `article_page.article`, `address` the absolute permalink."""
    speaker, authors = article["speaker"], tuple(article["authors"])
    published = article["date_published"]
    publisher = article["publisher"] if article["source"] not in ANY_SITE else None
    return Citation(
        key=f"{_KEY.sub('-', article['key'])}-{short_digest(version['content_digest'])}",
        title=article["headline"],
        subtitle=article["alternative_headline"],
        authors=authors or ((speaker,) if speaker else ()),
        container=article["source_line"] or publisher,
        section=article["article_section"],
        publisher=publisher or host(article["url"]) or None,
        keywords=tuple(article["keywords"]),
        published=published[:10] if published else None,
        language=_language(article),
        url=article["url"],
        seen=version["captured_at"],
        digest=version["content_digest"],
        address=address,
        dated=version["dating"] == "stated",
        speaker=speaker if authors and speaker not in authors else None,
    )


def one_line(text: str | None) -> str:
    """The text on one line: runs of white space become one blank, other control characters and surrogates U+FFFD.

    White space at the ends is removed; "" for None.
    """
    return " ".join(_UNPRINTABLE.sub(LOST, text or "").split())


def _language(article: Mapping[str, Any]) -> str:
    """The article's language tag; for Chinese by region, not script (zh-Hans gives zh-CN, zh-Hant zh-TW).

    Zotero and the styles for GB/T 7714 expect it so. Other valid tags, such as zh-HK, stay. An article without a valid
    tag gets one by its headline: zh-CN if that has a Chinese character, else en.
    """
    declared = tongue(article["headline"], article["in_language"])
    return _SCRIPTS.get(declared.lower(), declared)
