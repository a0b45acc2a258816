"""The body of an article as its reader sees it: headings, paragraphs, and the lines of a table as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from parsers.article import opening_standfirst

CELL = "\t"  # separates the cells of a table row in a paragraph


@dataclass(frozen=True, slots=True)
class BodyBlock:
    """A heading or paragraph with its `text`, or a table with the cells of each of its `rows`."""

    kind: Literal["heading", "paragraph", "table"]
    text: str
    rows: tuple[tuple[str, ...], ...] = ()


def blocks(article: Mapping[str, Any]) -> list[BodyBlock]:
    """The headings, paragraphs and tables of an article in reading order.

    Successive paragraphs that contain tabs become one table, a row each. A paragraph that repeats a heading just before
    it is left out, and so are opening paragraphs that repeat the standfirst, which the page shows above the body.
    """
    found: list[BodyBlock] = []
    for is_row, group in groupby(_lines(article), key=lambda block: block.kind == "paragraph" and CELL in block.text):
        lines = list(group)
        found += [BodyBlock("table", "", tuple(tuple(each.text.split(CELL)) for each in lines))] if is_row else lines
    return found


def _lines(article: Mapping[str, Any]) -> Iterator[BodyBlock]:
    headings = list(zip(article["heading_positions"], article["headings"], strict=False))
    told = opening_standfirst(article.get("standfirst"), article["paragraphs"])
    for position, paragraph in enumerate(article["paragraphs"]):
        here = [text for at, text in headings if at == position]
        yield from (BodyBlock("heading", text) for text in here)
        if paragraph not in here and position >= told:
            yield BodyBlock("paragraph", paragraph)
    yield from (BodyBlock("heading", text) for at, text in headings if at >= len(article["paragraphs"]))
