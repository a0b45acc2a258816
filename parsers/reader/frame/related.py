"""The articles that a page offers to read next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborNode

from parsers.article import RelatedLink
from parsers.document import Document, split_url
from parsers.links import absolute
from parsers.reader.view.thresholds import (
    MAX_RELATED,
    MAX_RELATED_BOXES,
    MAX_RELATED_HEADLINE,
    MAX_RELATED_HEADS,
    MAX_RELATED_LINKS,
    MIN_RELATED_HEADLINE,
)

# Boxes of related articles by their names; on Chinese pages also by 相关 in pinyin.
BOXES = "[class*=related], [id*=related]"
CHINESE_BOXES = f"{BOXES}, [class*=xg-list], [class*=xiangguan]"
HEADS = "h2, h3, h4, h5, h6, [class*=title], strong, dt"
HEADING = re.compile(
    r"^\s*(?:相关|推荐|延伸|拓展)\s*(?:阅读|新闻|文章|稿件|链接|报道|内容)\s*[:：]?\s*$|^related(?:\s+\w+)?\s*:?$",
    re.IGNORECASE,
)
ITEM = frozenset({"li", "article", "div", "dd", "section"})


def related_links(document: Document, in_language: str | None = None) -> tuple[RelatedLink, ...]:
    """The items of the first box of related articles that has at least two; () without one.

    Boxes whose elements are named so go before boxes with such a heading. The items are links within the page's own
    site; several links to one address are one item.
    """
    chinese = (in_language or "zh").startswith("zh")
    named = document.tree.css(CHINESE_BOXES if chinese else BOXES)[:MAX_RELATED_BOXES]
    found = _first_list(named, document)
    return found or _first_list(_headed(document), document)


def _first_list(boxes: Iterable[LexborNode], document: Document) -> tuple[RelatedLink, ...]:
    """The items of the first box that has at least two, up to MAX_RELATED; () without one."""
    for box in boxes:
        found = _items(box, document)
        if len(found) > 1:
            return tuple(found.values())[:MAX_RELATED]
    return ()


def _headed(document: Document) -> Iterator[LexborNode]:
    """Yield the parent of each heading such as 相关阅读 or Related, each parent once."""
    seen: set[int] = set()
    for head in document.tree.css(HEADS)[:MAX_RELATED_HEADS]:
        box = head.parent
        if box is not None and box.mem_id not in seen and HEADING.match(head.text()):
            seen.add(box.mem_id)
            yield box
        if len(seen) == MAX_RELATED_BOXES:
            return


def _items(box: LexborNode, document: Document) -> dict[str, RelatedLink]:
    found: dict[str, RelatedLink] = {}
    base, site = document.url, _site(document.host)
    home = base[: base.find("/", len("https://")) + 1]
    for link in box.css("a[href]")[:MAX_RELATED_LINKS]:
        headline = " ".join(link.text(separator=" ").split())
        told = MIN_RELATED_HEADLINE <= len(headline) <= MAX_RELATED_HEADLINE
        url = absolute(base, link.attributes.get("href")) if told else None
        if url and url not in found and ((home and url.startswith(home)) or _site(split_url(url).hostname) == site):
            found[url] = RelatedLink(headline, url, _teaser(link, headline))
    return found


def _site(host: str | None) -> str:
    """The last two labels of a host: enough to separate an advertisement's site from the page's own; "" for None.

    news.example.com gives example.com, www.example.com.cn gives com.cn.
    """
    return ".".join((host or "").split(".")[-2:])


def _teaser(link: LexborNode, headline: str) -> str | None:
    """The text of the first paragraph in the list item that holds the link; None without one, or if it is the headline.

    An item with more than two links is another list and has no teaser.
    """
    item = link.parent
    while item is not None and item.tag not in ITEM:
        item = item.parent
    paragraph = item.css_first("p") if item is not None and len(item.css("a[href]")) <= 2 else None
    text = " ".join(paragraph.text(separator=" ").split()) if paragraph is not None else ""
    return text if text and text != headline else None
