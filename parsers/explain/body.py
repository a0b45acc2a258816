"""Which element holds the body, by which rule, and what became of each of its lines."""

from __future__ import annotations

from collections import Counter

from selectolax.lexbor import LexborNode

from parsers.explain.model import BodyBox, Considered
from parsers.explain.places import path_of, shortened
from parsers.pages import ArticlePage
from parsers.pages.shangguan import JsonPage
from parsers.reader.body.blocks import Block
from parsers.reader.body.container import KNOWN
from parsers.reader.body.lines import ENDINGS
from parsers.reader.headline.shown import folded

MARKED = "[itemprop=articleBody]"
TAKEN = ("prose", "heading", "machinery", "caption", "image", "biography", "reprint notice")
MOST = 12  # lines that are shown of those that are left out
WAY_BACK = 16  # characters of a link that may be cut off behind a paragraph


def explain_body(page: ArticlePage) -> BodyBox:
    """The box of the body and its lines, sorted."""
    known = _sorted(page)
    fates = [_fate(page, block, known) for block in page.blocks]
    last = max((number for number, fate in enumerate(fates) if fate in TAKEN), default=-1)
    behind = page.blocks[last + 1 :]
    ending = next((block.text for block in behind if ENDINGS.match(block.text)), None)
    left = [(block, fate) for block, fate in zip(page.blocks, fates, strict=True) if fate not in TAKEN]
    return BodyBox(
        path=path_of(page.box) if page.box is not None else None,
        why=_why(page),
        considered=tuple(_declared(page)),
        lines=tuple(Counter(fate if fate in TAKEN else "left out" for fate in fates).items()),
        left_out=tuple(Considered(fate, (shortened(block.text),), "left out") for block, fate in left[:MOST]),
        ended=_ended(ending, len(behind)),
        beside=_beside(page),
    )


def _beside(page: ArticlePage) -> int:
    if page.box is None:
        return 0
    lines = sum(_letters(block.text) for block in page.blocks if block.kind != "image")
    return max(0, _letters(page.box.text()) - lines)


def _letters(text: str) -> int:
    return len("".join(text.split()))


def _ended(ending: str | None, behind: int) -> str:
    if ending is not None:
        return f"at “{shortened(ending)}”, which opens what follows an article; {behind} lines behind the text"
    return f"{behind} lines before the end of the box" if behind else "at the end of the box"


def _why(page: ArticlePage) -> str:
    if page.box is None:
        return "the lines of the page under its title" if page.blocks else "no element holds prose"
    if isinstance(page, JsonPage):
        return f"the fragment in {page.fragment.rule}"
    selector = _matching(page, page.body)
    if selector:
        return f"css {selector}, declared by {type(page).__name__}"
    known = _matching(page, (*(name.strip() for name in KNOWN.split(",")), MARKED))
    if known:
        return f"css {known}, a box that publishing systems use"
    others = len(page.place.strangers) if page.place is not None else 0
    return f"the element with the most prose in it{f', without {others} parts that are other texts' if others else ''}"


def _matching(page: ArticlePage, selectors: tuple[str, ...]) -> str | None:
    """The first selector that finds the box."""
    assert page.box is not None
    found = (name for name in selectors if _holds(page.body_tree.css(name), page.box))
    return next(found, None)


def _holds(nodes: list[LexborNode], box: LexborNode) -> bool:
    return any(node.mem_id == box.mem_id for node in nodes)


def _declared(page: ArticlePage) -> list[Considered]:
    """The declared boxes, each with how much text stands in it."""
    found = []
    for selector in page.body:
        nodes = page.body_tree.css(selector)
        texts = tuple(f"{len(node.text(strip=True)):,} characters" for node in nodes[:MOST])
        taken = page.box is not None and _holds(nodes, page.box)
        found.append(
            Considered(f"css {selector}", texts, "taken" if taken else "came later" if texts else "gave nothing")
        )
    return found


def _sorted(page: ArticlePage) -> dict[str, str]:
    """What each text of the body is."""
    lines = page.lines
    named = (
        ("machinery", lines.machinery),
        ("reprint notice", [lines.reprint_notice or ""]),
        ("biography", [lines.biography or ""]),
        ("prose", lines.paragraphs),
        ("heading", lines.headings),
    )
    return {text: name for name, texts in named for text in texts if text}


def _fate(page: ArticlePage, block: Block, known: dict[str, str]) -> str:
    """What a line of the box became: one of TAKEN, or why it is left out."""
    if block.kind in ("image", "caption"):
        return block.kind
    shorter = (block.text[: len(block.text) - cut] for cut in range(WAY_BACK + 1))
    found = next((known[text] for text in shorter if text in known), None)
    if found is None and page.lines.biography and page.lines.biography in block.text:
        return "biography"
    return found or _why_left(page, block)


def _why_left(page: ArticlePage, block: Block) -> str:
    headline = page.headline_text or ""
    if len(block.text) < 2 * len(headline) + 8 and folded(block.text) in folded(headline):
        return "the headline again"
    if ENDINGS.match(block.text):
        return "opens what follows an article"
    return "nothing but links" if block.all_linked else "no prose, or behind the end"
