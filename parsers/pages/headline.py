"""The headline of any page: what the page shows and its title agrees with."""

from __future__ import annotations

import re
import unicodedata

from parsers.columns import is_channel, is_site
from parsers.document import Document

SHOWN = "h1, h2, h3, [class*=title], [class*=Title], [id*=title], [class*=headline], [itemprop=headline]"
TITLE_METAS = ("og:title", "articletitle", "twitter:title", "dc.title", "headline")
SITE_SEPARATOR = re.compile(r"\s*(?:_|\||｜|--|――|——|–|—)\s*|\s+[-·•»‹:]\s+|-(?=[^-]*$)")
SITE_WORD = re.compile(
    r"网$|網$|新闻|新聞|频道|頻道|门户|日报|日報|晚报|晚報|中心$|首页|政府|学院$|大学$|半月谈|公报$|中央社|\.(?:com|cn|org|net|co)\b"
    r"|(?:news|times|post|daily|herald|tribune|magazine|online|tv|radio|journal|bbc|cnn|reuters)\b",
    re.IGNORECASE,
)
MARKS = re.compile(r"[\W_]+")
MOST = 200  # headings that are compared with the title
LONGEST = 300  # characters of a headline


def page_title(document: Document) -> str | None:
    """The text of <title>, white space collapsed."""
    node = document.tree.css_first("head title") or document.tree.css_first("title")
    return _line(node.text()) if node is not None else None


def shown_headline(document: Document) -> str | None:
    """The heading on the page that its <title> contains or that contains it."""
    wanted = folded(page_title(document) or document.meta.get("og:title") or "")
    if not wanted:
        return None
    for selector in ("h1", SHOWN):
        texts = (_line(node.text()) for node in document.tree.css(selector)[:MOST])
        fitting = [text for text in texts if text and len(text) <= LONGEST and _agrees(folded(text), wanted)]
        if fitting:
            found = _closest(fitting, wanted)
            return without_site(found) if folded(found) == wanted else found
    return None


def _closest(texts: list[str], wanted: str) -> str:
    """The longest part of the title, else the shortest text around it."""
    parts = [text for text in texts if folded(text) in wanted]
    return max(parts, key=len) if parts else min(texts, key=len)


def meta_headline(document: Document) -> str | None:
    """The title that the page gives to other sites, without the site's name."""
    title = next((document.meta[name] for name in TITLE_METAS if name in document.meta), None)
    return without_site(_line(title) or "", document.meta.get("og:site_name")) or None if title else None


def title_headline(document: Document) -> str | None:
    """The <title> without the site's name at its end."""
    title = page_title(document)
    return without_site(title, document.meta.get("og:site_name")) or None if title else None


def only_h1(document: Document) -> str | None:
    """The h1 of a page whose title does not agree with any heading, when it is the only one."""
    found = [text for node in document.tree.css("h1") if (text := _line(node.text()))]
    return found[0] if len(found) == 1 and len(found[0]) <= LONGEST else None


def without_site(title: str, site_name: str | None = None) -> str:
    """The title without trailing parts that name the site, its channel or its section.

    >>> without_site("发改委出债券指引：放宽城投债_网易财经", "网易财经")
    '发改委出债券指引：放宽城投债'
    """
    cuts = list(SITE_SEPARATOR.finditer(title))
    keep = len(title)
    for cut in reversed(cuts):
        tail = title[cut.end() : keep].strip()
        in_front_of_site = keep < len(title)
        if not _names_site(tail, site_name) and not (in_front_of_site and is_channel(tail)):
            break
        keep = cut.start()
    return title[:keep].strip() or title


def folded(text: str) -> str:
    """Letters and digits only, NFKC and case folded: how two forms of one title are compared."""
    return MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _names_site(tail: str, site_name: str | None) -> bool:
    if not tail:
        return True
    if site_name and folded(tail) == folded(site_name):
        return True
    return is_site(tail) or (len(tail) <= 25 and SITE_WORD.search(tail) is not None)


def _agrees(text: str, title: str) -> bool:
    """One contains the other, and the shorter is no mere word of it."""
    if len(text) < 4 or len(text) * 3 < len(title):
        return False
    return text in title or title in text


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None
