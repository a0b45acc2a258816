"""A comparison shortened for reading: each change with twenty characters of context, unchanged text folded."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal

from archive.diffing import Op, Segment, marks_in, places, tokens_of
from archive.publish.formatting.change_marks import weight

CONTEXT_TOKENS = 20  # tokens on each side of a mark: as many characters of Chinese
_MIN_FOLDED_TOKENS = 10  # shorter unchanged text is shown, not folded
MAX_PLACES_PER_PAGE = 100  # numbered changes on a page
_PLACES_PER_BLOCK = 8  # links to the previous and next place stand at the head of a block, so blocks stay short
_CHANGED, _FOLDED = 36_000, 18_000  # bytes of HTML on a page for changed and for folded text
_CUT = "…"


@dataclass(frozen=True, slots=True)
class DiffMark:
    """A run of equal, deleted or inserted text within a paragraph.

    `number` is the number of its changed place and `move` that of its move, each counted from 1 on the page; None if it
    has none. The old place of a move has no `number`. `first` is true for the first piece of its group, also if that is
    equal text; for no piece if the group begins with a line break that has the number (`DiffLine.number`).
    """

    op: Op
    text: str
    number: int | None = None
    move: int | None = None
    first: bool = False
    alone: bool = False  # the other end of the move has no room on the page


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A paragraph, or the shown part of it; the marks of one change share a group, and unchanged text has its own."""

    groups: tuple[tuple[DiffMark, ...], ...]
    break_op: Op  # whether the line break after it stayed, came or went
    number: int | None = None  # of the place that is this break alone

    @property
    def marks(self) -> list[DiffMark]:
        return [mark for group in self.groups for mark in group]

    @property
    def broken(self) -> bool:
        """True if the break after the paragraph was inserted or deleted, but not all of its text: a split or a join.

        False for a paragraph that was inserted or deleted whole, together with its break, and for an empty one.
        """
        return self.break_op != "equal" and any(mark.op != self.break_op for mark in self.marks)


@dataclass(frozen=True, slots=True)
class DiffBlock:
    """Changes that stand close together with their context (`shown`), or a folded stretch of unchanged text.

    A `folded` block has its `text`, and `lines` if the page has room for them; a `shown` one has only lines. An empty
    block of the kind `left_out` stands last if a text has further changes for which the page has no room. `numbers`
    are the numbers of the changed places in a `shown` block; other blocks have none.
    """

    kind: Literal["shown", "folded", "left_out"]
    lines: tuple[DiffLine, ...] = ()
    text: str = ""
    numbers: tuple[int, ...] = ()


@dataclass(slots=True)
class DiffBudget:
    """The room that is left on a page, in bytes of HTML for `changed` and for `folded` text, and counts of places.

    `numbers` and `moves` yield the next number of a place and of a move, `lang` is the language of the texts.
    """

    lang: str
    changed: int = _CHANGED
    folded: int = _FOLDED
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    moves: Iterator[int] = field(default_factory=lambda: count(1))
    shown: int = 0  # places
    left_out: int = 0  # places

    def fit(self, text: str) -> str:
        """The text, or if it exceeds the room for `changed` text, as much of its beginning as fits, and `…`.

        Subtracts the size of the whole text from `changed`, which does not fall below 0.
        """
        size = weight(text, self.lang)
        kept = text if size <= self.changed else text[: max(0, self.changed * len(text) // size)] + _CUT
        self.changed -= min(size, self.changed)
        return kept

    def number(self) -> int | None:
        """Take and return the number of the next changed place: 1, 2 and so on.

        None if the page has MAX_PLACES_PER_PAGE places or no room for `changed` text: the place counts in `left_out`.
        """
        if self.shown >= MAX_PLACES_PER_PAGE or self.changed <= 0:
            self.left_out += 1
            return None
        self.shown += 1
        return next(self.numbers)


def without_form(found: list[Segment]) -> list[Segment]:
    """The segments, with each change of form alone replaced by its new text as an equal segment.

    Adjacent segments of one `op` that are not part of a move become one segment; empty ones are left out.
    """
    shown: list[Segment] = []
    at = 0
    for place in places(found):
        shown += found[at : place.start]
        at = place.end
        shown += [Segment("equal", place.inserted)] if place.kind == "form" else found[place.start : place.end]
    shown += found[at:]
    return [segment for segment in _joined(shown) if segment.text]


def blocks(found: list[Segment], room: DiffBudget) -> list[DiffBlock]:
    """The blocks of a text's comparison in reading order; folded blocks have no lines yet (see `unfolded`).

    Short stretches of unchanged text are not folded but shown. [] for no segments.
    """
    moves = dict.fromkeys(each.move for each in found if each.move is not None)
    numbers: dict[int | None, int] = {move: next(room.moves) for move in moves}
    done = _blocks([replace(each, move=numbers.get(each.move)) for each in found], room)
    ends = Counter(mark.move for mark in _marks_in(done) if mark.first)
    return [_with_ends(block, {move for move in numbers.values() if ends[move] < 2}) for block in done]


def unfolded(found: Iterable[DiffBlock], room: DiffBudget) -> tuple[DiffBlock, ...]:
    """The blocks, each folded one with `lines` if its text fits into the rest of the room, else unchanged.

    To be called after `blocks` for all texts of the page: folded text may also use room that changed text left over.
    """
    return tuple(_unfolded(block, room) if block.kind == "folded" else block for block in found)


def _marks_in(found: Iterable[DiffBlock]) -> Iterator[DiffMark]:
    return (mark for block in found for line in block.lines for mark in line.marks)


def _with_ends(block: DiffBlock, alone: set[int]) -> DiffBlock:
    """The block, its marks set to `alone=True` if their `move` is in `alone`.

    `alone` has the moves of which only the old or only the new place is on the page.
    """
    if not alone:
        return block

    def told(mark: DiffMark) -> DiffMark:
        return replace(mark, alone=True) if mark.move in alone else mark

    lines = (replace(line, groups=tuple(tuple(map(told, group)) for group in line.groups)) for line in block.lines)
    return replace(block, lines=tuple(lines))


def _blocks(found: list[Segment], room: DiffBudget) -> list[DiffBlock]:
    pieces: list[list[DiffMark] | str] = []
    at = 0
    changed = places(found)
    for place in changed:
        pieces.append("".join(each.text for each in found[at : place.start]))
        pieces.append(_marks(found[place.start : place.end], room))
        at = place.end
        if room.left_out:
            break
    else:
        pieces.append("".join(each.text for each in found[at:]))
        return _arranged(pieces, room)
    room.left_out += sum(place.start >= at for place in changed)
    return [*_arranged(pieces[:-1], room), DiffBlock("left_out")]


def _marks(place: list[Segment], room: DiffBudget) -> list[DiffMark]:
    came = any(segment.op == "insert" for segment in place)
    moved = any(segment.move is not None for segment in place)
    number = room.number() if came or not moved else None
    return [
        # the break that a moved paragraph takes along is no change of its own
        DiffMark("equal", each.text)
        if moved and each.move is None
        else DiffMark(each.op, room.fit(_short(each, came)), number, each.move)
        for each in place
    ]


def _short(segment: Segment, came: bool) -> str:
    """The segment's text; at the old place of a move, a long text is cut to its beginning and `…`.

    `came` is true if the changed place of the segment has inserted text, as the new place of a move has: then the text
    is given in full.
    """
    if segment.move is None or came:
        return segment.text
    read = tokens_of(segment.text, marks_in(segment.text))
    ended = "\n" if read[-1] == "\n" else ""
    return (
        segment.text if len(read) <= 2 * CONTEXT_TOKENS else "".join(read[:CONTEXT_TOKENS]).rstrip("\n") + _CUT + ended
    )


def _arranged(pieces: list[list[DiffMark] | str], room: DiffBudget) -> list[DiffBlock]:
    done: list[DiffBlock] = []
    current: list[tuple[DiffMark, ...]] = []
    for at, piece in enumerate(pieces):
        if isinstance(piece, list):
            current.append(tuple(piece))
            continue
        read = tokens_of(piece, marks_in(piece))
        first, last = at == 0, at == len(pieces) - 1
        lead, tail = 0 if first else CONTEXT_TOKENS, 0 if last else CONTEXT_TOKENS
        if len(read) <= lead + tail + _MIN_FOLDED_TOKENS:
            current += _staying(piece, room)
            continue
        current += _staying("".join(read[:lead]), room)
        done += _shown(current)
        done.append(DiffBlock("folded", text="".join(read[lead : len(read) - tail])))
        current = _staying("".join(read[len(read) - tail :]), room)
    return [*done, *_shown(current)]


def _staying(text: str, room: DiffBudget) -> list[tuple[DiffMark, ...]]:
    return [(DiffMark("equal", room.fit(text)),)] if text else []


def _shown(groups: list[tuple[DiffMark, ...]]) -> list[DiffBlock]:
    """The groups as blocks of whole lines; a block ends with the line that brings it to _PLACES_PER_BLOCK places.

    [] without groups.
    """
    done: list[DiffBlock] = []
    current: list[DiffLine] = []
    numbers: dict[int, None] = {}
    for line in lines(groups) if groups else ():
        current.append(line)
        numbers |= dict.fromkeys(_numbers(line))
        if len(numbers) >= _PLACES_PER_BLOCK:
            done.append(DiffBlock("shown", tuple(current), numbers=tuple(numbers)))
            current, numbers = [], {}
    return [*done, DiffBlock("shown", tuple(current), numbers=tuple(numbers))] if current else done


def _numbers(line: DiffLine) -> list[int]:
    return [number for number in (*(mark.number for mark in line.marks), line.number) if number is not None]


def _unfolded(block: DiffBlock, room: DiffBudget) -> DiffBlock:
    size = weight(block.text, room.lang)
    left = room.folded + room.changed
    if size > left:
        return block
    room.folded, room.changed = left - size, 0
    return replace(block, lines=tuple(lines([(DiffMark("equal", block.text),)])))


def lines(groups: list[tuple[DiffMark, ...]]) -> list[DiffLine]:
    """The marks split at line breaks, one DiffLine per paragraph; an empty one if there are no marks."""
    done: list[DiffLine] = []
    current: list[tuple[DiffMark, ...]] = []
    for group in groups:
        first = True
        rest: list[DiffMark] = []
        for mark in group:
            *ended, last = mark.text.split("\n")
            for piece in ended:
                if piece:
                    rest.append(replace(mark, text=piece, first=first))
                    first = False
                op = mark.op if mark.move is None else "equal"  # a paragraph that moved takes its break along
                number = mark.number if first and op != "equal" else None
                done.append(DiffLine((*current, tuple(rest)) if rest else tuple(current), op, number))
                first, current, rest = first and number is None, [], []
            if last:
                rest.append(replace(mark, text=last, first=first))
                first = False
        current += [tuple(rest)] if rest else []
    return [*done, DiffLine(tuple(current), "equal")] if current or not done else done


def _joined(found: list[Segment]) -> list[Segment]:
    done: list[Segment] = []
    for segment in found:
        if done and segment.move is None and (done[-1].op, done[-1].move) == (segment.op, None):
            done[-1] = Segment(segment.op, done[-1].text + segment.text)
        else:
            done.append(segment)
    return done
