"""Summarise a comparison in one line: 正文 1 处：2 字换 2 字."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archive.diffing.comparing import Segment
from archive.diffing.kinds import ChangedPlace, Kind, in_words, places, size
from archive.diffing.properties import chips, shape_of, sides

_MAX_VALUE_CHARACTERS = 24  # of a value in the line
_MAX_BOTH_CHARACTERS = 200  # of both values together, if they begin alike
_IN_PLACES = ("punctuation", "joined", "split", "form")

Say = Callable[..., str]  # from a message's name and values, its text in the reader's language


@dataclass(frozen=True, slots=True)
class Change:
    """All places of one kind in a property: their number, and the amounts deleted and inserted.

    kind: a `Kind` for a text, `list` for a list, `date` or `name` for a value. unit, in which the amounts are counted:
    `word` or `character`; `item` for a list, without the items that moved. `places` is 1 for a list or a value.
    """

    kind: str
    places: int
    deleted: int
    inserted: int
    unit: str


def changes(name: str, found: list[Segment]) -> list[Change]:
    """The changes that the segments of a property show: always one in all for a list or a value.

    For a text, one for each kind, in the order of their first places; [] if no segment changed.
    """
    shape = shape_of(name)
    if shape == "value":
        old, new = sides(found)
        return [Change("date" if name == "date_published" else "name", 1, size(old), size(new), "character")]
    if shape == "list":
        return [_of_list(found)]
    kinds: dict[Kind, list[ChangedPlace]] = {}
    for place in places(found):
        if place.kind != "moved" or place.inserted:
            kinds.setdefault(place.kind, []).append(place)
    return [_of_kind(kind, each) for kind, each in kinds.items()]


def characters_changed(found: list[Segment]) -> int:
    """The number of characters that the segments of a property delete and insert, blanks not counted.

    Text that moved counts once.
    """
    return sum(_characters(each.text) for each in found if each.op == "insert" or _is_gone(each))


def _is_gone(segment: Segment) -> bool:
    return segment.op == "delete" and segment.move is None


def line(
    properties: Sequence[tuple[str, str, list[Segment]]], say: Say, moment: Callable[[str], str] | None = None
) -> str:
    """The summary line, as `正文 1 处：2 字换 2 字`, of properties given as (name, name for readers, segments).

    Those of several properties are joined by `say("sum_then")`; empty without properties. `moment` formats a date of
    publication; without it, the date is shown as written, to the minute.
    """
    told = (_property(name, shown, found, say, moment or _to_the_minute) for name, shown, found in properties)
    return say("sum_then").join(told)


def shown_sides(found: list[Segment], shown: Callable[[str], str]) -> tuple[str, str]:
    """The old and new value, each formatted by `shown`; both as written if formatted they are the same.

    If both as written have over 200 characters together, they stay formatted even then. No value is an empty text.
    """
    old, new = sides(found)
    told = shown(old), shown(new)
    return (old, new) if told[0] == told[1] and len(old) + len(new) <= _MAX_BOTH_CHARACTERS else told


def _property(name: str, shown: str, found: list[Segment], say: Say, moment: Callable[[str], str]) -> str:
    made = changes(name, found)
    if shape_of(name) == "value":
        old, new = shown_sides(found, moment if name == "date_published" else _clipped)
        return say("sum_value", name=shown, old=old or say("sum_none"), new=new or say("sum_none"))
    if shape_of(name) == "list":
        return say("sum_list", name=shown, told=say("listed").join(_listed(made[0], say)))
    told = say("comma").join(_told(change, found, say) for change in made)
    count = sum(change.places for change in made)
    return say("sum_place" if count == 1 else "sum_places", name=shown, n=count, told=told)


def _told(change: Change, found: list[Segment], say: Say) -> str:
    if change.kind in _IN_PLACES:
        return say(f"sum_{change.kind}" if change.places == 1 else f"sum_{change.kind}_n", n=change.places)
    if change.kind == "number" and change.places == 1:
        (place,) = (each for each in places(found) if each.kind == "number")
        return say("sum_number", old=_clipped(place.deleted), new=_clipped(place.inserted))
    if change.kind == "number":
        return say("sum_number_n", n=change.places)
    old, new = (_units(count, change.unit, say) for count in (change.deleted, change.inserted))
    return say(f"sum_{change.kind}", old=old, new=new)


def _listed(change: Change, say: Say) -> Iterator[str]:
    if change.inserted:
        yield say("sum_added", n=change.inserted)
    if change.deleted:
        yield say("sum_removed", n=change.deleted)
    if not change.inserted and not change.deleted:
        yield say("sum_order")


def _of_list(found: list[Segment]) -> Change:
    old, new = sides(found)
    items = chips(old if _has(found, "insert") else None, new if _has(found, "delete") else None)
    gone, come = (sum(each.op == op and each.move is None for each in items) for op in ("delete", "insert"))
    return Change("list", 1, gone, come, "item")


def _has(found: list[Segment], other: str) -> bool:
    """True if one side of a list, given as segments, has an item.

    other: the op of the other side: "insert" for the old side, "delete" for the new one. An empty text is one empty
    item: a segment with the text ""; a list without items has no segment.
    """
    return any(each.op != other for each in found)


def _of_kind(kind: Kind, each: list[ChangedPlace]) -> Change:
    unit = (
        "word"
        if all(in_words(text) for place in each for text in (place.deleted, place.inserted) if text)
        else "character"
    )
    count = size if unit == "word" else _characters
    gone, come = (sum(map(count, texts)) for texts in ([p.deleted for p in each], [p.inserted for p in each]))
    return Change(kind, len(each), gone, come, unit)


def _characters(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _units(count: int, unit: str, say: Say) -> str:
    return say(f"sum_{unit}" if count == 1 else f"sum_{unit}s", n=count)


def _clipped(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= _MAX_VALUE_CHARACTERS else f"{shown[:_MAX_VALUE_CHARACTERS]}…"


def _to_the_minute(moment: str) -> str:
    return moment[:16].replace("T", " ")
