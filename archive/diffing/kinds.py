"""Classify each place of a comparison: words replaced, a paragraph moved, punctuation, a number, form only."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from archive.diffing.comparing import Segment
from archive.diffing.significance import significance_of
from archive.diffing.tokens import is_bare, is_number, is_word, marks_in, tokens_of

Kind = Literal["replaced", "inserted", "deleted", "moved", "punctuation", "number", "joined", "split", "form"]

_CONTEXT_CHARACTERS = 2  # on each side; they decide if a blank matters


@dataclass(frozen=True, slots=True)
class ChangedPlace:
    """One changed place of a comparison `found`: the neighbouring segments found[start:end], and their texts.

    A move makes two, with one number: deleted where it went, and inserted where it came. If a paragraph moved to or
    from the end of a text, the line break beside it belongs to the move.
    """

    start: int
    end: int
    kind: Kind
    deleted: str
    inserted: str
    move: int | None = None


def places(found: Sequence[Segment]) -> list[ChangedPlace]:
    """The changed places in the segments of a comparison, in order; a move has two, with the same number."""
    done: list[ChangedPlace] = []
    with_break = dict(_with_breaks(found))
    at = 0
    while at < len(found):
        end = with_break.get(at, at + 1)
        if at not in with_break and found[at].move is None and found[at].op != "equal":
            while end < len(found) and found[end].op != "equal" and found[end].move is None and end not in with_break:
                end += 1
        if found[at].op != "equal":
            done.append(_place(found, at, end))
        at = end
    return done


def kind_of(deleted: str, inserted: str) -> Kind:
    """The kind of a change, from the deleted and the inserted text; never `moved`, which these do not show.

    `number` if all words of both texts are numbers, equally many in each; else `replaced` if both have words, `deleted`
    or `inserted` if only that one has; see `_between` if neither has.
    """
    old, new = _said(deleted), _said(inserted)
    if not old and not new:
        return _between(deleted, inserted)
    if old and new and len(old) == len(new) and all(map(is_number, old + new)):
        return "number"
    return "replaced" if old and new else "deleted" if old else "inserted"


def in_words(text: str) -> bool:
    """True if a text is counted in words: besides punctuation and blanks it has only words and numbers, at least one.

    Text with any character of a script without blanks between words, such as Chinese, is counted in characters:
    `in_words("iPhone 手机") -> False`.
    """
    said = _said(text)
    return bool(said) and all(map(is_word, said))


def size(text: str) -> int:
    """The length of a text: in words if `in_words`, else in characters without blanks, as 字数 is counted.

    `size("Hello, you") -> 2`, `size("你好。") -> 3`
    """
    if in_words(text):
        return len(_said(text))
    return sum(not character.isspace() for character in text)


def _place(found: Sequence[Segment], start: int, end: int) -> ChangedPlace:
    deleted, inserted = ("".join(s.text for s in found[start:end] if s.op == op) for op in ("delete", "insert"))
    move = next((segment.move for segment in found[start:end] if segment.move is not None), None)
    if move is not None:
        return ChangedPlace(start, end, "moved", deleted, inserted, move)
    kind = kind_of(deleted, inserted)
    if kind not in ("joined", "split") and _is_form(found, start, end, deleted, inserted):
        kind = "form"
    return ChangedPlace(start, end, kind, deleted, inserted)


def _with_breaks(found: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    """Yield (start, end) in `found` of each side of a move whose two sides took along the line break beside them.

    Each is two segments: the paragraph and the break.
    """
    beside = {at: start for at in range(len(found)) if (start := _break_beside(found, at)) is not None}
    moves = Counter(found[at].move for at in beside)
    for at, start in beside.items():
        if moves[found[at].move] == 2:  # on both sides; on one side it joined or split paragraphs
            yield start, start + 2


def _break_beside(found: Sequence[Segment], at: int) -> int | None:
    """The index at which the moved segment `at` and the lone line break beside it begin: `at` or `at - 1`.

    None if the segment did not move, begins or ends with a line break itself, has no such break beside it, or shares
    its paragraph with other text of its side.
    """
    segment = found[at]
    if segment.move is None or segment.text[:1] == "\n" or segment.text[-1:] == "\n":
        return None
    lone = Segment(segment.op, "\n")
    if at + 1 < len(found) and found[at + 1] == lone and _beside(found, at, -1)[-1:] in ("", "\n"):
        return at
    if at and found[at - 1] == lone and _beside(found, at, 1)[:1] in ("", "\n"):
        return at - 1
    return None


def _beside(found: Sequence[Segment], at: int, step: Literal[1, -1]) -> str:
    """The text of the nearest segment before (step -1) or after (step 1) that is equal or has the same op.

    Without such a segment: "".
    """
    places = range(at + step, len(found) if step > 0 else -1, step)
    return next((found[place].text for place in places if found[place].op in ("equal", found[at].op)), "")


def _is_form(found: Sequence[Segment], start: int, end: int, deleted: str, inserted: str) -> bool:
    """True if both texts, with two characters of context on each side, differ only cosmetically (`significance_of`)."""
    lead = found[start - 1].text[-_CONTEXT_CHARACTERS:] if start else ""
    tail = found[end].text[:_CONTEXT_CHARACTERS] if end < len(found) else ""
    return significance_of("body_text", lead + deleted + tail, lead + inserted + tail) == "cosmetic"


def _between(deleted: str, inserted: str) -> Kind:
    """The kind of a change without words: `punctuation` if either text has a mark.

    Else by line breaks: `joined` if the inserted text has fewer of them, `split` if more, `form` if as many.
    """
    if (deleted + inserted).strip():
        return "punctuation"
    lines = inserted.count("\n") - deleted.count("\n")
    return "joined" if lines < 0 else "split" if lines else "form"


def _said(text: str) -> list[str]:
    return [token for token in tokens_of(text, marks_in(text)) if not is_bare(token)]
