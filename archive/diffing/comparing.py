"""Compare two texts by tokens: parts that stay, parts that moved, and parts that came or went."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from archive.diffing.moves import MovedTokens, Sides, moved
from archive.diffing.subsequence import CommonRun, joined, runs
from archive.diffing.tidying import tidied
from archive.diffing.tokens import marks_in, tokens_of

Op = Literal["equal", "insert", "delete"]
Piece = tuple[Op, str, int | None]  # the operation; the text; the number of its move, if it moved
__all__ = ["Op", "Segment", "segments", "told", "whole"]


def compared(before: str, after: str) -> Iterator[Piece]:
    """Yield the pieces (op, text, number of the move or None) that make `after` out of `before`.

    One piece for each token that stayed, went or came. A stretch that moved is two pieces of its whole text, with one
    number: a `delete` where it was, and an `insert` where it is now.
    """
    sides = sides_of(before, after)
    stretches, stayed = moved(sides)
    pairs = _pairs(sides, stretches, stayed)
    went = {each.old: (number, each) for number, each in enumerate(stretches, 1)}
    came = {each.new: (number, each) for number, each in enumerate(stretches, 1)}
    i = k = 0
    while i < len(sides.old) or k < len(sides.new):
        if i in went:
            number, stretch = went[i]
            yield "delete", "".join(sides.old[i : i + stretch.length]), number
            i += stretch.length
        elif k in came and pairs.get(i) != k:
            number, stretch = came[k]
            yield "insert", "".join(sides.new[k : k + stretch.length]), number
            k += stretch.length
        elif i < len(sides.old) and i not in pairs:
            yield "delete", sides.old[i], None
            i += 1
        elif i < len(sides.old) and pairs[i] == k:
            yield "equal", sides.old[i], None
            i, k = i + 1, k + 1
        else:
            yield "insert", sides.new[k], None
            k += 1


def sides_of(before: str, after: str) -> Sides:
    """Both texts in tokens; each different token has a number, from 0 on in the order of first occurrence."""
    marks = marks_in(before, after)
    old, new = tokens_of(before, marks), tokens_of(after, marks)
    numbers: dict[str, int] = {}
    old_ids, new_ids = ([numbers.setdefault(token, len(numbers)) for token in side] for side in (old, new))
    return Sides(old, new, old_ids, new_ids)


def _pairs(sides: Sides, stretches: list[MovedTokens], stayed: list[tuple[int, int, int]]) -> dict[int, int]:
    """By the index of each token of the old side that stays, its index on the new side; moved tokens are left out."""
    old_places = _without(len(sides.old), [(each.old, each.length) for each in stretches])
    new_places = _without(len(sides.new), [(each.new, each.length) for each in stretches])
    rest = Sides(
        [sides.old[at] for at in old_places],
        [sides.new[at] for at in new_places],
        [sides.old_ids[at] for at in old_places],
        [sides.new_ids[at] for at in new_places],
    )
    fixed = _moved_up(stayed, old_places, new_places) if stretches else stayed
    found = tidied(rest, _around(rest, fixed))
    return {old_places[run.old + n]: new_places[run.new + n] for run in found for n in range(run.length)}


def _without(length: int, taken: list[tuple[int, int]]) -> list[int]:
    out = {at for start, many in taken for at in range(start, start + many)}
    return [at for at in range(length) if at not in out]


def _moved_up(stayed: list[tuple[int, int, int]], old: list[int], new: list[int]) -> list[tuple[int, int, int]]:
    """The stretches that stayed, (old, new, length), with their starts counted without the tokens that moved.

    old, new: by side, the indices of the tokens that did not move.
    """
    old_at, new_at = ({place: at for at, place in enumerate(places)} for places in (old, new))
    return [(old_at[start], new_at[place], length) for start, place, length in stayed]


def _around(sides: Sides, fixed: list[tuple[int, int, int]]) -> list[CommonRun]:
    """All runs that stay, in order: the `fixed` sentences (old, new, length), and the common runs between them."""
    found: list[CommonRun] = []
    i = k = 0
    for start, place, length in [*fixed, (len(sides.old), len(sides.new), 0)]:
        between = runs(sides.old_ids[i:start], sides.new_ids[k:place])
        found += [CommonRun(i + run.old, k + run.new, run.length) for run in between]
        found.append(CommonRun(start, place, length))
        i, k = start + length, place + length
    return joined(found)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that stayed, came or went.

    move: the number, from 1, of the move that it is a side of, else None. The two sides, one deleted and one inserted,
    have the same number.
    """

    op: Op
    text: str
    move: int | None = None


def segments(before: str | None, after: str | None) -> list[Segment]:
    """The segments that make `after` out of `before`, in order; None counts as an empty text.

    delete + equal joined is `before`, insert + equal joined is `after`, exactly. No boundary falls inside a character
    with its combining marks, nor inside a word or number of at most 64 characters. The result depends on the texts
    alone: there is no time limit inside, and the work grows with the length of the texts (see
    `archive.diffing.subsequence`).
    """
    pieces = groupby(compared(before or "", after or ""), key=itemgetter(0, 2))
    return [Segment(op, "".join(text for _, text, _ in run), move) for (op, move), run in pieces]


def whole(before: str | None, after: str | None) -> list[Segment]:
    """The segments of a value that only makes sense as a whole, such as a name: all deleted and all inserted, or equal.

    An empty value has no segment.
    """
    if before == after:
        return [Segment("equal", before)] if before else []
    found = (Segment("delete", before or ""), Segment("insert", after or ""))
    return [segment for segment in found if segment.text]


def told(segment: Segment) -> dict[str, Any]:
    """A segment as a dict for JSON: op, text and, only if it moved, move."""
    found: dict[str, Any] = {"op": segment.op, "text": segment.text}
    return found if segment.move is None else found | {"move": segment.move}
