"""The element of a page that holds its prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.document import Named, named_elements
from parsers.reader.body.box.element import ASIDES, OTHERS, Element, outermost_unclosed
from parsers.reader.body.box.outline import Outline, stands_in
from parsers.reader.body.box.prose import OWN_LINES, SHORT_LINES, VERSES
from parsers.reader.body.box.siblings import Siblings, tables_beside
from parsers.reader.body.thresholds import (
    ASIDE_WEIGHT,
    MAX_BOXES,
    MAX_LEVELS_ABOVE_BOX,
    MAX_NEXT_BOXES,
    MAX_OWN_SHARE,
    MAX_SIBLINGS,
    MIN_BOX_PROSE,
    MIN_CHILD_SHARE,
    MIN_GAIN,
    MIN_KNOWN_CHARACTERS,
    MIN_NEXT_PROSE,
    MIN_SCOPE_PROSE,
    MIN_SCOPE_TEXT,
)
from parsers.text import CHINESE_STOPS, ELLIPSIS, holds_han

# Boxes that publishing systems give to the body: gov.cn, TRS WCM, Founder, 163, sina, people, qq …
KNOWN = (
    "#UCAP-CONTENT, .TRS_Editor, .trs_editor_view, .TRS_UEDITOR, #artibody, #endText, #Cnt-Main-Article-QQ, .rm_txt_con"
    ", #js_content, #vsb_content, #newscontents, #rwb_zw, .article_content_text, #articleContnet, #zoom, #Zoom"
)
KNOWN_IDS = frozenset(name[1:] for name in KNOWN.split(", ") if name.startswith("#"))
KNOWN_CLASSES = frozenset(name[1:] for name in KNOWN.split(", ") if name.startswith("."))  # each of them with a _
# The same as selectors; [id] and [class*=_] are cheap conditions that most elements fail.
BOXES = (
    f"[id]:is({', '.join(f'#{name}' for name in sorted(KNOWN_IDS))})",
    f"[class*=_]:is({', '.join(f'.{name}' for name in sorted(KNOWN_CLASSES))})",
)
MARKED_BOX = "marked as itemprop=articleBody"
DENSEST = "the element with the most prose in it"
NEXT = "the next element with sentences in it, as the densest holds none"
SHORTEST = "the element with the most short lines under the headline, as no other holds sentences"
MARKED = "articleBody"  # itemprop of schema.org; some sites mark each of several parts
OTHER_TITLES = "h2, h3, [itemprop=headline]"
INLINE = frozenset(("p", "span", "font", "b", "strong", "i", "em", "a", "u", "big", "small", "center"))
WHOLE_ARTICLE_TAGS = frozenset(("article", "main", "body"))  # round the headline, each holds the whole article
ITEMS = INLINE | {"li", "tr", "dd", "dt"}  # of a text, or of a list of other things
SENTENCE = re.compile(rf"[{CHINESE_STOPS}{ELLIPSIS}；]|[.!?](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Box:
    """The element that holds a body, the rule by which it was chosen, and the mem_ids of some elements.

    `strangers` hold other texts, wherever they stand; `parts` belong to the text, even if they are named like an aside.
    """

    node: LexborNode
    strangers: frozenset[int] = frozenset()
    parts: frozenset[int] = frozenset()  # of the text, even if named like an aside
    title: LexborNode | None = None  # the headline above it or in it
    rule: str = "the whole body of the page"  # the reason for the choice
    rivals: tuple[tuple[LexborNode, int], ...] = ()  # other elements with much prose, and their points


def container(
    tree: LexborHTMLParser,
    selectors: tuple[str, ...] = (),
    headline: str | None = None,
    text: str | None = None,
    named: Named | None = None,
    hidden: frozenset[int] = frozenset(),
) -> Box | None:
    """The box that holds a page's prose; None without prose.

    It is, in this order: for the first of `selectors` that finds an element with text, the longest that it finds; a
    publishing system's box (KNOWN), but not under a headline that is not Chinese; the element marked as articleBody;
    the element with the most prose. If the box by one of the last two rules holds no sentence, another with sentences
    takes its place, if there is one. An article split over several boxes gets the element around all of them, but never
    for a selector. `text` is the tree's visible text, `named` its elements by tag, if known; nothing in the elements
    `hidden` (mem_ids) counts.
    """
    for selector in selectors:
        declared = _fullest(tree, selector, hidden)
        if declared is not None and declared.text(strip=True, skip_empty=True):
            return Box(declared, title=_title(tree, named, headline), rule=declared_rule(selector))
    known = _known(tree, hidden) if headline is None or holds_han(headline) else None
    named = named_elements(tree) if named is None else named
    outline = Outline(tree, named, text, hidden)
    if known is not None:
        return _with_more(known, outline, _titles(tree, named["h1"][:MAX_BOXES], headline))
    if not outline.elements and headline:
        outline = Outline(tree, named, text, hidden, VERSES)
    titles = _titles(tree, named["h1"][:MAX_BOXES], headline)
    outline.stands_round(_round(titles))
    scope = _scope(outline, titles)
    marked = _marked(outline)
    start = marked or outline.densest(scope)
    found = _whole(start, titles, MARKED_BOX if marked else DENSEST) if start is not None else None
    if found is not None and not _holds_prose(found.node):
        found = _next_box(outline, tree, titles) or _short_lines(found, named, text, hidden, tree) or found
    if found is not None:
        strangers = found.strangers | (outline.never() - {found.node.mem_id})
        found = replace(found, strangers=strangers, rivals=outline.fullest_beside(found.node))
    outline.release()
    return found


def _with_more(known: LexborNode, outline: Outline, titles: list[LexborNode]) -> Box:
    """The box of a publishing system, widened by siblings that continue its text."""
    whole = _whole(outline.element(known), titles, _system(known), inside=False)
    never = outline.never()
    outline.release()
    return whole if whole.node.mem_id == known.mem_id else replace(whole, strangers=whole.strangers | never)


def declared_rule(selector: str) -> str:
    """The rule of a box that a declared selector gave, in words: "css #text, declared"."""
    return f"css {selector}, declared"


def _next_box(outline: Outline, tree: LexborHTMLParser, titles: list[LexborNode]) -> Box | None:
    """The first box with sentences, tried round the elements in order of their points; None without one.

    It takes the place of a box without a sentence. Elements named like footers, comments and the like do not count.
    """
    if tree.body is not None:
        outline.loosen(tree.body)
    others = [element for element in outline.holders if not _is_beside(element)]
    starts = sorted(others, key=lambda element: element.points, reverse=True)[:MAX_NEXT_BOXES]
    boxes = (_whole(start, titles, NEXT) for start in starts if start.own >= MIN_NEXT_PROSE)
    return next((box for box in boxes if _holds_prose(box.node)), None)


def _short_lines(
    found: Box, named: Named, text: str | None, hidden: frozenset[int], tree: LexborHTMLParser
) -> Box | None:
    """The box with the most short lines under a headline: results, a ticker, a note; None without a headline or lines.

    Lines of dates and credits do not count. None also if that box stands in `found`, a box without sentences, and on a
    page with any longer line than these, as in a language without marks between sentences.
    """
    if found.title is None:
        return None
    longer, outline = (Outline(tree, named, text, hidden, lines) for lines in (OWN_LINES, SHORT_LINES))
    start = outline.densest(None) if not longer.elements else None
    box = _whole(start, [found.title], SHORTEST) if start is not None else None
    longer.release()
    outline.release()
    return box if box is not None and not stands_in(box.node, frozenset({found.node.mem_id})) else None


def _is_beside(element: Element) -> bool:
    """True if an element, or one around it, is by tag or name a footer, comments, a note on cookies and the like."""
    return any(above.tag in ASIDES or OTHERS.search(above.names.lower()) for above in element.upwards())


def _holds_prose(node: LexborNode) -> bool:
    """True if an element holds enough text outside its links, and the mark of a sentence."""
    linked = sum([len(link.text(strip=True, skip_empty=True)) for link in node.css("a")])
    text = node.text(separator=" ", strip=True, skip_empty=True)
    return len(text) - linked >= MIN_BOX_PROSE and SENTENCE.search(text) is not None


def _known(tree: LexborHTMLParser, hidden: frozenset[int]) -> LexborNode | None:
    """The longest element with the id of a publishing system's box; if it lacks prose, the longest with such a class.

    None if neither holds enough prose. Asked only if the headline is Chinese or unknown: nearly all users of these
    systems write Chinese.
    """
    for selector in BOXES:
        known = _fullest(tree, selector, hidden)
        if known is not None and _prose(known) >= MIN_KNOWN_CHARACTERS:
            return known
    return None


def _system(box: LexborNode) -> str:
    """The rule of a known box, in words: "css .TRS_Editor, a box that publishing systems use".

    The id comes before a class; a box with no known name gives its tag.
    """
    attributes = box.attributes
    names = [name for name in (attributes.get("class") or "").split() if name in KNOWN_CLASSES]
    identity = attributes.get("id")
    called = f"#{identity}" if identity in KNOWN_IDS else f".{names[0]}" if names else box.tag
    return f"css {called}, a box that publishing systems use"


def _fullest(tree: LexborHTMLParser, selector: str, hidden: frozenset[int]) -> LexborNode | None:
    return _longest([node for node in tree.css(selector)[:MAX_BOXES] if not (hidden and stands_in(node, hidden))])


def _longest(nodes: list[LexborNode]) -> LexborNode | None:
    return nodes[0] if len(nodes) == 1 else max(nodes, key=lambda node: len(node.text_lexbor()), default=None)


def _prose(node: LexborNode) -> int:
    """The number of characters outside links, minus those in links; below 0 for a list of links."""
    linked = sum([len(link.text(strip=True, skip_empty=True)) for link in node.css("a")])
    return len(node.text(strip=True, skip_empty=True)) - 2 * linked


def _marked(outline: Outline) -> Element | None:
    """The longest element that the page marks as itemprop=articleBody, if it holds enough prose; else None."""
    marked = [element.node for element in outline.elements.values() if element.itemprop == MARKED]
    found = _longest(marked[:MAX_BOXES])
    return outline.element(found) if found is not None and _prose(found) >= MIN_KNOWN_CHARACTERS else None


def _title(tree: LexborHTMLParser, named: Named | None, headline: str | None) -> LexborNode | None:
    """The first of `_titles`: the heading that shows the headline, else the page's only h1; None without either."""
    first = named["h1"] if named is not None else tree.css("h1")
    return next(iter(_titles(tree, first[:MAX_BOXES], headline)), None)


def _titles(tree: LexborHTMLParser, first: Sequence[LexborNode], headline: str | None) -> list[LexborNode]:
    """The h1 that contain the headline, else the elements of OTHER_TITLES that do, else the page's only h1, else [].

    `first` are the page's h1.
    """
    wanted = "".join((headline or "").split())
    same = wanted and (_showing(first, wanted) or _showing(tree.css(OTHER_TITLES)[:MAX_BOXES], wanted))
    return same or (list(first) if len(first) == 1 else [])


def _showing(nodes: Sequence[LexborNode], wanted: str) -> list[LexborNode]:
    return [node for node in nodes if wanted in "".join(node.text_lexbor().split())]


def _scope(outline: Outline, titles: list[LexborNode]) -> Element | None:
    """The <article> nearest round the first of the titles whose nearest <article> holds enough prose; None without one.

    An <article> further out is not tried.
    """
    for title in titles:
        above = title.parent
        while above is not None and above.tag != "article":
            above = above.parent
        if above is None:
            continue
        element = outline.element(above)
        element.gather()
        if element.prose < MIN_SCOPE_PROSE and len(above.text(strip=True, skip_empty=True)) > MIN_SCOPE_TEXT:
            outline.loosen(above)
            element.gather()
        if element.prose >= MIN_SCOPE_PROSE:
            return element
    return None


def _round(titles: list[LexborNode]) -> set[int]:
    """The mem_ids of all elements round the titles, without the titles themselves."""
    found: set[int] = set()
    for title in titles:
        above = title.parent
        while above is not None:
            found.add(above.mem_id)
            above = above.parent
    return found


def _whole(start: Element, titles: list[LexborNode], rule: str, *, inside: bool = True) -> Box:
    """The box of the text: `start`, or an element above it that adds siblings which continue the text.

    At most MAX_LEVELS_ABOVE_BOX levels are climbed. inside: before that, an inline `start` is replaced by the nearest
    element round it that is not inline, this by its `_fullest_child`, again and again while it has one, and that by
    `outermost_unclosed`.
    """
    while inside and start.tag in INLINE and start.parent is not None:
        start = start.parent
    start.gather()
    while inside and (inner := _fullest_child(start)) is not None:
        start = inner
    if inside:
        start = outermost_unclosed(start)
    best = branch = start
    round_title = _round(titles)
    strangers: set[int] = set()
    parts: set[int] = set()
    passed: set[int] = set()
    found = max(start.prose, 1.0)
    for _ in range(MAX_LEVELS_ABOVE_BOX):
        level = branch.parent
        if level is None or (branch.tag in WHOLE_ARTICLE_TAGS and branch.mem_id in round_title):
            break
        if len(level.children) == 1 and not level.own and not tables_beside(level, branch):  # nothing stands beside it
            branch = level
            continue
        siblings = Siblings(level, branch, round_title, found)
        if siblings.gain > MIN_GAIN * found or siblings.adds_data:
            best, found = level, found + siblings.gain
            strangers |= passed | siblings.strangers()
            parts |= siblings.parts
            passed = set()
        else:
            passed |= siblings.others
        branch = level
    return Box(best.node, frozenset(strangers), frozenset(parts), titles[0] if titles else None, rule)


def _fullest_child(element: Element) -> Element | None:
    """The child with the most prose, of the children of the one tag and class that together hold the most prose.

    None if more than a little of the prose is the element's own, or if these children hold too little of it.
    """
    if element.own > MAX_OWN_SHARE * element.prose:
        return None
    alike: dict[tuple[str, str], list[Element]] = {}
    for child in element.children[:MAX_SIBLINGS]:
        if child.weight >= ASIDE_WEIGHT and child.tag not in ITEMS:
            alike.setdefault(child.signature, []).append(child)
    group = max(alike.values(), key=_prose_of_all, default=[])
    fair = _prose_of_all(group) >= MIN_CHILD_SHARE * element.prose > 0
    return max(group, key=lambda child: child.prose) if fair else None


def _prose_of_all(elements: list[Element]) -> float:
    return sum(element.prose for element in elements)
