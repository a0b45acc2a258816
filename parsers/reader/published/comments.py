"""The comments of readers below an article: dates in them are not the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from selectolax.lexbor import LexborNode

from parsers.document import Document, once, shown_text
from parsers.reader.published.labels import PUBLISHED, label_before
from parsers.reader.published.thresholds import (
    MAX_CLASS_CHARACTERS,
    MAX_COMMENT_BOXES,
    MAX_COMMENT_LEVELS,
    MAX_HEADLINE_LEVELS,
    MAX_TITLES,
)
from parsers.reader.view.datelines import Dateline, Surroundings

# Names of comments in several languages and systems: a part to search for, and the whole word.
CALLED = {
    "comment": "comments?",
    "cmt": "cmts?",
    "repl": "repl(?:y|ies)",
    **{name: name for name in ("pinglun", "respond", "liuyan", "disqus", "sohucs", "评论")},
}
# A whole name of a class or an id: nyo-social-comments is a row of buttons.
NAME = re.compile(
    r"(?:(?!social|share|no|has|with|num|count|go|to)[a-z0-9]{1,12}[-_])?"
    rf"(?:{'|'.join(CALLED.values())})"
    r"(?:[-_]{0,2}(?:list|item|box|area|body|content|wrap(?:per)?|section|container|thread|template|text|inner|main"
    r"|\d{1,9}))*"
)
KIND = re.compile(r"schema\.org/(?:user)?comments?$")
NAMED = ", ".join(
    [
        *(f"[{where}*={stem} i]" for stem in CALLED for where in ("class", "id")),
        "[itemprop=comment]",
        "[itemtype$=Comment i]",
    ]
)
# A line that opens the comments: 网友评论（3）, 最新跟帖, 2 Comments.
HEADING = re.compile(
    r"^(?:(?:网友|网民|读者|最新|最热|热门|全部|精彩|用户|文章|发表|我来)(?:评论|跟[帖贴]|留言|回复)(?:列表|区)?"
    r" ?(?:[(（\[]?\d{1,7}条?[)）\]]?)?|(?:评论|跟[帖贴]|留言|回复)(?:列表|区| ?[(（]\d{1,7}条?[)）])"
    r"|(?:\d{1,7} (?:reader )?)?comments(?: ?\(\d{1,7}\))?|\d{1,7} (?:comment|replies|responses|kommentare)"
    r"|kommentare(?: ?\(\d{1,7}\))?)[:：]?$",
    re.IGNORECASE | re.MULTILINE,
)

BUTTON = re.compile(
    r"^(?:评论区?|留言|跟[帖贴]|comment)$", re.IGNORECASE | re.MULTILINE
)  # or a heading without a number


def stands_in_comment(document: Document, node: LexborNode) -> bool:
    """True if a node is, or stands in, an element named like a readers' comment."""
    at: LexborNode | None = node
    for _ in range(MAX_COMMENT_LEVELS):
        if at is None or at.tag in ("body", "html", "head"):
            return False
        if _is_comment(document, at):
            return True
        at = at.parent
    return False


def without_comments(document: Document, where: Surroundings, lines: Sequence[Dateline]) -> tuple[Dateline, ...]:
    """The datelines outside readers' comments, in their order.

    None below a heading of comments (网友评论) stays; below a button 评论 only those with a label of publication do.
    """
    if not lines:
        return ()
    spans = [*_comments(document, where), *_behind(HEADING, where)]
    kept = [line for line in lines if not any(start <= line.place < stop for start, stop in spans)]
    below = [start for start, _ in _behind(BUTTON, where)]
    return tuple([line for line in kept if not (below and line.place > below[0] and not _says_published(where, line))])


def _behind(heading: re.Pattern[str], where: Surroundings) -> list[tuple[int, int]]:
    """The span from the first match of `heading` below the article to the end of the text, as a list; [] without it."""
    found = heading.search(where.text, where.end)
    return [(found.start(), len(where.text))] if found else []


def _says_published(where: Surroundings, line: Dateline) -> bool:
    """True if a date has a label of publication: such a date counts even below a row of buttons."""
    start = where.text.rfind("\n", 0, line.place) + 1
    return PUBLISHED.search(label_before(where.text, where.titles, start, line.place)) is not None


def _comments(document: Document, where: Surroundings) -> Iterator[tuple[int, int]]:
    """Yield start and end of each box of comments in the visible text.

    A box with the headline or the body's first line is skipped, and one whose text is not found there.
    """
    text, after, read = where.text, 0, 0
    for box in _comment_boxes(document):
        part = shown_text(box)
        read += len(part)
        start = text.find(part, after) if part else -1
        if start >= 0:
            after = start + len(part)
            if not any(start <= place <= after for place in (*where.titles, where.body)):
                yield start, after
        if read > len(text):  # bounds the work for nested boxes
            return


@once
def _comment_boxes(document: Document) -> Sequence[LexborNode]:
    """The outermost elements named like comments, in document order."""
    body = document.tree.body
    named = body.css(NAMED) if body is not None else []
    nodes = islice((node for node in named if _is_comment(document, node)), MAX_COMMENT_BOXES)
    return [node for node in nodes if node.parent is None or not stands_in_comment(document, node.parent)]


def _is_comment(document: Document, node: LexborNode) -> bool:
    """True if an element is named like a comment and holds no <h1>: 评论 is also the name of a section."""
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:MAX_CLASS_CHARACTERS].lower().split()
    kind = (attributes.get("itemtype") or "").lower()
    called = attributes.get("itemprop") == "comment" or KIND.search(kind) or any(map(NAME.fullmatch, names))
    return bool(called) and node.tag != "body" and node.mem_id not in _round_headlines(document)


@once
def _round_headlines(document: Document) -> frozenset[int]:
    """The mem_ids of the parents, grandparents and so on of the first MAX_TITLES h1 headings."""
    found = set()
    for heading in document.named["h1"][:MAX_TITLES]:
        at = heading.parent
        for _ in range(MAX_HEADLINE_LEVELS):
            if at is None or at.mem_id in found:
                break
            found.add(at.mem_id)
            at = at.parent
    return frozenset(found)
