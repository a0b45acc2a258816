"""The longest common subsequence of two sequences, in bounded work: a bit vector for each item (Hyyrö 2004)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

MAX_ITEMS_AT_ONCE = 11_000  # longest side compared in one go: 15 MB of bit vectors, less than a tenth of a second
ITEMS_PER_BLOCK = 4_000  # items of either side per block, if a side is longer


class CommonRun(NamedTuple):
    """A stretch that is the same on both sides: old[old:old+length] and new[new:new+length]."""

    old: int
    new: int
    length: int


def runs(old: Sequence[int], new: Sequence[int]) -> list[CommonRun]:
    """The stretches that stay, in order: a longest common subsequence, if no side has over MAX_ITEMS_AT_ONCE items.

    Items that the sides share at their start and end do not count for that. Longer sides are compared block by block;
    the last quarter of each block is compared again with the next, as it may belong there. So the work grows with the
    length, never with its square.
    """
    lead, tail = shared_ends(old, new)
    found = [CommonRun(0, 0, lead), *_middle(old, new, lead, len(old) - tail, len(new) - tail)]
    return joined([*found, CommonRun(len(old) - tail, len(new) - tail, tail)])


def shared_ends(old: Sequence[int], new: Sequence[int]) -> tuple[int, int]:
    """The number of items that the sequences share at their start and, of the rest, at their end."""
    lead = shared(old, new)
    return lead, shared(old[lead:][::-1], new[lead:][::-1])


def shared(old: str | Sequence[int], new: str | Sequence[int]) -> int:
    """The number of items that two texts or sequences share at their start, found by halving."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def joined(found: list[CommonRun]) -> list[CommonRun]:
    """The runs without empty ones, neighbours merged."""
    done: list[CommonRun] = []
    for run in found:
        if done and done[-1].old + done[-1].length == run.old and done[-1].new + done[-1].length == run.new:
            done[-1] = CommonRun(done[-1].old, done[-1].new, done[-1].length + run.length)
        elif run.length:
            done.append(run)
    return done


def _middle(old: Sequence[int], new: Sequence[int], start: int, old_end: int, new_end: int) -> Iterator[CommonRun]:
    i = k = start
    while i < old_end and k < new_end:
        whole = old_end - i <= MAX_ITEMS_AT_ONCE and new_end - k <= MAX_ITEMS_AT_ONCE
        size = MAX_ITEMS_AT_ONCE if whole else ITEMS_PER_BLOCK
        found = _common(old[i : min(i + size, old_end)], new[k : min(k + size, new_end)])
        if whole:
            yield from (CommonRun(i + run.old, k + run.new, run.length) for run in found)
            return
        kept = _before(found, ITEMS_PER_BLOCK * 3 // 4)
        yield from (CommonRun(i + run.old, k + run.new, run.length) for run in kept)
        i, k = i + kept[-1].old + kept[-1].length, k + kept[-1].new + kept[-1].length


def _before(found: list[CommonRun], edge: int) -> list[CommonRun]:
    """The parts of the runs that are before the index `edge` on both sides; without any, one empty run at the edge."""
    cut = [CommonRun(run.old, run.new, min(run.length, edge - max(run.old, run.new))) for run in found]
    return [run for run in cut if run.length > 0] or [CommonRun(edge, edge, 0)]


def _common(old: Sequence[int], new: Sequence[int]) -> list[CommonRun]:
    """The stretches of a longest common subsequence, in order."""
    rows, found = _rows(old, new), []
    i, k = len(old), len(new)
    while i and k:
        length = 0
        while length < i and length < k and old[i - 1 - length] == new[k - 1 - length]:
            length += 1
        i, k = i - length, k - length
        if length:
            found.append(CommonRun(i, k, length))
        elif rows[k] >> (i - 1) & 1:  # as much is common without this item of the old side
            i -= 1
        else:
            k -= 1
    return found[::-1]


def _rows(old: Sequence[int], new: Sequence[int]) -> list[int]:
    """The bit vectors before the first and after each item of the new side: a bit for each old item.

    The first vector has only ones; a bit is 0 where the common subsequence grows. len(new) + 1 vectors in all.
    """
    wanted = set(new)
    places: dict[int, int] = {}
    for at, item in enumerate(old):
        if item in wanted:
            places[item] = places.get(item, 0) | 1 << at
    full = (1 << len(old)) - 1
    rows = [full]
    for item in new:
        row, mask = rows[-1], places.get(item, 0)
        rows.append(((row + (row & mask)) | (row & ~mask)) & full if mask else row)
    return rows
