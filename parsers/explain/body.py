"""The element with the body, its rivals, and the fate of each line, as the reader decided it."""

from __future__ import annotations

from collections import Counter

from selectolax.lexbor import LexborNode

from parsers.explain.model import BodyBox, Considered
from parsers.explain.places import path_of, shortened
from parsers.reader import BY_DECLARATION, CUT, ArticlePage, Block, declared_rule

KEPT = (
    "prose",
    CUT,
    "table row",
    "attachment",
    "standfirst",
    "heading",
    "machinery",
    "caption",
    "image",
    "biography",
    "reprint notice",
)
MAX_LINES = 12  # shown of the lines that are left out, and of those with dropped parts


def explain_body(page: ArticlePage) -> BodyBox:
    """The element with the body, the reason for it, its rivals, and the number of its lines of each kind.

    All kinds outside KEPT are counted as one, "left out". `left_out` shows these lines, then the lines that were
    dropped because the page's own articleBody lacks them (they are not in the numbers): MAX_LINES of both together.
    """
    fates = page.lines.fates
    left = [(block, fate) for block, fate in fates if fate not in KEPT] + [
        (block, "not in the page's own articleBody") for block in page.disagreeing
    ]
    return BodyBox(
        path=path_of(page.box) if page.box is not None else None,
        why=_by_declaration(page) or _why(page),
        considered=(*_declared(page), *_rivals(page)),
        lines=tuple(Counter(_counted(fate) for _, fate in fates).items()) or _bare_counts(page),
        left_out=tuple(Considered(fate, (shortened(block.text),), "left out") for block, fate in left[:MAX_LINES]),
        dropped=_dropped([block for block, _ in fates]),
        ended=_ended(page),
        beside=_beside(page),
    )


def _by_declaration(page: ArticlePage) -> str | None:
    selector = page.document.selectors.body
    declared = selector is not None and page.place is not None and page.place.rule == declared_rule(selector)
    return f"{BY_DECLARATION}: {selector}" if declared else None


def _counted(fate: str) -> str:
    return "prose" if fate == CUT else fate if fate in KEPT else "left out"


def _bare_counts(page: ArticlePage) -> tuple[tuple[str, int], ...]:
    """The pairs ("prose", number of paragraphs) and ("heading", number of headings).

    For a text dump, whose lines have no recorded fate.
    """
    return (("prose", len(page.lines.paragraphs)), ("heading", len(page.lines.headings)))


def _dropped(blocks: list[Block]) -> tuple[Considered, ...]:
    """One Considered for each line in which texts were dropped, with these texts; at most MAX_LINES."""
    inside = [block for block in blocks if block.dropped][:MAX_LINES]
    return tuple(Considered(shortened(block.text), block.dropped, "dropped inside the line") for block in inside)


def _beside(page: ArticlePage) -> int:
    if page.box is None:
        return 0
    lines = sum(_letters(block.text) for block in page.blocks if block.kind != "image")
    return max(0, _letters(page.box.text()) - lines)


def _letters(text: str) -> int:
    return len("".join(text.split()))


def _ended(page: ArticlePage) -> str:
    behind = sum(fate == "behind the end" for _, fate in page.lines.fates)
    if page.lines.ending is not None:
        return (
            f"at “{shortened(page.lines.ending)}”, which opens what follows an article; {behind} lines behind the text"
        )
    return "at the end of the box"


def _why(page: ArticlePage) -> str:
    if page.place is None:
        return "the lines of the page under its title" if page.blocks else "no element holds prose"
    others = len(page.place.strangers)
    return page.place.rule + (f", without {others} parts that are other texts" if others else "")


def _declared(page: ArticlePage) -> list[Considered]:
    """One Considered for each declared selector of the body, with the sizes of the texts that it finds."""
    found = []
    for selector in page.body:
        nodes = page.body_tree.css(selector)
        texts = tuple(f"{len(node.text(strip=True)):,} characters" for node in nodes[:MAX_LINES])
        taken = page.box is not None and _holds(nodes, page.box)
        found.append(
            Considered(f"css {selector}", texts, "taken" if taken else "came later" if texts else "gave nothing")
        )
    return found


def _rivals(page: ArticlePage) -> list[Considered]:
    """One Considered with the points of each of the `rivals` of the box, the other elements with most points."""
    rivals = page.place.rivals if page.place is not None else ()
    return [Considered(path_of(node), (f"{points:,} points",), "a rival") for node, points in rivals]


def _holds(nodes: list[LexborNode], box: LexborNode) -> bool:
    return any(node.mem_id == box.mem_id for node in nodes)
