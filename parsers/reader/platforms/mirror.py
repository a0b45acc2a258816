"""The lines of a mirror page in their fixed order: title, release time, body, biography, notice, related items."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.article import RelatedLink
from parsers.reader.body.lines.body_text import Body, Draft
from parsers.reader.body.markup.blocks import Block
from parsers.text import is_biography_heading, is_section_heading, reprint_notice
from parsers.titles import title_key

RELEASE = re.compile(r"^\s*release time\s*[:：]\s*(.+)$", re.IGNORECASE)
AUTHOR = re.compile(r"^\s*author\s*[:：]\s*(.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MirrorPage:
    """The parts of a mirror page; `released` is the moment of the mirror's import, as printed."""

    title: str
    author: str | None
    released: str
    body: Body
    related: tuple[RelatedLink, ...]


def read_mirror(blocks: Sequence[Block]) -> MirrorPage | None:
    """The parts of a mirror page, read from its lines; None if title or release time is missing, as on lists."""
    texts = [block for block in blocks if block.text]  # a picture's alternative text is a line too
    place = next((place for place, block in enumerate(texts) if RELEASE.match(block.text)), None)
    if not place:
        return None
    head = [block.text for block in texts[:place]]
    author = next((found[1].strip() for line in head if (found := AUTHOR.match(line))), None)
    title = next((line for line in reversed(head) if not AUTHOR.match(line)), None)
    released = RELEASE.match(texts[place].text)
    if title is None or released is None:
        return None
    draft, rest = _draft(texts[place + 1 :], title)
    draft.paragraphs += draft.idle_headings()  # a short line without text behind it stays in the body
    return MirrorPage(title, author, released[1].strip(), draft.done(), related_items([block.text for block in rest]))


def related_items(lines: list[str]) -> tuple[RelatedLink, ...]:
    """The related items among these lines: each is two equal title lines and then perhaps a teaser.

    The mirror cuts its teasers short; they are never part of the article.

    >>> related_items(["Green Yangtze", "Green Yangtze", "What is, according to"])
    (RelatedLink(headline='Green Yangtze', url=None, teaser='What is, according to'),)
    """
    items: list[RelatedLink] = []
    place = 0
    while place + 1 < len(lines):
        if title_key(lines[place]) != title_key(lines[place + 1]):
            place += 1
            continue
        teaser = lines[place + 2] if place + 2 < len(lines) else None
        cut = place + 3 < len(lines) and teaser is not None and title_key(teaser) == title_key(lines[place + 3])
        items.append(RelatedLink(lines[place], None, None if cut else teaser))
        place += 2 if cut else 3
    return tuple(items)


def _draft(blocks: Sequence[Block], title: str) -> tuple[Draft, Sequence[Block]]:
    """The body, which ends at the reprint notice or at the first related item, and the lines after it.

    The notice is kept in the draft. `title` is left out where the lines repeat it.
    """
    draft = Draft()
    own = title_key(title)
    in_biography = False
    for place, block in enumerate(blocks):
        if reprint_notice(block.text) is not None:
            draft.reprint_notice = block.text
            return draft, blocks[place + 1 :]
        following = blocks[place + 1].text if place + 1 < len(blocks) else ""
        key = title_key(block.text)
        if key == own or block.kind == "image":
            if key != own and key == title_key(following):
                return draft, blocks[place:]
            continue
        if key == title_key(following):
            return draft, blocks[place:]
        if is_biography_heading(block.text):
            in_biography = True
        elif in_biography:
            draft.biography = f"{draft.biography} {block.text}" if draft.biography else block.text
        else:
            _add(block, draft)
    return draft, ()


def _add(block: Block, draft: Draft) -> None:
    if block.kind == "heading" or is_section_heading(block.text):
        draft.heading(block.text)
    else:
        draft.paragraphs.append(block.text)
