"""How one text became another: by character where Chinese is written, by word and number elsewhere, and readable."""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from archive.diffing.comparing import Op, compared

__all__ = ["Op", "Segment", "segments", "told", "whole"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that stayed, came or went. What moved went and came with the same number, from 1 on."""

    op: Op
    text: str
    move: int | None = None


def segments(before: str | None, after: str | None) -> list[Segment]:
    """The way from one text to the other; `None` counts as no text.

    delete + equal joined is `before`, insert + equal joined is `after`, exactly. No boundary falls inside a character
    with its combining marks, nor inside a word or number. Same texts, same segments: there is no time limit inside,
    and the work grows with the length of the texts (see `archive.diffing.subsequence`).
    """
    pieces = groupby(compared(before or "", after or ""), key=itemgetter(0, 2))
    return [Segment(op, "".join(text for _, text, _ in run), move) for (op, move), run in pieces]


def whole(before: str | None, after: str | None) -> list[Segment]:
    """The same for a value that means something only as a whole: a name, a moment."""
    if before == after:
        return [Segment("equal", before)] if before else []
    found = (Segment("delete", before or ""), Segment("insert", after or ""))
    return [segment for segment in found if segment.text]


def told(segment: Segment) -> dict[str, Any]:
    """A segment as scripts get it: `move` only where something moved."""
    found: dict[str, Any] = {"op": segment.op, "text": segment.text}
    return found if segment.move is None else found | {"move": segment.move}
