"""Find stretches that stand elsewhere in the other text: moved, not deleted here and inserted there."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.diffing.kin import Kin, kin
from archive.diffing.subsequence import runs
from archive.diffing.tokens import begins_sentence, is_bare

_EDITED_TOKEN_WEIGHT = 2  # tokens of an edited paragraph count this much more than others
_MIN_STAYING_PART = 3  # sentences with less than a third of a text do not show which parts stayed
_MIN_MOVED_TOKENS = 6  # without punctuation and blanks; shorter texts recur by chance


@dataclass(frozen=True, slots=True)
class Sides:
    """Two texts in tokens, and each token's number: equal tokens have equal numbers."""

    old: list[str]
    new: list[str]
    old_ids: Sequence[int]
    new_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class MovedTokens:
    """Consecutive tokens that moved: the index of the first on the old and on the new side, and how many they are."""

    old: int
    new: int
    length: int


def moved(sides: Sides) -> tuple[list[MovedTokens], list[tuple[int, int, int]]]:
    """The stretches that moved, and the paragraphs and sentences that stayed as (old, new, length in tokens), in order.

    Considered are paragraphs and sentences that are equal on both sides and occur once on each; `_staying` chooses
    those that stayed. The others moved, with the equal text beside them; one that has fewer than six words or
    characters even so is in neither list.
    """
    once = _once(sides)
    stay = _staying(sides, once)
    kept = [once[at] for at in stay]
    went = [once[at] for at in sorted(set(range(len(once))) - set(stay))]
    if not went:
        return [], kept
    old_taken, new_taken = (
        {place for each in kept for place in range(each[side], each[side] + each[2])} for side in (0, 1)
    )
    found = []
    for start, place, length in went:
        if start in old_taken or place in new_taken:
            continue  # the stretch before has grown over it
        stretch = _grown(sides, MovedTokens(start, place, length), old_taken, new_taken)
        if (
            sum(not is_bare(token) for token in sides.old[stretch.old : stretch.old + stretch.length])
            >= _MIN_MOVED_TOKENS
        ):
            found.append(stretch)
            old_taken.update(range(stretch.old, stretch.old + stretch.length))
            new_taken.update(range(stretch.new, stretch.new + stretch.length))
    return found, kept


def _once(sides: Sides) -> list[tuple[int, int, int]]:
    """(old start, new start, length) of each paragraph that occurs once on each side, and of each such sentence.

    In the order of the old side; sentences are those of the other paragraphs.
    """
    old, new = _paragraphs(sides.old), _paragraphs(sides.new)
    paragraphs = _common(sides, old, new)
    old_seen, new_seen = ({each[side] for each in paragraphs} for side in (0, 1))
    sentences = _common(
        sides,
        [each for start, end in old if start not in old_seen for each in _sentences(sides.old, start, end)],
        [each for start, end in new if start not in new_seen for each in _sentences(sides.new, start, end)],
    )
    return sorted(paragraphs + sentences)


def _common(sides: Sides, old: list[tuple[int, int]], new: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """(old start, new start, length) of each stretch that occurs once among `old` and once among `new`."""
    there = _places(sides.new_ids, new)
    return [
        (places[0], there[key][0], len(key))
        for key, places in _places(sides.old_ids, old).items()
        if len(places) == len(there.get(key, ())) == 1
    ]


def _places(ids: Sequence[int], stretches: list[tuple[int, int]]) -> dict[tuple[int, ...], list[int]]:
    found: dict[tuple[int, ...], list[int]] = {}
    for start, end in stretches:
        found.setdefault(tuple(ids[start:end]), []).append(start)
    return found


def _paragraphs(tokens: list[str]) -> list[tuple[int, int]]:
    """(start, end) in tokens of each non-empty paragraph, without its line break; the end is exclusive."""
    breaks = [-1, *(at for at in range(len(tokens)) if tokens[at] == "\n"), len(tokens)]
    return [(start + 1, end) for start, end in pairwise(breaks) if end > start + 1]


def _sentences(tokens: list[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) in tokens of each sentence of the paragraph tokens[start:end]; the end is exclusive."""
    begin = start
    for at in range(start, end):
        if at == end - 1 or begins_sentence(tokens, at + 1) or tokens[at : at + 2] == [".", " "]:
            yield begin, at + 1
            begin = at + 1


def _staying(sides: Sides, once: list[tuple[int, int, int]]) -> list[int]:
    """The indices in `once` of the sentences that stay: those that leave the fewest tokens to mark as changed or moved.

    If what stays is less than a third of the shorter text, it is those that a common subsequence of all tokens keeps in
    place: in a text that was edited throughout, the one unchanged sentence may be the one that moved.
    """
    least = min(len(sides.old), len(sides.new)) / _MIN_STAYING_PART
    stay = _heaviest(once)
    if len(stay) == len(once) and _undisturbed(sides, once) and sum(length for _, _, length in once) >= least:
        return stay
    stay, tokens = _chain(once, _edited(sides, once))
    if tokens >= least:
        return stay
    pairs = {run.old + n: run.new + n for run in runs(sides.old_ids, sides.new_ids) for n in range(run.length)}
    return [at for at, (start, place, _) in enumerate(once) if pairs.get(start) == place]


def _undisturbed(sides: Sides, once: list[tuple[int, int, int]]) -> bool:
    """True if no sentence seems to have moved past another.

    False if one gap between these sentences gained six tokens or more, and another one lost six or more.
    """
    i = k = 0
    grown = []
    for start, place, length in [*once, (len(sides.old), len(sides.new), 0)]:
        grown.append((place - k) - (start - i))
        i, k = start + length, place + length
    return max(grown) < _MIN_MOVED_TOKENS or min(grown) > -_MIN_MOVED_TOKENS


def _edited(sides: Sides, once: list[tuple[int, int, int]]) -> list[Kin]:
    """The pairs of paragraphs that both sides have in an edited form; those in `once` are unchanged and left out."""
    whole = [{(each[side], each[side] + each[2]) for each in once} for side in (0, 1)]
    old = [span for span in _paragraphs(sides.old) if span not in whole[0]]
    new = [span for span in _paragraphs(sides.new) if span not in whole[1]]
    return kin(sides.old_ids, sides.new_ids, old, new)


def _chain(once: list[tuple[int, int, int]], edited: list[Kin]) -> tuple[list[int], int]:
    """The indices in `once` of the sentences that stay, and the number of all tokens that stay.

    An edited paragraph counts with its `shared` in that number, and with twice that in the choice: it cannot be shown
    as a move, but would be marked throughout.
    """
    within = {place: number for number, each in enumerate(edited) for place in range(*each.old)}
    homes = [_home(each, edited, within) for each in once]
    told = sorted(
        [(each, at, None) for at, each in enumerate(once) if homes[at] is None]
        + [
            ((each.old[0], each.new[0], each.shared * _EDITED_TOKEN_WEIGHT), None, number)
            for number, each in enumerate(edited)
        ],
        key=lambda one: one[0],
    )
    chosen = [told[at] for at in _heaviest([one[0] for one in told])]
    staying = {number for _, _, number in chosen if number is not None}
    found = [at for _, at, _ in chosen if at is not None]
    found = sorted(found + [at for at, home in enumerate(homes) if home is not None and home in staying])
    stay = [found[at] for at in _heaviest([once[at] for at in found])]
    alone = sum(once[at][2] for at in stay if homes[at] is None)
    return stay, alone + sum(edited[number].shared for number in staying)


def _home(each: tuple[int, int, int], edited: list[Kin], within: dict[int, int]) -> int | None:
    """The index in `edited` of the paragraph that contains a sentence on both sides, or None.

    within: by the index of each old token in an edited paragraph, that paragraph's index in `edited`.
    """
    number = within.get(each[0])
    return number if number is not None and edited[number].new[0] <= each[1] < edited[number].new[1] else None


def _heaviest(once: list[tuple[int, int, int]]) -> list[int]:
    """The indices in `once` of the sentences that stay: in the same order on both sides, with the most tokens."""
    best: list[tuple[int, int]] = []  # (place on the new side, tokens up to there), both rising
    ends: dict[int, int] = {}  # place on the new side: index of the sentence
    before: list[int | None] = []
    for at, (_, place, length) in enumerate(once):
        slot = bisect_right(best, (place, 0))
        held = best[slot - 1][1] if slot else 0
        before.append(ends[best[slot - 1][0]] if slot else None)
        drop = slot
        while drop < len(best) and best[drop][1] <= held + length:
            drop += 1
        best[slot:drop] = [(place, held + length)]
        ends[place] = at
    chain: list[int] = []
    last: int | None = ends[best[-1][0]] if best else None
    while last is not None:
        chain.append(last)
        last = before[last]
    return chain[::-1]


def _grown(sides: Sides, stretch: MovedTokens, old_taken: set[int], new_taken: set[int]) -> MovedTokens:
    """The stretch with the equal tokens beside it, except those in a `taken` set.

    It grows back to the beginning of a sentence of its paragraph, and forward to the end of any sentence. If it is one
    or more whole paragraphs, and it could not take the line break after them, it takes the line break before them.
    """
    start, place, length = stretch.old, stretch.new, stretch.length

    def same(offset: int) -> bool:
        i, k = start + offset, place + offset
        inside = 0 <= i < len(sides.old) and 0 <= k < len(sides.new)
        return inside and sides.old_ids[i] == sides.new_ids[k] and i not in old_taken and k not in new_taken

    reach = lead = 0
    while same(lead - 1) and sides.old[start + lead - 1] != "\n":
        lead -= 1
        begun = begins_sentence(sides.old, start + lead) and begins_sentence(sides.new, place + lead)
        reach = lead if begun else reach
    start, place, length = start + reach, place + reach, length - reach
    end = length
    while same(end):
        end += 1
        length = end if _ends(sides.old, start + end) and _ends(sides.new, place + end) else length
    alone = sides.old[start + length - 1] != "\n" and _opens(sides.old, start) and _opens(sides.new, place)
    closed = _closes(sides.old, start + length) and _closes(sides.new, place + length)
    if alone and closed and same(-1):  # the last paragraph of both: the break before goes with it
        return MovedTokens(start - 1, place - 1, length + 1)
    return MovedTokens(start, place, length)


def _ends(tokens: list[str], at: int) -> bool:
    """True if a paragraph or a sentence ends just before the token at an index; also at index 0."""
    return _closes(tokens, at) or begins_sentence(tokens, at)


def _opens(tokens: list[str], at: int) -> bool:
    return at == 0 or tokens[at - 1] == "\n"


def _closes(tokens: list[str], at: int) -> bool:
    return at == len(tokens) or tokens[at] == "\n"
