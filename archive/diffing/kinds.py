"""What each place of a comparison is: words replaced, a paragraph moved, punctuation, a number, form alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from archive.diff import Segment
from archive.diffing.tokens import is_bare, is_number, is_word, marks_in, tokens
from archive.significance import significance

Kind = Literal["replaced", "inserted", "deleted", "moved", "punctuation", "number", "joined", "split", "form"]

_BESIDE = 2  # characters on each side that tell whether a blank means anything


@dataclass(frozen=True, slots=True)
class Place:
    """Neighbouring segments that went and came at one place: found[start:end]. A move counts where it came."""

    start: int
    end: int
    kind: Kind
    deleted: str
    inserted: str
    move: int | None = None


def places(found: Sequence[Segment]) -> list[Place]:
    """The places of a text that changed, in order; of a move both, with its number."""
    done: list[Place] = []
    at = 0
    while at < len(found):
        end = at + 1
        if found[at].move is None and found[at].op != "equal":
            while end < len(found) and found[end].op != "equal" and found[end].move is None:
                end += 1
        if found[at].op != "equal":
            done.append(_place(found, at, end))
        at = end
    return done


def kind_of(deleted: str, inserted: str) -> Kind:
    """The kind of a change by what went and what came."""
    old, new = _said(deleted), _said(inserted)
    if not old and not new:
        return _between(deleted, inserted)
    if old and new and len(old) == len(new) and all(map(is_number, old + new)):
        return "number"
    return "replaced" if old and new else "deleted" if old else "inserted"


def in_words(text: str) -> bool:
    """Whether a text is counted in words: it has some, and no character that is written without blanks."""
    said = _said(text)
    return bool(said) and all(map(is_word, said))


def size(text: str) -> int:
    """How long a text is: its words where it has no others, else its characters without blanks, as 字数 is counted."""
    if in_words(text):
        return len(_said(text))
    return sum(not character.isspace() for character in text)


def _place(found: Sequence[Segment], start: int, end: int) -> Place:
    deleted, inserted = ("".join(s.text for s in found[start:end] if s.op == op) for op in ("delete", "insert"))
    move = found[start].move
    if move is not None:
        return Place(start, end, "moved", deleted, inserted, move)
    kind = kind_of(deleted, inserted)
    if kind not in ("joined", "split") and _is_form(found, start, end, deleted, inserted):
        kind = "form"
    return Place(start, end, kind, deleted, inserted)


def _is_form(found: Sequence[Segment], start: int, end: int, deleted: str, inserted: str) -> bool:
    """Whether both say the same, but for width, blanks and shapes of marks, where they stand."""
    lead = found[start - 1].text[-_BESIDE:] if start else ""
    tail = found[end].text[:_BESIDE] if end < len(found) else ""
    return significance("body_text", lead + deleted + tail, lead + inserted + tail) == "cosmetic"


def _between(deleted: str, inserted: str) -> Kind:
    """Marks, blanks and line breaks alone: two paragraphs may have become one, or one two."""
    if (deleted + inserted).strip():
        return "punctuation"
    lines = inserted.count("\n") - deleted.count("\n")
    return "joined" if lines < 0 else "split" if lines else "form"


def _said(text: str) -> list[str]:
    return [token for token in tokens(text, marks_in(text)) if not is_bare(token)]
