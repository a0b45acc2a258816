"""Match edited paragraphs of two texts by the sequences of tokens that they share."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_TOKENS_IN_A_ROW = 3  # the length of a sequence
_MIN_SHARED_PART = 2  # at least half of its sequences must be in the other paragraph

Span = tuple[int, int]  # the first token of a paragraph, and the one after its last


class Kin(NamedTuple):
    """A paragraph that both texts have, edited: its (start, end) in tokens on each side.

    shared: the number of sequences of three tokens of the new paragraph that stand in this old paragraph and in no
    other.
    """

    old: Span
    new: Span
    shared: int


def kin(old_ids: Sequence[int], new_ids: Sequence[int], old: Sequence[Span], new: Sequence[Span]) -> list[Kin]:
    """The pairs of an old and a new paragraph that share most sequences of three tokens, in the order of the old text.

    Each paragraph is in one pair at most. A new paragraph is paired with the old one that has most of its sequences,
    and only if that has at least half of all sequences of the new one. A sequence that occurs in two old paragraphs
    does not count as shared. Of two new paragraphs for one old one, that which shares more is paired.
    """
    homes: dict[tuple[int, ...], int | None] = {}
    for number, span in enumerate(old):
        for row in set(_rows(old_ids, span)):
            homes[row] = None if row in homes else number  # a sequence in two paragraphs identifies neither
    found: dict[int, Kin] = {}
    for span in new:
        if (best := _best(homes, list(_rows(new_ids, span)))) is None:
            continue
        number, shared = best
        if number not in found or found[number].shared < shared:
            found[number] = Kin(old[number], span, shared)
    return [found[number] for number in sorted(found)]


def _rows(ids: Sequence[int], span: Span) -> Iterator[tuple[int, ...]]:
    start, end = span
    return (tuple(ids[at : at + _TOKENS_IN_A_ROW]) for at in range(start, end - _TOKENS_IN_A_ROW + 1))


def _best(homes: dict[tuple[int, ...], int | None], rows: list[tuple[int, ...]]) -> tuple[int, int] | None:
    """The index of the old paragraph that has the most of a new one's sequences (`rows`), and how many it has.

    None if these are fewer than half of all `rows`. homes: by sequence, the index of the only old paragraph that has
    it; None for a sequence that two have, which counts for neither.
    """
    votes = Counter(home for row in rows if (home := homes.get(row)) is not None)
    number, shared = next(iter(votes.most_common(1)), (None, 0))
    return (number, shared) if number is not None and shared * _MIN_SHARED_PART >= len(rows) else None
