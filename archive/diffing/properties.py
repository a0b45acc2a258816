"""Compare a property in its own way: as a text, item by item, or as one value."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from archive.diffing.comparing import Op, Segment, segments, whole
from archive.diffing.subsequence import runs
from archive.properties import of_kind

Shape = Literal["text", "list", "value"]

_SHAPES: dict[str, Shape] = {
    **dict.fromkeys(of_kind("names", "pairs", "files"), "list"),  # one item a line
    **dict.fromkeys(of_kind("name", "time"), "value"),
}


def shape_of(name: str) -> Shape:
    """The way to compare a property: `text`, `list` (item by item) or `value` (as one); `text` for an unknown name."""
    return _SHAPES.get(name, "text")


def segments_of(name: str, before: str | None, after: str | None) -> list[Segment]:
    """The segments from one text of a property to the other: delete + equal is the old one, insert + equal the new."""
    shape = shape_of(name)
    if shape == "text":
        return segments(before, after)
    return whole(before, after) if shape == "value" else _in_lines(chips(before, after))


def chips(before: str | None, after: str | None) -> list[Segment]:
    """The items of two lists (texts of one item a line) that stayed, went or came, each as one segment.

    An item that went once and came once is a move, numbered from 1. None is a list without items; "" has one, empty.
    """
    old, new = (text.split("\n") if text is not None else [] for text in (before, after))
    found = list(_walk(old, new))
    gone, come = (Counter(item for op, item in found if op == wanted) for wanted in ("delete", "insert"))
    places = {item: n for n, item in enumerate((item for item in gone if gone[item] == come[item] == 1), 1)}
    return [Segment(op, item, places.get(item) if op != "equal" else None) for op, item in found]


def sides(found: list[Segment]) -> tuple[str, str]:
    """The old and the new text of segments."""
    old, new = ("".join(each.text for each in found if each.op != other) for other in ("insert", "delete"))
    return old, new


def _walk(old: list[str], new: list[str]) -> Iterator[tuple[Op, str]]:
    numbers: dict[str, int] = {}
    kept = runs(*([numbers.setdefault(item, len(numbers)) for item in side] for side in (old, new)))
    i = k = 0
    for start, place, length in [*kept, (len(old), len(new), 0)]:
        yield from (("delete", item) for item in old[i:start])
        yield from (("insert", item) for item in new[k:place])
        yield from (("equal", item) for item in old[start : start + length])
        i, k = start + length, place + length


def _in_lines(found: list[Segment]) -> list[Segment]:
    """The segments of items (from `chips`) with the line breaks that separate the items in the old and the new text."""
    pieces: list[Segment] = []
    first = {"delete", "insert"}  # sides without an item so far
    for item in found:
        broken = {side for side in ("delete", "insert") if item.op in ("equal", side)} - first
        if broken:
            pieces.append(Segment("equal" if len(broken) == 2 else "delete" if "delete" in broken else "insert", "\n"))
        first -= {"delete", "insert"} if item.op == "equal" else {item.op}
        pieces.append(item)
    grouped = groupby(pieces, key=lambda each: (each.op, each.move))
    return [Segment(op, "".join(each.text for each in run), move) for (op, move), run in grouped]
