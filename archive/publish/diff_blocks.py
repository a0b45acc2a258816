"""A comparison cut for reading: each change with twenty characters around it, and what stayed folded between."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal

from archive.diff import Op, Segment
from archive.diffing.kinds import places
from archive.diffing.tokens import marks_in, tokens
from archive.publish.marks import weight

AROUND = 20  # tokens on each side of a mark: as many characters of Chinese
_NOT_WORTH_FOLDING = 10  # tokens more that are shown rather than folded
MOST_PLACES = 100  # on a page
_CHANGED, _FOLDED = 36_000, 18_000  # bytes of HTML on a page for what changed and for what is folded
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Mark:
    """What stayed, went or came in a line: of which place of the page, of which move, and whether it is their first."""

    op: Op
    text: str
    number: int | None = None
    move: int | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or what is shown of it: marks that belong together share a group."""

    groups: tuple[tuple[Mark, ...], ...]
    break_op: Op  # whether the line break after it stayed, came or went
    number: int | None = None  # of the place that is this break alone

    @property
    def marks(self) -> list[Mark]:
        return [mark for group in self.groups for mark in group]

    @property
    def broken(self) -> bool:
        """A break inside a text that stayed: paragraphs were joined or parted here."""
        return self.break_op != "equal" and any(mark.op != self.break_op for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Block:
    """A change, or several close together, with what stands around (`shown`); or what stayed, folded away."""

    kind: Literal["shown", "folded", "left_out"]
    lines: tuple[Line, ...] = ()
    characters: int = 0
    numbers: tuple[int, ...] = ()


@dataclass(slots=True)
class Room:
    """What there is still room for on a page, in bytes and in places."""

    lang: str
    changed: int = _CHANGED
    folded: int = _FOLDED
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    shown: int = 0  # places
    left_out: int = 0  # places

    def fit(self, text: str) -> str:
        """As much of what changed as there is room for."""
        size = weight(text, self.lang)
        kept = text if size <= self.changed else text[: max(0, self.changed * len(text) // size)] + _CUT
        self.changed -= min(size, self.changed)
        return kept

    def number(self) -> int | None:
        """The next place's number, None where the page holds enough."""
        if self.shown >= MOST_PLACES or self.changed <= 0:
            self.left_out += 1
            return None
        self.shown += 1
        return next(self.numbers)


def without_form(found: list[Segment]) -> list[Segment]:
    """The segments with what differs in form alone as it reads now."""
    shown: list[Segment] = []
    at = 0
    for place in places(found):
        shown += found[at : place.start]
        at = place.end
        shown += [Segment("equal", place.inserted)] if place.kind == "form" else found[place.start : place.end]
    shown += found[at:]
    return [segment for segment in _joined(shown) if segment.text]


def blocks(found: list[Segment], room: Room) -> list[Block]:
    """A text's comparison as the page shows it, in reading order."""
    pieces: list[list[Mark] | str] = []
    at = 0
    for place in places(found):
        pieces.append("".join(each.text for each in found[at : place.start]))
        pieces.append(_marks(found[place.start : place.end], room))
        at = place.end
        if room.left_out:
            break
    else:
        pieces.append("".join(each.text for each in found[at:]))
        return _arranged(pieces, room)
    room.left_out += sum(p.start >= at for p in places(found))
    return [*_arranged(pieces[:-1], room), Block("left_out")]


def _marks(place: list[Segment], room: Room) -> list[Mark]:
    came = any(segment.op == "insert" for segment in place)
    number = room.number() if came or place[0].move is None else None
    return [Mark(each.op, room.fit(_short(each, came)), number, each.move) for each in place]


def _short(segment: Segment, came: bool) -> str:
    """What moved away is shown in full where it came."""
    if segment.move is None or came:
        return segment.text
    read = tokens(segment.text, marks_in(segment.text))
    ended = "\n" if read[-1] == "\n" else ""
    return segment.text if len(read) <= 2 * AROUND else "".join(read[:AROUND]).rstrip("\n") + _CUT + ended


def _arranged(pieces: list[list[Mark] | str], room: Room) -> list[Block]:
    done: list[Block] = []
    current: list[tuple[Mark, ...]] = []
    for at, piece in enumerate(pieces):
        if isinstance(piece, list):
            current.append(tuple(piece))
            continue
        read = tokens(piece, marks_in(piece))
        first, last = at == 0, at == len(pieces) - 1
        lead, tail = 0 if first else AROUND, 0 if last else AROUND
        if len(read) <= lead + tail + _NOT_WORTH_FOLDING:
            current += _staying(piece, room)
            continue
        current += _staying("".join(read[:lead]), room)
        done += _shown(current)
        done.append(_folded("".join(read[lead : len(read) - tail]), room))
        current = _staying("".join(read[len(read) - tail :]), room)
    return [*done, *_shown(current)]


def _staying(text: str, room: Room) -> list[tuple[Mark, ...]]:
    return [(Mark("equal", room.fit(text)),)] if text else []


def _shown(groups: list[tuple[Mark, ...]]) -> list[Block]:
    if not groups:
        return []
    numbers = tuple(dict.fromkeys(mark.number for group in groups for mark in group if mark.number is not None))
    return [Block("shown", tuple(lines(groups)), numbers=numbers)]


def _folded(text: str, room: Room) -> Block:
    size = weight(text, room.lang)
    told = Block("folded", characters=len(text))
    if size > room.folded:
        return told
    room.folded -= size
    return replace(told, lines=tuple(lines([(Mark("equal", text),)])))


def lines(groups: list[tuple[Mark, ...]]) -> list[Line]:
    """Marks as the paragraphs in which they stand."""
    done: list[Line] = []
    current: list[tuple[Mark, ...]] = []
    for group in groups:
        first = True
        rest: list[Mark] = []
        for mark in group:
            *ended, last = mark.text.split("\n")
            for piece in ended:
                if piece:
                    rest.append(replace(mark, text=piece, first=first))
                    first = False
                number = mark.number if first and mark.op != "equal" else None
                done.append(Line((*current, tuple(rest)) if rest else tuple(current), mark.op, number))
                first, current, rest = first and number is None, [], []
            if last:
                rest.append(replace(mark, text=last, first=first))
                first = False
        current += [tuple(rest)] if rest else []
    return [*done, Line(tuple(current), "equal")] if current or not done else done


def _joined(found: list[Segment]) -> list[Segment]:
    done: list[Segment] = []
    for segment in found:
        if done and segment.move is None and (done[-1].op, done[-1].move) == (segment.op, None):
            done[-1] = Segment(segment.op, done[-1].text + segment.text)
        else:
            done.append(segment)
    return done
