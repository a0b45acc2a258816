"""Make a comparison readable: drop short chance matches between edits, and let edits begin at words."""

from archive.diffing.moves import Sides
from archive.diffing.subsequence import CommonRun, joined
from archive.diffing.tokens import begins_sentence, is_bare

_MAX_SHIFT_TOKENS = 200  # the farthest that an edit is shifted


def tidied(sides: Sides, found: list[CommonRun]) -> list[CommonRun]:
    """The stretches that stay, without short ones that match by chance between two edits; edits begin at words."""
    ended = CommonRun(len(sides.old), len(sides.new), 0)
    return joined(_pushed(sides, _without_crumbs(sides, found, ended), ended))


def _without_crumbs(sides: Sides, found: list[CommonRun], ended: CommonRun) -> list[CommonRun]:
    """The stretches without those that are no longer than the shorter edit beside them; both edits become one.

    ended: the empty stretch at the end of both texts. One pass with a look back: dropping a stretch makes the edit
    around it longer, so the stretch before is checked again. Stretches with a line break stay.
    """
    kept: list[CommonRun] = [CommonRun(0, 0, 0)]
    for run, after in zip(found, [*found[1:], ended], strict=False):
        kept.append(run)
        while len(kept) > 1 and _is_crumb(sides, kept[-2], kept[-1], after):
            kept.pop()
    return kept[1:]


def _is_crumb(sides: Sides, before: CommonRun, run: CommonRun, after: CommonRun) -> bool:
    if run.length > _MAX_SHIFT_TOKENS or "\n" in sides.old[run.old : run.old + run.length]:
        return False
    least = min(_edit(sides, before, run), _edit(sides, run, after))
    return 0 < least >= _said(sides.old, run.old, run.old + run.length)


def _said(tokens: list[str], start: int, end: int) -> int:
    return sum(not token.isspace() for token in tokens[start:end])


def _edit(sides: Sides, before: CommonRun, after: CommonRun) -> int:
    """The size of the edit between two stretches: the tokens other than marks and blanks, on the side that has more.

    Of each side only the first 200 tokens are looked at.
    """
    sizes = (
        sum(not is_bare(token) for token in tokens[start : min(end, start + _MAX_SHIFT_TOKENS)])
        for tokens, start, end in (
            (sides.old, before.old + before.length, after.old),
            (sides.new, before.new + before.length, after.new),
        )
    )
    return max(sizes)


def _pushed(sides: Sides, found: list[CommonRun], ended: CommonRun) -> list[CommonRun]:
    """The stretches as they are when each edit that only inserts or only deletes is moved to its best equivalent place.

    Some may be empty.
    """
    done: list[CommonRun] = []
    before = CommonRun(0, 0, 0)
    for after in [*found, ended]:
        step = _best_step(sides, before, after)
        done.append(CommonRun(before.old, before.new, before.length + step))
        before = CommonRun(after.old + step, after.new + step, after.length - step)
    return [*done, before]


def _best_step(sides: Sides, before: CommonRun, after: CommonRun) -> int:
    """The number of tokens by which to shift the edit between two stretches; negative is backwards.

    0 for an edit that both deletes and inserts, or does neither.
    """
    gone, come = after.old - before.old - before.length, after.new - before.new - before.length
    if (gone == 0) == (come == 0):
        return 0
    tokens, start, end = (
        (sides.old, before.old + before.length, after.old)
        if gone
        else (sides.new, before.new + before.length, after.new)
    )
    low = high = 0
    while -low < min(before.length, _MAX_SHIFT_TOKENS) and tokens[start + low - 1] == tokens[end + low - 1]:
        low -= 1
    while high < min(after.length, _MAX_SHIFT_TOKENS) and tokens[start + high] == tokens[end + high]:
        high += 1
    return max(range(low, high + 1), key=lambda step: (_seam(tokens, start + step) + _seam(tokens, end + step), step))


def _seam(tokens: list[str], at: int) -> int:
    """A score for an edit that begins or ends before the token at an index: 5 at a paragraph, 0 within a clause."""
    if at == 0 or at == len(tokens) or tokens[at - 1] == "\n":
        return 5
    if tokens[at] == "\n":
        return 4
    if begins_sentence(tokens, at):
        return 3
    return 1 if is_bare(tokens[at - 1]) or is_bare(tokens[at]) else 0
