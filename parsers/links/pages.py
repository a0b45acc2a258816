"""Links of an HTML page."""

from __future__ import annotations

import re

from parsers.document import Document
from parsers.links.link import MAX_LINKS, Link, absolute, title_of, without_fragment

NEXT_WORDS = re.compile(
    r"^[\s\[【<]*(?:下一?[页頁]|后一?页|后页|next(?:\s+page)?|older(?:\s+(?:posts|entries))?|›|»|>)[\s\]】>›»→]*$",
    re.IGNORECASE,
)


def article_links(document: Document, scope: str | re.Pattern[str] = r"") -> list[Link]:
    """The page's links whose absolute url `scope` matches somewhere, in page order, each once and without its fragment.

    A link that stands twice, round a picture and round a title, keeps the longest text as its title.
    """
    wanted = re.compile(scope)
    base = base_of(document)
    found: dict[str, Link] = {}
    for node in document.tree.css("a[href], area[href]"):
        url = absolute(base, node.attributes.get("href"))
        if url is not None and wanted.search(url):
            title = title_of(node.attributes.get("title") or "", node.text(separator=" "))
            _add(found, Link(without_fragment(url), title))
    return list(found.values())[:MAX_LINKS]


def base_of(document: Document) -> str:
    node = document.tree.css_first("base[href]")
    return (absolute(document.url, node.attributes.get("href")) if node else None) or document.url


def _add(found: dict[str, Link], link: Link) -> None:
    known = found.get(link.url)
    if known is None or len(known.title or "") < len(link.title or ""):
        found[link.url] = link
