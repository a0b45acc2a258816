"""The headline of a page: the heading that the page's own titles repeat, contain or reword."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborNode

from parsers.document import Document, once
from parsers.reader.headline.thresholds import (
    MAX_CRUMB_LEVELS,
    MAX_HEADING_PARTS,
    MAX_HEADINGS,
    MAX_HEADLINE_CHARACTERS,
    MAX_SITE_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    MIN_LETTERS,
    MIN_LIKENESS,
)
from parsers.reader.view.epaper import PAGE_MARK
from parsers.reader.view.structured import linked_article
from parsers.text import HAN, PAUSES, STOPS, before_counter, folded, letter_pairs, likeness_of
from parsers.titles import is_channel, is_site

HEADING_LIKE = "h2, h3, [class*=itle], [id*=title], [class*=headline], [itemprop=headline]"
TITLE_METAS = ("og:title", "articletitle", "twitter:title", "dc.title", "headline")
SITE_METAS = ("og:site_name", "application-name", "apple-mobile-web-app-title")
# Each alternative starts with its separator, so that `re` can jump to it; conditions on earlier text are lookbehinds.
SITE_SEPARATOR = re.compile(
    r"[-_|｜―–—·•»‹:：](?:(?:(?<=-)-|(?<=―)―|(?<=—)—?|(?<=[_|｜–]))\s*|(?<=\s[-·•»‹:])\s+"
    rf"|(?<=-)(?:(?<![A-Za-z]-)|(?![A-Za-z]))(?=[^-]*$)|(?<=-)(?=[{HAN}])|(?<=：)(?=[^：]*$))"
)
SITE_WORD = re.compile(
    r"网$|網$|新闻|新聞|频道|頻道|门户|日报|日報|晚报|晚報|中心$|首页|政府|学院$|大学$|半月谈|公报$|中央社|\.(?:com|cn|org|net|co)\b"
    r"|(?:news|times|post|daily|herald|tribune|magazine|online|tv|radio|journal|bbc|cnn|reuters)\b",
    re.IGNORECASE,
)
WIDE_BLANK_IN_DATE = re.compile(r"(?<=\d)\u3000+(?=[年月日])")  # blanks that fill a printed line
PART_OF_ISSUE = re.compile(rf"{PAGE_MARK.pattern}|\d{{4}}年\d{{1,2}}月\d{{1,2}}日(?:\s?星期.)?")
ENDS_A_PART = re.compile(rf"[{STOPS}{PAUSES}.—–-]\s*$")


@once
def page_title(document: Document) -> str | None:
    """The text of <title>, white space collapsed; None without one, or for an empty one."""
    node = document.tree.css_first("head title") or document.tree.css_first("title")
    return _line(node.text()) if node is not None else None


def shown_headline(document: Document) -> str | None:
    """The text of the heading that agrees with `meta_headline`, JSON-LD's headline or <title>.

    They agree if they are equal, if one contains the other, or if they share enough pairs of letters. A kicker before
    the title, or a byline with a counter (浏览次数：12) after it, is cut off. None without such a heading; but if
    `meta_headline` and JSON-LD's headline agree, it is their title, even if no heading shows it.
    """
    shared, linked = meta_headline(document), linked_headline(document)
    headings = _first_headings(document)
    if shared and linked and (shared == linked or folded(shared) == folded(linked)):
        return _repeating(shared, headings) or shared
    shown = [heading for heading in headings if not _in_crumbs(heading[1])] or _shown_headings(document)
    return (
        _repeating(shared, shown)
        or _repeating(linked, shown)
        or _worded(document, [text for text, _ in headings], [title for title in (shared, linked) if title])
    )


def _worded(document: Document, headings: list[str], titles: list[str]) -> str | None:
    """The text of the heading that contains a title, is part of one or rewords one; None without one.

    <title> is tried after `titles`. If the heading is a title with a kicker before it, the title alone is returned. A
    heading that is the site's name is taken only if there is no other.
    """
    whole = page_title(document) or ""
    own = [title for title in (*titles, title_headline(document)) if title]
    found = _agreeing(headings, [*own, whole]) or _likest(headings, own)
    if found and not _is_site(found, whole, document):
        return found
    others = [*headings, *(text for text, _ in _shown_headings(document))]
    if found and folded(whole).endswith(folded(found)):
        others = [text for text in others if folded(whole).startswith(folded(text))]
    return _agreeing([text for text in others if text != found], [whole or "".join(own[:1])]) or found


def _is_site(heading: str, title: str, document: Document) -> bool:
    """True if a heading is the rest of <title> after a separator, or a short text with a part of the host's name."""
    text, whole = folded(heading), folded(title)
    if text != whole and whole.endswith(text):
        return any(folded(title[cut.end() :]) == text for cut in SITE_SEPARATOR.finditer(title))
    labels = document.host.split(".")[:-1]
    return any(len(label) > MIN_LETTERS and folded(label) in text for label in labels) and 2 * len(text) < len(whole)


def agreed_headline(document: Document) -> str | None:
    """The headline of JSON-LD if <title> has the same letters, both without the site's name; else None."""
    linked, title = linked_headline(document), title_headline(document)
    return linked if linked and title and folded(linked) == folded(title) else None


@once
def meta_headline(document: Document) -> str | None:
    """The title in the first of TITLE_METAS on the page (og:title …), without the site's name; None without one."""
    meta = document.meta
    for name in TITLE_METAS:
        if name in meta:
            return _own(meta[name], document)
    return None


@once
def linked_headline(document: Document) -> str | None:
    """The headline in the JSON-LD of the page's article, without the site's name; None without one."""
    headline = linked_article(document).get("headline")
    return _own(headline, document) if isinstance(headline, str) else None


@once
def title_headline(document: Document) -> str | None:
    """The text of <title> without the site's name at its beginning or end, if more is in it; None for an empty one."""
    return _own(page_title(document), document)


def only_h1(document: Document) -> str | None:
    """The text of the page's h1 if it has only one, not counting empty and overlong ones; else None."""
    found = _first_headings(document)
    return found[0][0] if len(found) == 1 else None


def without_site(title: str, *sites: str) -> str:
    """A title without the parts at its end that name the site, its channel or its section; all of it if none is left.

    Page and day of a newspaper's issue at its end are cut off too.
    `sites` are further names of the site; 网易财经 and the like are recognised without them.

    >>> without_site("发改委出债券指引：放宽城投债_网易财经", "网易财经")
    '发改委出债券指引：放宽城投债'
    """
    names = {folded(site) for site in sites}
    keep, issue = len(title), False  # of a newspaper, whose day stands before the page
    for cut in reversed(list(SITE_SEPARATOR.finditer(title))):
        tail = title[cut.end() : keep].strip()
        in_front_of_site = keep < len(title)
        named = is_site(tail) or folded(tail) in names if cut[0] == "：" else _names_site(tail, names)
        issue = issue or PAGE_MARK.fullmatch(tail) is not None
        if not (named or (in_front_of_site and is_channel(tail)) or (issue and PART_OF_ISSUE.fullmatch(tail))):
            break
        keep = cut.start()
    return title[:keep].strip() or title


def _own(title: str | None, document: Document) -> str | None:
    """A title on one line, entities decoded, without the site's name if it has other parts; None for an empty one."""
    line = _line(html.unescape(title)) if title else None
    cut = SITE_SEPARATOR.search(line) if line else None
    if line is None or cut is None:
        return line
    sites = site_names(document)
    fore = folded(line[: cut.start()])
    return without_site(line[cut.end() :] if fore in folded_site_names(document) else line, *sites) or None


@once
def site_names(document: Document) -> Sequence[str]:
    """The names of the page's site: from its metas, from the publisher in JSON-LD, then those in its host.

    The host www.news.163.com gives news.163.com, 163.com, news and 163.
    """
    named = [document.meta[name] for name in SITE_METAS if name in document.meta]
    publisher = linked_article(document).get("publisher")
    if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
        named.append(publisher["name"])
    labels = document.host.removeprefix("www.").split(".")
    return [*named, ".".join(labels), ".".join(labels[-2:]), *labels[:-1]]


@once
def folded_site_names(document: Document) -> frozenset[str]:
    return frozenset(map(folded, site_names(document)))


def _names_site(tail: str, names: set[str]) -> bool:
    if not tail or folded(tail) in names:
        return True
    return is_site(tail) or (len(tail) <= MAX_SITE_CHARACTERS and SITE_WORD.search(tail) is not None)


@once
def _first_headings(document: Document) -> Sequence[tuple[str, LexborNode]]:
    return _headings(document.named["h1"])


@once
def _shown_headings(document: Document) -> Sequence[tuple[str, LexborNode]]:
    return _headings(document.tree.css(HEADING_LIKE))


def _headings(nodes: Sequence[LexborNode]) -> list[tuple[str, LexborNode]]:
    lines = [(_line(node.text()), node) for node in nodes[:MAX_HEADINGS]]
    return [(text, node) for text, node in lines if text and len(text) <= MAX_HEADLINE_CHARACTERS]


def _in_crumbs(heading: LexborNode) -> bool:
    """True if a heading stands in a list item, a <nav> or an element named crumb, as the last breadcrumb does.

    `shown_headline` does not count such an h1; if all are such, it looks in h2 and other headings (HEADING_LIKE)
    instead.
    """
    node = heading.parent
    for _ in range(MAX_CRUMB_LEVELS):
        if node is None:
            return False
        if node.tag in ("li", "nav") or "crumb" in (node.attributes.get("class") or "").lower():
            return True
        node = node.parent
    return False


def _repeating(title: str | None, headings: Sequence[tuple[str, LexborNode]]) -> str | None:
    """The first heading, or part of one, with the same letters as the title; None without one, or for a short title.

    The title itself if the heading has fewer blanks: markup such as <h1><span>…</span><span>… lacks them.
    """
    wanted = folded(title or "")
    if not title or len(wanted) < MIN_LETTERS:
        return None
    for text, node in headings:
        if wanted in folded(text) and (found := _reading(text, node, wanted)):
            return found if len(found.split()) >= len(title.split()) else title
    return None


def _reading(text: str, heading: LexborNode, wanted: str) -> str | None:
    """The text of a heading if it folds to `wanted`, else the first of its `_parts` that does; None without one."""
    if folded(text) == wanted:
        return text
    return next((part for part in _parts(text, heading) if folded(part) == wanted), None)


def _parts(text: str, heading: LexborNode) -> Iterator[str]:
    """Yield the text of a heading without the site's name, then the texts of the elements in it."""
    yield without_site(text)
    for node in heading.css("span, a, em, strong, div, b")[:MAX_HEADING_PARTS]:
        if part := _line(node.text()):
            yield part


def _agreeing(texts: list[str], titles: list[str]) -> str | None:
    """For the first title with which any text agrees (one contains the other) the closest such text; None without one.

    If that text is the title with a kicker before it or a counter (浏览次数：12) after it, see `_kicked`, the title
    itself.
    """
    for title in titles:
        wanted = folded(title)
        fitting = [text for text in texts if _agrees(folded(text), wanted)]
        if fitting:
            found = _closest(fitting, wanted)
            if folded(found) == wanted:
                return without_site(found)
            return title if _kicked(found, title) else found
    return None


def _kicked(text: str, title: str) -> bool:
    """True if a heading is the title alone, with a short kicker before it, or with text after it that holds a counter.

    The counter must have its label, as in 作者：张三 浏览次数：12; a byline without one gives False. A kicker that ends
    with a mark such as ： or — does not count.
    """
    kicker, byline = text.removesuffix(title), text.removeprefix(title)
    if byline != text and before_counter(byline, surely=True) != byline:
        return True
    return kicker != text and 2 * len(kicker) < len(text) and not ENDS_A_PART.search(kicker)


def _likest(texts: list[str], titles: list[str]) -> str | None:
    """The text most like one of the titles by its pairs of letters; None if it is less like it than MIN_LIKENESS."""
    wanted = [letter_pairs(title) for title in titles]
    rated = [(max((likeness_of(letter_pairs(text), pairs) for pairs in wanted), default=0.0), text) for text in texts]
    likeness, text = max(rated, default=(0.0, ""))
    return text if likeness >= MIN_LIKENESS else None


def _closest(texts: list[str], wanted: str) -> str:
    """The longest text that is part of the title, else the shortest text."""
    parts = [text for text in texts if folded(text) in wanted]
    return max(parts, key=len) if parts else min(texts, key=len)


def _agrees(text: str, title: str) -> bool:
    """True if both are equal, or one contains the other and `text` is not too short to be the headline."""
    if text and text == title:
        return True
    if not title or len(text) < MIN_LETTERS or len(text) * 3 < len(title):
        return False
    return text in title or title in text


def _line(text: str | None) -> str | None:
    if not text:
        return None
    text = text[:MAX_TITLE_CHARACTERS]
    return " ".join((WIDE_BLANK_IN_DATE.sub("", text) if "\u3000" in text else text).split()) or None
