"""A change in one line: the first place where two texts part, with a few characters around it."""

from archive.diffing import Segment, segments, shared

CUT = "…"
_CONTEXT_BEFORE_CHARACTERS = (
    64  # characters before the first difference that are compared too: a word or a cluster may reach across it
)
_MAX_COMPARED_CHARACTERS = 256  # characters behind it: more of a longer change is not shown
_MAX_SHOWN_CHARACTERS = 24  # characters of what went or came that are shown


def micro_diff(before: str | None, after: str | None, around: int = 8) -> tuple[Segment, ...]:
    """The first change between two texts, with at most `around` characters on each side; () where there is none.

    What is left out is told by `…`; a line break shows as ¶. Costs the same for texts of any length, but for finding
    where they part.
    """
    old, new = before or "", after or ""
    if old == new:
        return ()
    start = max(0, shared(old, new) - _CONTEXT_BEFORE_CHARACTERS)
    rest = (
        old[start + _CONTEXT_BEFORE_CHARACTERS + _MAX_COMPARED_CHARACTERS :]
        or new[start + _CONTEXT_BEFORE_CHARACTERS + _MAX_COMPARED_CHARACTERS :]
    )
    found = segments(
        old[start : start + _CONTEXT_BEFORE_CHARACTERS + _MAX_COMPARED_CHARACTERS],
        new[start : start + _CONTEXT_BEFORE_CHARACTERS + _MAX_COMPARED_CHARACTERS],
    )
    first = next((at for at, segment in enumerate(found) if segment.op != "equal"), None)
    if first is None:
        return ()
    last = first
    while last < len(found) and found[last].op != "equal":
        last += 1
    lead, tail = found[first - 1].text if first else "", found[last].text if last < len(found) else ""
    shown = [
        Segment("equal", _end(lead, around, cut=bool(start))),
        *(Segment(segment.op, _long(segment.text)) for segment in found[first:last]),
        Segment("equal", _start(tail, around, cut=bool(rest) or last + 1 < len(found))),
    ]
    return tuple(Segment(each.op, each.text.replace("\n", "¶")) for each in shown if each.text)


def _end(text: str, around: int, cut: bool) -> str:
    return text if len(text) <= around and not cut else CUT + text[max(0, len(text) - around) :]


def _start(text: str, around: int, cut: bool) -> str:
    return text if len(text) <= around and not cut else text[:around] + CUT


def _long(text: str) -> str:
    return (
        text
        if len(text) <= _MAX_SHOWN_CHARACTERS
        else text[: _MAX_SHOWN_CHARACTERS // 2] + CUT + text[len(text) - _MAX_SHOWN_CHARACTERS // 2 :]
    )
