"""The links beside a text that lead to the site's pages of topics: /topics/water, /thema/wasser."""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborNode

from parsers.reader.published.thresholds import MAX_DISTANCE
from parsers.reader.view.belonging import is_another
from parsers.reader.view.candidates import PageView
from parsers.reader.view.thresholds import MAX_BESIDE_TAGS, MAX_TAG_BOXES, MAX_TAG_LINKS, MAX_TOPIC_BOXES

FOLDERS = ("tag", "tags", "topic", "topics", "thema", "themen", "hub", "category", "categories", "keyword", "keywords")
LINKS = ", ".join(f'a[href*="/{folder}/" i]' for folder in FOLDERS)
TOPIC = re.compile(rf"/(?:{'|'.join(FOLDERS)})/[^/?#\s]", re.IGNORECASE)
LETTER = re.compile(r"\w")


def topic_links(page: PageView) -> list[LexborNode]:
    """The links to pages of topics in the first element beside the text that holds nothing but them; [] without one.

    Beside the text is between headline and text or close below the text. A few letters more are a label: Topics. Links
    in teasers and comments are left out.
    """
    tried: set[int] = set()
    for link in islice(page.document.tree.css(LINKS), MAX_TAG_BOXES):
        box = _around(link)
        if box is None or box.mem_id in tried or not _is_beside(page, link) or is_another(link):
            continue
        tried.add(box.mem_id)
        links = box.css("a")[: MAX_TAG_LINKS + 1]
        told = sum([_letters(node) for node in links]) if len(links) <= MAX_TAG_LINKS else 0
        if told and all(map(_leads_to_topic, links)) and _letters(box) - told <= MAX_BESIDE_TAGS:
            return links
        if len(tried) == MAX_TOPIC_BOXES:
            break
    return []


def _around(link: LexborNode) -> LexborNode | None:
    """The element around a link and those beside it; that around its list item or <span>."""
    parent = link.parent
    return parent.parent if parent is not None and parent.tag in ("li", "span") else parent


def _leads_to_topic(link: LexborNode) -> bool:
    return TOPIC.search(link.attributes.get("href") or "") is not None


def _letters(node: LexborNode) -> int:
    return len(LETTER.findall(node.text()))


def _is_beside(page: PageView, link: LexborNode) -> bool:
    """True if the words of a link are a line above the text, but below a headline, or within MAX_DISTANCE below it."""
    words, where = link.text(separator="\n", strip=True), page.where
    titles = [place for place in where.titles if place <= where.body]
    if not words or not titles:
        return False
    line = re.compile(rf"\n{re.escape(words)}(?:\n|$)")
    above = line.search(where.text, max(titles[0], where.body - 2 * MAX_DISTANCE), where.body)
    return above is not None or line.search(where.text, where.end, where.end + MAX_DISTANCE) is not None
