"""One article out of its pages: the first says what it is, all say the text, the last how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from parsers.article import Article, TextLink

Line = tuple[bool, str, tuple[TextLink, ...]]  # whether it is a heading, its text, and the links in it


def stitched(pages: Sequence[Article]) -> Article:
    """The article whose pages these are, in order; at least one.

    Lines that a page has in common with the first one at its top, or with the last one at its end, are running heads
    and stand once. Biography, reprint notice and editors are the last page's where it says them, the source line the
    first's.
    """
    first, last = pages[0], pages[-1]
    lines = [line for page in _without_running_heads([_lines(page) for page in pages]) for line in page]
    before = list(accumulate((not is_heading for is_heading, *_ in lines), initial=0))  # paragraphs before each line
    return replace(
        first,
        paragraphs=tuple(text for is_heading, text, _ in lines if not is_heading),
        headings=tuple(text for is_heading, text, _ in lines if is_heading),
        heading_positions=tuple(count for count, (is_heading, *_) in zip(before, lines, strict=False) if is_heading),
        links=tuple(
            replace(link, paragraph=place) for place, line in zip(before, lines, strict=False) for link in line[2]
        ),
        media=tuple(dict.fromkeys(item for page in pages for item in page.media)),
        biography=last.biography or first.biography,
        reprint_notice=last.reprint_notice or first.reprint_notice,
        editors=last.editors or first.editors,
        source_line=first.source_line or last.source_line,
    )


def _lines(page: Article) -> list[Line]:
    """Headings and paragraphs as they follow each other; a paragraph with the links of what stands at its place."""
    headings = zip(page.heading_positions, page.headings, strict=False)
    linked: dict[int, list[TextLink]] = {}
    for link in page.links:
        linked.setdefault(link.paragraph, []).append(link)
    placed = [(place, False, text, tuple(linked.get(place, ()))) for place, text in enumerate(page.paragraphs)]
    placed += [(place, True, text, ()) for place, text in headings]
    placed.sort(key=lambda line: (line[0], not line[1]))  # stable: a heading stands before its paragraph
    return [line[1:] for line in placed]


def _without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    first, *further = pages
    kept = [first, *(page[_common(first, page) :] for page in further)]
    kept = [page for page in kept if page]
    if not kept:
        return []
    *before, last = kept
    return [*(page[: len(page) - _common(page[::-1], last[::-1])] for page in before), last]


def _common(one: list[Line], other: list[Line]) -> int:
    """How many lines both begin with."""
    pairs = zip(one, other, strict=False)
    return next(
        (count for count, (here, there) in enumerate(pairs) if here[:2] != there[:2]), min(len(one), len(other))
    )
