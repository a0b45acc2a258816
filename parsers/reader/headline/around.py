"""The lines around a Chinese headline: the kicker above it (引题) and the second headline below it (副题)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from selectolax.lexbor import LexborNode

from parsers.document import Document, once
from parsers.people import chinese_person, is_credit
from parsers.reader.body.box.standfirst import DASHED
from parsers.reader.body.lines.endings import opens_ending
from parsers.reader.headline.thresholds import (
    MAX_AROUND_LEVELS,
    MAX_AROUND_SIBLINGS,
    MAX_TITLE_ELEMENTS,
    MAX_TITLE_LINE,
    MIN_TITLE_LINE,
)
from parsers.reader.published.dateline import DATE
from parsers.text import clean_text, folded, holds_han
from parsers.titles import is_channel, is_column

# Elements that may be headlines: headings, and their substitutes in electronic newspapers.
TITLES = "h1, h2, h3, #title, .title, [class$='-title'], founder-title, .biaoti, .font01, .hei16b, .bt1"
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
ABOVE = re.compile(
    r"(?<![^\s_-])(?:pre|pre-?title|intro-?title|sup-?title|head-?title|yin-?(?:ti|biaoti)|jian-?(?:ti|biaoti)|shoulder(?:-?title)?|kicker)"
    r"(?![^\s_-])"
)
BELOW = re.compile(
    r"(?<![^\s_-])(?:sub|sub-?title|second-?title|fu-?(?:ti|title|biaoti)|sub-?head(?:line)?)(?![^\s_-])"
)
# Lines beside a headline that are not part of it: the path of the page, the issue, sentences, sources.
OTHER = re.compile(
    r"[>＞»|｜]|版\s*[:：]|第\s*\w{1,4}\s*版|。|来\s*源|[:：]\s*$|^(?:首页|当前|您|上一篇|下一篇|分享|[一二三四五六七八九十]、)"
)


def above_headline(document: Document, headline: str, *, printed: bool, others: Collection[str]) -> str | None:
    """The kicker (引题): the nearest line above the headline, if it reads as a title and its element is named so.

    None without one. A heading counts too, and a table row if the page is `printed` in a newspaper. If the nearest line
    does not count, or is in `others` or in the headline, no line further up is tried.
    """
    return _beside(document, headline, lambda node: node.prev, ABOVE, printed, others)


def below_headline(document: Document, headline: str, *, printed: bool, others: Collection[str]) -> str | None:
    """The second headline (副题): the nearest line below the headline, if it reads as a title in an element named so.

    None without one. A heading and a line that opens with a dash count too, and a table row if the page is `printed` in
    a newspaper. If the nearest line does not count, or is in `others` or in the headline, none further down is tried.
    """
    return _beside(document, headline, lambda node: node.next, BELOW, printed, others)


Step = Callable[[LexborNode], LexborNode | None]


def _beside(
    document: Document, headline: str, step: Step, names: re.Pattern[str], printed: bool, others: Collection[str]
) -> str | None:
    """The nearest line on one side of the headline if it can be part of the title and is not in `others`; else None.

    If it fails, for either reason, the line beside the next element with the same headline is tried, see `_titles`.
    `step` leads to the next node on that side; `names` matches the names of elements for such lines.
    """
    for title in _titles(document, headline):
        for node in _nearest(title, step):
            line = clean_text(node.text(separator=" "))
            if _is_title_line(node, line, names, printed) and line not in others and _differ(line, headline):
                return line
    return None


def _titles(document: Document, headline: str) -> list[LexborNode]:
    """The first two of `_title_elements` whose text is the headline and nothing else; both may be the same element."""
    wanted, longest = folded(headline), 2 * len(headline) + 60
    titles = _title_elements(document) if wanted else ()
    return [node for node, text in titles if len(text) <= longest and folded(text) == wanted][:2]


@once
def _title_elements(document: Document) -> Sequence[tuple[LexborNode, str]]:
    """The elements that may be headlines, with their texts: the h1s, then those that TITLES selects, in page order.

    The h1s are among the latter too; an element that several selectors of TITLES match is there several times.
    """
    nodes = [*document.named["h1"], *document.tree.css(TITLES)][:MAX_TITLE_ELEMENTS]
    return [(node, node.text()) for node in nodes]


def _nearest(title: LexborNode, step: Step) -> Iterator[LexborNode]:
    """Yield the nearest element with text on one side of the headline, at most one.

    Without one among the siblings, the search goes on beside the parent, if that holds no letters but the headline's.
    """
    node = title
    for _ in range(MAX_AROUND_LEVELS):
        sibling = step(node)
        for _ in range(MAX_AROUND_SIBLINGS):
            if sibling is None:
                break
            if sibling.is_element_node and sibling.text(strip=True, skip_empty=True):
                yield sibling
                return
            sibling = step(sibling)
        if node.parent is None or not _fills(node, node.parent):
            return
        node = node.parent


def _fills(node: LexborNode, parent: LexborNode) -> bool:
    """True if `parent` holds no letters or digits outside its child `node`."""
    return not any(map(str.isalnum, parent.text().replace(node.text(), "", 1)))


def _is_title_line(node: LexborNode, line: str, names: re.Pattern[str], printed: bool) -> bool:
    attributes = node.attributes
    told = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {node.tag}"  # <founder-subtitle> is named so
    called = names.search(told.lower()) is not None
    row = printed and node.tag in ("td", "tr", "tbody")
    dashed = names is BELOW and DASHED.match(line) is not None
    return (called or row or dashed or node.tag in HEADINGS) and reads_as_title(line)


def reads_as_title(line: str) -> bool:
    """True if a line beside a headline can be part of it: Chinese, short, and no person, date, source or section."""
    if not MIN_TITLE_LINE <= len(line) <= MAX_TITLE_LINE or not holds_han(line) or OTHER.search(line):
        return False
    people = all(chinese_person(part) for part in line.split()) or is_credit(line)
    return not (people or DATE.search(line) or is_column(line) or is_channel(line) or opens_ending(line))


def _differ(line: str, headline: str) -> bool:
    return folded(line) not in folded(headline) and folded(headline) not in folded(line)
