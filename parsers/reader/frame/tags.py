"""The tags and keywords that a page gives itself, without labels for machines."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from selectolax.lexbor import LexborNode

from parsers.document import Document
from parsers.reader.body.lines.notes import KEYWORD_NAME, KEYWORDS, keywords_in
from parsers.reader.body.markup.tag_meanings import BLOCKS
from parsers.reader.frame.topics import topic_links
from parsers.reader.view import normalisers
from parsers.reader.view.candidates import Candidate, PageView, every_meta, json_ld, meta
from parsers.reader.view.thresholds import MAX_LEVELS_ABOVE_TAG, MAX_TAG_BOXES, MAX_TAG_LINKS, MIN_ARTICLE_TAGS
from parsers.text import folded

KEYWORD_METAS = (
    "parsely-tags", "sailthru.tags", "custom-keywords", "classification-tags", "og:tags", "article:tags",
    "cxenseparse:keywords",
)  # fmt: skip
KEYWORDS_LABEL = re.compile(rf"\s*[【\[]?{KEYWORD_NAME}", re.IGNORECASE)
# Sought first, with regard to the case of Han characters, which have none: KEYWORDS opens with marks and is slow.
KEYWORDS_NAMED = re.compile(KEYWORD_NAME)
TAG_LINKS = "[rel~=tag]"
TAG_BOXES = f"{TAG_LINKS}, [class*=tags i], [class*=tag-list i], [class*=keyword i]"
SNAKE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")  # post_tag, as no reader sees it
# Matched against tags in lower case.
MACHINE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{20,}$|(?=[a-z]*\d)[0-9a-f]{16,}$|\d+$|_|\w*:/"
    r"|(?:cat|category|tag|tax|taxonomy|term|topic|post|page|node|id|nid|pid)[-_:]?(?:[\w-]*-)?(?!(?:19|20)\d\d$)\d+$"
    r"|[a-z]+(?:-[a-z]+)+-(?!(?:19|20)\d\d$)\d{3,}$"
    r"|(?:un|not-)categori[sz]ed$|ohne kategorie$|未分[类類]$|默认分类$"
    r"|(?:nlp [\w ]+|(?:sub-?)?sections?|source|webtype|type|template|author|format)\s*:"
    r"|(?:none|null|undefined|default|paywall.*|comments-enabled)$"
)
LABEL = re.compile(
    r"(?:alle |all |more |mehr )?(?:themen|topics|tags|schlagwörter|more|mehr|keywords)\W*$", re.IGNORECASE
)
CATEGORY = re.compile(r"^category\s*:\s*", re.IGNORECASE)
COUNT = re.compile(r"\s*\(\d+(?: [a-z]+)?\)$")  # number of articles with this tag
PATH = re.compile(r"^[a-z]+/(?=\S)")

ARTICLE_TAGS = every_meta("article:tag")
LINKED_KEYWORDS = json_ld("keywords")


def page_tags(page: PageView) -> tuple[str, ...]:
    """The stated tags, else those shown as links, else the keywords of a printed line.

    The line's keywords replace the others if they are several and one of them is not among the others.
    """
    printed, others = printed_tags(page), stated_tags(page) or shown_tags(page)
    return printed if not others or (len(printed) > 1 and not set(printed) <= set(others)) else others


def printed_tags(page: PageView) -> tuple[str, ...]:
    """The keywords in a line of `page.byline`, or else in a block of the page: 关键词：甲；乙; () without such a line.

    The first such line counts, or the longest that begins with the same keywords.
    """
    lines = (*page.byline, *_labelled(page.document))
    told = [words for line in lines if (words := keywords_in(line)) is not None]
    whole = max([words for words in told if words.startswith(told[0])], key=len, default=None)
    return normalisers.keywords((whole,)) if whole is not None else ()


def _labelled(document: Document) -> Iterator[str]:
    """Yield the text of each block in which a text opens with 关键词: each keyword may be a link of its own."""
    body = document.tree.body
    text = document.visible_text
    if body is None or KEYWORDS_NAMED.search(text) is None or KEYWORDS.search(text) is None:
        return
    texts = (node for node in body.traverse(include_text=True) if node.is_text_node)
    for node in islice((node for node in texts if KEYWORDS_LABEL.match(node.text_content or "")), MAX_TAG_BOXES):
        block = node.parent
        while block is not None and block.tag not in BLOCKS:
            block = block.parent
        if block is not None:
            yield " ".join(block.text().split())


def stated_tags(page: PageView) -> tuple[str, ...]:
    """The tags in the first of these that gives any, else ().

    article:tag if there are at least four; meta news_keywords or keywords if JSON-LD shares one, or if JSON-LD has none
    and the text holds some; JSON-LD's keywords; article:tag if there are two or three, or one that occurs in the text;
    the rarer metas of KEYWORD_METAS.
    """
    tagged, linked = _cleaned(page, ARTICLE_TAGS.of(page)), _cleaned(page, LINKED_KEYWORDS.of(page))
    if len(tagged) >= MIN_ARTICLE_TAGS:
        return tagged
    listed = _meta_keywords(page, linked)
    return listed or linked or (tagged if len(tagged) > 1 else _about(page, tagged)) or _rare_metas(page)


def shown_tags(page: PageView) -> tuple[str, ...]:
    """The texts of the links in the first box of tags that belongs to the article; () without one.

    A box marked by rel=tag goes before one with such a class, and that before links to pages of topics beside the text;
    each is tried if the former give nothing. A box with more than MAX_TAG_LINKS links gives nothing.
    """
    tree = page.document.tree
    marked = tree.css(TAG_LINKS)[:MAX_TAG_BOXES]
    if marked and (tags := _first_box(page, marked)):
        return tags
    boxes = tree.css(TAG_BOXES)[: 2 * MAX_TAG_LINKS]
    return _first_box(page, [node for box in boxes for node in box.css("a")[: MAX_TAG_LINKS + 1]]) or _topics(page)


def _topics(page: PageView) -> tuple[str, ...]:
    """The texts of the links to pages of topics beside the text that belong to the article; () without any."""
    links = [node for node in topic_links(page) if _is_tag(node) and _of_the_article(node)]
    return _about(page, _cleaned(page, tuple([node.text(separator=" ", strip=True) for node in links])))


def _first_box(page: PageView, found: list[LexborNode]) -> tuple[str, ...]:
    links = [node for node in found if _is_tag(node)][:MAX_TAG_BOXES]
    box = next((_box(node) for node in links if _of_the_article(node)), None) if links else None
    box_links = {node.mem_id: node for node in links if box is not None and _box(node) == box}
    texts = [node.text(separator=" ", strip=True) for node in box_links.values()]
    return _cleaned(page, tuple(texts)) if len(texts) <= MAX_TAG_LINKS else ()


def _is_tag(node: LexborNode) -> bool:
    """True unless a link is a category (WordPress marks it rel="category tag") or the heading of the box."""
    return "category" not in (node.attributes.get("rel") or "") and not LABEL.match(node.text(strip=True))


def _box(node: LexborNode) -> int | None:
    """The mem_id of the element that holds a tag and those beside it; None without one."""
    parent = node.parent
    around = parent.parent if parent is not None and parent.tag in ("li", "span") else parent
    return around.mem_id if around is not None else None


def _meta_keywords(page: PageView, linked: tuple[str, ...]) -> tuple[str, ...]:
    """The keywords of meta news_keywords, or of meta keywords on a page without the former; () if they seem the site's.

    They are the article's if they share one with `linked`, JSON-LD's keywords; without those, if the text holds some.
    """
    meta = page.document.meta
    listed = _cleaned(page, (meta.get("news_keywords") or meta.get("keywords") or "",))
    if linked:
        shared = set(listed) & set(linked) or set(map(folded, listed)) & set(map(folded, linked))
        return listed if shared else ()
    return _about(page, listed)


def _about(page: PageView, tags: tuple[str, ...]) -> tuple[str, ...]:
    """The tags, without the headline, if the text holds at least a quarter of them; else (): they may be the site's."""
    headline = folded(page.headline_text or "")
    listed = tuple([tag for tag in tags if _is_shorter(tag, headline) or folded(tag) != headline])
    if not listed:
        return ()
    text = " ".join([page.headline_text or "", *page.lines.paragraphs])
    # Most are found as printed, and folding a text is slow.
    told = _quarter_in(text, listed) or _quarter_in(text.casefold(), [tag.casefold() for tag in listed])
    return listed if told else ()


def _is_shorter(tag: str, headline: str) -> bool:
    """True if a tag in ASCII is shorter than the folded headline, and so cannot be it; this spares folding the tag."""
    return len(tag) < len(headline) and tag.isascii()


def _quarter_in(text: str, tags: Sequence[str]) -> bool:
    enough = -(-len(tags) // 4)
    for tag in tags:
        enough -= tag in text
        if not enough:
            return True
    return False


def _rare_metas(page: PageView) -> tuple[str, ...]:
    meta = page.document.meta
    for name in KEYWORD_METAS:
        if name in meta and (tags := _cleaned(page, (meta[name],))):
            return tags
    return ()


def _cleaned(page: PageView, texts: tuple[str, ...]) -> tuple[str, ...]:
    tags = normalisers.keywords(tuple([html.unescape(text) for text in texts]))
    if not tags:
        return ()
    host = page.document.host.removeprefix("www.")
    told = [
        tag
        for tag in tags
        if (lowered := tag.lower()) != host and not MACHINE.match(lowered) and not SNAKE.fullmatch(tag)
    ]
    plain = [_bare(tag) if tag.endswith(")") or ":" in tag else tag for tag in told]
    if plain and PATH.match(plain[0]) and all(PATH.match(tag) for tag in plain):
        plain = [PATH.sub("", tag) for tag in plain]
    return tuple(dict.fromkeys(plain))


def _bare(tag: str) -> str:
    """The tag without a number of articles at its end, as in Wahl (12), and without category: in front."""
    return COUNT.sub("", CATEGORY.sub("", tag))


def _of_the_article(node: LexborNode) -> bool:
    """True if the nearest <article>, <main>, <nav> or <aside> around a node is an <article> or <main>.

    Without any of these four around it: True if it stands in no <footer> or <header>.
    """
    at, verdict = node.parent, True
    for _ in range(MAX_LEVELS_ABOVE_TAG):
        if at is None:
            break
        if at.tag in ("article", "main", "nav", "aside"):
            return at.tag in ("article", "main")
        verdict = verdict and at.tag not in ("footer", "header")
        at = at.parent
    return verdict


TAGS = Candidate(
    page_tags,
    "the page's tags: line of keywords, article:tag, meta keywords, json-ld keywords, links to tags",
    (
        Candidate(printed_tags, "line of keywords: 关键词：甲；乙"),
        Candidate(
            stated_tags,
            "article:tag, meta news_keywords, keywords, json-ld keywords",
            (ARTICLE_TAGS, LINKED_KEYWORDS, *map(meta, ("news_keywords", "keywords", *KEYWORD_METAS))),
            "inside",
        ),
        Candidate(shown_tags, f"css {TAG_BOXES}; links to pages of topics beside the text"),
    ),
)
