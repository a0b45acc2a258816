"""The section that a page names: in its breadcrumbs, as WordPress's category, or in article:section.

It is the last crumb that is neither the start page, nor the site, nor the headline, nor a word such as 正文.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile
from typing import Any

from selectolax.lexbor import LexborNode

from parsers.document import Document
from parsers.reader.body.markup.tag_meanings import BLOCKS
from parsers.reader.headline.shown import SITE_SEPARATOR, SITE_WORD, folded_site_names, page_title
from parsers.reader.view.belonging import is_another, is_in_own_footer
from parsers.reader.view.candidates import Candidate, PageView, meta
from parsers.reader.view.thresholds import (
    MAX_BEFORE_PLACE,
    MAX_CRUMB_BOXES,
    MAX_CRUMBS,
    MAX_CRUMBS_CHARACTERS,
    MAX_LEVELS_ABOVE,
)
from parsers.text import clean_text, folded, is_counter
from parsers.titles import (
    MAX_CATEGORIES,
    MAX_SECTION_CHARACTERS,
    SECTION_STARTS,
    UNNAMED_SECTIONS,
    may_be_section,
    repeats_headline,
)

# The label before the crumbs.
PLACE = re.compile(
    r"(?:[您你](?:[现現]在|目前|[当當]前)?(?:所在|所处)?的?(?:[当當]前)?位置"
    r"|(?:[现現]在|目前|[当當]前|所在|所处)的?(?:所在)?位置|所在栏目"
    r"|[您你]在(?:这里|這裡)|目前所在|[您你]现在所在"
    r"|you are here|sie sind hier|aktuelle seite|vous êtes ici)(?:是)?\s?[:：]?",
    re.IGNORECASE,
)
PLACE_WORDS = re.compile("位置|所在|在这里|在這裡")  # each Chinese label has one of these; it is sought first
SEPARATOR = re.compile(
    r"\s*(?:[>＞›→\\]+|(?<![A-Za-z])»+|::)\s*|\s(?:/|[|｜·]|-{1,2})\s|^\s*(?:/|[|｜·]|-{1,2})\s*$|\n+",
    re.MULTILINE,
)
NAV = "nav[aria-label*=breadcrumb i], [itemtype*=BreadcrumbList i]"
NAMED = "[class*=rumb], [id*=rumb], [class*=weizhi], [id*=weizhi], [class*=dqwz], .location, .position, .mbx, .path"
CATEGORIES = "a[rel~=category]"
# Bytes of pages that have such elements: most pages have none, and a search of the tree is slow.
IN_NAV, IN_CATEGORIES = (b"readcrumb",), (b"category",)
IN_NAMED = (b"rumb", b"weizhi", b"dqwz", b'"location', b'"position', b"mbx", b'"path')
COUNT = re.compile(r"\s{0,2}[(（\[](?!(?:19|20)\d\d\D)\d{1,6}[)）\]]\s{0,9}$")  # 通知公告(12)
NAMES_SITE = re.compile("(?:政府|[网網]站?|门户|門戶)$")


def section_of(crumbs: Sequence[str], headline: str | None, sites: Iterable[str] = ()) -> str | None:
    """The last crumb that is not the start page, the headline, the site or a word such as 正文; None without one.

    The first crumb is usually the start page or the site: it is a section only if it is not named like a site and all
    crumbs after it repeat the headline. `sites` are folded names of this one.

    >>> section_of(["首页", "政务公开", "政策文件", "正文"], "江海市的意见")
    '政策文件'
    """
    title, known = folded(headline or ""), frozenset(sites)
    path = [text for crumb in crumbs[:MAX_CRUMBS] if (text := clean_text(COUNT.sub("", html.unescape(crumb))))]
    path = list(takewhile(lambda text: not is_counter(text) and not text.endswith(("：", ":")), path))
    for place in range(len(path) - 1, -1, -1):
        text = path[place]
        if not may_be_section(text, title) or folded(text) in known:
            continue
        if place or (SITE_WORD.search(text) is None and all(repeats_headline(each, title) for each in path[1:])):
            return text
    return None


def linked_crumbs(page: PageView) -> tuple[str, ...]:
    """The one section that the page's first BreadcrumbList of JSON-LD names, as a tuple; () without one."""
    for thing in page.document.json_ld:
        if _is_list(thing):
            return _chosen(page, list(islice(_names(thing.get("itemListElement")), MAX_CRUMBS)))
    return ()


def _is_list(thing: Mapping[str, Any]) -> bool:
    kind = thing.get("@type")
    return "BreadcrumbList" in (kind if isinstance(kind, list) else [kind])


def _names(elements: Any) -> Iterator[str]:
    """Yield the names in the itemListElement of a BreadcrumbList, in the order of their positions."""
    found = [each for each in elements if isinstance(each, dict)] if isinstance(elements, list) else []
    for element in sorted(found[:MAX_CRUMBS], key=_position):
        item = element.get("item")
        name = element.get("name") or (item.get("name") if isinstance(item, dict) else None)
        if isinstance(name, str) and name.strip():
            yield name[: 2 * MAX_SECTION_CHARACTERS]


def _position(element: Mapping[str, Any]) -> int:
    position = element.get("position")
    text = str(position) if isinstance(position, int | str) and not isinstance(position, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def marked_crumbs(page: PageView) -> tuple[str, ...]:
    """The one section, as a tuple, in breadcrumbs that an itemtype or an aria-label marks as such; () without one."""
    return _first(page, _found(page.document, NAV, IN_NAV), sure=True)


def named_crumbs(page: PageView) -> tuple[str, ...]:
    """The one section, as a tuple, in an element whose class or id is named crumb, location, weizhi or the like.

    () without one. Its path must open with the start page, or follow a label such as 当前位置：.
    """
    return _first(page, _found(page.document, NAMED, IN_NAMED), sure=False)


def labelled_crumbs(page: PageView) -> tuple[str, ...]:
    """The one section, as a tuple, after the label 您所在的位置：, 当前位置： and the like; () without one."""
    if PLACE_WORDS.search(page.document.visible_text) is None:
        return ()
    return _first(page, list(islice(_labelled(page.document), MAX_CRUMB_BOXES)), sure=False)


def _found(document: Document, selector: str, words: Sequence[bytes]) -> Sequence[LexborNode]:
    """The first MAX_CRUMB_BOXES elements that a selector finds.

    () without a search if the page's bytes hold none of the words and are not UTF-16.
    """
    payload = document.payload
    if b"\0" not in payload[:200] and not any(word in payload for word in words):
        return ()
    return document.tree.css(selector)[:MAX_CRUMB_BOXES]


def _labelled(document: Document) -> Iterator[LexborNode]:
    """Yield the block element around each label of breadcrumbs: 当前位置：."""
    body = document.tree.body
    texts = (node for node in body.traverse(include_text=True) if node.is_text_node) if body is not None else iter(())
    for node in texts:
        text = node.text_content or ""
        if len(text) <= MAX_CRUMBS_CHARACTERS and PLACE_WORDS.search(text) and PLACE.search(text):
            block = node.parent
            while block is not None and block.tag not in BLOCKS:
                block = block.parent
            if block is not None:
                yield block


def _first(page: PageView, nodes: Iterable[LexborNode], *, sure: bool) -> tuple[str, ...]:
    """The one section, as a tuple, of the first element whose path names one and that is in no footer; () without one.

    Unless `sure`, the path must open with a start page or follow a label.
    """
    for node in nodes:
        if not _in_footer(node) and len(crumbs := _path(node, sure=sure)) > 1 and (found := _chosen(page, crumbs)):
            return found
    return ()


def _path(node: LexborNode, *, sure: bool) -> list[str]:
    """The crumbs in an element, or those beside it if it holds only the label 当前位置：; [] if they are no path.

    Unless `sure`, a path must open with a start page or follow a label.
    """
    text = node.text(separator="\n", strip=True)
    label = PLACE.search(text)
    if label is not None and not text[label.end() :].strip() and node.parent is not None:
        text = node.parent.text(separator="\n", strip=True)
        label = PLACE.search(text)
    if len(text) > MAX_CRUMBS_CHARACTERS:
        return []
    if label is not None and label.start() > MAX_BEFORE_PLACE:
        label = None
    behind = text[label.end() :] if label is not None else text
    crumbs = [part for part in SEPARATOR.split(behind) if part.strip(" \t:：")]
    opens = sure or label is not None or (bool(crumbs) and crumbs[0].strip().lower() in SECTION_STARTS)
    return crumbs if opens and len(crumbs) <= MAX_CRUMBS else []


def _in_footer(node: LexborNode) -> bool:
    at: LexborNode | None = node
    for _ in range(MAX_LEVELS_ABOVE):
        if at is None:
            return False
        if at.tag == "footer" or "footer" in (at.attributes.get("class") or "").lower():
            return True
        at = at.parent
    return False


def _chosen(page: PageView, crumbs: Sequence[str]) -> tuple[str, ...]:
    found = section_of(crumbs, page.headline_text, folded_site_names(page.document) | _titled_site(page.document))
    return (found,) if found is not None else ()


def _titled_site(document: Document) -> frozenset[str]:
    """The folded last part of <title> if it ends in 政府, 网, 网站 or 门户, alone and with 网, 网站 and 门户网站 added.

    Empty if <title> ends otherwise, or has only one part.
    """
    parts = SITE_SEPARATOR.split(page_title(document) or "")
    name = folded(parts[-1]) if len(parts) > 1 and NAMES_SITE.search(parts[-1]) is not None else ""
    return frozenset(name + more for more in ("", "网", "网站", "门户网站")) if name else frozenset()


def categories(page: PageView) -> tuple[str, ...]:
    """The texts of the links rel="category tag", by which WordPress names the article's categories; () without any.

    () also if there are more than MAX_CATEGORIES such links. Texts that can be no section are left out.
    """
    found = _found(page.document, CATEGORIES, IN_CATEGORIES)
    links = [node for node in found if not is_another(node) or is_in_own_footer(node)]
    if not links or len(links) > MAX_CATEGORIES:
        return ()
    title = folded(page.headline_text or "")
    texts = [clean_text(node.text(separator=" ")) for node in links]
    return tuple(dict.fromkeys(text for text in texts if may_be_section(text, title)))


def stated_section(page: PageView) -> tuple[str, ...]:
    """The text of article:section, as a tuple of one; () without one, and for words such as uncategorized or 未分类."""
    return tuple(text for text in SECTION_META.of(page) if text.strip().lower() not in UNNAMED_SECTIONS)


SECTION_META = meta("article:section")
STATED = Candidate(stated_section, SECTION_META.rule, (SECTION_META,), "inside")
WORDPRESS = Candidate(categories, f"css {CATEGORIES}")
CRUMBS = (
    Candidate(linked_crumbs, "json-ld BreadcrumbList"),
    Candidate(marked_crumbs, f"breadcrumbs: css {NAV}"),
    Candidate(labelled_crumbs, "breadcrumbs behind 您所在的位置："),
    Candidate(named_crumbs, "breadcrumbs in an element that is called so"),
)
